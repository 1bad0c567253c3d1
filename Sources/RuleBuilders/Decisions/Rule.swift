/// The lines of one rule, table or reason of a decision.
public struct RuleLines: Sendable {
  let lines: [BuiltLine]
  let isRule: Bool

  /// As the formatter asks: with its indentation and the spaces between.
  var fitsOneLine: Bool {
    lines.map(\.text.count).reduce(1 + lines.count, +) <= 100
  }
}

/// A rule: `rule steady reason IP-01 "..." when amount == size then "Steady"`.
public struct Rule<Outcome: OutcomeType>: Sendable {
  let lines: RuleLines

  /// - Parameters:
  ///   - reason: the code of the reason, and after it its text.
  ///   - condition: when it holds.
  ///   - outcome: what it decides, a constant.
  public init(
    _ name: String, reason: String? = nil, _ text: ReasonText? = nil, when condition: Condition,
    then outcome: Value<Outcome>, fileID: String = #fileID, line: Int = #line
  ) {
    lines = Self.lines(name, reason, text, condition, outcome, BuildPlace(fileID, line))
  }

  /// A rule with a level or a choice as outcome.
  public init(
    _ name: String, reason: String? = nil, _ text: ReasonText? = nil, when condition: Condition,
    then outcome: Outcome, fileID: String = #fileID, line: Int = #line
  ) where Outcome: NamedConstant {
    lines = Self.lines(
      name, reason, text, condition, .constant(outcome), BuildPlace(fileID, line))
  }

  private static func lines(
    _ name: String, _ reason: String?, _ text: ReasonText?, _ condition: Condition,
    _ outcome: Value<Outcome>, _ place: BuildPlace
  ) -> RuleLines {
    RuleLines(
      lines: [
        BuiltLine("rule \(Spelling.name(name))\(reasonClause(reason, text))", place),
        BuiltLine("when \(condition.text)", place),
        BuiltLine("then \(outcome.operand(.sum))", place),
      ], isRule: true)
  }
}

/// What is decided where no rule holds.
public struct Otherwise<Outcome: OutcomeType>: Sendable {
  let lines: RuleLines

  public init(
    reason: String? = nil, _ text: ReasonText? = nil, then outcome: Value<Outcome>,
    fileID: String = #fileID, line: Int = #line
  ) {
    lines = Self.lines(reason, text, outcome, BuildPlace(fileID, line))
  }

  /// With a level or a choice as outcome.
  public init(
    reason: String? = nil, _ text: ReasonText? = nil, then outcome: Outcome,
    fileID: String = #fileID, line: Int = #line
  ) where Outcome: NamedConstant {
    lines = Self.lines(reason, text, .constant(outcome), BuildPlace(fileID, line))
  }

  private static func lines(
    _ reason: String?, _ text: ReasonText?, _ outcome: Value<Outcome>, _ place: BuildPlace
  ) -> RuleLines {
    RuleLines(
      lines: [
        BuiltLine("otherwise\(reasonClause(reason, text))", place),
        BuiltLine("then \(outcome.operand(.sum))", place),
      ], isRule: true)
  }
}

/// The text of a reason whose code rows of a table name.
public struct Reason<Outcome: OutcomeType>: Sendable {
  let lines: RuleLines

  public init(
    _ code: String, _ text: ReasonText, fileID: String = #fileID, line: Int = #line
  ) {
    let clause = String(reasonClause(code, text).dropFirst())
    lines = RuleLines(lines: [BuiltLine(clause, BuildPlace(fileID, line))], isRule: false)
  }
}

/// Collects the rules of a decision, or its table.
@resultBuilder public enum RulesBuilder<Outcome: OutcomeType> {
  public static func buildExpression(_ rule: Rule<Outcome>) -> [RuleLines] { [rule.lines] }
  public static func buildExpression(_ rule: Otherwise<Outcome>) -> [RuleLines] { [rule.lines] }
  public static func buildExpression(_ reason: Reason<Outcome>) -> [RuleLines] { [reason.lines] }
  public static func buildExpression(_ table: Table<Outcome>) -> [RuleLines] { [table.lines] }

  public static func buildBlock(_ parts: [RuleLines]...) -> [RuleLines] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [RuleLines]?) -> [RuleLines] { part ?? [] }
  public static func buildEither(first part: [RuleLines]) -> [RuleLines] { part }
  public static func buildEither(second part: [RuleLines]) -> [RuleLines] { part }
  public static func buildArray(_ parts: [[RuleLines]]) -> [RuleLines] { parts.flatMap { $0 } }
}

/// Collects the rules of a decision that counts outcomes.
@resultBuilder public enum CountedRulesBuilder<Outcome: OutcomeType> {
  public static func buildExpression(_ rule: Rule<Outcome>) -> [RuleLines] { [rule.lines] }
  public static func buildExpression(_ rule: Otherwise<Number>) -> [RuleLines] { [rule.lines] }
  public static func buildExpression(_ reason: Reason<Outcome>) -> [RuleLines] { [reason.lines] }

  public static func buildBlock(_ parts: [RuleLines]...) -> [RuleLines] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[RuleLines]]) -> [RuleLines] { parts.flatMap { $0 } }
}
