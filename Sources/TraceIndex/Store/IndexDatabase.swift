internal import FileIO
internal import GRDB
internal import TraceLog

/// The file of an index: opened, created, and its failures in our words.
struct IndexDatabase {
  let path: String
  private let queue: DatabaseQueue

  /// Opens the index for writing; there being none, makes it.
  ///
  /// - Parameter patience: how many seconds to wait for another process.
  /// - Throws: `TraceIndexError.damaged` if there is a file that is no index of this version.
  init(writing path: String, patience: Double) throws(TraceIndexError) {
    self.path = path
    do {
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration(patience))
      self.queue = queue
      try queue.writeWithoutTransaction { db in
        if try Self.format(db) == 0 { try db.execute(sql: "PRAGMA journal_mode = WAL") }
        try db.inTransaction(.immediate) {
          // Another process may have been faster.
          if try Self.format(db) == 0 { try IndexSchema.create(db) }
          return .commit
        }
      }
      try queue.read { db in try IndexSchema.check(db, path: path) }
    } catch {
      throw Self.translated(error, path)
    }
  }

  /// Opens the index for reading; nil if there is none.
  ///
  /// - Throws: `TraceIndexError.damaged` if there is a file that is no index of this version.
  init?(reading path: String, patience: Double) throws(TraceIndexError) {
    do throws(FileError) {
      guard let status = try Directory.status(path), status.size > 0 else { return nil }
    } catch {
      throw .failed(path: path, reason: error.reason)
    }
    self.path = path
    do {
      queue = try Self.readable(path, patience)
      try queue.read { db in try IndexSchema.check(db, path: path) }
    } catch {
      throw Self.translated(error, path)
    }
  }

  /// A reader takes part in the locking of a writer, for which it makes two files beside the index;
  /// where it may not, nobody writes there, and the file can be read as it is.
  private static func readable(_ path: String, _ patience: Double) throws -> DatabaseQueue {
    do {
      return try DatabaseQueue(path: path, configuration: configuration(patience))
    } catch let error as DatabaseError where isForbidden(error) {
      if try Directory.status(path + "-wal").map({ $0.size > 0 }) ?? false { throw error }
      var configuration = configuration(patience)
      configuration.readonly = true
      return try DatabaseQueue(
        path: "file:" + escaped(path) + "?immutable=1", configuration: configuration)
    }
  }

  private static func escaped(_ path: String) -> String {
    var out = ""
    for character in path {
      switch character {
      case "%": out += "%25"
      case "?": out += "%3f"
      case "#": out += "%23"
      default: out.append(character)
      }
    }
    return out
  }

  private static func configuration(_ patience: Double) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(patience)
    configuration.label = "TraceIndex"
    configuration.prepareDatabase { db in
      // What is deleted is overwritten: an index tells who was decided on. A write-ahead log
      // needs no flush for each transaction to stay whole. Nothing in the file may run code.
      try db.execute(
        sql: """
          PRAGMA secure_delete = ON;
          PRAGMA synchronous = NORMAL;
          PRAGMA trusted_schema = OFF;
          PRAGMA cell_size_check = ON;
          PRAGMA temp_store = MEMORY;
          PRAGMA cache_size = -16384;
          """)
    }
    return configuration
  }

  private static func format(_ db: Database) throws -> Int64 {
    let statement = try IndexStatement(db, "PRAGMA user_version")
    return try statement.step() ? statement.integer(0) : 0
  }

  /// Lends the database in one state, whatever others write meanwhile.
  func read<Value>(_ body: (Database) throws -> Value) throws(TraceIndexError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw Self.translated(error, path)
    }
  }

  /// Lends the database for one transaction, which an error undoes.
  func write<Value>(_ body: (Database) throws -> Value) throws(TraceIndexError) -> Value {
    do {
      return try queue.write(body)
    } catch {
      throw Self.translated(error, path)
    }
  }

  /// Writes everything from the write-ahead log to the file and empties it.
  func checkpoint() throws(TraceIndexError) {
    do {
      _ = try queue.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
    } catch {
      throw Self.translated(error, path)
    }
  }

  /// Bytes of the file, as the database counts its pages.
  func size() throws(TraceIndexError) -> Int {
    try read { db in
      let statement = try IndexStatement(
        db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
      return try statement.step() ? Int(statement.integer(0)) : 0
    }
  }

  /// Removes the file and what SQLite keeps beside it.
  static func remove(_ path: String) throws(TraceIndexError) {
    do throws(FileError) {
      for name in [path, path + "-wal", path + "-shm"] { try Directory.remove(name) }
    } catch {
      throw .notWritable(path: path, reason: error.reason)
    }
  }

  private static func isForbidden(_ error: DatabaseError) -> Bool {
    switch error.resultCode {
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: true
    default: false
    }
  }

  private static func translated(_ error: any Error, _ path: String) -> TraceIndexError {
    switch error {
    case let error as TraceIndexError: return error
    case let error as TraceLogError: return .log(error)
    case let error as DatabaseError:
      let reason = error.message ?? "code \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(path: path)
      case .SQLITE_FULL: return .notWritable(path: path, reason: "no space left on the device")
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_ERROR,
        .SQLITE_CONSTRAINT, .SQLITE_SCHEMA:
        return .damaged(path: path, reason: reason)
      default:
        return isForbidden(error)
          ? .notWritable(path: path, reason: reason) : .failed(path: path, reason: reason)
      }
    default: return .failed(path: path, reason: "\(error)")
    }
  }
}
