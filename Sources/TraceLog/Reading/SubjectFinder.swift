internal import FileIO
internal import TransparencyLog

/// Finds the entries of one subject by the subject indices of closed segments, and by the frames of
/// the last. An index that is lost or does not fit is passed by: its stretch of the log is read.
struct SubjectFinder {
  let log: String
  /// The hash of the subject's text, and where the reader has its key, under what its sealed traces
  /// are found.
  let subjects: [SubjectKey]
  let decision: DecisionKey?
  private let keys: SubjectKeys?
  private let entries: LogEntries

  init(log: String, subject: SubjectKey, keys: SubjectKeys? = nil, decision: String?) {
    self.log = log
    subjects = [subject] + (keys.map { [$0.locator] } ?? [])
    self.keys = keys
    self.decision = decision.map { DecisionKey($0) }
    entries = LogEntries(log: log)
  }

  /// Calls `visit` with entries that may be the subject's, the newest first, until it returns false.
  /// All of the subject's are among them.
  func entries(_ visit: (LogEntry) -> Bool) throws(TraceLogError) {
    let numbers = try reading { () throws(FileError) in try SegmentFile.indexedNumbers(in: log) }
    var end = Int.max
    for number in numbers.reversed() {
      let found = try reading { () throws(FileError) in try indexed(number) }
      guard let (range, places) = found else { continue }
      // What lies between this index and the one after it has none.
      if range.upperBound < end, try !read(range.upperBound..<end, visit) { return }
      end = min(end, range.lowerBound)
      for place in places.reversed() {
        guard let entry = try entries.entry(at: place) else { continue }
        if !visit(entry) { return }
      }
    }
    if end > 0 { _ = try read(0..<end, visit) }
  }

  /// Where a segment's index has the subject; nil if the segment has no index that can be used.
  private func indexed(
    _ number: Int
  ) throws(FileError) -> (range: Range<Int>, places: [Int])? {
    guard let index = try SubjectIndex(path: SegmentFile.subjectsPath(log, number)) else {
      return nil
    }
    var places: [Int] = []
    for subject in subjects {
      guard let found = try index.entries(of: subject) else { return nil }
      places += found.filter { decision == nil || $0.decision == decision }
        .map { index.range.lowerBound + Int($0.ordinal) }
    }
    places.sort()
    guard places.allSatisfy({ index.range.contains($0) }) else { return nil }
    return (index.range, places)
  }

  /// Reads a stretch of the log, and visits what is the subject's from its end.
  private func read(
    _ range: Range<Int>, _ visit: (LogEntry) -> Bool
  ) throws(TraceLogError) -> Bool {
    var found: [LogEntry] = []
    try entries.scan(
      from: range.lowerBound,
      where: { frame in
        subjects.contains(frame.subject) && (decision.map { $0 == frame.decision } ?? true)
      },
      { entry in
        guard entry.index < range.upperBound else { return false }
        // Entries of bundles come without a header.
        if isSubjects(entry) { found.append(entry) }
        return true
      })
    for entry in found.reversed() where !visit(entry) { return false }
    return true
  }

  private func isSubjects(_ entry: LogEntry) -> Bool {
    if EntryKind(entry.bytes) == .sealedTrace {
      guard let keys else { return false }
      return (try? SealedEntry(entry.bytes))?.isAbout(keys) ?? true
    }
    guard let head = TraceBodyHead(entry.bytes) else { return true }
    return SubjectKey(head.subject) == subjects[0]
  }

  private func reading<Value>(
    _ body: () throws(FileError) -> Value
  ) throws(TraceLogError) -> Value {
    do { return try body() } catch { throw .file(error) }
  }
}
