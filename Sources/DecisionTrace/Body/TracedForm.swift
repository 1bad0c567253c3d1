package import DataFields

/// How the bytes of a value lie in a body: what an encoder must know of a ``ValueType``.
///
/// A type holds its unit, and copying it counts references; this is a byte, resolved once for each
/// field when rules load.
package enum TracedForm: UInt8, Sendable, Hashable {
  /// A whole number: also decimals, dates, booleans and levels.
  case word
  case quotient, text, double

  package init(_ type: ValueType) {
    switch type {
    case .quotient: self = .quotient
    case .text: self = .text
    case .double: self = .double
    case .boolean, .integer, .decimal, .date, .rank: self = .word
    }
  }
}
