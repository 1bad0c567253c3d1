internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import Explanations
internal import Replay
internal import SourceDiagnostics
internal import ThresholdCells
internal import TraceLog
internal import TraceReports

/// `explain verify-reason`: whether some facts are enough for an outcome, proved from the log alone.
struct VerifyReasonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-reason",
    abstract: "Prove that some facts are enough for an outcome, from the log alone.",
    discussion: """
      Loads the rules and models that the log keeps for the trace, decides again (the outcome must \
      be the one that the trace says), and proves that the facts entail the outcome whatever the \
      others are: by branch and bound over every completion, and beside that by random completions \
      that the engine decides. For each fact it shows values that end otherwise without it.

      Without --facts, the reason that `explain --customer` prints is found and proved again. The \
      number of a trace is on its page: `trace #8,111`.

      EXAMPLES
        explain verify-reason 8111
        explain verify-reason 8111 --facts per_head,currencies
        explain verify-reason --customer 334628087 --decision invoice_profile

      Exit codes: 0 proved; 1 not settled within the budget; 3 no such trace; 4 the engine decides \
      otherwise than the trace says; 5 the facts are not enough.
      """)

  @Argument(help: ArgumentHelp("The number of the trace in the log.", valueName: "number"))
  var number: Int?

  @Option(help: ArgumentHelp("The latest decision about this customer.", valueName: "id"))
  var customer: String?

  @Option(help: ArgumentHelp("Of this name.", valueName: "name"))
  var decision: String?

  @Option(
    help: ArgumentHelp(
      "The facts that are said to be enough, as they are; names with commas between.",
      valueName: "names"))
  var facts: String?

  @Option(help: ArgumentHelp("How many random completions are decided.", valueName: "n"))
  var completions = 10_000

  @Option(help: ArgumentHelp("How many boxes one proof may take.", valueName: "n"))
  var boxes = 1_000_000

  @Option(
    help: ArgumentHelp(
      "The log to read (default: $RATIONALE_LOG, else ./decisions).", valueName: "dir"))
  var log: String?

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    guard (number == nil) != (customer == nil) else {
      throw ValidationError("name a trace by its number, or a customer with --customer")
    }
    if number != nil, decision != nil {
      throw ValidationError("--decision goes with --customer; a number is one trace")
    }
    if completions < 0 || boxes < 1 {
      throw ValidationError("--completions is at least 0 and --boxes at least 1")
    }
  }

  func run() throws {
    let path = LogPath.resolved(log)
    let reader: TraceLogReader
    do { reader = try TraceLogReader(path: path, access: reading.access) } catch {
      throw CommandFailure(message: error.description)
    }
    let trace = try self.trace(in: reader, path)
    var explainer = TraceExplainer(reader)
    let decided: DecidedCase
    do {
      decided = try explainer.decided(trace)
    } catch let error as RecordedLibrary.Fault {
      throw CommandFailure(message: error.description)
    } catch let error as DecidedCase.Fault {
      throw CommandFailure(message: error.description, exitCode: ExitCode(4))
    }
    try check(decided)
  }

  private func trace(in reader: TraceLogReader, _ path: String) throws -> Trace {
    if let customer {
      let history = try SubjectHistory(of: customer, in: reader, decision: decision)
      if let entry = history.entries.first { return entry.trace }
      throw CommandFailure(
        message: "no decision for customer `\(customer)` in the log `\(path)`",
        exitCode: CommandFailure.noDecision)
    }
    var found: StoredTrace?
    try reader.scan { stored in
      if stored.index == number { found = stored }
      return found == nil
    }
    guard let found else {
      throw CommandFailure(
        message: "the log `\(path)` has no trace #\(number ?? 0)",
        exitCode: CommandFailure.noDecision)
    }
    var decoder = TraceDecoder(reader)
    do {
      let trace = try decoder.trace(found)
      if trace.visibility != .open {
        throw CommandFailure(
          message: "trace #\(found.index) is \(trace.visibility.rawValue)",
          exitCode: trace.visibility == .erased ? CommandFailure.erased : ExitCode.failure)
      }
      return trace
    } catch let error as SubjectHistory.Damage {
      throw CommandFailure(message: "\(error) in the log `\(path)`")
    }
  }

  private func check(_ decided: DecidedCase) throws {
    let outcome = decided.words.outcome(decided.result, decided.outcomeType)
    guard decided.result.isDecided else {
      throw CommandFailure(
        message: "the decision was refused; there is no outcome to give reasons for")
    }
    let cells = CellDecision(decided.overQuantities())
    var regions: [Range<Int>]?
    let named: [Int]
    if let facts {
      named = try indices(of: facts, cells)
    } else {
      let reason = SufficientReasons(cells).reason
      named = reason.facts
      regions = reason.cells
    }
    let check = ReasonCheck(
      cells, facts: named, regions: regions, completions: completions, limit: boxes)
    let text = ReasonCheckText(cells)
    var lines = ["outcome     \(outcome), decided again from the log's rules and models"]
    lines += text.facts(named, regions)
    switch check.verdict {
    case .holds:
      lines.append("proved      enough, whatever the other facts are (\(check.boxCount) boxes)")
    case .open:
      lines.append("not proved  \(check.boxCount) boxes did not settle it")
    case .fails:
      lines.append("refuted     \(text.values(check.counterexample)) ends otherwise")
    }
    lines.append(
      "completions \(check.completions) at random, \(check.violations) ended otherwise")
    for left in check.leftOut {
      switch left.isNeedless {
      case true?: lines.append("needless    without \(left.fact) the others are still enough")
      case nil: lines.append("open        whether \(left.fact) could be left out")
      case false?:
        let ends = left.result.map { decided.words.outcome($0, decided.outcomeType) } ?? "otherwise"
        lines.append("needed      \(left.fact): with \(text.values(left.counterexample)) \(ends)")
      }
    }
    try StandardOutput.write(lines.map { $0 + "\n" }.joined())
    if case .fails = check.verdict { throw ExitCode(5) }
    if check.violations > 0 {
      throw CommandFailure(
        message: "a completion that the engine decided ends otherwise than was proved",
        exitCode: ExitCode(5))
    }
    if case .open = check.verdict { throw ExitCode(1) }
  }

  private func indices(of facts: String, _ cells: CellDecision) throws -> [Int] {
    let names = cells.decided.facts.map(\.name)
    return try facts.split(separator: ",").map { part in
      let name = part.trimmingPrefix { $0 == " " }
      guard let index = names.firstIndex(of: String(name)) else {
        var failure = CommandFailure(
          message: "the decision does not rest on `\(name)`", exitCode: ExitCode(64))
        failure.help =
          NearMiss.suggestion(for: String(name), among: names).map { "did you mean `\($0)`?" }
          ?? "it rests on \(names.map { "`\($0)`" }.joined(separator: ", "))"
        throw failure
      }
      return index
    }.sorted()
  }
}

/// The facts of a check in words; masked values stay masked.
private struct ReasonCheckText {
  let cells: CellDecision

  init(_ cells: CellDecision) { self.cells = cells }

  func facts(_ facts: [Int], _ regions: [Range<Int>]?) -> [String] {
    let reason = facts.indices.map { place in
      let fact = cells.decided.facts[facts[place]]
      guard let regions else { return "\(fact.name) = \(value(fact.value, facts[place]))" }
      let condition = DerivedExplanation.Condition(
        regions[place], of: cells.axes[facts[place]], fact, cells.decided.words)
      return "\(fact.name) \(condition.regionText)"
    }
    return reason.isEmpty ? ["facts       none"] : reason.map { "fact        \($0)" }
  }

  func values(_ values: [(fact: String, value: Quotient, index: Int)]) -> String {
    values.map { "\($0.fact) = \(value($0.value, $0.index))" }.joined(separator: ", ")
  }

  private func value(_ value: Quotient?, _ index: Int) -> String {
    let fact = cells.decided.facts[index]
    if fact.isMasked { return "(masked)" }
    return value.map { cells.decided.words.content($0, fact.type).reportText } ?? "missing"
  }
}
