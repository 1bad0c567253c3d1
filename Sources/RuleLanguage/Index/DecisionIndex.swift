/// What was prepared when rules loaded, so that a decision tries few of its rules.
package struct DecisionIndex: Sendable {
  /// For a decision over few combinations of levels; else empty. Neither is an optional, for to
  /// look into one is to count references.
  let verdicts: VerdictTable
  /// For a decision with many rules; else empty.
  let rows: RowIndex

  init(_ program: Program, decision: Int) {
    verdicts = VerdictTable(program, decision: decision)
    rows =
      verdicts.isEmpty
      ? RowIndexBuilder.index(program, decision: decision) : RowIndex(rules: 0..<0)
  }
}

extension Program {
  /// Prepares what makes deciding fast. A program without it decides the same.
  mutating func buildIndexes() {
    rankCode = RankCode(self)
    indexes = decisions.indices.map { DecisionIndex(self, decision: $0) }
  }

  /// Forgets what was prepared: whoever rewrites conditions must.
  mutating func dropIndexes() {
    rankCode = RankCode()
    indexes = []
  }
}
