package import SourceDiagnostics
import ThresholdCells

/// G1: a combination for which no rule holds, in a decision without `otherwise`.
package struct GapAnalysis: DecisionAnalysis {
  /// So many gaps of a decision are shown; they are counted together beyond.
  package static let limit = 5

  package init() {}

  package func findings(in table: CombinationTable) -> [Diagnostic] {
    guard table.question.plan.otherwise == nil else { return [] }
    let report = FindingReport(table)
    var left = table.results.map { $0 == .gap }
    let count = left.count { $0 }
    guard count > 0 else { return [] }
    let boxes = table.space.boxes(
      of: left, limit: Self.limit, isOrdered: table.question.axes.map(\.isOrdered))
    var shown = 0
    return boxes.enumerated().map { number, box in
      let members = table.space.combinations(of: box)
      shown += members.count
      for member in members { left[member] = false }
      let first = members.first ?? 0
      var notes = ["gap: \(table.region(box))"]
      if let row = ClosingRow(table).text(for: box) { notes.append("add, for example:   \(row)") }
      if number == boxes.count - 1, shown < count {
        notes.append("\(count - shown) more combinations have no rule")
      }
      return report.onDecision(
        "G1", .error, (table.isExact ? "" : "possibly ") + "no rule covers \(table.witness(first))",
        notes: notes + table.doubtNotes)
    }
  }
}

/// The row or rule that would close a gap, to be pasted.
private struct ClosingRow {
  private let table: CombinationTable
  private let report: FindingReport

  init(_ table: CombinationTable) {
    self.table = table
    report = FindingReport(table)
  }

  func text(for box: CellBox) -> String? {
    guard !table.question.axes.contains(where: { $0.isIndirect }) else { return nil }
    if !table.rules.isEmpty, FindingReport.isRow(report.rule(0)) { return row(for: box) }
    return "rule NAME reason CODE \"...\" when \(table.region(box, isRule: true)) then ..."
  }

  private func row(for box: CellBox) -> String? {
    guard let columns = columns() else { return nil }
    let spelling = ValueSpelling(table.question.program)
    var isWritten = Array(repeating: false, count: box.ranges.count)
    var cells: [String] = []
    for column in columns {
      let axis = table.question.axes.firstIndex { axis in
        axis.isRanked && axis.ranks.count == 1
          ? table.question.program.ranks[axis.ranks[0]].name == column
          : spelling.name(axis.slot) == column
      }
      guard let axis, !isWritten[axis] else {
        cells.append("*")
        continue
      }
      guard let cell = spelling.testCell(box.ranges[axis], of: table.question.axes[axis]) else {
        return nil
      }
      isWritten[axis] = true
      cells.append(cell)
    }
    for (axis, range) in box.ranges.enumerated()
    where !isWritten[axis] && range != 0..<table.space.sizes[axis] { return nil }
    return cells.joined(separator: " | ") + " || ... | reason ..."
  }

  /// The input columns of the table: the line before its first row says them.
  private func columns() -> [String]? {
    var number = report.rule(0).line - 1
    while number > 0, number >= table.question.plan.line, let line = report.line(number) {
      let inputs = line.split(separator: "|", omittingEmptySubsequences: false)
      if let end = inputs.firstIndex(where: \.isEmpty), line.contains("||") {
        return inputs[..<end].map { part in
          String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
      }
      number -= 1
    }
    return nil
  }
}
