/// How a decision ended, by names alone: what many decisions of a log share, and are looked for by.
package struct TraceEnding: Sendable, Hashable {
  /// The decision's name.
  package var decision: String
  /// The outcome after any override, as it is printed; nil if the decision was refused.
  package var outcome: String?
  /// The outcomes of a decision that collects them, each as it is printed; empty for any other.
  package var collected: [String]
  /// Why there is no decision; nil if there is one.
  package var refusal: Trace.Refusal?
  /// The value at fault in a refusal.
  package var field: String?
  /// The rule that decided; all that held where a decision collects; in a refusal those at fault.
  package var rules: [String]
  /// The reason codes of the rules that decided, and then of an override.
  package var reasonCodes: [String]
  /// The override in force.
  package var override: String?

  package init(
    decision: String, outcome: String?, collected: [String], refusal: Trace.Refusal?,
    field: String?, rules: [String], reasonCodes: [String], override: String?
  ) {
    self.decision = decision
    self.outcome = outcome
    self.collected = collected
    self.refusal = refusal
    self.field = field
    self.rules = rules
    self.reasonCodes = reasonCodes
    self.override = override
  }
}
