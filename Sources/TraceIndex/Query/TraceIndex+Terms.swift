internal import GRDB

extension TraceIndex {
  /// The names by which decisions can be asked for, as far as the index has them in full.
  package struct Terms: Sendable, Hashable {
    package var decisions: Set<String> = []
    package var outcomes: Set<String> = []
    package var rules: Set<String> = []
    package var reasons: Set<String> = []
  }

  /// What there is to ask for; nothing without an index.
  package var terms: Terms {
    get throws(TraceIndexError) {
      var terms = Terms()
      guard let database = try reading() else { return terms }
      let endings = try database.read { db in try EndingTable(db).endings }
      for case .exact(let ending) in endings.values {
        terms.decisions.insert(ending.decision)
        terms.outcomes.formUnion(ending.collected)
        if let outcome = ending.outcome { terms.outcomes.insert(outcome) }
        terms.rules.formUnion(ending.rules)
        terms.reasons.formUnion(ending.reasons)
        if let refusal = ending.refusal { terms.reasons.insert(refusal) }
      }
      return terms
    }
  }
}
