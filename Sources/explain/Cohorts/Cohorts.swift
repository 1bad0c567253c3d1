internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import EventIngest
internal import FileIO
internal import PMML
internal import PopulationViews
internal import RuleLanguage
internal import SourceDiagnostics
internal import TabularIO

/// The cohorts that a decision or a model makes of rows.
struct Cohorts {
  /// What makes them.
  enum Maker {
    case decision(TraceSchema)
    case model(ModelSignature, result: String)
  }

  struct Options {
    var description = CohortDescription.Options()
    /// The groups that are described; empty for all.
    var groups: [String] = []
    /// The fields and ranks that rules are made of; empty for all that may be shown.
    var fields: [String] = []
    /// A column of the rows that is summed up.
    var sum: String?
  }

  let maker: Maker
  private(set) var rowCount = 0
  /// Rows without an outcome or a result, in no cohort.
  private(set) var leftOut = 0
  /// Fields that no rule may show, since they are about persons.
  private(set) var hiddenFields: [String] = []
  private(set) var conditionCount = 0
  private(set) var cohorts: [CohortDescription] = []
  /// By the names of cohorts, where a column is summed up.
  private(set) var sums: [String: DecimalSum] = [:]
  private(set) var total: DecimalSum?

  // MARK: A decision

  /// Decides on rows of supplied values.
  ///
  /// - Parameter name: the decision; nil if the rulesets make only one on such rows.
  init(
    _ library: DecisionLibrary, decision name: String?, rows path: String, asOf: CalendarDate?,
    _ options: Options
  ) throws {
    var run = IngestRun.Options(log: nil)
    run.rows = path
    run.asOf = asOf
    if options.sum != nil, path == "-" {
      throw CommandFailure(message: "--sum reads the rows again: give a file, not standard input")
    }
    if let name, !library.decisionNames.contains(name) {
      let near = NearMiss.suggestion(for: name, among: library.decisionNames)
      throw CommandFailure(
        message: "the rulesets make no decision `\(name)`",
        help: near.map { "did you mean `\($0)`?" })
    }
    var made: DecisionRows?
    var names: Set<String> = []
    var progress = ProgressLine()
    defer { progress.clear() }
    func take(_ decision: Decision) throws {
      if let name, decision.name != name { return }
      if name == nil, names.insert(decision.name).inserted, names.count > 1 {
        throw CommandFailure(
          message: "several decisions are made on the rows: "
            + names.sorted().map { "`\($0)`" }.joined(separator: ", "),
          help: "say which with --decision")
      }
      let trace = try decision.trace()
      if made == nil { made = try DecisionRows(trace.schema, fields: options.fields) }
      try made?.add(trace)
    }
    let summary = try Rehearsal.run(
      library, run, progress: { progress.show("\($0) rows") }, take: take)
    if summary.stoppedBy != 0 { throw ExitCode(128 + summary.stoppedBy) }
    if summary.counts.deadLetters > 0 {
      StandardError.write(
        "warning: \(summary.counts.deadLetters) rows are dead letters and are left out\n")
    }
    guard var made else { throw CommandFailure(message: "nothing was decided on the rows") }
    maker = .decision(made.schema)
    hiddenFields = made.hiddenFields
    if let sum = options.sum { try made.sum(column: sum, of: path) }
    try describe(made.rows, options, progress: &progress)
  }

  // MARK: A model

  /// Scores rows.
  ///
  /// - Parameter name: the result that tells cohorts apart; nil for what the model predicts.
  init(_ model: CompiledModel, result name: String?, input path: String, _ options: Options) throws
  {
    if let reason = model.needsOtherRows {
      throw CommandFailure(message: "rows of this model are not scored by themselves: \(reason)")
    }
    let (result, resultName) = try Self.result(name, of: model)
    maker = .model(model.signature, result: resultName)
    var made = try ModelRows(model, fields: options.fields)
    var names = model.inputNames
    var sumColumn: Int?
    if let sum = options.sum {
      sumColumn = names.firstIndex(of: sum)
      if sumColumn == nil {
        sumColumn = names.count
        names.append(sum)
      }
    }
    var reading = RecordReader.Options()
    reading.detectsDelimiter = true
    let reader = try RecordReader(
      path: path, columns: .named(names, optional: Set(model.inputNames)), options: reading)
    let rows = try AttributedRows(model, reader, label: result)
    try rows.forEachBlock { block in try made.add(block, sum: sumColumn) }
    var progress = ProgressLine()
    defer { progress.clear() }
    try describe(made.rows, options, progress: &progress)
  }

  private static func result(
    _ name: String?, of model: CompiledModel
  ) throws -> (CompiledModel.ResolvedResult, String) {
    let columns = model.resultColumns
    guard let name else {
      guard let first = columns.first else {
        throw CommandFailure(message: "the model gives no result")
      }
      return (first.result, first.name)
    }
    if let column = columns.first(where: { $0.name == name }) { return (column.result, name) }
    let results = model.signature.results
    if let result = results.first(where: { "\($0)" == name }), let found = model.resolve(result) {
      return (found, name)
    }
    let known = columns.map(\.name) + results.map { "\($0)" }
    let near = NearMiss.suggestion(for: name, among: known)
    throw CommandFailure(
      message: "the model gives no result `\(name)`",
      help: near.map { "did you mean `\($0)`?" }
        ?? "there is \(columns.map { "`\($0.name)`" }.joined(separator: ", "))")
  }

  // MARK: Both

  private mutating func describe(
    _ rows: CohortRows, _ options: Options, progress: inout ProgressLine
  ) throws {
    let table = rows.table()
    rowCount = table.rowCount
    leftOut = table.rowCount - table.universe.count
    for name in options.groups where !table.groups.contains(name) {
      let near = NearMiss.suggestion(for: name, among: table.groups)
      throw CommandFailure(
        message: "no row belongs to `\(name)`",
        help: near.map { "did you mean `\($0)`?" }
          ?? "there is \(table.groups.sorted().map { "`\($0)`" }.joined(separator: ", "))")
    }
    if options.sum != nil {
      var whole = DecimalSum()
      for (group, sum) in zip(table.groups, rows.sums) {
        sums[group] = sum
        whole.add(sum)
      }
      if whole.hasOverflowed {
        throw CommandFailure(message: "the sum is more than 38 digits hold")
      }
      total = whole
    }
    let conditions = table.conditions(quantiles: options.description.quantiles)
    conditionCount = conditions.count
    guard conditions.count <= CohortDescription.conditionLimit else {
      throw CommandFailure(
        message: "there are \(conditions.count) conditions, which are too many to combine",
        help: "name the fields that matter with --field, or cut into fewer parts with --quantiles")
    }
    var shown = progress
    cohorts = CohortDescription.all(
      table, conditions, options.description,
      only: options.groups.isEmpty ? nil : Set(options.groups)
    ) { done in shown.show("\(done) of \(table.groups.count) groups") }
    progress = shown
  }
}
