import SourceDiagnostics

/// O1 and O2: two rules that hold for one input, where the hit policy admits one.
enum OverlapAnalysis: DecisionAnalysis {
  static func findings(on grid: DecisionGrid) -> [Diagnostic] {
    let decision = grid.decision
    guard decision.hit == .unique || decision.hit == .any else { return [] }
    guard let results = grid.results else {
      return [grid.notProved("O1", "that at most one rule holds for any input")]
    }
    var findings: [Diagnostic] = []
    var seen = Set<[Int]>()
    for result in results where result.holding.count > 1 {
      for (place, left) in result.holding.enumerated() {
        for right in result.holding[(place + 1)...] {
          guard seen.insert([left, right]).inserted else { continue }
          if let finding = finding(left, right, result.cells, grid) { findings.append(finding) }
        }
      }
    }
    return findings
  }

  private static func finding(_ left: Int, _ right: Int, _ cells: [Int], _ grid: DecisionGrid)
    -> Diagnostic?
  {
    let a = grid.decision.rules[left]
    let b = grid.decision.rules[right]
    let isSame = a.outcome == b.outcome
    if isSame, grid.decision.hit == .any { return nil }
    let possibly = grid.hasDependentAxes
    return Diagnostic(
      isSame ? "O2" : "O1", isSame || possibly ? .warning : .error,
      "`\(a.name)` and `\(b.name)` \(possibly ? "may both hold" : "both hold") with "
        + (isSame ? "the same outcome" : "different outcomes"),
      at: [(b.span, "this one"), (a.span, "and this one")], in: grid.checked.sources,
      notes: ["for example: \(grid.witness(cells))", "where \(grid.combination(cells))"],
      help: ["narrow one of them, or use   hit first"])
  }
}
