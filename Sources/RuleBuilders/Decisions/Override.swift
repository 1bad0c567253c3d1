public import DataFields

/// Replaces a decision's outcome by authority, until a day; the trace keeps what it replaced.
public struct Override: RulesetComponent {
  public let declarations: [Declaration]

  /// - Parameters:
  ///   - decision: whose outcome it replaces.
  ///   - reason: the code of the reason, and after it its text.
  ///   - authority: on whose word.
  ///   - day: the last day on which it holds.
  ///   - condition: when it holds.
  ///   - outcome: what it sets.
  public init<Outcome: OutcomeType>(
    _ name: String, of decision: RuleDecision<Outcome>, reason: String? = nil,
    _ text: ReasonText? = nil, by authority: String? = nil, until day: CalendarDate? = nil,
    when condition: Condition, set outcome: Value<Outcome>, fileID: String = #fileID,
    line: Int = #line
  ) {
    let place = BuildPlace(fileID, line)
    var head = "override \(Spelling.name(name))\(reasonClause(reason, text))"
    if let authority { head += " by \(Spelling.quoted(authority))" }
    if let day { head += " until \(day)" }
    declarations = [
      Declaration(
        .override, block: head,
        [
          BuiltLine("when \(condition.text)", place),
          BuiltLine("set \(decision.text) = \(outcome.operand(.sum))", place),
        ], place)
    ]
  }

  /// Replaces a level or a choice.
  public init<Outcome: OutcomeType & NamedConstant>(
    _ name: String, of decision: RuleDecision<Outcome>, reason: String? = nil,
    _ text: ReasonText? = nil, by authority: String? = nil, until day: CalendarDate? = nil,
    when condition: Condition, set outcome: Outcome, fileID: String = #fileID, line: Int = #line
  ) {
    self.init(
      name, of: decision, reason: reason, text, by: authority, until: day, when: condition,
      set: .constant(outcome), fileID: fileID, line: line)
  }
}
