import DataFields
package import DecisionTrace
import Decisions
import RuleLanguage

/// Which of the facts that changed from one decision to the next made another outcome of it.
package struct DecisiveChanges: Sendable {
  /// A fact that changed.
  package struct Change: Sendable, Hashable {
    package var fact: String
    /// Nil where it was missing.
    package var before: Trace.Content?
    package var after: Trace.Content?
    package var isMasked: Bool
  }

  /// The facts that are enough: changed as they were, the others left as they had been, they make the
  /// new outcome, and without any of them the rest does not. Empty where the day alone makes it.
  package let changes: [Change]
  /// How many facts changed in all.
  package let changedCount: Int
}

extension DecidedCase {
  /// What made the outcome of a later decision another one, each step of it decided by the engine.
  ///
  /// - Parameter later: a trace of the same schema.
  /// - Returns: nil if the outcome is the same, or if facts of the one are derived in the other.
  /// - Complexity: one decision for each fact that changed.
  package func decisiveChanges(to later: Trace) -> DecisiveChanges? {
    let schema = library.schemas[decision]
    guard schema.digest == later.schemaDigest else { return nil }
    var engine = engine
    var changes: [FactChange] = []
    for (slot, value) in zip(schema.fieldSlots, later.values) {
      let fact = facts.firstIndex { $0.slot == slot }
      let isGiven = value.origin != .derived
      guard let fact else {
        // Supplied now, and derived before.
        if isGiven { return nil }
        continue
      }
      let word = value.content.flatMap { Self.word($0, &engine) }
      if word != facts[fact].value { changes.append(FactChange(fact: fact, value: word)) }
    }
    var evaluator = CaseEvaluator(
      engine, facts: facts, context: context, steps: plan.steps, decision: decision,
      asOf: later.asOf)
    let target = evaluator.result(of: changes)
    guard target != result, agrees(target, with: later.result, engine) else { return nil }
    var needed = changes
    for change in changes {
      let without = needed.filter { $0 != change }
      if evaluator.result(of: without) == target { needed = without }
    }
    let words = ValueWords(scales: program.scales, texts: engine.texts)
    return DecisiveChanges(
      changes: needed.map { change in
        let fact = facts[change.fact]
        return DecisiveChanges.Change(
          fact: fact.name, before: fact.value.map { words.content($0, fact.type) },
          after: change.value.map { words.content($0, fact.type) }, isMasked: fact.isMasked)
      }, changedCount: changes.count)
  }
}
