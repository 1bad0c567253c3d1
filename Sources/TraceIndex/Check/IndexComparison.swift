internal import DecisionTrace
internal import GRDB
internal import TraceLog

/// Goes through log and index side by side, a run of subjects at a time.
struct IndexComparison {
  var check = TraceIndex.Check()

  private let db: Database
  private let log: TraceLogReader
  private let state: IndexState
  private let endings: [Int64: IndexedEnding]
  private var rows: LogRows
  /// Whether an ending of the index describes one of the log, by their numbers.
  private var described: [Pair: Bool] = [:]

  private struct Pair: Hashable {
    var index: Int64
    var log: Int
  }

  init(_ db: Database, log: TraceLogReader, state: IndexState) throws {
    self.db = db
    self.log = log
    self.state = state
    endings = try EndingTable(db).endings
    rows = LogRows(log)
    check.isPresent = true
  }

  mutating func run(progress: (Int) -> Void) throws {
    let runs = SubjectRuns(db)
    var first = 0
    for run in try runs.all().reversed() {
      guard run.first == Int64(first), run.last >= run.first, run.last <= Int64(state.last) else {
        check.note(nil, "the subjects of traces from #\(first) on are not in one run after another")
        break
      }
      let stretch = try logRows(first...Int(run.last))
      guard stretch.count <= SubjectRuns.limit else {
        check.note(first, "a run of subjects is said to hold \(stretch.count) traces")
        break
      }
      try compareEntries(stretch, first...Int(run.last))
      try compareSubjects(stretch, try runs.rows(of: run))
      first = Int(run.last) + 1
      progress(check.compared)
    }
    while first <= state.last {
      // Without their run, subjects are not found at all.
      let last = min(state.last, first + SubjectRuns.limit - 1)
      let stretch = try logRows(first...last)
      try compareEntries(stretch, first...last)
      try compareSubjects(stretch, [])
      first = last + 1
      progress(check.compared)
    }
    try compareTotals()
  }

  /// The rows that the log gives for a stretch; one more than a run can have is enough to know.
  private mutating func logRows(_ numbers: ClosedRange<Int>) throws -> [LogRow] {
    if rows.isFull {
      rows.forget()
      described.removeAll()
    }
    var found: [LogRow] = []
    var failure: TraceLogError?
    try log.scan(from: numbers.lowerBound) { trace in
      guard trace.index <= numbers.upperBound, found.count <= SubjectRuns.limit else {
        return false
      }
      do throws(TraceLogError) {
        found.append(try rows.row(trace))
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    return found
  }

  private mutating func compareEntries(
    _ stretch: [LogRow], _ numbers: ClosedRange<Int>
  ) throws {
    let statement = try IndexStatement(
      db, "SELECT entry, ending, day FROM entries WHERE entry BETWEEN ? AND ? ORDER BY entry")
    statement.bind(Int64(numbers.lowerBound), Int64(numbers.upperBound))
    var place = 0
    var block = try BlockCheck(db)
    while try statement.step() {
      let entry = Int(statement.integer(0))
      while place < stretch.count, stretch[place].entry < entry {
        check.note(stretch[place].entry, "it is not in the index")
        place += 1
      }
      guard place < stretch.count, stretch[place].entry == entry else {
        check.note(entry, "the index has a row for it, the log has no such trace")
        continue
      }
      let row = stretch[place]
      place += 1
      let ending = statement.integer(1)
      let day = statement.isNull(2) ? nil : statement.integer(2)
      if day != row.day.map(Int64.init) { check.note(entry, "the index has another day") }
      if !describes(ending, row.ending) {
        check.note(entry, difference(ending, row.ending))
      } else if let missing = try block.missing(entry: entry, ending: ending, day: day) {
        check.note(entry, missing)
      }
    }
    while place < stretch.count {
      check.note(stretch[place].entry, "it is not in the index")
      place += 1
    }
    check.compared += stretch.count
  }

  private mutating func describes(_ index: Int64, _ log: Int) -> Bool {
    let pair = Pair(index: index, log: log)
    if let known = described[pair] { return known }
    let describes = endings[index]?.describes(rows.endings[log]) ?? false
    described[pair] = describes
    return describes
  }

  private func difference(_ index: Int64, _ log: Int) -> String {
    func text(_ ending: IndexedEnding?) -> String {
      switch ending {
      case .exact(let exact)?:
        let end = exact.outcome.map { "`\($0)`" } ?? "refused (\(exact.refusal ?? "?"))"
        let rules = exact.rules.isEmpty ? "" : " by " + exact.rules.joined(separator: ", ")
        let codes = exact.reasons.isEmpty ? "" : " [" + exact.reasons.joined(separator: ", ") + "]"
        return "\(exact.decision) \(end)\(rules)\(codes)"
      case .coarse(let decision, _)?: return "\(decision) with another outcome"
      case .any?: return "anything"
      case .unreadable?: return "that it cannot be read"
      case nil: return "an ending that it does not have"
      }
    }
    return "the index says \(text(endings[index])), the log \(text(.exact(rows.endings[log])))"
  }

  private mutating func compareSubjects(_ stretch: [LogRow], _ found: [SubjectRuns.Row]) throws {
    let expected = stretch.compactMap { row in
      row.subject.map { SubjectRuns.Row(subject: Int64(bitPattern: $0), entry: Int64(row.entry)) }
    }.sorted()
    var place = 0
    for row in expected {
      while place < found.count, found[place] < row {
        noteExtra(found[place])
        place += 1
      }
      if place < found.count, found[place] == row {
        place += 1
      } else {
        check.note(Int(row.entry), "the index does not find it by its subject")
      }
    }
    while place < found.count {
      noteExtra(found[place])
      place += 1
    }
  }

  private mutating func noteExtra(_ row: SubjectRuns.Row) {
    check.note(Int(row.entry), "the index finds it by a subject that it is not about")
  }

  /// What no stretch shows: rows that are nowhere, and counts that are wrong.
  private mutating func compareTotals() throws {
    let totals = try IndexStatement(
      db,
      """
      SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM entries WHERE entry > ?1),
        (SELECT count(*) FROM entries WHERE entry < 0), (SELECT count(*) FROM subjects),
        (SELECT coalesce(sum(rows), 0) FROM runs)
      """)
    totals.bind(Int64(state.last))
    guard try totals.step() else { return }
    let outside = totals.integer(1) + totals.integer(2)
    if outside > 0 {
      check.note(nil, "\(outside) rows are of traces beyond #\(state.last), where the index ends")
    }
    if totals.integer(3) != totals.integer(4) {
      check.note(nil, "\(totals.integer(3)) subjects are indexed, of \(totals.integer(4)) in runs")
    }
    if state.rows != check.compared {
      check.note(
        nil, "the index counts \(state.rows) traces, the log has \(check.compared) of them")
    }
  }
}

/// Looks whether the blocks know what they hold.
private struct BlockCheck {
  private let presence: IndexStatement
  private let ranges: IndexStatement
  private var block = -1
  private var known: Set<Int64> = []
  private var days: ClosedRange<Int64>?

  init(_ db: Database) throws {
    presence = try IndexStatement(db, "SELECT 1 FROM presence WHERE ending = ? AND block = ?")
    ranges = try IndexStatement(db, "SELECT first_day, last_day FROM blocks WHERE block = ?")
  }

  /// Why a trace is not found where it lies; nil if it is.
  mutating func missing(entry: Int, ending: Int64, day: Int64?) throws -> String? {
    let block = entry / IndexSchema.blockSize
    if block != self.block {
      self.block = block
      known.removeAll()
      ranges.bind(Int64(block))
      guard try ranges.step() else {
        days = nil
        return "the index has lost its block"
      }
      let (first, last) = (ranges.integer(0), ranges.integer(1))
      days = first <= last ? first...last : nil
    }
    if !known.contains(ending) {
      presence.bind(ending, Int64(block))
      guard try presence.step() else { return "the index does not find it by how it ended" }
      known.insert(ending)
    }
    if let day, !(days?.contains(day) ?? false) { return "the index does not find it by its day" }
    return nil
  }
}
