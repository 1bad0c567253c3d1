internal import GRDB

/// The subjects of successive traces, sorted, in runs.
///
/// A batch is a run. Small ones are joined as they come, each with the one before as long as that is
/// not twice as large: there are never more than some tens beside full ones, and a trace is written
/// again some tens of times at most, most traces never.
struct SubjectRuns {
  struct Row: Comparable {
    var subject: Int64
    var entry: Int64

    static func < (left: Row, right: Row) -> Bool {
      (left.subject, left.entry) < (right.subject, right.entry)
    }
  }

  struct Run {
    var number: Int64
    /// The traces that it covers, also those without a subject.
    var first: Int64
    var last: Int64
    var rows: Int64
  }

  static let limit = 65_536

  private let db: Database

  init(_ db: Database) { self.db = db }

  /// Every run, the newest first.
  func all() throws -> [Run] {
    let statement = try IndexStatement(
      db, "SELECT run, first, last, rows FROM runs ORDER BY run DESC")
    var runs: [Run] = []
    while try statement.step() { runs.append(Self.run(statement)) }
    return runs
  }

  private func newest() throws -> Run? {
    let statement = try IndexStatement(
      db, "SELECT run, first, last, rows FROM runs ORDER BY run DESC LIMIT 1")
    return try statement.step() ? Self.run(statement) : nil
  }

  private static func run(_ statement: IndexStatement) -> Run {
    Run(
      number: statement.integer(0), first: statement.integer(1), last: statement.integer(2),
      rows: statement.integer(3))
  }

  /// The rows of a run in order, at most a few more than a run can have.
  func rows(of run: Run) throws -> [Row] {
    let statement = try IndexStatement(
      db,
      "SELECT subject, entry FROM subjects WHERE run = ? ORDER BY subject, entry LIMIT \(limit)")
    statement.bind(run.number)
    var rows: [Row] = []
    while try statement.step() {
      rows.append(Row(subject: statement.integer(0), entry: statement.integer(1)))
    }
    return rows
  }

  private var limit: Int { Self.limit + 1 }

  /// The traces of a subject in one run, rising.
  func entries(of subject: Int64, in run: Run) throws -> [Int64] {
    let statement = try IndexStatement(
      db,
      "SELECT entry FROM subjects WHERE run = ? AND subject = ? ORDER BY entry LIMIT \(limit)")
    statement.bind(run.number, subject)
    var entries: [Int64] = []
    while try statement.step() { entries.append(statement.integer(0)) }
    return entries
  }

  /// Adds the subjects of the traces `first` to `last`, in any order.
  func add(_ added: [Row], first: Int64, last: Int64) throws {
    var rows = added.sorted()
    var first = first
    var number: Int64 = 0
    while let before = try newest() {
      number = max(number, before.number)
      guard before.rows < 2 * rows.count, before.rows + Int64(rows.count) <= Self.limit else {
        break
      }
      rows = Self.merged(try self.rows(of: before), rows)
      first = before.first
      try remove(before)
    }
    guard number < .max else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "its runs have no number left")
    }
    let run = try IndexStatement(db, "INSERT INTO runs VALUES (?, ?, ?, ?)")
    run.bind(number + 1, first, last, Int64(rows.count))
    try run.run()
    var inserter = try RowInserter(db, table: "subjects")
    for row in rows { try inserter.add(number + 1, row.subject, row.entry) }
    try inserter.finish()
  }

  /// Takes one row out of a run.
  func remove(_ row: Row, from run: Run) throws {
    let statement = try IndexStatement(
      db, "DELETE FROM subjects WHERE run = ? AND subject = ? AND entry = ?")
    statement.bind(run.number, row.subject, row.entry)
    try statement.run()
    let count = try IndexStatement(db, "UPDATE runs SET rows = rows - 1 WHERE run = ?")
    count.bind(run.number)
    try count.run()
  }

  private func remove(_ run: Run) throws {
    for sql in ["DELETE FROM subjects WHERE run = ?", "DELETE FROM runs WHERE run = ?"] {
      let statement = try IndexStatement(db, sql)
      statement.bind(run.number)
      try statement.run()
    }
  }

  private static func merged(_ left: [Row], _ right: [Row]) -> [Row] {
    var merged: [Row] = []
    merged.reserveCapacity(left.count + right.count)
    var place = 0
    for row in left {
      while place < right.count, right[place] < row {
        merged.append(right[place])
        place += 1
      }
      merged.append(row)
    }
    merged += right[place...]
    return merged
  }
}
