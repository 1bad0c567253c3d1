import SourceDiagnostics

/// One static analysis of a decision on its cells.
///
/// - Note: an analysis says what it proved and what it did not; above the grid's budget it says
///   that nothing is proved, never that all is well.
protocol DecisionAnalysis {
  static func findings(on grid: DecisionGrid) -> [Diagnostic]
}

/// The static analyses of checked rulesets, each in a file of its own.
enum RulesetAnalysis {
  /// In the order in which findings of one decision are reported.
  static var analyses: [any DecisionAnalysis.Type] {
    [GapAnalysis.self, OverlapAnalysis.self, UnreachableAnalysis.self, ShareAnalysis.self]
  }

  static func findings(in program: CheckedProgram) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var thresholds = ThresholdAnalysis()
    for decision in program.decisions where !decision.hasFaults {
      let grid = DecisionGrid(decision, in: program)
      for analysis in analyses { findings += analysis.findings(on: grid) }
      thresholds.add(grid)
    }
    return findings + thresholds.findings(in: program)
  }
}
