import SourceDiagnostics

/// G1: inputs that no rule covers. `otherwise` is required unless there are none, and refused
/// where there are none, because it would be dead text.
enum GapAnalysis: DecisionAnalysis {
  static func findings(on grid: DecisionGrid) -> [Diagnostic] {
    let decision = grid.decision
    guard let results = grid.results else {
      return decision.otherwise == nil
        ? [
          incomplete(
            grid, "not proved that the rules cover every input",
            notes: grid.notProved("G1", "").notes)
        ] : []
    }
    let uncovered = results.filter { $0.deciding == nil }
    if let otherwise = decision.otherwise {
      guard uncovered.isEmpty, !decision.rules.isEmpty else { return [] }
      return [
        Diagnostic(
          "U1", .error, "`otherwise` never decides: the rules cover every input",
          at: [(keyword(otherwise.span), "")], in: grid.checked.sources,
          help: ["take it out: it is dead text"])
      ]
    }
    guard let first = uncovered.first else { return [] }
    let share =
      uncovered.count == results.count
      ? "no rule holds anywhere" : "\(uncovered.count) of \(results.count) cells have no rule"
    return [
      incomplete(
        grid,
        (grid.hasDependentAxes ? "possibly no rule covers " : "no rule covers ")
          + grid.witness(first.cells),
        notes: ["gap: \(grid.combination(first.cells))", share])
    ]
  }

  private static func incomplete(_ grid: DecisionGrid, _ message: String, notes: [String])
    -> Diagnostic
  {
    Diagnostic(
      "G1", .error, message, at: [(grid.decision.span, "")], in: grid.checked.sources,
      notes: notes,
      help: ["add a rule, or   otherwise reason CODE-99 \"...\" then ..."])
  }

  private static func keyword(_ span: SourceSpan) -> SourceSpan {
    SourceSpan(file: span.file, range: span.range.lowerBound..<(span.range.lowerBound + 9))
  }
}
