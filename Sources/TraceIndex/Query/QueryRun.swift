internal import DataFields
internal import DecisionTrace
internal import TraceLog

/// One run of a query: reads traces from the log, a stretch at a time, and gives those that match.
struct QueryRun {
  let log: TraceLogReader
  let query: TraceQuery
  /// How many entries the log had at first; there may be more by now.
  var count = 0
  var report = TraceIndex.QueryReport()

  private var outlines: TraceOutlines
  private var remaining: Int
  /// Traces from this number on were dealt with.
  private var frontier: Int
  /// What the index says of the traces that are looked at next, falling.
  private var claims: [IndexClaim] = []
  private var isDone = false

  /// How many numbers a stretch spans that is read as a whole.
  private static let stretch = 65_536
  /// How many traces wait at most to be read together.
  private static let claimLimit = 4_096

  init(log: TraceLogReader, query: TraceQuery, limit: Int) {
    self.log = log
    self.query = query
    outlines = TraceOutlines(log)
    remaining = limit
    frontier = query.before ?? .max
  }

  /// Gives the matches among the traces from a number on that were not dealt with, by reading every
  /// one of them.
  ///
  /// - Returns: whether more are wanted.
  mutating func scan(
    from first: Int, _ visit: (TraceHit) -> Bool
  ) throws(TraceIndexError) -> Bool {
    guard first < frontier, !isDone else { return !isDone }
    // The log is read forwards and its matches are given backwards: a stretch at a time, so that
    // the newest do not wait for the oldest. The newest stretch has no end: traces may be added.
    var end = min(frontier, max(count, first))
    while !isDone, frontier > first {
      let start = max(first, end - Self.stretch)
      try give(start..<frontier, visit) { (run, trace) throws(TraceLogError) in
        run.report.scanned += 1
        return try run.hit(trace)
      }
      end = start
    }
    return !isDone
  }

  /// Looks at a trace that the index says may match, together with others.
  ///
  /// - Parameter claim: of an older trace than the one before.
  /// - Returns: whether more are wanted.
  mutating func take(
    _ claim: IndexClaim, _ visit: (TraceHit) -> Bool
  ) throws(TraceIndexError) -> Bool {
    if claims.count >= min(Self.claimLimit, remaining) { try flush(visit) }
    if isDone { return false }
    claims.append(claim)
    return true
  }

  /// Looks at the traces that wait to be.
  mutating func flush(_ visit: (TraceHit) -> Bool) throws(TraceIndexError) {
    guard let newest = claims.first, let oldest = claims.last, !isDone else { return }
    var waiting = claims
    let places = claims.reversed().map(\.entry)
    claims.removeAll()
    let numbers = oldest.entry..<(newest.entry + 1)
    try give(numbers, places: places, visit) { (run, trace) throws(TraceLogError) in
      // Claims that the log has no trace for are passed.
      while let claim = waiting.last, claim.entry < trace.index {
        waiting.removeLast()
        run.report.contradicted += 1
      }
      guard let claim = waiting.last, claim.entry == trace.index else { return nil }
      waiting.removeLast()
      let hit = try run.hit(trace)
      if !claim.agrees(with: hit) { run.report.contradicted += 1 }
      return hit
    }
    report.contradicted += waiting.count
  }

  private mutating func hit(_ trace: StoredTrace) throws(TraceLogError) -> TraceHit {
    TraceHit(stored: trace, summary: try outlines.summary(of: trace))
  }

  /// Reads a stretch of traces and gives those that match, backwards; the frontier is then its start.
  ///
  /// - Parameters:
  ///   - places: the traces of the stretch that are read, rising; nil reads every one.
  ///   - read: the trace with its summary, or nil if it is not looked at.
  private mutating func give(
    _ numbers: Range<Int>, places: [Int]? = nil, _ visit: (TraceHit) -> Bool,
    _ read: (inout QueryRun, StoredTrace) throws(TraceLogError) -> TraceHit?
  ) throws(TraceIndexError) {
    var held = HeldHits(limit: remaining)
    var failure: TraceLogError?
    func look(_ trace: StoredTrace) -> Bool {
      guard trace.index < numbers.upperBound else { return false }
      do throws(TraceLogError) {
        if let hit = try read(&self, trace), query.matches(hit) { held.append(hit) }
        return true
      } catch {
        failure = error
        return false
      }
    }
    do throws(TraceLogError) {
      if let places {
        try log.traces(at: places, look)
      } else {
        try log.scan(from: numbers.lowerBound, look)
      }
      if let failure { throw failure }
      frontier = numbers.lowerBound
      try held.give { (found) throws(TraceLogError) in
        var hit = found.hit
        if hit == nil { hit = try again(found.index) }
        guard let hit else { return true }
        report.given += 1
        remaining -= 1
        isDone = !visit(hit) || remaining == 0
        return !isDone
      }
    } catch {
      throw .log(error)
    }
  }

  /// A trace whose bytes were not held.
  private mutating func again(_ index: Int) throws(TraceLogError) -> TraceHit? {
    guard let trace = try log.trace(at: index), trace.index == index else { return nil }
    return try hit(trace)
  }
}

/// The last matches of a stretch, held until it has been read: as many as are wanted, and of the
/// newest the bytes, up to a bound.
private struct HeldHits {
  struct Found {
    var index: Int
    var hit: TraceHit?
  }

  private let limit: Int
  private var found: [Found] = []
  /// Where in `found` the matches begin that are still wanted, and those whose bytes are held.
  private var first = 0
  private var firstWithBytes = 0
  private var size = 0

  private static let sizeLimit = 32 << 20

  init(limit: Int) { self.limit = limit }

  mutating func append(_ hit: TraceHit) {
    found.append(Found(index: hit.stored.index, hit: hit))
    size += hit.stored.body.count
    if found.count - first > limit { first += 1 }
    while firstWithBytes < found.count - 1,
      firstWithBytes < first || size > Self.sizeLimit
    {
      size -= found[firstWithBytes].hit?.stored.body.count ?? 0
      found[firstWithBytes].hit = nil
      firstWithBytes += 1
    }
    // What is not wanted goes once it is most of what there is.
    if first > 4_096, first > found.count / 2 {
      found.removeFirst(first)
      firstWithBytes -= first
      first = 0
    }
  }

  func give(
    _ visit: (Found) throws(TraceLogError) -> Bool
  ) throws(TraceLogError) {
    for place in (first..<found.count).reversed() {
      if !(try visit(found[place])) { return }
    }
  }
}

extension IndexClaim {
  /// Whether the log has what the index says.
  func agrees(with hit: TraceHit) -> Bool {
    switch hit.summary {
    case .failure: return ending == .unreadable
    case .success(let summary):
      guard let ending, ending.describes(summary.ending),
        day == summary.asOf.map({ Int64($0.daysSinceEpoch) })
      else { return false }
      return subject.map { hit.stored.isAbout($0, summary.subject) } ?? true
    }
  }
}
