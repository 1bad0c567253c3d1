internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import Explanations
internal import FileIO
internal import Replay
internal import SourceDiagnostics
internal import TraceLog
internal import TraceReports

/// `explain --customer`: why a customer has the profile that they have.
struct CustomerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "customer",
    abstract: "Say why a customer has the profile that they have.",
    usage: """
      explain --customer ID [--decision NAME] [--at DATE] [--since DATE|#NUMBER] \
      [--background ROWS] [--against WHAT] [--raw] [--brief] \
      [--format text|json] [--log DIR ...] [--plain]
      """,
    discussion: """
      Reads the traces that `explain decide` left in the log and prints the latest decision of \
      each name, the latest first: the outcome and its reason, each rank with its thresholds and \
      how far away a change of rank is, each rule and where it failed, model scores with their \
      attributions, the inputs with their origin, and the digests of rules and models. From the \
      rules and models that the log keeps it works out the attributions that a ruleset leaves to \
      whoever reads its traces, which facts alone are enough for the outcome, proved, and the nearest \
      changes that end otherwise, each decided by the engine; with --background also what moved the \
      outcome against those rows.

      With --since, it prints instead what changed since the end of a day, or since a trace: values, \
      ranks, rules and outcomes, and of each new outcome which of the facts that changed are enough to \
      make it, decided by the engine (docs/changes.schema.json). With several logs, or a file LOGSET \
      that lists those of a set, the traces of all are read as one, the latest first.

      Colours are used on a terminal unless NO_COLOR is set; COLUMNS sets the width. Where the \
      locale is not UTF-8, marks and bars are ASCII. With --format json, each decision is one \
      line, in the form of docs/trace.schema.json; masked values stay masked.

      EXAMPLES
        explain --customer 334628087
        explain --customer 334628087 --decision invoice_profile
        explain --customer 334628087 --at 2021-01-20 --log /var/lib/decisions
        explain --customer 334628087 --since 2021-01-20
        explain --customer 334628087 --since '#8,111' --format json
        explain --customer 334628087 --log lane-0 --log lane-1
        explain --customer 334628087 --background customers.csv --raw
        explain --customer 334628087 --against previous --raw
        explain --customer 334628087 --format json | jq .result

      A log with privacy on keeps apart what belongs to persons (docs/privacy.md). It is read by the       key that is given: the vault's, or the customer's own, which shows them what pages mask.

      Exit codes: 3 the log holds no decision for the customer, 6 the customer was erased.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: ArgumentHelp("Whom to explain.", valueName: "id"))
  var customer: String

  @Option(
    help: ArgumentHelp("Only this decision (default: every one, latest first).", valueName: "name"))
  var decision: String?

  @Option(
    help: ArgumentHelp("As it was at the end of this day, YYYY-MM-DD.", valueName: "date"))
  var at: String?

  @Option(
    help: ArgumentHelp(
      "What changed since the end of this day, or since the trace of this number.",
      valueName: "date|#number"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "Rows of others to set the decision against, columns as of `decide --rows`.",
      valueName: "rows"))
  var background: String?

  /// What the decision is set against.
  enum Reference: String, ExpressibleByArgument, CaseIterable {
    case rows, median, previous
  }

  @Option(
    help: ArgumentHelp(
      "Against what: the rows of --background, their median, or the customer's previous decision.",
      valueName: "what"))
  var against: Reference?

  @Flag(help: "With --background or --against: attributions to the raw inputs, too.")
  var raw = false

  @Flag(help: "Only what the trace itself says: nothing that is worked out of it.")
  var brief = false

  @Option(help: "How to print.")
  var format = Format.text

  @Option(
    help: ArgumentHelp(
      "The log to read, or a set of logs; may be repeated (default: $RATIONALE_LOG, else "
        + "./decisions).", valueName: "dir"))
  var log: [String] = []

  @Flag(help: "No colours and no boxes.")
  var plain = false

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    if customer.isEmpty { throw ValidationError("--customer: the id is empty") }
    if raw, background == nil, against != .previous {
      throw ValidationError("--raw needs --background: the rows that inputs are set against")
    }
    if background == nil, against == .rows || against == .median {
      throw ValidationError("--against \(against?.rawValue ?? "") needs --background")
    }
    if background != nil, against == .previous {
      throw ValidationError("--against previous needs no --background")
    }
    if brief, background != nil || against != nil {
      throw ValidationError("--brief leaves out what --background and --against ask for")
    }
    if since != nil {
      if background != nil || against != nil || brief {
        throw ValidationError("--since says what changed: it goes with --decision, --at and --log")
      }
      _ = try start()
    }
    _ = try day()
  }

  func run() throws {
    let paths = LogPath.resolved(log)
    let name = paths.map { "`\($0)`" }.joined(separator: ", ")
    do {
      let logs = try TraceLogSet(paths: paths, access: reading.access)
      let history = try SubjectHistory(
        of: customer, in: logs, decision: decision, asOf: try day())
      if history.entries.isEmpty { throw try nothing(history, logs, name) }
      if let start = try start() {
        try print(changesSince: start, in: logs)
      } else {
        try print(history, logs)
      }
    } catch let error as TraceLogError {
      throw failure(error)
    } catch let error as SubjectHistory.Damage {
      throw CommandFailure(message: "\(error) in the log \(name)")
    }
  }

  private func reference(_ entry: SubjectHistory.Entry) -> TraceExplainer.Reference {
    switch against {
    case nil, .rows: .population
    case .median: .median
    case .previous: entry.previous.map { .previous($0) } ?? .population
    }
  }

  private func print(_ history: SubjectHistory, _ logs: TraceLogSet) throws {
    var pages = TracePages(of: logs, isBrief: brief, isRaw: raw, population: background)
    for entry in history.entries { try pages.add(entry, against: reference(entry)) }
    pages.report()
    switch format {
    case .text: try StandardOutput.write(pages.text(Terminal.output(isPlain: plain)))
    case .json: try StandardOutput.write(pages.json())
    }
  }

  func day() throws -> CalendarDate? { try DayOption.day(at, "--at") }

  private func failure(_ error: TraceLogError) -> CommandFailure {
    var failure = CommandFailure(message: error.description)
    if case .noLog = error {
      failure.help = "decide first (`explain decide`), or name another log with --log"
    }
    return failure
  }

  /// Why there is nothing to show: nobody of that id, no such decision, or nothing so early.
  private func nothing(
    _ history: SubjectHistory, _ logs: TraceLogSet, _ name: String
  ) throws -> CommandFailure {
    let who = "customer `\(customer)`"
    let names = history.decisions.map { "`\($0)`" }.joined(separator: ", ")
    var failure = CommandFailure(
      message: "no decision for \(who) in the log \(name)", exitCode: CommandFailure.noDecision)
    if history.traceCount == 0 {
      if try logs.logs.contains(where: { try $0.isErased(subject: customer) }) {
        return CommandFailure(
          message: "\(who) was erased from the log \(name)",
          help: "what the log keeps of it is about nobody: `explain log list` shows outcomes",
          exitCode: CommandFailure.erased)
      }
      let count = try logs.count()
      failure.help =
        count == 0
        ? "the log is empty; decide first (`explain decide`)"
        : "the log holds \(count) decisions, none of them for this id"
      if let near = try nearest(in: logs, count: count) {
        failure.help = "the log knows a customer `\(near)`"
      }
    } else if let decision, !history.decisions.contains(decision) {
      failure.message = "no decision `\(decision)` for \(who) in the log \(name)"
      let near = NearMiss.suggestion(for: decision, among: history.decisions)
      failure.help = near.map { "did you mean `\($0)`?" } ?? "there is \(names)"
    } else if let at, let days = history.days {
      failure.message = "no decision for \(who) on or before \(at)"
      failure.help = "the first is of \(days.lowerBound)"
    }
    return failure
  }

  /// The id in the log that the one given is most likely a slip of; not looked for in a log that
  /// would take long to read.
  private func nearest(in logs: TraceLogSet, count: Int) throws -> String? {
    guard count > 0, count <= Self.searchLimit else { return nil }
    var ids: Set<String> = []
    for log in logs.logs {
      try log.scan { stored in
        if let head = TraceBodyHead(stored), !head.subject.isEmpty { ids.insert(head.subject) }
        return true
      }
    }
    return NearMiss.suggestion(for: customer, among: ids.sorted())
  }

  private static let searchLimit = 20_000
}
