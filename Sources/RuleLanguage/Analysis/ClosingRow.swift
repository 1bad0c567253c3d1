import ThresholdCells

/// The row or rule that would close a gap, to be pasted.
struct ClosingRow {
  private let question: DecisionQuestion
  private let report: FindingReport

  init(_ question: DecisionQuestion) {
    self.question = question
    report = FindingReport(question.program, decision: question.decision)
  }

  func text(for box: CellBox) -> String? {
    guard !question.axes.contains(where: { $0.isIndirect }) else { return nil }
    if isTable { return cells(for: box).map { $0 + " || ... | reason ..." } }
    return
      "rule NAME reason CODE \"...\" when \(QuestionText(question).region(box, isRule: true)) then ..."
  }

  var isTable: Bool { !question.plan.rules.isEmpty && FindingReport.isRow(report.rule(0)) }

  /// The tests of the row, without its results.
  func cells(for box: CellBox) -> String? {
    guard let columns = columns()?.tests else { return nil }
    let spelling = ValueSpelling(question.program)
    var isWritten = Array(repeating: false, count: box.ranges.count)
    var cells: [String] = []
    for column in columns {
      let axis = question.axes.firstIndex { axis in
        axis.isRanked && axis.ranks.count == 1
          ? question.program.ranks[axis.ranks[0]].name == column
          : spelling.name(axis.slot) == column
      }
      guard let axis, !isWritten[axis] else {
        cells.append("*")
        continue
      }
      guard let cell = spelling.testCell(box.ranges[axis], of: question.axes[axis]) else {
        return nil
      }
      isWritten[axis] = true
      cells.append(cell)
    }
    for (axis, range) in box.ranges.enumerated()
    where !isWritten[axis] && range != 0..<question.axes[axis].cellCount { return nil }
    return cells.joined(separator: " | ")
  }

  /// The columns of the table: the line before its first row says them.
  func columns() -> (tests: [String], results: [String])? {
    var number = report.rule(0).line - 1
    while number > 0, number >= question.plan.line, let line = report.line(number) {
      let inputs = line.split(separator: "|", omittingEmptySubsequences: false)
      if let end = inputs.firstIndex(where: \.isEmpty), line.contains("||") {
        let names = inputs.map { part in
          String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return (Array(names[..<end]), Array(names[(end + 1)...]))
      }
      number -= 1
    }
    return nil
  }
}
