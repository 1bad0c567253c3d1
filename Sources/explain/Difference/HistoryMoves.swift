internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import Replay
internal import TraceLog

/// Decides with two versions on what logs hold, and counts who moves.
struct HistoryMoves {
  struct Options {
    /// Every trace of a subject, not the latest of each decision alone.
    var takesAll = false
    /// As of this day; nil as of that of each trace.
    var asOf: CalendarDate?
    /// How many movers are named.
    var limit = Int.max
  }

  private let options: Options
  /// The schemas of the old version.
  private let oldSchemas: Set<Digest>
  private var moves: [OutcomeMoves]
  /// How many traces could not be taken, by why not.
  private(set) var failures: [String: Int] = [:]
  private var progress = ProgressLine()
  private var count = 0

  static func deciding(
    _ logs: TraceLogSet, _ options: Options, before: DecisionLibrary, after: DecisionLibrary
  ) throws -> (moves: [OutcomeMoves], failures: [String: Int]) {
    var run = HistoryMoves(options, before, after)
    defer { run.progress.clear() }
    try run.decide(logs, [before, after])
    return (run.moves.filter { !$0.counts.isEmpty || !$0.undecided.isEmpty }, run.failures)
  }

  private init(_ options: Options, _ before: DecisionLibrary, _ after: DecisionLibrary) {
    self.options = options
    oldSchemas = Set(before.schemas.map(\.digest))
    moves = []
    let facts: OutcomeMoves.Facts = options.takesAll ? .traces : .subjects
    for name in before.decisionNames where !moves.contains(where: { $0.decision == name }) {
      moves.append(OutcomeMoves(decision: name, facts: facts))
    }
  }

  private mutating func decide(_ logs: TraceLogSet, _ versions: [DecisionLibrary]) throws {
    var latest: LatestTraces?
    if !options.takesAll {
      latest = try LatestTraces(logs) { progress.show("looked at \($0) traces") }
    }
    for (index, log) in logs.logs.enumerated() {
      var decider = HistoryDecider(log, versions: versions)
      var grouping = EventGrouping()
      var wanted = latest.map { $0.numbers[index][...] }
      if wanted?.isEmpty ?? false { continue }
      var failure: (any Error)?
      try log.scan { stored in
        do {
          try take(grouping.add(stored), &wanted, &decider)
        } catch {
          failure = error
        }
        return failure == nil
      }
      if let failure { throw failure }
      try take(grouping.finish(), &wanted, &decider)
    }
  }

  /// Takes the traces of one event.
  ///
  /// - Parameter wanted: the numbers of the traces that count, from here on; nil where all do.
  private mutating func take(
    _ event: [StoredTrace], _ wanted: inout ArraySlice<Int>?, _ decider: inout HistoryDecider
  ) throws {
    guard let last = event.last else { return }
    count += event.count
    progress.show("decided on \(count) traces")
    var numbers: Set<Int>?
    if wanted != nil {
      var own: Set<Int> = []
      while let next = wanted?.first, next <= last.index {
        own.insert(next)
        wanted?.removeFirst()
      }
      if own.isEmpty { return }
      numbers = own
    }
    var reasons: [String] = []
    let decided = decider.decide(event, asOf: options.asOf) { stored, failure in
      if numbers?.contains(stored.index) ?? true { reasons.append(failure.description) }
    }
    for reason in reasons { failures[reason, default: 0] += 1 }
    for one in decided where numbers?.contains(one.number) ?? true {
      try count(one, &decider)
    }
  }

  private mutating func count(
    _ decided: HistoryDecider.Decided, _ decider: inout HistoryDecider
  ) throws {
    guard let place = moves.firstIndex(where: { $0.decision == decided.decision }) else { return }
    if !oldSchemas.contains(decided.schema) { moves[place].recordedOtherwise += 1 }
    for (version, outcome) in zip(["old", "new"], decided.outcomes) {
      if case .unknown(let names) = outcome {
        let names = names.map { "`\($0)`" }.joined(separator: ", ")
        moves[place].addUndecided("the log does not hold \(names) as the \(version) version has it")
        return
      }
    }
    let move = OutcomeMoves.Move(
      before: Self.text(decided.outcomes[0]), after: Self.text(decided.outcomes[1]))
    moves[place].add(move)
    if move.before == move.after { return }
    let (recorded, made) = try decider.traces(of: decided, asOf: options.asOf)
    var mover = OutcomeMoves.Mover(subject: recorded.subject, move: move, number: decided.number)
    var cause = "no decision of this name"
    if made.count == 2, let before = made[0], let after = made[1] {
      let reasons = MoveReasons(before, after)
      mover.reasons = reasons.lines
      cause = reasons.cause
    }
    moves[place].add(mover, limit: options.limit, cause: cause)
  }

  private static func text(_ outcome: HistoryDecider.Outcome) -> String {
    switch outcome {
    case .decided(let text): text
    case .refused: "refused"
    case .absent, .unknown: "not decided"
    }
  }
}

/// Why two versions decide otherwise on the same facts.
struct MoveReasons {
  /// In short, the same for all who move alike.
  let cause: String
  /// In full.
  let lines: [String]

  init(_ before: Trace, _ after: Trace) {
    let differences = TraceDifference.between(before, after)
    let ranks = differences.filter { $0.part == .rank && $0.before != nil && $0.after != nil }
    let values = differences.filter { $0.part == .value && $0.before != nil && $0.after != nil }
    let overrides = differences.filter { $0.part == .override }
    func text(_ difference: TraceDifference) -> String {
      "\(difference.name) \(difference.before ?? "none") -> \(difference.after ?? "none")"
    }
    let rule = "rule \(Self.decider(before)) -> \(Self.decider(after))"
    lines = (values + ranks + overrides).map { "\($0.part.rawValue) \(text($0))" } + [rule]
    if !overrides.isEmpty {
      cause = overrides.map { "override \($0.after ?? $0.before ?? "")" }.joined(separator: ", ")
    } else if !ranks.isEmpty {
      cause = ranks.map { "rank \(text($0))" }.joined(separator: ", ")
    } else if !values.isEmpty {
      // Values differ from one to the next; what they are called does not.
      cause = values.map { "value \($0.name)" }.joined(separator: ", ")
    } else {
      cause = rule
    }
  }

  private static func decider(_ trace: Trace) -> String {
    guard case .decided = trace.result else { return trace.resultText }
    return trace.decidingRules ?? "none"
  }
}
