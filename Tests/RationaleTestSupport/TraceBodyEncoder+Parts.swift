package import DataFields
package import DecisionTrace

/// Bodies written value by value, from no row: what a body holds is then the fixture's own word.
extension TraceBodyEncoder {
  package mutating func begin(
    schema: Digest, source: String, record: Int, index: Int, subject: String, asOf: CalendarDate?
  ) {
    let source = Array(source.utf8)
    let subject = Array(subject.utf8)
    begin(
      schema: schema, source: source.span, record: record, index: index, subject: subject.span,
      asOf: asOf)
  }

  /// Part 2, once for each field.
  package mutating func value(
    _ form: TracedForm, state: UInt8, origin: UInt8, value: Int128, denominator: Int128,
    texts: borrowing TextInterner
  ) {
    out.byte(TracedValueTag.byte(state: state, origin: origin))
    guard state == ValueState.present.rawValue else { return }
    switch form {
    case .quotient:
      out.signed(value)
      out.signed(denominator)
    case .text:
      out.text(utf8: texts.utf8(Int32(truncatingIfNeeded: value)))
    case .double:
      out.double(Double(bitPattern: UInt64(truncatingIfNeeded: value)))
    case .word:
      out.signed(value)
    }
  }

  /// Part 3, once for each rank: its level, or 255 where the value is not present.
  package mutating func rank(level: Int?) {
    out.byte(level.map { UInt8(truncatingIfNeeded: $0) } ?? 255)
  }

  /// Part 4, once for each rule.
  package mutating func rule(state: UInt8, decidingClause: Int) {
    out.byte(state)
    if state != 0 { out.count(decidingClause + 1) }
  }
}
