import RuleLanguage

/// Which cells of a program's tables the cases of a run met, and which they did not.
struct TableCells {
  private let program: Program
  private var cells: [Cell] = []

  private struct Cell {
    var decision: Int
    var name: String
    /// Root of the cell's condition.
    var root: Int
    var isMet = false
    var isFailed = false
  }

  init(_ program: Program) {
    self.program = program
    for (index, decision) in program.decisions.enumerated() {
      for rule in decision.rules {
        let plan = program.rules[rule]
        guard let root = plan.condition, !plan.cells.isEmpty else { continue }
        let parts = parts(of: root)
        for (part, column) in zip(parts, plan.cells) {
          cells.append(
            Cell(decision: index, name: "\(decision.name).\(plan.name), \(column)", root: part))
        }
      }
    }
  }

  /// The parts of a row's condition.
  private func parts(of root: Int) -> [Int] {
    let conditions = program.code.conditions
    var parts: [Int] = []
    var child = root + 1
    while child < conditions[root].end {
      parts.append(child)
      child = Int(conditions[child].end)
    }
    return parts
  }

  /// Notes the case in hand, for the decisions that were made.
  mutating func note(_ workspace: EvaluationWorkspace) {
    for index in cells.indices {
      let result = workspace.results[cells[index].decision]
      // Where a value is missing that the decision needs, no row was tried.
      guard result.status == .decided || result.refusal == .conflict || result.refusal == .noRule
      else { continue }
      let holds = program.code.evaluate(
        cells[index].root, on: workspace.row, lists: program.lists
      ).holds
      if holds { cells[index].isMet = true } else { cells[index].isFailed = true }
    }
  }

  var names: (reached: [String], missed: [String]) {
    let reached = cells.filter { $0.isMet && $0.isFailed }
    let missed = cells.filter { !($0.isMet && $0.isFailed) }
    return (reached.map(\.name), missed.map(\.name))
  }
}
