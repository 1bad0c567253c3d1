package import DataFields
package import RuleLanguage

/// How a decision ends on some facts.
package enum CaseResult: Sendable, Hashable {
  /// The outcome, after any override, as its slot holds it; of a decision that collects a list, the
  /// list.
  case decided([Quotient])
  case refused(Refusal)

  package var isDecided: Bool {
    if case .decided = self { true } else { false }
  }
}
