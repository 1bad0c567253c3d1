internal import FileIO
internal import GRDB
package import TraceLog

/// The index of a log: which of its traces are about a subject, ended in an outcome, were decided by
/// a rule or for a reason, on which day.
///
/// `LOG/index.sqlite` lies beside the log and is never the truth itself. It is written behind the
/// log, by whoever asks for it, and can be deleted and made again at any time. A query also reads
/// what is not indexed yet, and every trace that it gives was read from the log and found to match:
/// an edited index can hide a trace, which ``check(progress:)`` finds, but never invent one.
package struct TraceIndex: Sendable {
  package let log: TraceLogReader
  /// The file.
  package let path: String
  /// How many seconds a process waits for another one.
  package var patience = 10.0
  /// How many traces an update takes in one transaction, and holds in memory; 65,536 at most.
  package var batch = IndexBatch.limit

  package init(log: TraceLogReader) {
    self.log = log
    path = log.path + "/index.sqlite"
  }

  /// What an update did.
  package struct Update: Sendable, Hashable {
    /// How many traces it added.
    package var added = 0
    /// Why it began anew; nil if it went on from where the index was.
    package var rebuilt: String?

    package init() {}
  }

  /// How far an index is behind its log.
  package struct Lag: Sendable, Hashable {
    /// How many traces are indexed.
    package var indexed: Int
    /// How many entries of the log are not: traces, and what else it keeps.
    package var entries: Int
    /// Why what there is cannot be used; nil if it can, or if there is none.
    package var fault: String?
    /// Whether there is an index that is used.
    package var isPresent: Bool
  }

  /// Adds to the index what the log has beside; makes it anew where it is not one of this log.
  ///
  /// Several processes may do so at once, and readers may read meanwhile. What a crash leaves is an
  /// index that is some traces behind.
  /// - Parameter progress: called after each batch of traces; false stops there.
  /// - Complexity: O(traces added); memory for one batch of 65,536.
  @discardableResult
  package func update(
    progress: (Update) -> Bool = { _ in true }
  ) throws(TraceIndexError) -> Update {
    var update = Update()
    do throws(TraceIndexError) {
      try run(&update, progress: progress)
    } catch {
      guard case .damaged(_, let reason) = error else { throw error }
      try IndexDatabase.remove(path)
      update = Update()
      update.rebuilt = "it was damaged: \(reason)"
      try run(&update, progress: progress)
    }
    return update
  }

  private func run(
    _ update: inout Update, progress: (Update) -> Bool
  ) throws(TraceIndexError) {
    let writer = IndexWriter(log: log, database: try writing(), batch: batch)
    try writer.run(&update, progress: progress)
  }

  /// Empties the index and makes it from the whole log.
  @discardableResult
  package func rebuild(
    progress: (Update) -> Bool = { _ in true }
  ) throws(TraceIndexError) -> Update {
    do throws(TraceIndexError) {
      try writing().write { db in try IndexSchema.clear(db) }
    } catch {
      guard case .damaged = error else { throw error }
      try IndexDatabase.remove(path)
    }
    return try update(progress: progress)
  }

  /// How far the index is behind the log.
  package var lag: Lag {
    get throws(TraceIndexError) {
      let count = try count()
      var lag = Lag(indexed: 0, entries: count, isPresent: false)
      do throws(TraceIndexError) {
        guard let database = try reading() else { return lag }
        let state = try database.read { db in try IndexState(db) }
        if let mismatch = try mismatch(state, count: count) {
          lag.fault = mismatch.reason
        } else {
          lag = Lag(indexed: state.rows, entries: count - state.next, isPresent: true)
        }
      } catch {
        guard case .damaged(_, let reason) = error else { throw error }
        lag.fault = reason
      }
      return lag
    }
  }

  /// Bytes of the index; 0 if there is none.
  package var size: Int {
    get throws(TraceIndexError) {
      try reading()?.size() ?? 0
    }
  }

  /// The file, for reading; nil if there is none.
  func reading() throws(TraceIndexError) -> IndexDatabase? {
    try IndexDatabase(reading: path, patience: patience)
  }

  /// The file, for writing; there is one then.
  func writing() throws(TraceIndexError) -> IndexDatabase {
    try IndexDatabase(writing: path, patience: patience)
  }

  /// How many entries the log holds now.
  func count() throws(TraceIndexError) -> Int {
    do throws(TraceLogError) { return try log.count() } catch { throw .log(error) }
  }

  func mismatch(
    _ state: IndexState, count: Int
  ) throws(TraceIndexError) -> IndexMismatch? {
    do throws(TraceLogError) {
      return try state.mismatch(with: log, count: count)
    } catch {
      throw .log(error)
    }
  }
}
