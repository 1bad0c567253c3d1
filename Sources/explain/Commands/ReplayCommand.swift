internal import ArgumentParser
internal import Decisions
internal import Replay
internal import SourceDiagnostics
internal import TraceLog

/// `explain replay`: whether the decisions of a log come out again as they were recorded.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Make recorded decisions again and compare them byte for byte.",
    discussion: """
      Loads the rules and models that the log keeps, and nothing else; takes the inputs, aggregates \
      and whatever else was supplied from each trace; derives, ranks, scores and decides by the \
      engine that `explain decide` uses; and compares the body of the trace that comes of it with \
      the one in the log, byte for byte. What differs is shown field by field: what was recorded, \
      what comes out now, and of floating point how many doubles lie between.

      A trace is named by its number, as `explain --customer` prints it (#8,111), or by whom it is \
      about. With --all, every trace of the log is replayed, and those that differ are shown. A \
      rule file or a model of the log that was changed is not used: its digest says so.

      With --rules, the decisions are made by other rules on purpose: on the facts of a trace, and of \
      the others of the same event, as far as those rules define them alike; what comes of it is \
      compared by name.

      Functions of the C library may differ in the last places from one system to another. \
      Differences of up to 8 units in the last place are counted apart, with --allow-rounding as \
      equal.

      EXAMPLES
        explain replay 8111
        explain replay --customer 334628087 --decision invoice_profile
        explain replay --all --log /var/lib/decisions
        explain replay --all --format json | jq -c 'select(.verdict == "differs")'
        explain replay --customer 334628087 --rules next/invoice-profile.rules

      Of a log with privacy on, what the key at hand opens is replayed. A trace whose subject was       erased is counted as erased.

      Exit codes: 0 all are equal, 1 failure, 3 no such trace, 4 a trace differs, 6 all of them were       erased, 64 usage.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: ArgumentHelp("Numbers of traces in the log.", valueName: "id"))
  var numbers: [TraceNumber] = []

  @Flag(help: "Every trace of the log.")
  var all = false

  @Option(help: ArgumentHelp("The traces about this customer.", valueName: "id"))
  var customer: String?

  @Option(help: ArgumentHelp("Of this name.", valueName: "name"))
  var decision: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Decide by these rules, not by those of the log.", valueName: "file"))
  var rules: [String] = []

  @Flag(help: "Count differences of up to 8 units in the last place as equal.")
  var allowRounding = false

  @Option(help: "How to print (json: lines of docs/replay.schema.json).")
  var format = Format.text

  @Option(
    help: ArgumentHelp(
      "The log to read, or a set of logs; may be repeated (default: $RATIONALE_LOG, else "
        + "./decisions).", valueName: "dir"))
  var log: [String] = []

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    let ways = [!numbers.isEmpty, all, customer != nil].count { $0 }
    guard ways == 1 else {
      throw ValidationError("name traces by their numbers, or a customer with --customer, or --all")
    }
    if customer?.isEmpty == true { throw ValidationError("--customer: the id is empty") }
    if decision != nil, customer == nil {
      throw ValidationError("--decision goes with --customer")
    }
  }

  func run() throws {
    let paths = LogPath.resolved(log)
    var options = ReplayRun.Options()
    options.isJSON = format == .json
    options.showsEqual = !all
    options.allowsRounding = allowRounding
    if !rules.isEmpty { options.rules = try DecisionLibrary(rules: rules) }
    do {
      let logs = try TraceLogSet(paths: paths, access: reading.access).logs
      var run = ReplayRun(logs[0], options)
      run.namesLogs = logs.count > 1
      if let customer {
        try replay(customer, in: logs, &run)
      } else if all {
        for (index, log) in logs.enumerated() {
          if index > 0 { try run.begin(log) }
          try Self.visiting(&run) { take throws(TraceLogError) in try log.scan(take) }
        }
      } else {
        guard logs.count == 1 else {
          throw CommandFailure(
            message: "a number names a trace of one log, and these are \(logs.count)",
            help: "name the log with --log", exitCode: ExitCode(64))
        }
        for number in numbers { try replay(number.index, in: logs[0], &run) }
      }
      try run.end()
    } catch let error as TraceLogError {
      var failure = CommandFailure(message: error.description)
      if case .noLog = error { failure.help = "name another log with --log" }
      throw failure
    }
  }

  /// Takes the traces that `read` lends, until one cannot be taken.
  private static func visiting(
    _ run: inout ReplayRun,
    _ read: ((StoredTrace) -> Bool) throws(TraceLogError) -> Void
  ) throws {
    var failure: (any Error)?
    try read { stored in
      do { try run.take(stored) } catch { failure = error }
      return failure == nil
    }
    if let failure { throw failure }
  }

  private func replay(
    _ customer: String, in logs: [TraceLogReader], _ run: inout ReplayRun
  ) throws {
    for (index, log) in logs.enumerated() {
      if index > 0 { try run.begin(log) }
      try Self.visiting(&run) { take throws(TraceLogError) in
        try log.traces(ofSubject: customer, decision: decision, take)
      }
    }
    try run.settle()
    if run.count == 0 {
      if try logs.contains(where: { try $0.isErased(subject: customer) }) {
        throw CommandFailure(
          message: "customer `\(customer)` was erased from the log `\(logs[0].path)`",
          exitCode: CommandFailure.erased)
      }
      let which = decision.map { "decision `\($0)`" } ?? "decision"
      throw CommandFailure(
        message: "no \(which) for customer `\(customer)` in the log `\(logs[0].path)`",
        exitCode: CommandFailure.noDecision)
    }
  }

  private func replay(_ number: Int, in log: TraceLogReader, _ run: inout ReplayRun) throws {
    guard let stored = try log.trace(at: number), stored.index == number else {
      throw CommandFailure(
        message: "the log `\(log.path)` has no trace #\(number)",
        exitCode: CommandFailure.noDecision)
    }
    guard !rules.isEmpty else { return try run.take(stored) }
    // Others of the same event may hold what this one lacks.
    var grouping = EventGrouping()
    var event: [StoredTrace] = []
    try log.scan(from: max(0, number - Self.neighbourhood)) { stored in
      let before = grouping.add(stored)
      if before.contains(where: { $0.index == number }) { event = before }
      return event.isEmpty && stored.index < number + Self.neighbourhood
    }
    if event.isEmpty { event = grouping.finish() }
    try run.take(event: event, number: number)
  }

  /// How far from a trace others of its event are looked for.
  private static let neighbourhood = 256
}

/// The number of a trace, as pages print it: `#8,111`, or without the sign or the comma.
struct TraceNumber: ExpressibleByArgument {
  var index: Int

  init?(argument: String) {
    let digits = argument.drop { $0 == "#" }.filter { $0 != "," }
    guard argument.prefix(while: { $0 == "#" }).count <= 1, let index = Int(digits), index >= 0,
      digits.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    self.index = index
  }
}
