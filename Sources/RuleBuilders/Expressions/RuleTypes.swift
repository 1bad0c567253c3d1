public import DataFields

/// What expressions of the rule language are of: a number, a text, a date, a truth value, a
/// model's score, a scale's levels, a text's choices.
public protocol RuleType: Sendable {}

/// Types whose constants have a name in Swift: the levels of a scale, the choices of a text.
public protocol NamedConstant: RuleType {
  /// The constant as rule text spells it.
  var ruleText: String { get }
}

/// Types that a decision's outcomes may be of.
public protocol OutcomeType: RuleType {
  /// The word for it: `text`.
  static var outcomeWord: String { get }
}

/// Types whose values lie on an axis and may be cut into ranks.
public protocol MeasuredType: RuleType {}

/// Types whose values compare for equality; a score does not.
public protocol EquatableType: RuleType {}

/// Types whose constants are written as numbers.
public protocol NumberLiteralType: MeasuredType {}

/// Types whose constants are written as texts in Swift.
public protocol TextLiteralType: RuleType {
  /// The text as rule text spells it.
  static func ruleText(_ text: String) -> String
}

/// An exact number with a unit: a count, an amount, a quotient of two.
///
/// Units are checked when a ruleset is loaded.
public enum Number: NumberLiteralType, EquatableType, OutcomeType {
  public static var outcomeWord: String { "int" }
}

/// A floating number that a model computes.
public enum Score: NumberLiteralType {}

extension String: EquatableType, OutcomeType, TextLiteralType {
  public static var outcomeWord: String { "text" }
  public static func ruleText(_ text: String) -> String { Spelling.quoted(text) }
}

extension Bool: EquatableType, OutcomeType {
  public static var outcomeWord: String { "bool" }
}

extension CalendarDate: MeasuredType, EquatableType, OutcomeType, TextLiteralType {
  public static var outcomeWord: String { "date" }
  public static func ruleText(_ text: String) -> String { Spelling.date(text) }
}

/// A text of a few choices, as an enumeration of a service: a region, an outcome.
///
/// ```swift
/// enum Offer: String, Codable, TextChoice { case call, mail, none }
/// ```
public protocol TextChoice: NamedConstant, EquatableType, OutcomeType, FieldValue,
  RawRepresentable<String>
where FieldKind == Self, Stored == StoredText {}

extension TextChoice {
  public var ruleText: String { Spelling.quoted(rawValue) }
  public static var outcomeWord: String { "text" }
  public var fieldContent: FieldContent { .text(rawValue) }
}
