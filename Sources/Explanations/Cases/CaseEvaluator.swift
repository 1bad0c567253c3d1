package import DataFields
import Decisions
import RuleLanguage

/// Decides again on a case's facts with some of them changed, by the engine that decides everywhere.
///
/// Scratch of one task; reused from question to question.
package struct CaseEvaluator: Sendable {
  private(set) var engine: DecisionEngine
  private let facts: [Fact]
  private let context: [(slot: Int, value: Quotient?)]
  private let steps: [Int]
  private let decision: Int
  private let asOf: CalendarDate?
  /// How many decisions were made.
  package private(set) var count = 0

  init(
    _ engine: DecisionEngine, facts: [Fact], context: [(slot: Int, value: Quotient?)] = [],
    steps: [Int], decision: Int, asOf: CalendarDate?
  ) {
    self.context = context
    self.engine = engine
    self.facts = facts
    self.steps = steps
    self.decision = decision
    self.asOf = asOf
  }

  /// The row as the last question left it.
  package var row: RuleRow { engine.workspace.row }

  /// The rule that decided the last question.
  package var rule: Int? {
    let rule = Int(engine.workspace.results[decision].rule)
    return rule >= 0 && engine.workspace.results[decision].status == .decided ? rule : nil
  }

  /// - Complexity: that of the decision's steps, models included.
  package mutating func result(of changes: [FactChange]) -> CaseResult {
    result(of: changes, supplying: [])
  }

  /// The same with further values supplied: what slots are to hold, whatever the facts make of them.
  package mutating func result(
    of changes: [FactChange], supplying: [(slot: Int, value: Quotient?)]
  ) -> CaseResult {
    count += 1
    engine.workspace.clear()
    for (slot, value) in context { supply(slot, value) }
    for fact in facts { supply(fact.slot, fact.value) }
    for change in changes { supply(facts[change.fact].slot, change.value) }
    for (slot, value) in supplying { supply(slot, value) }
    engine.run(steps, asOf: asOf, keepSupplied: true)
    return read()
  }

  private mutating func supply(_ slot: Int, _ value: Quotient?) {
    if let value {
      engine.workspace.row.set(
        slot, to: value.numerator, over: value.denominator, origin: .supplied)
    } else {
      engine.workspace.row.mark(slot, .missing, origin: .supplied)
    }
  }

  private mutating func read() -> CaseResult {
    let result = engine.workspace.results[decision]
    let program = engine.library.program
    let plan = program.decisions[decision]
    guard result.status == .decided else { return .refused(result.refusal) }
    if plan.collectsList {
      if result.override >= 0 {
        let slot = program.overrides[Int(result.override)].outcome
        return .decided([row.quotient(slot)].compactMap(\.self))
      }
      program.settleRules(of: decision, in: &engine.workspace)
      let rules = program.collectedRules(of: decision, in: engine.workspace)
      return .decided(rules.compactMap { row.quotient(program.rules[$0].outcome) })
    }
    return .decided([row.quotient(plan.slot)].compactMap(\.self))
  }
}
