internal import DataFields
internal import GRDB
internal import TraceLog

/// What the index says of a trace; the log says whether it is so.
struct IndexClaim {
  var entry: Int
  /// Nil if the index has no row for it.
  var ending: IndexedEnding?
  var day: Int64?
  /// Set where the trace was found by its subject.
  var subject: Int64?
}

/// Finds in an index the traces that may match a query, the newest first.
struct IndexClaims {
  private let db: Database
  private let query: TraceQuery
  /// Under what the traces of the subject are found that is asked for.
  private let subjects: [Int64]
  private let endings: [Int64: IndexedEnding]
  /// The numbers of the endings that may match.
  private let wanted: Set<Int64>
  /// The traces that are looked at.
  private let entries: ClosedRange<Int>

  /// - Returns: nil if nothing can match.
  init?(
    _ db: Database, _ query: TraceQuery, _ state: IndexState, log: TraceLogReader
  ) throws {
    self.db = db
    self.query = query
    subjects =
      try query.subject.map { try log.subjectKeys(of: $0) }?
      .map { Int64(bitPattern: $0.hash) } ?? []
    let last = min(state.last, (query.before ?? .max) - 1)
    guard last >= 0 else { return nil }
    entries = 0...last
    endings = try EndingTable(db).endings
    wanted = Set(endings.lazy.filter { $0.value.mayMatch(query) }.map(\.key))
    if wanted.isEmpty { return nil }
  }

  /// Calls `visit` with what the index says may match, each trace once at most, until it returns
  /// false.
  func visit(_ visit: (IndexClaim) throws -> Bool) throws {
    // Rows that somebody added may say anything; numbers that do not fall are passed over.
    var previous = Int.max
    func take(_ claim: IndexClaim) throws -> Bool {
      guard claim.entry < previous, entries.contains(claim.entry) else { return true }
      previous = claim.entry
      return try visit(claim)
    }
    if query.subject != nil {
      try visitSubject(take)
    } else {
      try visitBlocks(take)
    }
  }

  private func visitSubject(_ visit: (IndexClaim) throws -> Bool) throws {
    let runs = SubjectRuns(db)
    let row = try IndexStatement(db, "SELECT ending, day FROM entries WHERE entry = ?")
    for run in try runs.all() {
      for (entry, subject) in try entries(in: run, runs) {
        row.bind(entry)
        var claim = IndexClaim(entry: Int(entry), subject: subject)
        if try row.step() {
          claim.ending = endings[row.integer(0)]
          claim.day = row.isNull(1) ? nil : row.integer(1)
          guard wanted.contains(row.integer(0)), isOnDay(claim.day) else { continue }
        }
        if !(try visit(claim)) { return }
      }
    }
  }

  /// The traces in one run that are found under any of the subject's keys, the newest first.
  private func entries(
    in run: SubjectRuns.Run, _ runs: SubjectRuns
  ) throws -> [(entry: Int64, subject: Int64)] {
    var found: [(entry: Int64, subject: Int64)] = []
    for subject in subjects {
      found += try runs.entries(of: subject, in: run).map { ($0, subject) }
    }
    return found.sorted { $0.entry > $1.entry }
  }

  private func visitBlocks(_ visit: (IndexClaim) throws -> Bool) throws {
    let rows = try IndexStatement(
      db,
      "SELECT entry, ending, day FROM entries WHERE entry BETWEEN ? AND ? ORDER BY entry DESC")
    for block in try blocks() {
      let first = block * Int64(IndexSchema.blockSize)
      rows.bind(first, min(first + Int64(IndexSchema.blockSize) - 1, Int64(entries.upperBound)))
      while try rows.step() {
        let day = rows.isNull(2) ? nil : rows.integer(2)
        guard wanted.contains(rows.integer(1)), isOnDay(day) else { continue }
        let claim = IndexClaim(
          entry: Int(rows.integer(0)), ending: endings[rows.integer(1)], day: day)
        if !(try visit(claim)) { return }
      }
    }
  }

  /// The blocks that may hold a match, the newest first.
  private func blocks() throws -> [Int64] {
    let last = Int64(entries.upperBound / IndexSchema.blockSize)
    let days = [query.firstDay, query.lastDay].map { $0.map { Int64($0.daysSinceEpoch) } }
    // Where a few endings are wanted, the blocks are those that hold one.
    if query.asksForEnding, wanted.count <= Self.fewEndings {
      let presence = try IndexStatement(
        db, "SELECT block FROM presence WHERE ending = ? AND block BETWEEN 0 AND ?")
      var blocks: Set<Int64> = []
      for ending in wanted {
        presence.bind(ending, last)
        while try presence.step() { blocks.insert(presence.integer(0)) }
      }
      let sorted = blocks.sorted(by: >)
      guard query.asksForDays else { return sorted }
      let onDays = Set(try blocksOnDays(days, last))
      return sorted.filter { onDays.contains($0) }
    }
    return try blocksOnDays(days, last)
  }

  private func blocksOnDays(_ days: [Int64?], _ last: Int64) throws -> [Int64] {
    var sql = "SELECT block FROM blocks WHERE block BETWEEN 0 AND ?1"
    // A block without any day has none that is first or last.
    if query.asksForDays { sql += " AND last_day >= ?2 AND first_day <= ?3" }
    let statement = try IndexStatement(db, sql + " ORDER BY block DESC")
    statement.bind(last)
    if query.asksForDays {
      statement.bind(days[0] ?? Int64(Int32.min), at: 2)
      statement.bind(days[1] ?? Int64(Int32.max), at: 3)
    }
    var blocks: [Int64] = []
    while try statement.step() { blocks.append(statement.integer(0)) }
    return blocks
  }

  private static let fewEndings = 512

  private func isOnDay(_ day: Int64?) -> Bool {
    guard query.asksForDays else { return true }
    guard let day = day.flatMap({ Int32(exactly: $0) }) else { return false }
    return query.matches(day: CalendarDate(daysSinceEpoch: day))
  }
}
