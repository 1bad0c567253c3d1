internal import GRDB
internal import GRDBSQLite

/// A prepared statement, bound and stepped by SQLite's own calls.
///
/// GRDB's take arguments as boxed values, which costs more than the insert itself, and its typed
/// fetches end the process where a column holds another type than was asked for. What is in an
/// index file may come from anybody: here a column of another type reads as 0 or as nothing.
struct IndexStatement {
  /// Owns the handle: it is finalized with this object.
  private let statement: Statement
  private let handle: OpaquePointer
  private let connection: OpaquePointer?

  init(_ db: Database, _ sql: String) throws {
    statement = try db.makeStatement(sql: sql)
    handle = statement.sqliteStatement
    connection = db.sqliteConnection
  }

  /// Binds whole numbers to the parameters from 1 on, after forgetting the row before.
  func bind(_ values: Int64...) {
    sqlite3_reset(handle)
    for (index, value) in values.enumerated() {
      sqlite3_bind_int64(handle, Int32(index + 1), value)
    }
  }

  func bind(_ value: Int64, at parameter: Int) {
    sqlite3_bind_int64(handle, Int32(parameter), value)
  }

  func bindNull(at parameter: Int) { sqlite3_bind_null(handle, Int32(parameter)) }

  func bind(_ text: String?, at parameter: Int) {
    guard let text else { return bindNull(at: parameter) }
    let utf8 = Array(text.utf8)
    utf8.withUnsafeBytes { bytes in
      _ = sqlite3_bind_text(
        handle, Int32(parameter), bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
        Int32(bytes.count), Self.copying)
    }
    // A text without bytes has no address, and would be bound as NULL.
    if utf8.isEmpty { sqlite3_bind_text(handle, Int32(parameter), "", 0, Self.copying) }
  }

  func bind(_ bytes: [UInt8], at parameter: Int) {
    bytes.withUnsafeBytes { buffer in
      _ = sqlite3_bind_blob(
        handle, Int32(parameter), buffer.baseAddress, Int32(buffer.count), Self.copying)
    }
  }

  /// `SQLITE_TRANSIENT`, a macro that Swift cannot import: SQLite copies what it is given.
  private static let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  /// The next row; false at the end.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) })
    }
  }

  /// Runs a statement that gives no rows, and makes it ready for the next one.
  func run() throws {
    while try step() {}
    sqlite3_reset(handle)
  }

  func reset() { sqlite3_reset(handle) }

  func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

  func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
  }

  /// Nil for NULL.
  func text(_ column: Int) -> String? {
    isNull(column) ? nil : String(decoding: bytes(column), as: UTF8.self)
  }

  func bytes(_ column: Int) -> [UInt8] {
    // In this order: asking for the text or blob may convert it, and its length is known after.
    guard let base = sqlite3_column_blob(handle, Int32(column)) else { return [] }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return Array(UnsafeRawBufferPointer(start: base, count: count))
  }
}
