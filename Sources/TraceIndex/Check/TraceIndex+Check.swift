internal import GRDB
internal import TraceLog

extension TraceIndex {
  /// What a comparison of an index with its log found.
  package struct Check: Sendable, Hashable {
    /// A place where the two differ.
    package struct Finding: Sendable, Hashable, CustomStringConvertible {
      /// The trace; nil where it is about the index as a whole.
      package var trace: Int?
      /// What the index has otherwise than the log.
      package var reason: String

      package var description: String {
        trace.map { "trace #\($0): \(reason)" } ?? reason
      }
    }

    /// How many traces were compared.
    package var compared = 0
    /// The first of the findings, and how many there are.
    package var findings: [Finding] = []
    package var findingCount = 0
    /// Whether there is an index.
    package var isPresent = false

    /// So many findings are kept.
    static let limit = 100

    mutating func note(_ trace: Int?, _ reason: String) {
      findingCount += 1
      if findings.count < Self.limit { findings.append(Finding(trace: trace, reason: reason)) }
    }
  }

  /// Compares every row of the index with the log: what is hidden, invented or changed.
  ///
  /// What the log has beside is no finding: an index may lag.
  /// - Parameter progress: called now and then with the number of traces compared.
  /// - Complexity: O(traces); memory for 65,536.
  package func check(progress: (Int) -> Void = { _ in }) throws(TraceIndexError) -> Check {
    var check = Check()
    do throws(TraceIndexError) {
      guard let database = try reading() else { return check }
      check.isPresent = true
      try database.read { db in
        let state = try IndexState(db)
        if let mismatch = try mismatch(state, count: try count()) {
          return check.note(nil, mismatch.reason)
        }
        var comparison = try IndexComparison(db, log: log, state: state)
        defer { check = comparison.check }
        try comparison.run(progress: progress)
      }
    } catch {
      guard case .damaged(_, let reason) = error else { throw error }
      check.note(nil, reason)
    }
    check.isPresent = true
    return check
  }
}
