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
    // Decisions share what may be spent, so that many of them take no longer than a large one.
    let origins = ValueOrigins(program)
    var tests = 0
    var evaluations = 10 * budget.evaluations
    for decision in program.decisions.indices {
      let question = DecisionQuestion(program, decision: decision, origins: origins)
      var budget = self.budget
      budget.evaluations = min(budget.evaluations, evaluations)
      guard let table = CombinationTable(question, budget: budget) else {
        if let products = DecisionProducts(question, budget: boxBudget) {
          var analysis = BoxAnalysis(products, budget: boxBudget, tests: tests)
          let (found, subject) = analysis.findings()
          tests = analysis.expense.tests
          findings += found
          subjects.append(subject)
        } else {
          findings += notProved(question)
          unproved.formUnion(question.ranks)
        }
        continue
      }
      evaluations -= table.evaluations
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
    let isTooLarge = question.isTooLarge
    var sizes = question.axes.prefix(20).map { "\(spelling.name($0.slot)) \($0.cellCount)" }
    if sizes.count < question.axes.count { sizes.append("and \(question.axes.count - 20) more") }
    let name = "`\(question.plan.name)`"
    var findings = [
      report.onDecision(
        "P1", .warning,
        "not proved that the rules of \(name) are free of overlaps, gaps and dead text",
        notes: [
          isTooLarge
            ? "it compares too many quantities, or one with too many ranks"
            : "too many combinations of cells: " + sizes.joined(separator: ", ")
        ],
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
