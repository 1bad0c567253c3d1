internal import GRDB
internal import TraceLog

extension TraceIndex {
  /// How the traces that a query gave were found.
  package struct QueryReport: Sendable, Hashable {
    /// How many traces were given.
    package var given = 0
    /// Whether the index was used.
    package var usesIndex = false
    /// Why it was not; nil if it was, if there is none, or if it was not asked for.
    package var fault: String?
    /// How many traces were read one by one, being in no index that is used.
    package var scanned = 0
    /// Of how many traces the index said otherwise than the log.
    package var contradicted = 0
  }

  /// Gives the traces that a query asks for, the newest first, until `visit` returns false or as many
  /// as `limit` were given.
  ///
  /// Each is read from the log and checked against the query. What is not indexed is scanned; where
  /// there is no index of this log, or `usesIndex` is false, that is all of it.
  /// - Complexity: with an index, O(traces that it says match); memory for some thousands.
  @discardableResult
  package func query(
    _ query: TraceQuery, limit: Int = .max, usesIndex: Bool = true, _ visit: (TraceHit) -> Bool
  ) throws(TraceIndexError) -> QueryReport {
    var run = QueryRun(log: log, query: query, limit: limit)
    if limit <= 0 { return run.report }
    guard usesIndex else {
      run.count = try count()
      _ = try run.scan(from: 0, visit)
      return run.report
    }
    do throws(TraceIndexError) {
      if let database = try reading(),
        try self.query(database, &run, visit)
      {
        return run.report
      }
    } catch {
      // Whatever is wrong with the index, the log has the traces.
      if case .log = error { throw error }
      run.report.fault = error.description
    }
    run.report.usesIndex = false
    run.count = try count()
    _ = try run.scan(from: 0, visit)
    return run.report
  }

  /// - Returns: false if the index is not one of this log.
  private func query(
    _ database: IndexDatabase, _ run: inout QueryRun, _ visit: (TraceHit) -> Bool
  ) throws(TraceIndexError) -> Bool {
    try database.read { db in
      let state = try IndexState(db)
      let (count, mismatch) = try state.position(in: log)
      if let mismatch {
        run.report.fault = mismatch.reason
        return false
      }
      run.report.usesIndex = true
      run.count = count
      if count > state.next, !(try run.scan(from: state.next, visit)) { return true }
      guard let claims = try IndexClaims(db, run.query, state, log: log) else { return true }
      try claims.visit { claim in try run.take(claim, visit) }
      try run.flush(visit)
      return true
    }
  }

  /// The traces that a query asks for, the newest first.
  package func traces(
    _ query: TraceQuery, limit: Int = 100, usesIndex: Bool = true
  ) throws(TraceIndexError) -> [TraceHit] {
    var hits: [TraceHit] = []
    try self.query(query, limit: limit, usesIndex: usesIndex) { hit in
      hits.append(hit)
      return true
    }
    return hits
  }
}
