public import DataFields

/// Where a ruleset's whole numbers are stored in a service's records.
public enum StoredInteger: Sendable {}
/// Where its decimals are.
public enum StoredDecimal: Sendable {}
/// Where its texts and codes are.
public enum StoredText: Sendable {}
/// Where its days are.
public enum StoredDate: Sendable {}
/// Where its truth values are.
public enum StoredTruth: Sendable {}

/// Types of a service whose values fields of a ruleset take.
///
/// Whole numbers, texts, truth values, days and their optionals conform; own types do so through
/// ``DecimalFieldValue``, ``DateFieldValue`` or ``TextChoice``. Floating numbers do not: rules
/// compute exactly.
public protocol FieldValue: Sendable {
  /// What expressions over the field are of.
  associatedtype FieldKind: RuleType
  /// Which types a field may be declared with.
  associatedtype Stored: Sendable

  /// The value as a record holds it.
  var fieldContent: FieldContent { get }
}

/// A value as a record of a source holds it.
public enum FieldContent: Sendable, Hashable {
  case text(String)
  case integer(Int)
  case truth(Bool)
  case missing
}

/// Decimals of a service: an own type for money, `Foundation.Decimal`.
///
/// ```swift
/// extension Decimal: @retroactive DecimalFieldValue {
///   public var decimalText: String { description }
/// }
/// ```
public protocol DecimalFieldValue: FieldValue
where FieldKind == Number, Stored == StoredDecimal {
  /// All its digits, with `.` before the decimals: `-1234.50`.
  var decimalText: String { get }
}

extension DecimalFieldValue {
  public var fieldContent: FieldContent { .text(decimalText) }
}

/// Days of a service.
public protocol DateFieldValue: FieldValue
where FieldKind == CalendarDate, Stored == StoredDate {
  /// The day.
  var calendarDate: CalendarDate { get }
}

extension DateFieldValue {
  public var fieldContent: FieldContent { .text(calendarDate.description) }
}

extension CalendarDate: DateFieldValue {
  public var calendarDate: CalendarDate { self }
}

extension String: FieldValue {
  public typealias FieldKind = String
  public typealias Stored = StoredText
  public var fieldContent: FieldContent { .text(self) }
}

extension Bool: FieldValue {
  public typealias FieldKind = Bool
  public typealias Stored = StoredTruth
  public var fieldContent: FieldContent { .truth(self) }
}

extension FieldValue where Self: FixedWidthInteger, FieldKind == Number, Stored == StoredInteger {
  public var fieldContent: FieldContent {
    Int(exactly: self).map { .integer($0) } ?? .text("\(self)")
  }
}

extension Int: FieldValue {
  public typealias FieldKind = Number
  public typealias Stored = StoredInteger
}

extension Int32: FieldValue {
  public typealias FieldKind = Number
  public typealias Stored = StoredInteger
}

extension Int64: FieldValue {
  public typealias FieldKind = Number
  public typealias Stored = StoredInteger
}

extension UInt32: FieldValue {
  public typealias FieldKind = Number
  public typealias Stored = StoredInteger
}

extension UInt64: FieldValue {
  public typealias FieldKind = Number
  public typealias Stored = StoredInteger
}

/// An optional holds what may be missing.
extension Optional: FieldValue where Wrapped: FieldValue {
  public typealias FieldKind = Wrapped.FieldKind
  public typealias Stored = Wrapped.Stored
  public var fieldContent: FieldContent { self?.fieldContent ?? .missing }
}
