internal import ArgumentParser
internal import DataFields
internal import Decisions
internal import EventIngest
internal import FileIO
internal import PMML
internal import PopulationViews
internal import SourceDiagnostics
internal import TabularIO
internal import TraceReports

/// `explain importance`: what matters over many rows, in a model or in rulesets.
struct ImportanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "importance",
    abstract: "Say what matters over many rows: fields of a model, or rules and cut points.",
    discussion: """
      Of a PMML model: for each field the mean magnitude of its attributions over the rows of \
      --input, its share of all of them, and how many splits of trees ask for it; what the document \
      itself states as importance stands apart. Attributions are those of `explain score \
      --attributions`, with the same --background and --covers. --points writes every attribution \
      with its value, for beeswarms; --dependence FIELD prints those of one field, a line a row, in \
      place of the page. Memory stays flat.

      Of rulesets: how often each outcome, rule, reason and refusal came about, how many ended in \
      otherwise, and for each cut point how many values stand on it and near it, on either side, \
      compared exactly; and what the fields of models contributed that the rules ask. Give rows of \
      supplied values (--rows) or events (--input SOURCE=FILE), as for `explain decide`. Rows count \
      one by one; of events each subject counts once, as its last event left it. Nothing is kept: no \
      log is read or written.

      EXAMPLES
        explain importance models/premium.pmml --input rows.csv \
      --background models/premium.background.csv
        explain importance model.pmml --input rows.csv --points points.csv --format json
        explain importance model.pmml --input rows.csv --dependence SIZE > size.csv
        explain importance rules/invoice-profile.rules --rows customers.csv --within 2% --within 5%
        explain importance rules/*.rules --input static=static.csv --input invoices=invoices.csv

      Exit codes: 0 done; 1 failure; 64 usage; 130 and 143 stopped by a signal.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv }

  @Argument(help: ArgumentHelp("A PMML model, or rulesets.", valueName: "rules-or-model"))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The rows of a model (`-` is standard input); or a source of rulesets and its file, "
        + "SOURCE=FILE.", valueName: "rows"))
  var input: [String] = []

  @Option(help: ArgumentHelp("Rows of supplied inputs and lets, for rulesets.", valueName: "file"))
  var rows: String?

  @Option(help: ArgumentHelp("The day on which rulesets decide.", valueName: "date"))
  var asOf: String?

  @Option(
    help: ArgumentHelp(
      "How near to a cut point counts: `5%`, or `30d` for dates; any number of times (default: 1%, "
        + "5%, 10%, 7d, 30d, 90d).", valueName: "share"))
  var within: [String] = []

  @Option(help: "Rows of a model's fields, as CSV, whose average score is the base value.")
  var background: String?

  @Option(
    help: ArgumentHelp(
      "The records at each node of trees: a file of `explain calibrate`, or `uniform`.",
      valueName: "file"))
  var covers: String?

  @Option(
    help: ArgumentHelp("Print value and attribution of one field of a model, a line a row."))
  var dependence: String?

  @Option(
    help: ArgumentHelp(
      "Write row, field, value and attribution of a model, as CSV.", valueName: "file"))
  var points: String?

  @Option(help: "How to print: text, json or csv; with --dependence csv, or json for JSON lines.")
  var format: Format?

  @Flag(help: "Name every field, outcome and rule.")
  var all = false

  @Flag(help: "No colours.")
  var plain = false

  func validate() throws {
    if paths.isEmpty { throw ValidationError("no model and no ruleset is given") }
    if covers != nil, background != nil {
      throw ValidationError("--background and --covers: one of them says what is expected")
    }
    if dependence != nil, format == .text {
      throw ValidationError("--dependence prints csv or json")
    }
    if dependence != nil, points == "-" {
      throw ValidationError("--dependence and --points cannot both go to standard output")
    }
    _ = try nearness()
    _ = try day()
  }

  private func nearness() throws -> [Nearness] {
    let given = try within.map { text in
      guard let nearness = Nearness(parsing: text) else {
        throw ValidationError("--within `\(text)`: expected a share as `5%`, or days as `30d`")
      }
      return nearness
    }
    func isDays(_ nearness: Nearness) -> Bool { if case .days = nearness { true } else { false } }
    // Whoever asks for shares alone has said nothing of dates, and the other way round.
    return [false, true].flatMap { wantsDays in
      let mine = given.filter { isDays($0) == wantsDays }
      return mine.isEmpty ? Nearness.standard.filter { isDays($0) == wantsDays } : mine
    }
  }

  private func day() throws -> CalendarDate? { try DayOption.day(asOf, "--as-of") }

  func run() throws {
    if try ExplainedFile.isModel(paths[0]) { try runModel() } else { try runRules() }
  }

  // MARK: A model

  private func runModel() throws {
    if paths.count > 1 { throw ValidationError("one model at a time") }
    if rows != nil || asOf != nil || !within.isEmpty {
      throw ValidationError("--rows, --as-of and --within go with rulesets; a model takes --input")
    }
    guard input.count == 1 else { throw ValidationError("give the rows: --input ROWS.csv") }
    let model = try CompiledModel(path: paths[0])
    if !model.warnings.isEmpty { CommandFailure.report(model.warnings) }
    let columns = try AttributionColumns(model, background: background, covers: covers)
    let names = model.inputNames
    var options = RecordReader.Options()
    options.detectsDelimiter = true
    let reader = try RecordReader(
      path: input[0], columns: .named(names, optional: Set(names)), options: options)
    let field = try dependence.map { try place(of: $0, in: model) }
    // Until here a signal ends the process, as it does without a handler: nothing is written yet.
    try Interruption.install()
    let hasClasses = columns.parts.contains { $0.label != nil }
    var files: [AttributionPoints] = []
    if let points {
      files.append(
        try AttributionPoints(
          path: points, format: .csv, model, field: nil, hasClasses: hasClasses))
    }
    if let field {
      files.append(
        try AttributionPoints(
          path: "-", format: format == .json ? .jsonLines : .csv, model, field: field,
          hasClasses: hasClasses))
    }
    var importance = ModelImportance(model, columns)
    let attributed = try AttributedRows(model, reader, columns.parts)
    try importance.take(attributed, points: files)
    for file in files { try file.close() }
    if dependence == nil {
      switch format ?? .text {
      case .text:
        try StandardOutput.write(
          ModelImportancePage(
            importance, showsAll: all, capabilities: Terminal.output(isPlain: plain)
          ).rendered())
      case .json: try StandardOutput.write(ImportanceJSON.text(importance))
      case .csv: try StandardOutput.write(ImportanceJSON.table(importance))
      }
    }
    if attributed.hasFaults { throw ExitCode.failure }
  }

  private func place(of name: String, in model: CompiledModel) throws -> Int {
    if let place = model.signature.inputIndex(name) { return place }
    let near = NearMiss.suggestion(for: name, among: model.signature.inputs.map(\.name))
    throw CommandFailure(
      message: "`\(paths[0])` has no field `\(name)`", help: near.map { "did you mean `\($0)`?" })
  }

  // MARK: Rulesets

  private func runRules() throws {
    if background != nil || covers != nil || dependence != nil || points != nil {
      throw ValidationError(
        "--background, --covers, --dependence and --points go with a model; a ruleset says itself "
          + "what its models are set against")
    }
    if input.isEmpty, rows == nil {
      throw ValidationError("give --rows FILE, or --input SOURCE=FILE for each source")
    }
    var options = IngestRun.Options(log: nil)
    for text in input {
      let (source, path) = try DecideCommand.pair(text, option: "--input", form: "SOURCE=FILE")
      options.inputs.append(.init(source: source, path: path))
    }
    options.rows = rows
    options.asOf = try day()
    let library = try DecisionLibrary(rules: paths)
    try Interruption.install()
    let importance = try RulesImportance(library, options, nearness: try nearness())
    if importance.stoppedBy != 0 {
      StandardError.write("stopped by a signal; half a count is not shown\n")
      throw ExitCode(128 + importance.stoppedBy)
    }
    notify(importance)
    switch format ?? .text {
    case .text:
      try StandardOutput.write(
        RulesImportancePage(
          importance, showsAll: all, capabilities: Terminal.output(isPlain: plain)
        ).rendered())
    case .json: try StandardOutput.write(ImportanceJSON.text(importance))
    case .csv: try StandardOutput.write(ImportanceJSON.table(importance))
    }
  }

  private func notify(_ importance: RulesImportance) {
    if !importance.unusedColumns.isEmpty {
      let names = importance.unusedColumns.map { "`\($0)`" }.joined(separator: ", ")
      StandardError.write("note: no ruleset reads these columns of the rows: \(names)\n")
    }
    let dead = importance.counts.deadLetters + importance.counts.inputDeadLetters
    if dead > 0 {
      let noun = dead == 1 ? "record is a dead letter" : "records are dead letters"
      StandardError.write(
        "warning: \(dead) \(noun) and left out; `explain decide` writes them down\n")
    }
    if importance.populations.isEmpty { StandardError.write("note: nothing was decided\n") }
  }
}
