internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import Replay
internal import TraceLog

/// Replays traces one after the other, shows what came of them and counts it.
struct ReplayRun {
  struct Options {
    var isJSON = false
    /// Whether also traces that are equal are shown.
    var showsEqual = true
    var allowsRounding = false
    /// Decide by these rules, and not by those of the log.
    var rules: DecisionLibrary?
  }

  private let options: Options
  private var log: TraceLogReader
  /// Whether each trace is shown with its log.
  var namesLogs = false
  private var replayer: TraceReplayer
  private var other: OtherRulesReplayer?
  private var grouping = EventGrouping()
  private var tally: ReplayTally
  private var progress = ProgressLine()
  /// What is to be printed.
  private var pending: [UInt8] = []

  init(_ log: TraceLogReader, _ options: Options) {
    self.options = options
    self.log = log
    replayer = TraceReplayer(log)
    other = options.rules.map { OtherRulesReplayer(log, rules: $0) }
    tally = ReplayTally(isByOtherRules: options.rules != nil)
  }

  /// Goes over to the next log of a set.
  mutating func begin(_ log: TraceLogReader) throws {
    try settle()
    self.log = log
    replayer = TraceReplayer(log)
    other = options.rules.map { OtherRulesReplayer(log, rules: $0) }
  }

  /// - Throws: what standard output has against being written.
  mutating func take(_ stored: StoredTrace) throws {
    if other != nil { return try take(event: grouping.add(stored)) }
    let verdict = replayer.replay(stored)
    guard isShown(counting: verdict) else { return }
    try note(stored, verdict, decision: replayer.decision, asOf: replayer.asOf)
  }

  /// Replays the traces of one event by other rules.
  ///
  /// - Parameter number: only this one counts; nil for all.
  mutating func take(event: [StoredTrace], number: Int? = nil) throws {
    for replayed in other?.replay(event) ?? []
    where number == nil || replayed.stored.index == number {
      guard isShown(counting: replayed.verdict) else { continue }
      try note(
        replayed.stored, replayed.verdict, decision: replayed.decision,
        asOf: replayed.verdict.recordedDay)
    }
  }

  /// Replays what was taken and waits for the rest of its event.
  mutating func settle() throws { try take(event: grouping.finish()) }

  /// How many traces were replayed.
  var count: Int { tally.traces }

  /// Counts a trace; whether it is shown as well.
  private mutating func isShown(counting verdict: ReplayVerdict) -> Bool {
    tally.add(verdict)
    if tally.traces % 1024 == 0 { progress.show("\(tally.traces) traces") }
    if case .equal = verdict { return options.showsEqual }
    return true
  }

  private mutating func note(
    _ stored: StoredTrace, _ verdict: ReplayVerdict, decision: String?, asOf: CalendarDate?
  ) throws {
    let entry = ReplayEntry(
      log: namesLogs ? log.path : nil, number: stored.index, head: TraceBodyHead(stored),
      decision: decision, asOf: asOf,
      byteCount: stored.body.count, isByOtherRules: other != nil, verdict: verdict)
    if options.isJSON {
      pending += ReplayJSON.line(entry)
    } else {
      pending += Array(ReplayPage.text(entry).utf8)
    }
    if pending.count > 1 << 16 { try flush() }
  }

  private mutating func flush() throws {
    progress.clear()
    try StandardOutput.write(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// Prints the sums and ends with the exit code that they come to.
  mutating func end() throws {
    try settle()
    pending += options.isJSON ? ReplayJSON.line(tally) : Array(ReplayPage.text(tally).utf8)
    try flush()
    if tally.differing > 0 || (tally.rounding > 0 && !options.allowsRounding) {
      throw ExitCode(4)
    }
    if tally.failed > 0 { throw ExitCode.failure }
    // Nothing is left to compare: a lawful answer, and not the one that was asked for.
    if tally.erased > 0, tally.erased == tally.traces { throw CommandFailure.erased }
  }
}

/// One trace and what came of replaying it.
struct ReplayEntry {
  /// Where there are several.
  var log: String?
  var number: Int
  /// Nil where not even the start of the body can be read.
  var head: TraceBodyHead?
  var decision: String?
  var asOf: CalendarDate?
  var byteCount: Int
  var isByOtherRules: Bool
  var verdict: ReplayVerdict
}

extension ReplayVerdict {
  /// The day of a trace that came out otherwise.
  fileprivate var recordedDay: CalendarDate? {
    if case .differs(let difference) = self { difference.recorded.asOf } else { nil }
  }
}

/// How many traces came out how.
struct ReplayTally {
  let isByOtherRules: Bool
  private(set) var traces = 0
  private(set) var equal = 0
  /// Those that differ by no more than the last places of floating point.
  private(set) var rounding = 0
  private(set) var differing = 0
  private(set) var failed = 0
  /// Those whose subject was erased.
  private(set) var erased = 0

  init(isByOtherRules: Bool) { self.isByOtherRules = isByOtherRules }

  /// Whether every decision that can be read came out the same.
  var holds: Bool { rounding == 0 && differing == 0 && failed == 0 }

  mutating func add(_ verdict: ReplayVerdict) {
    traces += 1
    switch verdict {
    case .equal: equal += 1
    case .differs(let difference):
      if difference.isRounding { rounding += 1 } else { differing += 1 }
    case .failed(.hidden(.erased)): erased += 1
    case .failed: failed += 1
    }
  }
}
