internal import ArgumentParser
internal import DataFields
internal import Decisions
internal import FileIO
internal import PMML
internal import PopulationViews
internal import TraceReports

/// `explain cohort`: which short rule describes those with an outcome, or of a cluster.
struct CohortCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cohort",
    abstract: "Describe those with an outcome, of a cluster or of a class, by a short rule.",
    discussion: """
      A cohort is the group of rows with one outcome of a decision, or one value of a model's result \
      (a cluster, a class). For each, the best rule of at most three conditions is found: which \
      share of the cohort it covers, how precise it is, what tells the cohort from the next one, and \
      what it contributes: rows, their share, and with --sum its share of the sum of a column.

      Conditions are levels of the ruleset's ranks, by its own cut points; of other fields \
      thresholds at quantiles, the most frequent texts, and whether there is a value. The best rule \
      makes F1 largest, or with --score wracc weighted relative accuracy, as in subgroup discovery; \
      every rule is looked at or proved not to be better. Fields of persons that have no ranks are \
      left out. Rows and fields are held in memory.

      EXAMPLES
        explain cohort rules/invoice-profile.rules --rows customers.csv --decision invoice_profile
        explain cohort rules/invoice-profile.rules --rows customers.csv --sum average
        explain cohort models/segments.pmml --input customers.csv
        explain cohort model.pmml --input rows.csv --result segment --group Insiders \
      --sum gross_revenue --format json

      Exit codes: 0 done; 1 failure; 64 usage; 130 and 143 stopped by a signal.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: ArgumentHelp("A PMML model, or rulesets.", valueName: "rules-or-model"))
  var paths: [String]

  @Option(
    help: ArgumentHelp("Rows of supplied inputs and lets, for rulesets.", valueName: "file"))
  var rows: String?

  @Option(
    help: ArgumentHelp("The decision (default: the only one made on the rows).", valueName: "name"))
  var decision: String?

  @Option(help: ArgumentHelp("The day on which rulesets decide.", valueName: "date"))
  var asOf: String?

  @Option(help: ArgumentHelp("Rows for a model; `-` is standard input.", valueName: "file"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "The result of a model that tells cohorts apart (default: what it predicts).",
      valueName: "name"))
  var result: String?

  @Option(help: ArgumentHelp("Only this cohort; any number of times.", valueName: "name"))
  var group: [String] = []

  @Option(
    help: ArgumentHelp(
      "Rules are made of this rank or field; any number of times (default: all).",
      valueName: "name"))
  var field: [String] = []

  @Option(help: ArgumentHelp("A column of the rows to sum up.", valueName: "column"))
  var sum: String?

  @Option(help: "What the best rule makes largest: f1 or wracc.")
  var score = RuleQuality.f1

  @Option(help: ArgumentHelp("How many conditions a rule has at most, 1 to 3.", valueName: "count"))
  var conditions = 3

  @Option(
    help: ArgumentHelp(
      "Into how many parts fields without ranks are cut, 2 to 100.", valueName: "count"))
  var quantiles = 10

  @Option(help: "How to print: text or json.")
  var format = Format.text

  @Flag(help: "No colours.")
  var plain = false

  func validate() throws {
    if paths.isEmpty { throw ValidationError("no model and no ruleset is given") }
    if !(1...3).contains(conditions) { throw ValidationError("--conditions: from 1 to 3") }
    if !(2...100).contains(quantiles) { throw ValidationError("--quantiles: from 2 to 100") }
    _ = try day()
  }

  private func day() throws -> CalendarDate? { try DayOption.day(asOf, "--as-of") }

  private var options: Cohorts.Options {
    var options = Cohorts.Options()
    options.description.quality = score
    options.description.longest = conditions
    options.description.quantiles = quantiles
    options.groups = group
    options.fields = field
    options.sum = sum
    return options
  }

  func run() throws {
    let cohorts = try ExplainedFile.isModel(paths[0]) ? ofModel() : ofRules()
    if !cohorts.hiddenFields.isEmpty {
      let names = cohorts.hiddenFields.map { "`\($0)`" }.joined(separator: ", ")
      StandardError.write("note: personal or masked, and in no rule: \(names)\n")
    }
    switch format {
    case .text:
      try StandardOutput.write(
        CohortPage(cohorts, options, capabilities: Terminal.output(isPlain: plain)).rendered())
    case .json: try StandardOutput.write(CohortJSON.text(cohorts, options))
    }
  }

  private func ofModel() throws -> Cohorts {
    if paths.count > 1 { throw ValidationError("one model at a time") }
    if rows != nil || decision != nil || asOf != nil {
      throw ValidationError(
        "--rows, --decision and --as-of go with rulesets; a model takes --input")
    }
    guard let input else { throw ValidationError("give the rows: --input ROWS.csv") }
    let model = try CompiledModel(path: paths[0])
    if !model.warnings.isEmpty { CommandFailure.report(model.warnings) }
    // Nothing is written before the end: a signal leaves nothing half done.
    try Interruption.install()
    return try Cohorts(model, result: result, input: input, options)
  }

  private func ofRules() throws -> Cohorts {
    if input != nil || result != nil {
      throw ValidationError("--input and --result go with a model; rulesets take --rows")
    }
    guard let rows else { throw ValidationError("give the rows: --rows FILE") }
    let library = try DecisionLibrary(rules: paths)
    try Interruption.install()
    return try Cohorts(library, decision: decision, rows: rows, asOf: try day(), options)
  }
}

extension RuleQuality: ExpressibleByArgument {}
