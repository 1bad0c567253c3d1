/// A group of rows, by the best short rule for it and by what tells it from the next group.
package struct CohortDescription: Sendable {
  /// A rule, and how well it does.
  package struct Rule: Sendable {
    package var conditions: [CohortCondition]
    package var cover: RuleQuality.Cover
    package var quality: Double
    /// Whether it is proved that no rule of so many conditions is better.
    package var isProved: Bool
    /// What no rule exceeds.
    package var bound: Double
    /// The quality of the rule without conditions, which holds for every row.
    package var baseline: Double
    fileprivate var rows: RowSet

    /// The share of the rule's rows that are in the group.
    package var precision: Double { Double(cover.inside) / Double(cover.count) }
  }

  package let name: String
  package let count: Int
  /// Nil where no condition holds for any row of the group, or there is no other group.
  package let rule: Rule?
  /// The other group of which most rows meet the rule (of several, or where none does, the largest),
  /// and the best rule for this group among the rows of these two alone.
  package let next: (name: String, rule: Rule?)?

  /// The share of the group's rows for which a rule holds.
  package func coverage(of rule: Rule) -> Double { Double(rule.cover.inside) / Double(count) }

  package struct Options: Sendable {
    package var quality = RuleQuality.f1
    /// How many conditions a rule has at most, from 1 to 3.
    package var longest = 3
    package var quantiles = 10
    package var budget = ConjunctionSearch.standardBudget

    package init() {}
  }

  /// How many conditions there may be.
  package static let conditionLimit = 2_000

  /// Describes groups of a table, the largest first; ties by their names.
  ///
  /// - Parameters:
  ///   - conditions: those of the table; no more than ``conditionLimit``.
  ///   - only: the groups that are asked for; nil is all.
  ///   - progress: called with the number of groups that are done.
  package static func all(
    _ table: CohortTable, _ conditions: [CohortCondition], _ options: Options,
    only: Set<String>? = nil, progress: (Int) -> Void = { _ in }
  ) -> [CohortDescription] {
    let counts = table.groupRows.map(\.count)
    let order = table.groups.indices.filter { counts[$0] > 0 }.sorted { left, right in
      counts[left] != counts[right]
        ? counts[left] > counts[right] : table.groups[left] < table.groups[right]
    }
    var descriptions: [CohortDescription] = []
    for group in order where only?.contains(table.groups[group]) ?? true {
      let rows = table.groupRows[group]
      let rule = best(conditions, options, universe: table.universe, group: rows)
      var next: (name: String, rule: Rule?)?
      let others = order.filter { $0 != group }
      // Of equals the first is taken, and the largest group stands first.
      let confused = others.max { left, right in
        guard let rule else { return false }
        return rule.rows.intersectionCount(table.groupRows[left])
          < rule.rows.intersectionCount(table.groupRows[right])
      }
      if let confused {
        let both = rows.union(table.groupRows[confused])
        next = (
          table.groups[confused], best(conditions, options, universe: both, group: rows)
        )
      }
      descriptions.append(
        CohortDescription(
          name: table.groups[group], count: counts[group], rule: rule, next: next))
      progress(descriptions.count)
    }
    return descriptions
  }

  private static func best(
    _ conditions: [CohortCondition], _ options: Options, universe: RowSet, group: RowSet
  ) -> Rule? {
    let whole = RuleQuality.Cover(
      inside: group.count, outside: universe.count - group.count)
    if whole.outside == 0 { return nil }
    let search = ConjunctionSearch(
      options.quality, sets: conditions.map(\.rows), subjects: conditions.map(\.subject),
      universe: universe, group: group, longest: options.longest, budget: options.budget)
    guard let found = search.result() else { return nil }
    var rows = universe
    for condition in found.conditions { rows = rows.intersection(conditions[condition].rows) }
    return Rule(
      conditions: found.conditions.map { conditions[$0] }, cover: found.cover,
      quality: found.quality, isProved: found.isProved, bound: found.bound,
      baseline: options.quality.score(whole, group: whole.inside, rows: whole.count).value,
      rows: rows)
  }
}
