package import SourceDiagnostics
import ThresholdCells

/// G1: a combination for which no rule holds, in a decision without `otherwise`.
package struct GapAnalysis: DecisionAnalysis {
  /// So many gaps of a decision are shown; they are counted together beyond.
  package static let limit = 5

  package init() {}

  package func findings(in table: CombinationTable) -> [Diagnostic] {
    guard table.question.plan.otherwise == nil else { return [] }
    let wording = FindingWording(table.question)
    var left = table.results.map { $0 == .gap }
    guard left.contains(true) else { return [] }
    let uncovered = uncovered(in: table)
    for combination in left.indices where left[combination] {
      left[combination] = !uncovered.contains { table.space.cell(combination, axis: $0) }
    }
    let found = uncovered.findings(within: table.asked)
    let count = left.count { $0 }
    guard count > 0 else { return found }
    let boxes = table.space.boxes(
      of: left, limit: Self.limit, isOrdered: table.question.axes.map(\.isOrdered))
    var shown = 0
    return found
      + boxes.enumerated().map { number, box in
        let members = table.space.combinations(of: box)
        shown += members.count
        for member in members { left[member] = false }
        let isLast = number == boxes.count - 1 && shown < count
        return wording.gap(
          box, witness: table.space.cells(members.first ?? 0),
          more: isLast ? "\(count - shown) more combinations have no rule" : nil)
      }
  }

  private func uncovered(in table: CombinationTable) -> UncoveredValues {
    var covered = table.question.axes.map { [Bool?](repeating: nil, count: $0.cellCount) }
    for (combination, result) in table.results.enumerated() where result != .refused {
      for axis in covered.indices {
        let cell = table.space.cell(combination, axis: axis)
        covered[axis][cell] = covered[axis][cell] == true || result != .gap
      }
    }
    return UncoveredValues(table.question) { covered[$0][$1] }
  }
}

extension CombinationTable {
  /// A box around the combinations on which the rules are asked.
  fileprivate var asked: CellBox {
    var lowers = question.axes.map(\.cellCount)
    var uppers = question.axes.map { _ in 0 }
    for (combination, result) in results.enumerated() where result != .refused {
      for axis in lowers.indices {
        let cell = space.cell(combination, axis: axis)
        lowers[axis] = min(lowers[axis], cell)
        uppers[axis] = max(uppers[axis], cell + 1)
      }
    }
    return CellBox(zip(lowers, uppers).map { min($0, $1)..<max($0, $1) })
  }
}
