internal import ArgumentParser
internal import DataFields
internal import Decisions
internal import RuleLanguage
internal import SourceDiagnostics
internal import TabularIO
internal import TraceLog
internal import TraceReports

/// `explain diff`: what changed between two versions of a ruleset, and whom it would move.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say what a new version of a ruleset would change.",
    discussion: """
      Prints what was written otherwise (cut points, rules, reasons, fields, metadata), and for \
      each decision the exact region of inputs whose outcome changes, with values that lie in it. \
      With --rows, both versions decide on the rows, and a matrix says how many subjects move from \
      which outcome to which. With --replay, they decide on the facts that a log of decisions holds, \
      those of each subject's latest trace, and the ranks, values and rules that move somebody are \
      counted. An aggregate that the new version defines otherwise is in no log; whoever it decides \
      about is counted as not compared.

      EXAMPLES
        explain diff rules/invoice-profile.rules next/invoice-profile.rules
        explain diff old.rules new.rules --rows customers.csv --as-of 2021-01-01
        explain diff old.rules new.rules --replay /var/lib/decisions --limit 100
        explain diff old.rules new.rules --replay decisions --all-traces --json
        explain diff old.rules new.rules --json | jq '.decisions[].regions'

      Exit codes: 0 done, 1 a ruleset is faulty, 64 usage.
      """)

  @Argument(help: "The ruleset as it is.")
  var old: String

  @Argument(help: "The ruleset as it would be.")
  var new: String

  @Option(help: ArgumentHelp("Rows of supplied values, decided by both.", valueName: "file"))
  var rows: String?

  @Option(
    help: ArgumentHelp(
      "A log of decisions, or a set of logs, whose facts are decided on by both.",
      valueName: "log"))
  var replay: [String] = []

  @Flag(help: "With --replay: every trace, not the latest of each subject alone.")
  var allTraces = false

  @Option(
    help: ArgumentHelp(
      "The day on which rows are decided (default: none), or traces (default: their own).",
      valueName: "date"))
  var asOf: String?

  @Option(
    help: ArgumentHelp(
      "How many of those who move are named (default: 10, with --json 1000).", valueName: "n"))
  var limit: Int?

  @Flag(help: "Name every region and everybody who moves.")
  var all = false

  @Flag(help: "Print JSON (docs/diff.schema.json).")
  var json = false

  @OptionGroup var reading: ReadingOptions

  private static let shown = 10
  private static let listed = 1_000

  func validate() throws {
    if rows == nil, replay.isEmpty, asOf != nil {
      throw ValidationError("--as-of goes with --rows or --replay")
    }
    if rows != nil, !replay.isEmpty {
      throw ValidationError("--rows and --replay: decide on one of them at a time")
    }
    if replay.isEmpty, allTraces { throw ValidationError("--all-traces goes with --replay") }
    if let limit {
      if limit < 0 { throw ValidationError("--limit is at least 0") }
      if replay.isEmpty { throw ValidationError("--limit goes with --replay") }
      if all { throw ValidationError("--all names everybody, and --limit does not") }
    }
    _ = try day()
  }

  private func day() throws -> CalendarDate? { try DayOption.day(asOf, "--as-of") }

  func run() throws {
    let before = try DecisionLibrary(rules: [old])
    let after = try DecisionLibrary(rules: [new])
    let difference = RulesetDifference(old: before.program, new: after.program)
    var moves: [OutcomeMoves]?
    if let rows {
      moves = try OutcomeMoves.deciding(rows, asOf: try day(), before: before, after: after)
    } else if !replay.isEmpty {
      moves = try replayed(before, after)
    }
    try StandardOutput.write(
      json ? DifferenceJSON.text(difference, moves) : text(difference, moves))
  }

  /// Decides on what logs hold, and says what of it cannot be taken.
  private func replayed(
    _ before: DecisionLibrary, _ after: DecisionLibrary
  ) throws -> [OutcomeMoves] {
    var options = HistoryMoves.Options()
    options.takesAll = allTraces
    options.asOf = try day()
    options.limit = all ? .max : limit ?? (json ? Self.listed : Self.shown)
    do {
      let logs = try TraceLogSet(paths: replay, access: reading.access)
      let (moves, failures) = try HistoryMoves.deciding(
        logs, options, before: before, after: after)
      for (reason, count) in OutcomeMoves.byCount(failures) {
        let traces = count == 1 ? "1 trace is" : "\(count) traces are"
        StandardError.write("warning: \(traces) left out: \(reason)\n")
      }
      if moves.isEmpty {
        StandardError.write("notice: the log holds no decision that the old version makes\n")
      }
      return moves
    } catch let error as TraceLogError {
      throw CommandFailure(message: error.description)
    }
  }

  // MARK: Text

  private func text(_ difference: RulesetDifference, _ moves: [OutcomeMoves]?) -> String {
    var lines: [String] = []
    if difference.changes.isEmpty {
      lines.append("nothing is written otherwise")
    } else {
      lines.append("Written otherwise")
      for change in difference.changes {
        lines.append("  \(change.kind) \(change.name)")
        if let before = change.before { lines.append("    - \(before)") }
        if let after = change.after { lines.append("    + \(after)") }
      }
    }
    for decision in difference.decisions {
      lines.append("")
      lines += text(decision)
    }
    for matrix in moves ?? [] {
      lines.append("")
      lines += matrix.lines(limit: all ? .max : limit ?? Self.shown)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func text(_ decision: DecisionDifference) -> [String] {
    let name = "Decision \(decision.name)"
    let notes = decision.notes.map { "  \($0)" }
    if let refusal = decision.refusal {
      return ["\(name): not compared, \(refusal)"] + notes
    }
    guard !decision.regions.isEmpty else {
      let proof = decision.isComplete ? "no input" : "not proved that no input"
      return notes.isEmpty
        ? ["\(name): \(proof) ends otherwise"]
        : ["\(name): \(proof) ends otherwise, but for this:"] + notes
    }
    var lines = ["\(name) ends otherwise where"]
    for region in decision.regions.prefix(all ? .max : Self.shown) {
      lines.append("  \(region.condition)")
      lines.append("    \(region.before) -> \(region.after), for example \(region.witness)")
    }
    let left = decision.regions.count - Self.shown
    if !all, left > 0 { lines.append("  and in \(left) more regions (--all names them)") }
    if !decision.isComplete { lines.append("  the search ended before all were found") }
    lines += decision.doubts.map { "  possible, not proved: \($0)" } + notes
    return lines
  }
}
