/// What stands in the column of a value: a test of it in a decision's table, or what a test gives
/// for it or expects of it.
public struct ColumnEntry: Sendable {
  /// The heading of the column.
  let column: String
  let text: String
  /// The rule that is expected to decide.
  var rule: String?
}

// Those that compare are tests in tables of decisions; `is` of one value is also what tests give
// and expect.
extension RuleExpression where Scope == Subject {
  /// The value, or one of several.
  public func `is`(_ value: Value<Kind>, _ others: Value<Kind>...) -> ColumnEntry {
    entry(([value] + others).map { $0.operand(.sum) }.joined(separator: ", "))
  }

  /// The level or choice, or one of several.
  public func `is`(_ value: Kind, _ others: Kind...) -> ColumnEntry where Kind: NamedConstant {
    entry(([value] + others).map(\.ruleText).joined(separator: ", "))
  }

  /// The value, and the rule that decides on it: its name, its reason's code, or `otherwise`.
  public func `is`(_ value: Value<Kind>, by rule: String) -> ColumnEntry {
    entry(value.operand(.sum), rule)
  }

  /// The choice, and the rule that decides on it.
  public func `is`(_ value: Kind, by rule: String) -> ColumnEntry where Kind: NamedConstant {
    entry(value.ruleText, rule)
  }

  /// Outcomes that are collected, in the order of the rules: what a test expects.
  public func `is`<Outcome: OutcomeType>(_ outcomes: Value<Outcome>...) -> ColumnEntry
  where Kind == Outcomes<Outcome> {
    let texts = outcomes.map { $0.operand(.sum) }
    return entry(texts.count == 1 ? texts[0] : "(\(texts.joined(separator: ", ")))")
  }

  /// Any other value.
  public func `is`(not value: Value<Kind>) -> ColumnEntry { entry("!= \(value.operand(.sum))") }

  /// Any other level or choice.
  public func `is`(not value: Kind) -> ColumnEntry where Kind: NamedConstant {
    entry("!= \(value.ruleText)")
  }

  /// A value in a range.
  public func `is`(in range: RuleRange<Kind>) -> ColumnEntry where Kind: MeasuredType {
    entry(range.text)
  }

  /// A value below another.
  public func `is`(below value: Value<Kind>) -> ColumnEntry where Kind: MeasuredType {
    entry("< \(value.operand(.sum))")
  }

  /// A value that is another or below it.
  public func `is`(atMost value: Value<Kind>) -> ColumnEntry where Kind: MeasuredType {
    entry("<= \(value.operand(.sum))")
  }

  /// A value above another.
  public func `is`(above value: Value<Kind>) -> ColumnEntry where Kind: MeasuredType {
    entry("> \(value.operand(.sum))")
  }

  /// A value that is another or above it.
  public func `is`(atLeast value: Value<Kind>) -> ColumnEntry where Kind: MeasuredType {
    entry(">= \(value.operand(.sum))")
  }

  /// A level below another.
  public func `is`(below level: Kind) -> ColumnEntry where Kind: RuleScale {
    entry("< \(level.ruleText)")
  }

  /// A level that is another or below it.
  public func `is`(atMost level: Kind) -> ColumnEntry where Kind: RuleScale {
    entry("<= \(level.ruleText)")
  }

  /// A level above another.
  public func `is`(above level: Kind) -> ColumnEntry where Kind: RuleScale {
    entry("> \(level.ruleText)")
  }

  /// A level that is another or above it.
  public func `is`(atLeast level: Kind) -> ColumnEntry where Kind: RuleScale {
    entry(">= \(level.ruleText)")
  }

  /// Nothing: what a test gives or expects where a value is missing.
  public var missing: ColumnEntry { entry("missing") }

  /// That it is refused: what a test expects of a decision.
  public var refused: ColumnEntry { entry("refused") }

  private func entry(_ text: String, _ rule: String? = nil) -> ColumnEntry {
    ColumnEntry(column: operand(.sum), text: text, rule: rule)
  }
}
