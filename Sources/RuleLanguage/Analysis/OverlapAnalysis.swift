package import SourceDiagnostics

/// O1, O2: two rules that hold together where only one may (`hit unique`), with different outcomes
/// or with the same; O1 as well where `hit any` has different outcomes.
package struct OverlapAnalysis: DecisionAnalysis {
  /// So many pairs of a decision are shown; they are counted beyond.
  package static let limit = 10

  package init() {}

  package func findings(in table: CombinationTable) -> [Diagnostic] {
    let policy = table.question.plan.hitPolicy
    guard policy == .unique || policy == .any else { return [] }
    let report = FindingReport(table)
    var witnesses: [Pair: Int] = [:]
    var order: [Pair] = []
    for combination in table.results.indices where table.results[combination] == .conflict {
      let holding = table.holding(combination)
      for (position, earlier) in holding.enumerated() {
        for later in holding[(position + 1)...] {
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
      let isSame =
        report.rule(pair.earlier).outcome == report.rule(pair.later).outcome
        || report.outcome(pair.earlier) == report.outcome(pair.later)
      if policy == .any, isSame { continue }
      if findings.count == Self.limit {
        findings[findings.count - 1].notes.append(
          "\(order.count - Self.limit) more pairs of rules overlap")
        break
      }
      let combination = witnesses[pair] ?? 0
      let names = report.names([pair.earlier, pair.later])
      let both =
        (table.isExact ? "both hold" : "may both hold") + " for \(table.witness(combination))"
      findings.append(
        report.onRules(
          isSame ? "O2" : "O1", isSame || !table.isExact ? .warning : .error,
          isSame ? "\(names) \(both), with the same outcome" : "\(names) \(both)",
          [
            (pair.earlier, report.outcome(pair.earlier)), (pair.later, report.outcome(pair.later)),
          ],
          notes: table.notes(on: combination)))
    }
    return findings
  }

  private struct Pair: Hashable {
    var earlier: Int
    var later: Int
  }
}
