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
    let count = left.count { $0 }
    guard count > 0 else { return [] }
    let boxes = table.space.boxes(
      of: left, limit: Self.limit, isOrdered: table.question.axes.map(\.isOrdered))
    var shown = 0
    return boxes.enumerated().map { number, box in
      let members = table.space.combinations(of: box)
      shown += members.count
      for member in members { left[member] = false }
      let isLast = number == boxes.count - 1 && shown < count
      return wording.gap(
        box, witness: table.space.cells(members.first ?? 0),
        more: isLast ? "\(count - shown) more combinations have no rule" : nil)
    }
  }
}
