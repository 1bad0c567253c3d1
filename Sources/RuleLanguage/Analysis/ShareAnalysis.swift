import SourceDiagnostics

/// S1: how many combinations of ranks end in `otherwise`.
enum ShareAnalysis: DecisionAnalysis {
  static func findings(on grid: DecisionGrid) -> [Diagnostic] {
    guard let otherwise = grid.decision.otherwise else { return [] }
    guard let results = grid.results else {
      return [grid.notProved("S1", "how many combinations end in otherwise")]
    }
    var all = Set<[String]>()
    var open = Set<[String]>()
    for result in results {
      let signature = grid.signature(result.cells)
      all.insert(signature)
      if result.deciding == nil { open.insert(signature) }
    }
    guard !open.isEmpty else { return [] }
    let kind = grid.isOfRanks ? "rank combinations" : "combinations"
    let start = otherwise.span.range.lowerBound
    let keyword = SourceSpan(file: otherwise.span.file, range: start..<(start + 9))
    return [
      Diagnostic(
        "S1", .note, "\(open.count) of \(all.count) \(kind) end in otherwise",
        at: [(keyword, "")], in: grid.checked.sources)
    ]
  }
}
