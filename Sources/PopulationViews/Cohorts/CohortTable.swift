/// Rows with what may describe them, and the group that each belongs to.
package struct CohortTable: Sendable {
  package let columns: [CohortColumn]
  /// The names of the groups, in the order in which they were met.
  package let groups: [String]
  /// For each row the group; -1 is none, and the row is left out.
  package let groupOfRow: [Int32]
  /// The rows of each group.
  package let groupRows: [RowSet]
  /// The rows that belong to any group.
  package let universe: RowSet

  package init(columns: [CohortColumn], groups: [String], groupOfRow: [Int32]) {
    self.columns = columns
    self.groups = groups
    self.groupOfRow = groupOfRow
    var sets = groups.map { _ in RowSet(rowCount: groupOfRow.count) }
    var universe = RowSet(rowCount: groupOfRow.count)
    for (row, group) in groupOfRow.enumerated() where group >= 0 {
      sets[Int(group)].insert(row)
      universe.insert(row)
    }
    groupRows = sets
    self.universe = universe
  }

  package var rowCount: Int { groupOfRow.count }

  /// The conditions that rules may be made of: ranks by their cut points, other fields at quantiles.
  ///
  /// What holds for all rows, for none, or for the same rows as an earlier condition is left out.
  package func conditions(quantiles: Int) -> [CohortCondition] {
    var conditions: [CohortCondition] = []
    var known: Set<RowSet> = [RowSet(rowCount: rowCount), universe]
    var subject = 0
    for column in columns {
      for alike in column.conditions(in: universe, quantiles: quantiles) {
        for var condition in alike {
          condition.rows = condition.rows.intersection(universe)
          condition.subject = subject
          if known.insert(condition.rows).inserted { conditions.append(condition) }
        }
        subject += 1
      }
    }
    return conditions
  }
}
