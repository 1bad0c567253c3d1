internal import Crypto
internal import GRDB
internal import TraceLog

/// How far an index has got, and in which log.
struct IndexState: Equatable {
  /// Rises whenever the index is emptied.
  var generation: Int64
  /// The number of the last trace that is indexed; -1 before the first.
  var last: Int
  /// SHA-256 of that trace's entry: what tells another log from this one, and one that was rolled
  /// back and went on otherwise.
  var fingerprint: [UInt8]
  /// Where indexing goes on: after that trace, and after what else the log holds behind it.
  var next: Int
  /// How many traces are indexed.
  var rows: Int

  static func fingerprint(of entry: [UInt8]) -> [UInt8] {
    var hasher = SHA256()
    entry.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return Array(hasher.finalize())
  }

  init(_ db: Database) throws {
    let statement = try IndexStatement(
      db, "SELECT generation, last, fingerprint, next, rows FROM state WHERE id = 1")
    guard try statement.step() else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "it does not say how far it got")
    }
    generation = statement.integer(0)
    last = Int(statement.integer(1))
    fingerprint = statement.bytes(2)
    next = Int(statement.integer(3))
    rows = Int(statement.integer(4))
    guard last >= -1, next > last, 0...next ~= rows else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "it says it got to \(last)")
    }
  }

  func save(_ db: Database) throws {
    let statement = try IndexStatement(
      db, "UPDATE state SET last = ?, next = ?, rows = ?, fingerprint = ? WHERE id = 1")
    statement.bind(Int64(last), Int64(next), Int64(rows))
    statement.bind(fingerprint, at: 4)
    try statement.run()
  }

  /// Whether the log holds what the index was made from, up to its last trace; if not, why.
  ///
  /// - Parameter count: how many entries the log holds.
  func mismatch(
    with log: TraceLogReader, count: Int
  ) throws(TraceLogError) -> IndexMismatch? {
    if count < next { return .logIsShorter }
    if last < 0 { return nil }
    guard let trace = try log.trace(at: last), trace.index == last else { return .logIsShorter }
    return Self.fingerprint(of: trace.entry) == fingerprint ? nil : .logDiffers
  }

  /// How many entries the log holds, and whether it holds what the index was made from: in one
  /// reading of the log's end where the index has nearly got there.
  func position(
    in log: TraceLogReader
  ) throws(TraceLogError) -> (count: Int, mismatch: IndexMismatch?) {
    var first: LogEntry?
    var count: Int?
    if last >= 0 {
      try log.scanEntries(from: last) { entry in
        if first == nil { first = entry }
        count = entry.index < last + Self.near ? entry.index + 1 : nil
        return count != nil
      }
    }
    let end = if let count { count } else { try log.count() }
    if end < next { return (end, .logIsShorter) }
    if last < 0 { return (end, nil) }
    guard let first, first.index == last, let trace = try log.trace(first) else {
      return (end, .logIsShorter)
    }
    return (end, Self.fingerprint(of: trace.entry) == fingerprint ? nil : .logDiffers)
  }

  /// So many entries are read to count them; more are counted without.
  private static let near = 4_096
}

/// Why an index is not one of the log beside it.
enum IndexMismatch: Error {
  case logIsShorter, logDiffers
}
