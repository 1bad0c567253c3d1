import SourceDiagnostics
import ThresholdCells

/// G2: a value of a domain of few values (a level, a text that rules name, a truth value) for which
/// no rule holds, whatever the rest is.
struct UncoveredValues: Sendable {
  /// An axis and its cell.
  struct Value: Sendable, Hashable {
    var axis: Int
    var cell: Int
  }

  private let question: DecisionQuestion
  private(set) var values: [Value] = []

  /// - Parameter isCovered: whether some rule holds somewhere on a cell of an axis where rules are
  ///   asked; nil where none is asked.
  init(_ question: DecisionQuestion, isCovered: (_ axis: Int, _ cell: Int) -> Bool?) {
    self.question = question
    for (axis, description) in question.axes.enumerated()
    where !description.isComparison && (!description.isOrdered || description.isRanked) {
      let open = (0..<description.valueCount).filter { isCovered(axis, $0) == false }
      // Where all are open, the value is not why.
      guard open.count < description.valueCount else { continue }
      values += open.map { Value(axis: axis, cell: $0) }
    }
  }

  func contains(_ cells: (Int) -> Int) -> Bool {
    values.contains { cells($0.axis) == $0.cell }
  }

  /// The combinations of a value within a box.
  func box(_ value: Value, within box: CellBox) -> CellBox {
    var slice = box
    slice.ranges[value.axis] = value.cell..<(value.cell + 1)
    return slice
  }

  func findings(within everything: CellBox) -> [Diagnostic] {
    let wording = FindingWording(question)
    return values.prefix(GapAnalysis.limit).enumerated().map { number, value in
      let isLast = number == GapAnalysis.limit - 1 && values.count > GapAnalysis.limit
      return wording.uncovered(
        box(value, within: everything), axis: value.axis,
        more: isLast ? "\(values.count - GapAnalysis.limit) more values have no rule" : nil)
    }
  }
}
