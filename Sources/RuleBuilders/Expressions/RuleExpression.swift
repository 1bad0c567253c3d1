public import DataFields

/// The scope of expressions about the subject of a decision.
public enum Subject: Sendable {}

/// The scope of expressions about single events, whose values `Record` holds.
public enum EventScope<Record: Sendable>: Sendable {}

/// An expression of the rule language, of a type, over the subject or over single events.
///
/// Operators make conditions and arithmetic of it. One that has a name (`Let`, `Rank`,
/// `RuleDecision`) is a component of a ruleset too.
public struct RuleExpression<Scope: Sendable, Kind: RuleType>: Sendable {
  package let text: String
  /// How tightly its outermost operator binds.
  let binding: Binding
  /// The event's fields, by key path; nil over the subject.
  var fields: FieldNames?
  /// Which events it is computed over; nil is all of them.
  var condition: String?
  var declared: Declaration?

  init(
    _ text: String, _ binding: Binding, fields: FieldNames? = nil, condition: String? = nil,
    declared: Declaration? = nil
  ) {
    self.text = text
    self.binding = binding
    self.fields = fields
    self.condition = condition
    self.declared = declared
  }

  enum Binding: Int, Comparable {
    case or, and, not, comparison, sum, product, primary

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// The text as an operand, in parentheses where it binds less than `least`.
  func operand(_ least: Binding) -> String { binding < least ? "(\(text))" : text }
}

/// An expression about the subject.
public typealias Value<Kind: RuleType> = RuleExpression<Subject, Kind>

/// A condition about the subject.
public typealias Condition = RuleExpression<Subject, Bool>

extension RuleExpression: RulesetComponent where Scope == Subject {
  /// Its declaration; an expression without a name has none, and says so in the text.
  public var declarations: [Declaration] {
    [declared ?? Declaration(.text, text, nil)]
  }
}

// MARK: Constants

extension RuleExpression: ExpressibleByIntegerLiteral where Kind: NumberLiteralType {
  public init(integerLiteral value: Int) {
    self.init(Spelling.integer(value), value < 0 ? .product : .primary)
  }
}

extension RuleExpression: ExpressibleByFloatLiteral where Kind: NumberLiteralType {
  /// The shortest digits of the literal, of which rule text then means every one.
  public init(floatLiteral value: Double) {
    self.init(Spelling.number("\(value)"), value < 0 ? .product : .primary)
  }

  /// A number digit by digit, for zeros at the end: `.decimal("0.20")`.
  public static func decimal(_ digits: String) -> Self {
    Self(Spelling.number(digits), digits.hasPrefix("-") ? .product : .primary)
  }
}

extension RuleExpression: ExpressibleByUnicodeScalarLiteral where Kind: TextLiteralType {}
extension RuleExpression: ExpressibleByExtendedGraphemeClusterLiteral
where Kind: TextLiteralType {}

extension RuleExpression: ExpressibleByStringLiteral where Kind: TextLiteralType {
  public init(stringLiteral value: String) { self.init(Kind.ruleText(value), .primary) }
}

extension RuleExpression: ExpressibleByBooleanLiteral where Kind == Bool {
  public init(booleanLiteral value: Bool) { self.init(value ? "true" : "false", .primary) }
}

extension RuleExpression where Kind == CalendarDate {
  /// A day as a constant.
  public static func day(_ day: CalendarDate) -> Self { Self(day.description, .primary) }
}

extension RuleExpression where Kind == String {
  /// A text as a constant.
  public static func text(_ text: String) -> Self { Self(Spelling.quoted(text), .primary) }
}

extension RuleExpression where Kind: NamedConstant {
  /// A level or a choice as a constant.
  public static func constant(_ constant: Kind) -> Self { Self(constant.ruleText, .primary) }
}
