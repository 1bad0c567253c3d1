/// A set of rows of a table, a bit each.
package struct RowSet: Sendable, Hashable {
  package let rowCount: Int
  private(set) var words: [UInt64]

  /// The empty set of a table of so many rows.
  package init(rowCount: Int) {
    self.rowCount = rowCount
    words = Array(repeating: 0, count: (rowCount + 63) / 64)
  }

  /// The rows for which `holds` is true.
  package init(rowCount: Int, where holds: (Int) -> Bool) {
    self.init(rowCount: rowCount)
    for row in 0..<rowCount where holds(row) { insert(row) }
  }

  package mutating func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }

  package func contains(_ row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 == 1 }

  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  package func intersection(_ other: RowSet) -> RowSet {
    var set = self
    set.formIntersection(other)
    return set
  }

  mutating func formIntersection(_ other: RowSet) {
    precondition(words.count == other.words.count, "the sets are of one table")
    for place in words.indices { words[place] &= other.words[place] }
  }

  package func union(_ other: RowSet) -> RowSet {
    precondition(words.count == other.words.count, "the sets are of one table")
    var set = self
    for place in set.words.indices { set.words[place] |= other.words[place] }
    return set
  }

  /// How many rows are in both.
  package func intersectionCount(_ other: RowSet) -> Int {
    precondition(words.count == other.words.count, "the sets are of one table")
    var count = 0
    for place in words.indices { count += (words[place] & other.words[place]).nonzeroBitCount }
    return count
  }
}
