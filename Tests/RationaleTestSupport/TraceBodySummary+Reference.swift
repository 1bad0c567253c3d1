package import DecisionTrace

extension TraceBodySummary {
  /// What a decoded trace says: written from the definition, without looking at bytes.
  package init(reference trace: Trace) {
    var ending = TraceEnding(
      decision: trace.id.decision, outcome: nil, collected: [], refusal: nil, field: nil,
      rules: [], reasonCodes: [], override: trace.override?.schema.name)
    var codes: [String?] = []
    switch trace.result {
    case .decided(let outcome, _):
      ending.outcome = outcome.plainText
      if case .list(let items) = outcome { ending.collected = items.map(\.plainText) }
      ending.rules = trace.contributingRules.map { trace.rules[$0].schema.name }
      codes = trace.contributingRules.map { trace.rules[$0].schema.reasonCode }
    case .refused(let refusal, let field, let rules):
      ending.refusal = refusal
      ending.field = field
      ending.rules = rules.map { trace.rules[$0].schema.name }
    }
    codes.append(trace.override?.schema.reasonCode)
    for case let code? in codes where !ending.reasonCodes.contains(code) {
      ending.reasonCodes.append(code)
    }
    self.init(id: trace.id, subject: trace.subject, asOf: trace.asOf, ending: ending)
  }
}
