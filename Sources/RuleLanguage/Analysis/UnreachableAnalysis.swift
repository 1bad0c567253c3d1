import SourceDiagnostics

/// U1: rules that hold for no input. U2: rules that never decide, because earlier ones together
/// cover all that they cover.
enum UnreachableAnalysis: DecisionAnalysis {
  static func findings(on grid: DecisionGrid) -> [Diagnostic] {
    let decision = grid.decision
    guard let results = grid.results else {
      return [grid.notProved("U1", "that every rule can hold")]
    }
    var holds = Array(repeating: false, count: decision.rules.count)
    var decides = holds
    var covering = Array(repeating: Set<Int>(), count: decision.rules.count)
    for result in results {
      for rule in result.holding {
        holds[rule] = true
        if let deciding = result.deciding, deciding != rule { covering[rule].insert(deciding) }
      }
      if let deciding = result.deciding { decides[deciding] = true }
    }
    var findings: [Diagnostic] = []
    for (index, rule) in decision.rules.enumerated() {
      if !holds[index] {
        findings.append(
          Diagnostic(
            "U1", .error, "`\(rule.name)` holds for no input", at: [(rule.span, "")],
            in: grid.checked.sources))
      } else if !decides[index], decision.hit == .first || decision.hit == .priority {
        let names = covering[index].sorted().map { "`\(decision.rules[$0].name)`" }
        findings.append(
          Diagnostic(
            "U2", .error, "`\(rule.name)` never decides", at: [(rule.span, "")],
            in: grid.checked.sources,
            notes: [
              "wherever it holds, \(names.joined(separator: ", ")) "
                + (names.count == 1 ? "decides" : "together decide")
            ]))
      }
    }
    return findings
  }
}
