internal import ArgumentParser
internal import DataFields
internal import Decisions
internal import EventIngest
internal import FileIO
internal import SourceDiagnostics
internal import TraceIndex
internal import TraceLog

/// `explain decide`: events or rows in, decisions out, traces to the log.
struct DecideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Decide on events or rows; print the decisions, keep their traces.",
    discussion: """
      Loads the rulesets and what they name, then the static sources, then takes the events of \
      all other sources in the order of their time, each into its subject's state and to the \
      decisions that follow. With --rows, decides on rows of supplied inputs and lets: a let by \
      its name, an input's field by its column or as `input.field`.

      Decisions are printed as JSON lines, each after its trace is on the disk. A record that \
      cannot be used is a dead letter: it is written down with its place and the reason, and \
      counted. Run again, a file is passed over as far as it was dealt with; a run that was \
      stopped or killed goes on, and stores no decision twice. Files are known by their digest; \
      name one that grows, or a pipe, with --source-id.

      EXAMPLES
        explain decide rules/invoice-profile.rules --input static=static.csv \
      --input invoices=invoices.csv
        zcat invoices.csv.gz | explain decide rules/invoice-profile.rules \
      --input static=static.csv --input invoices=-
        explain decide rules/*.rules --input static=static.csv --input invoices=invoices.jsonl \
      --input transfers=transfers.csv --log /var/lib/decisions --output decisions.jsonl
        explain decide rules/invoice-profile.rules --rows aggregates.csv --as-of 2021-01-27

      Exit codes: 0 done, 1 failure (with --strict, also dead letters), 64 usage, 130 and 143 \
      stopped by a signal, with everything decided so far saved.
      """)

  @Argument(help: "Ruleset files.")
  var rules: [String]

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A source of the rules and its file (CSV or JSON lines; `-` is standard input).",
      valueName: "source=file"))
  var input: [String] = []

  @Option(help: ArgumentHelp("Rows of supplied inputs and lets.", valueName: "file"))
  var rows: String?

  @Option(
    help: ArgumentHelp(
      "Decide as of this day, YYYY-MM-DD (default: each event's own).", valueName: "date"))
  var asOf: String?

  @Option(
    help: ArgumentHelp(
      "Name an input that grows: NAME for all, or SOURCE=NAME.", valueName: "name"))
  var sourceId: [String] = []

  @Option(
    help: ArgumentHelp("Where dead letters go (default: in the log).", valueName: "file"))
  var deadLetters: String?

  @Option(
    help: ArgumentHelp(
      "The key that signs the log (default: $RATIONALE_SIGNING_KEY, else LOG/signing.key, which is "
        + "made with the log).", valueName: "file"))
  var signingKey: String?

  @Option(
    help: ArgumentHelp(
      "Keep what belongs to persons apart from the log, so that it can be erased; off is for data "
        + "that is not personal.", valueName: "on|off"))
  var privacy = PrivacySwitch.on

  @Option(
    help: ArgumentHelp(
      "The key of the vault that holds it (default: $RATIONALE_VAULT_KEY, else "
        + "LOG/vault/master.key, which is made with the vault).", valueName: "file"))
  var vaultKey: String?

  @Option(help: ArgumentHelp("Where decisions go; `-` is standard output.", valueName: "file"))
  var output = "-"

  @Option(
    help: ArgumentHelp(
      "The log (default: $RATIONALE_LOG, else ./decisions).", valueName: "dir"))
  var log: String?

  @Option(
    help: ArgumentHelp(
      "The log that a new one goes on from, or a copy of it: its first entry says so, by that log's "
        + "last checkpoint.", valueName: "dir"))
  var continues: String?

  @Flag(help: "Dead letters are a failure.")
  var strict = false

  @Flag(help: "Leave the log's index as it is; `explain log list` brings it up.")
  var noIndex = false

  func validate() throws {
    if input.isEmpty && rows == nil {
      throw ValidationError("give --input SOURCE=FILE for each source, or --rows FILE")
    }
    if rules.isEmpty { throw ValidationError("no ruleset is given") }
    _ = try options()
  }

  private func options() throws -> IngestRun.Options {
    var options = IngestRun.Options(log: LogPath.resolved(log))
    var readsStandardInput = rows == "-"
    for text in input {
      let (source, path) = try Self.pair(text, option: "--input", form: "SOURCE=FILE")
      if path == "-" {
        if readsStandardInput { throw ValidationError("--input: `-` can be read once only") }
        readsStandardInput = true
      }
      options.inputs.append(.init(source: source, path: path))
    }
    for text in sourceId {
      if text.utf8.contains(UInt8(ascii: "=")) {
        let (source, name) = try Self.pair(text, option: "--source-id", form: "SOURCE=NAME")
        options.sourceNames[source] = name
      } else {
        options.sourceNames[""] = text
      }
    }
    options.rows = rows
    options.deadLetters = deadLetters
    options.keys = LogKeyFiles(
      signing: SigningKeyPath.resolved(signingKey), vault: VaultKeyPath.resolved(vaultKey))
    options.privacy = privacy.setting
    options.continuing = continues
    options.output = output
    if let asOf {
      do throws(DateFault) {
        options.asOf = try CalendarDate(parsing: asOf)
      } catch {
        throw ValidationError("--as-of `\(asOf)` \(error.reason)")
      }
    }
    return options
  }

  /// The two sides of `SOURCE=FILE`.
  static func pair(
    _ text: String, option: String, form: String
  ) throws -> (String, String) {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex,
      text.index(after: sign) != text.endIndex
    else { throw ValidationError("\(option) `\(text)`: expected \(form)") }
    return (String(text[..<sign]), String(text[text.index(after: sign)...]))
  }

  func run() throws {
    let library = try DecisionLibrary(rules: rules)
    // While rules and models load, a signal ends the process: nothing has been begun.
    try Interruption.install()
    let warnings = library.notes.filter { $0.severity == .warning }
    if !warnings.isEmpty { CommandFailure.report(warnings) }
    do {
      try decide(library)
    } catch let error as IngestError {
      throw Self.commandError(error)
    }
  }

  private func decide(_ library: DecisionLibrary) throws {
    let run = try IngestRun(library: library, options: try options())
    for notice in run.notices { StandardError.write("note: \(notice)\n") }
    var progress = ProgressLine()
    let summary: IngestRun.Summary
    do {
      summary = try run.run { count in progress.show("\(count) records") }
    } catch {
      progress.clear()
      throw error
    }
    progress.clear()
    if !summary.unusedColumns.isEmpty {
      let names = summary.unusedColumns.map { "`\($0)`" }.joined(separator: ", ")
      StandardError.write("warning: no ruleset reads these columns of the rows: \(names)\n")
    }
    StandardError.write(Self.report(summary, deadLetters: run.deadLetterPath))
    if summary.stoppedBy != 0 { throw ExitCode(128 + summary.stoppedBy) }
    if !noIndex { bringUpIndex() }
    let dead = summary.counts.deadLetters + summary.counts.inputDeadLetters
    if strict, dead > 0 { throw ExitCode.failure }
  }

  /// The index follows the log. Without it everything is found as well, only slower.
  private func bringUpIndex() {
    do {
      let access = LogKeyFiles(vault: VaultKeyPath.resolved(vaultKey)).access
      let reader = try TraceLogReader(path: LogPath.resolved(log), access: access)
      _ = try LogIndexing.bringUp(TraceIndex(log: reader))
    } catch {
      StandardError.write("note: the index is left as it is: \(error)\n")
    }
  }

  /// What became of the records, in a few lines.
  private static func report(_ summary: IngestRun.Summary, deadLetters: String?) -> String {
    let counts = summary.counts
    var parts: [String] = []
    func add(_ count: Int, _ text: String) {
      if count > 0 { parts.append("\(count) \(text)") }
    }
    add(counts.decided, "decided")
    add(counts.refused, "refused")
    add(counts.filteredUnknownSubject, "filtered (unknown subject)")
    add(counts.filteredNotInEffect, "filtered (not in effect)")
    add(counts.late, "late")
    add(counts.deadLetters, counts.deadLetters == 1 ? "dead letter" : "dead letters")
    let made = counts.decisions == 1 ? "1 decision" : "\(counts.decisions) decisions"
    let ends = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    var text = "\(made) on \(counts.records) records\(ends)\n"
    if summary.passedOver > 0 {
      text += "\(summary.passedOver) records had been dealt with by an earlier run\n"
    }
    if counts.inputDeadLetters > 0 {
      text +=
        "\(counts.inputDeadLetters) of "
        + "\(counts.inputRecords + counts.inputDeadLetters) static records are dead letters\n"
    }
    if let deadLetters, counts.deadLetters + counts.inputDeadLetters > 0 {
      text += "dead letters are in \(deadLetters)\n"
    }
    if summary.stoppedBy != 0 { text += "stopped by a signal; run it again to go on\n" }
    return text
  }

  /// What a run that failed says to the user.
  static func commandError(_ error: IngestError) -> any Error {
    switch error {
    case .diagnostics(let error): return error
    case .file(let error): return error
    case .log(.locked(path: _)):
      return CommandFailure(
        message: error.description, help: "wait for it to end, or name another log with --log")
    case .differs:
      return CommandFailure(
        message: error.description,
        help: "give the files of the earlier run, or name another log with --log")
    default: return CommandFailure(message: error.description)
    }
  }
}

/// `--privacy`.
enum PrivacySwitch: String, ExpressibleByArgument, CaseIterable {
  case on, off

  var setting: Privacy { self == .on ? .on : .off }
}
