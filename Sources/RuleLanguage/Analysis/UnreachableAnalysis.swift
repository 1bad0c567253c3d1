package import SourceDiagnostics

/// U1, U2: a rule that never decides, because its condition never holds or because other rules take
/// every case of it; and an `otherwise` that nothing reaches.
///
/// The combinations that are looked at include all that occur: what decides on none of them never
/// does.
package struct UnreachableAnalysis: DecisionAnalysis {
  package init() {}

  package func findings(in table: CombinationTable) -> [Diagnostic] {
    let wording = FindingWording(table.question)
    let rules = table.rules.indices
    var holds = Array(repeating: false, count: rules.count)
    var decides = Array(repeating: false, count: rules.count + 1)
    for combination in table.results.indices {
      for rule in rules where table.holds(rule, combination) { holds[rule] = true }
      switch table.results[combination] {
      case .decided(let rule): decides[rule] = true
      // Two rules that exclude one another are found as an overlap.
      case .conflict: for rule in table.holding(combination) { decides[rule] = true }
      case .gap, .refused: break
      }
    }
    if table.question.plan.choosing == .collect || table.question.plan.choosing == .any {
      for rule in rules where holds[rule] { decides[rule] = true }
    }
    var findings: [Diagnostic] = []
    for rule in rules where !decides[rule] {
      findings.append(
        holds[rule]
          ? wording.covered(rule, by: coverers(of: rule, in: table))
          : wording.holdsForNothing(rule))
    }
    if table.question.plan.otherwise != nil, !decides[rules.count] {
      findings.append(wording.deadOtherwise())
    }
    return findings
  }

  /// The rules that take every case of a rule: one alone if there is one.
  private func coverers(of rule: Int, in table: CombinationTable) -> [Int] {
    var alone = table.rules.indices.map { $0 != rule }
    var cases: [Int] = []
    for combination in table.results.indices
    where table.results[combination] != .refused && table.holds(rule, combination) {
      cases.append(combination)
      for other in alone.indices where alone[other] {
        alone[other] = table.holds(other, combination) && yields(rule, to: other, in: table)
      }
    }
    if let single = alone.firstIndex(of: true) { return [single] }
    return covering(rule, cases, in: table)
  }

  /// Whether `other` wins where both hold.
  private func yields(_ rule: Int, to other: Int, in table: CombinationTable) -> Bool {
    switch table.question.plan.choosing {
    case .first: return other < rule
    case .priority:
      return (table.priorities[other], other) < (table.priorities[rule], rule)
    case .unique, .any, .collect: return false
    }
  }

  /// Few rules that take all cases: those that take the most of what is left, one by one, without
  /// any that turns out not to be needed.
  private func covering(_ rule: Int, _ cases: [Int], in table: CombinationTable) -> [Int] {
    let others = table.rules.indices.filter { $0 != rule && yields(rule, to: $0, in: table) }
    var left = cases
    var chosen: [Int] = []
    while !left.isEmpty {
      let best = others.max { one, two in
        let a = left.count { table.holds(one, $0) }
        let b = left.count { table.holds(two, $0) }
        return a == b ? one > two : a < b
      }
      guard let best, left.contains(where: { table.holds(best, $0) }) else { break }
      chosen.append(best)
      left.removeAll { table.holds(best, $0) }
    }
    for candidate in chosen.sorted().reversed() where chosen.count > 1 {
      let without = chosen.filter { $0 != candidate }
      if cases.allSatisfy({ one in without.contains { table.holds($0, one) } }) {
        chosen = without
      }
    }
    return chosen.sorted()
  }
}
