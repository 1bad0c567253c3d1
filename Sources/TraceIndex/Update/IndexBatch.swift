internal import GRDB

/// Rows of successive traces that go to the index in one transaction.
struct IndexBatch {
  /// So many rows are a batch: what an update holds in memory.
  static let limit = 65_536

  private(set) var rows: [LogRow] = []
  /// The last trace's entry, by which the index knows the log again.
  var lastEntry: [UInt8] = []

  mutating func append(_ row: LogRow, trace: [UInt8]) {
    rows.append(row)
    lastEntry = trace
  }

  mutating func removeAll() { rows.removeAll(keepingCapacity: true) }

  /// Writes the rows.
  ///
  /// - Parameters:
  ///   - first: the number after the last trace that is indexed.
  ///   - numbers: the number in the index of each ending of the rows.
  func save(_ db: Database, from first: Int, numbers: [Int64]) throws {
    guard let end = rows.last else { return }
    try saveEntries(db, numbers)
    try saveBlocks(db, numbers)
    let subjects = rows.compactMap { row in
      row.subject.map { SubjectRuns.Row(subject: Int64(bitPattern: $0), entry: Int64(row.entry)) }
    }
    try SubjectRuns(db).add(subjects, first: Int64(first), last: Int64(end.entry))
  }

  private func saveEntries(_ db: Database, _ numbers: [Int64]) throws {
    var inserter = try RowInserter(db, table: "entries")
    for row in rows {
      try inserter.add(Int64(row.entry), numbers[row.ending], row.day.map(Int64.init))
    }
    try inserter.finish()
  }

  /// Tells each block of traces which endings and days it holds.
  private func saveBlocks(_ db: Database, _ numbers: [Int64]) throws {
    let days = try IndexStatement(
      db,
      """
      INSERT INTO blocks VALUES (?1, ?2, ?3) ON CONFLICT (block) DO UPDATE SET
        first_day = min(first_day, ?2), last_day = max(last_day, ?3)
      """)
    let presence = try IndexStatement(db, "INSERT OR IGNORE INTO presence VALUES (?, ?)")
    var start = 0
    while start < rows.count {
      let block = rows[start].entry / IndexSchema.blockSize
      var firstDay = Int64(Int32.max)
      var lastDay = Int64(Int32.min)
      var endings: Set<Int> = []
      var place = start
      while place < rows.count, rows[place].entry / IndexSchema.blockSize == block {
        endings.insert(rows[place].ending)
        if let day = rows[place].day {
          firstDay = min(firstDay, Int64(day))
          lastDay = max(lastDay, Int64(day))
        }
        place += 1
      }
      days.bind(Int64(block), firstDay, lastDay)
      try days.run()
      for ending in endings.sorted() {
        presence.bind(numbers[ending], Int64(block))
        try presence.run()
      }
      start = place
    }
  }
}
