package import SourceDiagnostics
import ThresholdCells

/// O1, O2: two rules that hold together where only one may (`hit unique`), with different outcomes
/// or with the same; O1 as well where `hit any` has different outcomes.
package struct OverlapAnalysis: DecisionAnalysis {
  /// So many pairs of a decision are shown; they are counted beyond.
  package static let limit = 10

  /// So many pairs are counted.
  private static let countedPairs = 100_000

  package init() {}

  package func findings(in table: CombinationTable) -> [Diagnostic] {
    let policy = table.question.plan.hitPolicy
    guard policy == .unique || policy == .any else { return [] }
    let wording = FindingWording(table.question)
    var witnesses: [Pair: Int] = [:]
    var order: [Pair] = []
    for combination in table.results.indices
    where table.results[combination] == .conflict && order.count < Self.countedPairs {
      let holding = table.holding(combination)
      for (position, earlier) in holding.enumerated() {
        for later in holding[(position + 1)...] where order.count < Self.countedPairs {
          let pair = Pair(earlier: earlier, later: later)
          if witnesses[pair] == nil {
            witnesses[pair] = combination
            order.append(pair)
          }
        }
      }
    }
    var findings: [Diagnostic] = []
    for pair in order {
      if policy == .any, wording.hasSameOutcome(pair.earlier, pair.later) { continue }
      if findings.count == Self.limit {
        findings[findings.count - 1].notes.append(
          (order.count < Self.countedPairs ? "" : "at least ")
            + "\(order.count - Self.limit) more pairs of rules overlap")
        break
      }
      findings.append(
        wording.overlap(
          pair.earlier, pair.later, witness: table.space.cells(witnesses[pair] ?? 0)))
    }
    return findings
  }

  private struct Pair: Hashable {
    var earlier: Int
    var later: Int
  }
}
