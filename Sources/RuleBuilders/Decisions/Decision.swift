/// A decision, whose outcome is a value like any other, and its declaration.
public typealias RuleDecision<Outcome: RuleType> = RuleExpression<Subject, Outcome>

extension RuleExpression where Scope == Subject, Kind: OutcomeType {
  /// Decides by rules, or by one table.
  ///
  /// ```swift
  /// let offer = RuleDecision("offer", of: Offer.self, hit: .first) {
  ///   Rule("rich", reason: "O-1", "Turnover \(turnover).", when: turnover >= huf(1_000), then: .call)
  ///   Otherwise(reason: "O-2", then: .none)
  /// }
  /// ```
  public init(
    _ name: String, of outcome: Kind.Type, hit: HitPolicy<Kind>, fileID: String = #fileID,
    line: Int = #line, @RulesBuilder<Kind> rules: () -> [RuleLines]
  ) {
    let head = "\(Spelling.name(name)): \(Kind.outcomeWord) hit \(hit.text)"
    self.init(name, head, rules(), BuildPlace(fileID, line))
  }
}

extension RuleExpression where Scope == Subject {
  fileprivate init(_ name: String, _ head: String, _ items: [RuleLines], _ place: BuildPlace) {
    var lines: [BuiltLine] = []
    // Rules that take several lines stand apart.
    let isAiry = items.contains { $0.isRule && !$0.fitsOneLine }
    for (index, item) in items.enumerated() {
      if index > 0, isAiry, item.isRule { lines.append(BuiltLine("", nil)) }
      lines += item.lines
    }
    self.init(
      Spelling.name(name), .primary,
      declared: Declaration(.decision, block: "decision \(head)", lines, place))
  }

  /// Collects the outcomes of all rules that hold, in the order of the rules.
  public init<Outcome: OutcomeType>(
    _ name: String, collecting outcome: Outcome.Type, fileID: String = #fileID, line: Int = #line,
    @RulesBuilder<Outcome> rules: () -> [RuleLines]
  ) where Kind == Outcomes<Outcome> {
    let head = "\(Spelling.name(name)): \(Outcome.outcomeWord) hit collect"
    self.init(name, head, rules(), BuildPlace(fileID, line))
  }

  /// Counts the outcomes of all rules that hold; `Otherwise` says how many they are where none does.
  public init<Outcome: OutcomeType>(
    _ name: String, counting outcome: Outcome.Type, fileID: String = #fileID, line: Int = #line,
    @CountedRulesBuilder<Outcome> rules: () -> [RuleLines]
  ) where Kind == Number {
    let head = "\(Spelling.name(name)): \(Outcome.outcomeWord) hit collect count"
    self.init(name, head, rules(), BuildPlace(fileID, line))
  }
}

extension RuleExpression where Scope == Subject, Kind == String {
  /// Decides on a text by rules, or by one table.
  public init(
    _ name: String, hit: HitPolicy<String>, fileID: String = #fileID, line: Int = #line,
    @RulesBuilder<String> rules: () -> [RuleLines]
  ) {
    self.init(name, of: String.self, hit: hit, fileID: fileID, line: line, rules: rules)
  }
}

/// Which of the rules that hold decide.
public struct HitPolicy<Outcome: OutcomeType>: Sendable {
  let text: String

  /// The first in their order.
  public static var first: Self { Self(text: "first") }
  /// The only one: two refuse the decision.
  public static var unique: Self { Self(text: "unique") }
  /// Any one: all have the same outcome.
  public static var any: Self { Self(text: "any") }
  /// One value of the outcomes of all rules that hold.
  public static func collect(_ function: CollectFunction) -> Self {
    Self(text: "collect \(function.rawValue)")
  }

  /// The one whose outcome stands first.
  public static func priority(_ outcomes: Value<Outcome>...) -> Self {
    Self(text: "priority " + outcomes.map { $0.operand(.sum) }.joined(separator: " > "))
  }

  /// The one whose outcome stands first.
  public static func priority(_ outcomes: Outcome...) -> Self where Outcome: NamedConstant {
    Self(text: "priority " + outcomes.map(\.ruleText).joined(separator: " > "))
  }
}

/// What is made of the outcomes of all rules that hold.
public enum CollectFunction: String, Sendable, CaseIterable {
  case sum, min, max
}

/// The outcomes of all rules that hold.
public enum Outcomes<Outcome: OutcomeType>: RuleType {}

extension RuleExpression where Scope == Subject {
  /// Whether an outcome is among those that were collected.
  public func contains<Outcome: OutcomeType>(_ outcome: Value<Outcome>) -> Condition
  where Kind == Outcomes<Outcome> {
    Condition("\(outcome.operand(.sum)) in \(text)", .comparison)
  }

  /// Whether a level or a choice is among those that were collected.
  public func contains<Outcome: OutcomeType & NamedConstant>(_ outcome: Outcome) -> Condition
  where Kind == Outcomes<Outcome> {
    contains(.constant(outcome))
  }
}
