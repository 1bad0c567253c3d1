internal import DecisionTrace
internal import GRDB
package import TraceLog

extension TraceIndex {
  /// Removes what the index holds of a subject, and overwrites where it lay, in the file and in what
  /// SQLite keeps beside it.
  ///
  /// The log comes first: a trace that the log still has says what it says, and an index that is
  /// made again holds it again. Where the log has erased a trace but keeps how it ended, so does the
  /// index.
  /// - Parameter keys: under what the subject's traces were found before the log erased them; those
  ///   that it finds now are looked for as well.
  /// - Returns: how many traces were of the subject.
  @discardableResult
  package func erase(
    subject: String, keys: [SubjectKey] = []
  ) throws(TraceIndexError) -> Int {
    do throws(TraceIndexError) {
      guard try size > 0 else { return 0 }
      let database = try writing()
      let state = try database.read { db in try IndexState(db) }
      let isOfThisLog = try mismatch(state, count: try count()) == nil
      let count = try database.write { db in
        guard isOfThisLog else {
          try IndexSchema.clear(db)
          return 0
        }
        let hashes = Set(keys + (try log.subjectKeys(of: subject))).map(\.hash).sorted()
        var erasure = try IndexErasure(db, log: log, subject: subject)
        return try hashes.reduce(0) { try $0 + erasure.run(Int64(bitPattern: $1)) }
      }
      try database.checkpoint()
      return count
    } catch {
      guard case .damaged = error else { throw error }
      try IndexDatabase.remove(path)
      return 0
    }
  }
}

/// Takes one subject's rows out of the tables.
private struct IndexErasure {
  private let db: Database
  private let log: TraceLogReader
  private let subject: String
  private var rows: LogRows
  private var endings: EndingTable

  init(_ db: Database, log: TraceLogReader, subject: String) throws {
    self.db = db
    self.log = log
    self.subject = subject
    rows = LogRows(log)
    endings = try EndingTable(db)
  }

  /// - Parameter hash: under what the subject's traces are found.
  mutating func run(_ hash: Int64) throws -> Int {
    let runs = SubjectRuns(db)
    var state = try IndexState(db)
    var count = 0
    for run in try runs.all() {
      for entry in try runs.entries(of: hash, in: run) {
        let trace = try log.trace(at: Int(entry)).flatMap { $0.index == Int(entry) ? $0 : nil }
        if let trace, trace.visibility == .open, let head = TraceBodyHead(trace),
          head.subject != subject, trace.isAbout(hash, head.subject)
        {
          // Another subject with the same hash.
          continue
        }
        try runs.remove(SubjectRuns.Row(subject: hash, entry: entry), from: run)
        try replace(entry, with: trace, hash)
        if Int(entry) == state.last, let trace {
          state.fingerprint = IndexState.fingerprint(of: trace.entry)
          try state.save(db)
        }
        count += 1
      }
    }
    try endings.save(db)
    return count
  }

  /// Puts what the log still says in the place of a trace's row.
  private mutating func replace(
    _ entry: Int64, with trace: StoredTrace?, _ hash: Int64
  ) throws {
    let row = try IndexStatement(db, "SELECT ending FROM entries WHERE entry = ?")
    row.bind(entry)
    let old = try row.step() ? row.integer(0) : nil
    row.reset()
    try run("DELETE FROM entries WHERE entry = ?", entry)
    let block = entry / Int64(IndexSchema.blockSize)
    if let trace {
      let known = try rows.row(trace)
      if known.subject != UInt64(bitPattern: hash) {
        let number = endings.number(of: rows.endings[known.ending])
        let insert = try IndexStatement(db, "INSERT INTO entries VALUES (?, ?, ?)")
        insert.bind(entry, number)
        if let day = known.day {
          insert.bind(Int64(day), at: 3)
        } else {
          insert.bindNull(at: 3)
        }
        try insert.run()
        try run("INSERT OR IGNORE INTO presence VALUES (?, ?)", number, block)
      }
    }
    if let old { try forget(old, in: block) }
  }

  /// Removes an ending that no trace of a block has any more, and altogether where none has.
  private func forget(_ ending: Int64, in block: Int64) throws {
    let size = Int64(IndexSchema.blockSize)
    let rest = try IndexStatement(
      db, "SELECT 1 FROM entries WHERE entry BETWEEN ? AND ? AND ending = ? LIMIT 1")
    rest.bind(block * size, block * size + size - 1, ending)
    if try rest.step() { return }
    try run("DELETE FROM presence WHERE ending = ? AND block = ?", ending, block)
    let elsewhere = try IndexStatement(db, "SELECT 1 FROM presence WHERE ending = ? LIMIT 1")
    elsewhere.bind(ending)
    if try elsewhere.step() { return }
    try run("DELETE FROM endings WHERE id = ?", ending)
    try run("DELETE FROM terms WHERE ending = ?", ending)
  }

  private func run(_ sql: String, _ values: Int64...) throws {
    let statement = try IndexStatement(db, sql)
    for (place, value) in values.enumerated() { statement.bind(value, at: place + 1) }
    try statement.run()
  }
}
