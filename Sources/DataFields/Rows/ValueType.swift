/// The type of one value of a rule row.
///
/// Every value is held in one `Int128` word; a quotient has a denominator beside it.
public enum ValueType: Sendable, Hashable {
  case boolean
  /// A whole number.
  case integer(MeasurementUnit)
  /// A decimal number, held scaled by 10^`scale`.
  case decimal(scale: Int, MeasurementUnit)
  /// An exact fraction: its numerator is scaled by 10^`scale`.
  case quotient(scale: Int, MeasurementUnit)
  /// A day, held as days since 1970-01-01.
  case date
  /// A text, held as its interned code.
  case text
  /// A level of a scale, held as its position from 0; `scale` is the scale's index.
  case rank(scale: Int)
  /// A double, held as its bit pattern: a model's score.
  case double

  /// The digits after the point of a number; 0 for anything else.
  public var scale: Int {
    switch self {
    case .decimal(let scale, _), .quotient(let scale, _): scale
    default: 0
    }
  }

  /// The unit of a number; none for anything else.
  public var unit: MeasurementUnit {
    switch self {
    case .integer(let unit), .decimal(_, let unit), .quotient(_, let unit): unit
    default: .none
    }
  }

  /// How many digits after the point a printed value has: a quotient of money the currency's minor
  /// digits, any other quotient two more than its operand, anything else its own.
  public var printedDigits: Int {
    switch self {
    case .quotient(let scale, let unit): unit.currencyMinorDigits ?? scale + 2
    default: scale
    }
  }
}

/// What can be said of a value beside the value itself.
public enum ValueState: UInt8, Sendable, Hashable {
  case present = 0
  /// Absent, or a text that the ruleset lists as missing.
  case missing = 1
  /// Outside the field's declared domain.
  case outOfRange = 2
  /// The arithmetic left what 38 digits hold.
  case overflow = 3
}

/// Where a value of the row came from.
public enum ValueOrigin: UInt8, Sendable, Hashable, CaseIterable {
  /// A static source.
  case input = 0
  /// An aggregate over the subject's events.
  case events = 1
  /// Given from outside (`--rows`), in place of what the ruleset would have derived.
  case supplied = 2
  /// The ruleset's `missing` value.
  case defaulted = 3
  /// Computed from other values.
  case derived = 4
}
