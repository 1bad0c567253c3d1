internal import FileIO
internal import GRDBSQLite

/// Traces as rows of an SQLite database, by SQLite's own calls and one prepared statement: what a log
/// is compared with. The rows have no index but their number.
struct SQLitePeer {
  private let connection: OpaquePointer
  private let path: String

  /// The settings: a transaction is on the disk when it ends, as a group of the log is.
  static let journal = "WAL"
  static let synchronous = "FULL"

  init(path: String) throws {
    self.path = path
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let opened else {
      throw CommandFailure(message: "SQLite cannot open `\(path)`")
    }
    connection = opened
    try run("PRAGMA journal_mode = \(Self.journal)")
    try run("PRAGMA synchronous = \(Self.synchronous)")
    try run(
      "CREATE TABLE traces (entry INTEGER PRIMARY KEY, subject INTEGER NOT NULL, "
        + "decision INTEGER NOT NULL, body BLOB NOT NULL)")
  }

  private func run(_ sql: String) throws { try check(sqlite3_exec(connection, sql, nil, nil, nil)) }

  private func check(_ code: Int32, _ expected: Int32 = SQLITE_OK) throws {
    guard code != expected else { return }
    throw CommandFailure(message: "`\(path)`: " + String(cString: sqlite3_errmsg(connection)))
  }

  /// Adds rows, `group` of them a transaction.
  func append(_ count: Int, group: Int, _ row: (Int) -> Row) throws {
    var prepared: OpaquePointer?
    try check(
      sqlite3_prepare_v2(
        connection, "INSERT INTO traces VALUES (?, ?, ?, ?)", -1, &prepared, nil))
    defer { sqlite3_finalize(prepared) }
    for number in 0..<count {
      if number % group == 0 { try run("BEGIN") }
      let row = row(number)
      sqlite3_bind_int64(prepared, 1, Int64(number))
      sqlite3_bind_int64(prepared, 2, row.subject)
      sqlite3_bind_int64(prepared, 3, row.decision)
      let code = row.body.withUnsafeBytes { bytes in
        // SQLite reads the bytes during the step, and no longer.
        sqlite3_bind_blob(prepared, 4, bytes.baseAddress, Int32(bytes.count), nil)
        return sqlite3_step(prepared)
      }
      try check(code, SQLITE_DONE)
      sqlite3_reset(prepared)
      if number % group == group - 1 || number == count - 1 { try run("COMMIT") }
    }
  }

  struct Row {
    var subject: Int64
    var decision: Int64
    var body: [UInt8]
  }

  /// Moves everything to the file, and closes it.
  func close() throws {
    try run("PRAGMA wal_checkpoint(TRUNCATE)")
    try check(sqlite3_close(connection))
  }

  static func remove(_ path: String) throws {
    for name in [path, path + "-wal", path + "-shm"] { try Directory.remove(name) }
  }
}
