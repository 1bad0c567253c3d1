package import SourceDiagnostics
package import ThresholdCells

/// Everything that can be proved about the decisions of a program, before any is made.
///
/// Axes are cut at the thresholds in use, so that each condition is constant on a cell. Every
/// combination of cells is looked at where they are few; where they are many, boxes of them are.
/// Past the budget the findings say "not proved".
package struct RulesetAnalysis: Sendable {
  private let program: Program
  private let budget: CombinationTable.Budget
  private let boxBudget: BoxBudget
  private let isListing: Bool

  /// - Parameters:
  ///   - budget: up to which every combination is looked at.
  ///   - boxBudget: what searches over boxes may spend where there are more.
  ///   - isListing: list the combinations that end in `otherwise`, not only their number.
  package init(
    _ program: Program, budget: CombinationTable.Budget = .init(),
    boxBudget: BoxBudget = .init(), isListing: Bool = false
  ) {
    self.program = program
    self.budget = budget
    self.boxBudget = boxBudget
    self.isListing = isListing
  }

  /// All findings, by file, line and code.
  ///
  /// - Complexity: O(combinations x conditions) for each decision, within the budget.
  package func findings() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var subjects: [ThresholdAnalysis.Subject] = []
    var unproved: Set<Int> = []
    for decision in program.decisions.indices {
      let question = DecisionQuestion(program, decision: decision)
      guard let table = CombinationTable(question, budget: budget) else {
        if let products = DecisionProducts(question, budget: boxBudget) {
          var analysis = BoxAnalysis(products, budget: boxBudget)
          let (found, subject) = analysis.findings()
          findings += found
          subjects.append(subject)
        } else {
          findings += notProved(question)
          unproved.formUnion(question.axes.flatMap(\.ranks))
        }
        continue
      }
      let dead = UnreachableAnalysis().findings(in: table)
      findings += dead
      for analysis in analyses { findings += analysis.findings(in: table) }
      subjects.append(.init(table, hasDeadText: !dead.isEmpty))
    }
    findings += ThresholdAnalysis().findings(in: subjects, unproved: unproved)
    let files = program.sources.files.map(\.name)
    func key(_ finding: Diagnostic) -> (Int, Int, String) {
      (
        files.firstIndex(of: finding.file) ?? files.count, finding.position?.line ?? 0, finding.code
      )
    }
    return findings.enumerated().sorted { one, two in
      let (a, b) = (key(one.element), key(two.element))
      return a == b ? one.offset < two.offset : a < b
    }.map(\.element)
  }

  private var analyses: [any DecisionAnalysis] {
    [GapAnalysis(), OverlapAnalysis(), ShareAnalysis(isListing: isListing)]
  }

  /// What is said in place of findings where there are too many combinations. `otherwise` is then
  /// required: without a proof, a decision without it may refuse.
  private func notProved(_ question: DecisionQuestion) -> [Diagnostic] {
    let report = FindingReport(program, decision: question.decision)
    let spelling = ValueSpelling(question.program)
    let sizes = question.axes.map { "\(spelling.name($0.slot)) \($0.cellCount)" }
    let name = "`\(question.plan.name)`"
    var findings = [
      report.onDecision(
        "P1", .warning,
        "not proved that the rules of \(name) are free of overlaps, gaps and dead text",
        notes: ["too many combinations of cells: " + sizes.joined(separator: ", ")],
        help: ["split the decision into smaller ones"])
    ]
    if question.plan.otherwise == nil {
      findings.append(
        report.onDecision(
          "G1", .error, "not proved that the rules of \(name) cover every input",
          help: ["add   otherwise reason CODE-99 \"...\" then ..."]))
    }
    return findings
  }
}
