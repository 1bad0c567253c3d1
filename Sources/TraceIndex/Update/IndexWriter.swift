internal import GRDB
internal import TraceLog

/// Brings an index up to its log, a batch of traces a transaction.
///
/// Several processes may do so at once: each batch goes in only if the index stands where it stood
/// when the batch was read, or is read again from where it stands then.
struct IndexWriter {
  let log: TraceLogReader
  let database: IndexDatabase
  /// How many traces go into a transaction.
  let batch: Int

  /// - Parameter progress: called after each batch; false stops.
  func run(
    _ update: inout TraceIndex.Update, progress: (TraceIndex.Update) -> Bool
  ) throws(TraceIndexError) {
    while try advance(&update, progress: progress) {}
  }

  /// - Returns: whether to go on from where the index stands now.
  private func advance(
    _ update: inout TraceIndex.Update, progress: (TraceIndex.Update) -> Bool
  ) throws(TraceIndexError) -> Bool {
    let start = try database.read { db in
      (state: try IndexState(db), endings: try EndingTable(db))
    }
    let count: Int
    let mismatch: IndexMismatch?
    do throws(TraceLogError) {
      (count, mismatch) = try start.state.position(in: log)
    } catch {
      throw .log(error)
    }
    if let mismatch {
      update.rebuilt = mismatch.reason
      try database.write { db in
        if try IndexState(db) == start.state { try IndexSchema.clear(db) }
      }
      return true
    }
    if start.state.next == count { return false }
    var pass = Pass(
      database: database, batchLimit: batch, rows: LogRows(log), endings: start.endings,
      state: start.state)
    var failure: TraceIndexError?
    var current = update
    do throws(TraceLogError) {
      try log.scan(from: start.state.next) { trace in
        do throws(TraceIndexError) {
          try pass.take(trace)
          guard pass.isFull else { return true }
          guard try pass.save(&current) else { return false }
          pass.isStopped = !progress(current)
          return !pass.isStopped
        } catch {
          failure = error
          return false
        }
      }
    } catch {
      failure = .log(error)
    }
    update = current
    if let failure {
      // What was read before the log failed is as good as any.
      if case .log = failure { _ = try pass.save(&update) }
      throw failure
    }
    if !pass.isStopped, !pass.isOvertaken, try pass.save(&update, through: count) {
      _ = progress(update)
    }
    return pass.isOvertaken
  }
}

/// One way through the log, from where an index stood.
private struct Pass {
  let database: IndexDatabase
  let batchLimit: Int
  var rows: LogRows
  var endings: EndingTable
  var state: IndexState
  var batch = IndexBatch()
  var isStopped = false
  /// Whether another process has written the index meanwhile.
  var isOvertaken = false

  init(
    database: IndexDatabase, batchLimit: Int, rows: LogRows, endings: EndingTable, state: IndexState
  ) {
    self.database = database
    self.batchLimit = min(batchLimit, IndexBatch.limit)
    self.rows = rows
    self.endings = endings
    self.state = state
  }

  var isFull: Bool { batch.rows.count >= batchLimit || rows.isFull }

  mutating func take(_ trace: StoredTrace) throws(TraceIndexError) {
    do throws(TraceLogError) {
      batch.append(try rows.row(trace), trace: trace.entry)
    } catch {
      throw .log(error)
    }
  }

  /// Writes the batch.
  ///
  /// - Parameter count: how many entries the log had at least when it had been read to its end; what
  ///   follows the last trace is then none.
  /// - Returns: false if another process was faster.
  mutating func save(
    _ update: inout TraceIndex.Update, through count: Int = 0
  ) throws(TraceIndexError) -> Bool {
    let before = state
    var after = before
    if let last = batch.rows.last {
      after.last = last.entry
      after.fingerprint = IndexState.fingerprint(of: batch.lastEntry)
      after.rows += batch.rows.count
    }
    after.next = max(count, after.last + 1, before.next)
    guard after != before else { return true }
    var numbers = [Int64](repeating: 0, count: rows.endings.count)
    for row in batch.rows where numbers[row.ending] == 0 {
      numbers[row.ending] = endings.number(of: rows.endings[row.ending])
    }
    var table = endings
    let (batch, endingNumbers) = (batch, numbers)
    let isSaved = try database.write { db in
      guard try IndexState(db) == before else { return false }
      try table.save(db)
      try batch.save(db, from: before.last + 1, numbers: endingNumbers)
      try after.save(db)
      return true
    }
    isOvertaken = !isSaved
    guard isSaved else { return false }
    endings = table
    state = after
    update.added += batch.rows.count
    self.batch.removeAll()
    if rows.isFull { rows.forget() }
    return true
  }
}

extension IndexMismatch {
  var reason: String {
    switch self {
    case .logIsShorter: "the log is shorter than the index: it was rolled back, or is another"
    case .logDiffers: "the log is another than the one that was indexed, or was rolled back"
    }
  }
}
