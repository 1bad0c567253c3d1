internal import ArgumentParser
internal import Attribution
internal import DataFields
internal import FileIO
internal import PMML
internal import ReferenceData
internal import SourceDiagnostics
internal import TabularIO

/// `explain score`: scores the rows of a table with a PMML model.
struct ScoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score rows with a PMML model.",
    discussion: """
      One CSV line a row comes out, in the order of the input: a column for the target, named as in \
      the model (`predictedValue` where it names none), then a column for each output field. An \
      empty cell is a missing value. With --format jsonl, a JSON object a line, with the columns as \
      members. A header without commas may be parted by `;`, tabs or `|`.

      A row that cannot be scored, since a value is invalid or the row is malformed, gives a line of \
      empty cells and a notice; with --on-invalid stop, nothing after it is scored; with \
      --on-invalid dead-letter it has no line, and is written to --dead-letters with the reason.

      Fields that look back (`Lag`) see the rows before in the input. A model of association or sequence rules with a group field scores transactions: rows that \
      share the field's value, wherever they stand. One line a transaction comes out, in the order \
      in which they first appear, led by the group field. All of the input is read before the first \
      line is written; what is kept are the items of each transaction. A model with aggregates of \
      several rows (`Aggregate`) scores groups in the same way, or all rows as one.

      With --attributions, columns follow that say why: `base_value` and `attribution(FIELD)` for \
      each field, which add up to the raw score, before any link. Of two classes, the second is \
      attributed; of more, each: `base_value(CLASS)`, `attribution(CLASS,FIELD)`. They are exact \
      Shapley values over the rows of --background, by the model's own record counts or those of \
      --covers, or over the one row of averages that its ModelStats gives. Where there are none, neural \
      networks have integrated gradients, and other models of many fields are sampled: \
      `attribution_error(FIELD)` is half of the 95 % interval then, `evaluations` how many scores or \
      gradients it took; what is drawn follows from the model and the row's number. Of clusters, \
      `runner_up` is the next nearest one, from which the attributions tell the cluster apart. With --interactions, \
      `interaction(FIELD,OTHER)` columns follow: the Shapley interaction index, half of which is in \
      the attribution of either field; they take record counts, not a background. `residual` is what \
      base value and attributions leave of the raw score, `float_rounding` what single precision puts \
      between the model's own raw score and the sum; where either is more than rounding, the row is \
      named and the exit code is 1.

      With --neighbors, a model of nearest neighbours writes a line of JSON a scored row beside the \
      table: the neighbours, how far each is, what it counts, and each field's share of how far.

      EXAMPLES
        explain score models/premium.pmml --input rows.csv
        explain score models/premium.pmml --input - --output scores.csv < rows.csv
        explain score models/premium.pmml --input rows.csv --attributions \
          --background models/premium.background.csv
        explain score models/premium.pmml --input rows.csv --attributions --covers uniform
        explain score knn.pmml --input rows.csv --neighbors neighbors.jsonl
        explain score models/premium.pmml --input rows.csv --format jsonl --threads 2
        explain score models/premium.pmml --input rows.csv --on-invalid dead-letter \
          --dead-letters refused.jsonl

      Exit codes: 0 done, also where rows are not scored; 1 failure, stopped at a row, or attributions \
      that do not add up; 64 usage; 130 or 143 stopped by SIGINT or SIGTERM, after whole lines.
      """)

  @Argument(help: "The model: a PMML file.")
  var model: String

  @Option(help: "The rows: CSV with a header, or JSON lines; - is standard input.")
  var input: String

  @Option(help: "Where the scores go; - is standard output.")
  var output = "-"

  @Flag(help: "Add what each field contributes to the raw score.")
  var attributions = false

  @Flag(help: "Add what each two fields contribute only together.")
  var interactions = false

  @Option(help: "Rows of fields, as CSV, whose average score is the base value.")
  var background: String?

  @Option(
    help: ArgumentHelp(
      "The records at each node of trees: a file of `explain calibrate`, or `uniform`.",
      valueName: "file"))
  var covers: String?

  @Option(
    help: ArgumentHelp(
      "The most scores of a row whose attributions are sampled (default: 2000, more of many fields).",
      valueName: "count"))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "Where the neighbours of each row go, of a model that predicts by them: JSON lines.",
      valueName: "file"))
  var neighbors: String?

  @Option(help: "The form of the scores: csv or jsonl.")
  var format = ScoreLines.Format.csv

  @Option(
    help: ArgumentHelp(
      "What parts columns, `tab` for a tab (default: what the header shows; a comma in the output).",
      valueName: "character"))
  var delimiter: String?

  @Option(
    help: ArgumentHelp(
      "How many threads score; at most one a core does.", valueName: "count"))
  var threads = 1

  @Option(help: "What becomes of rows that cannot be scored: missing, stop or dead-letter.")
  var onInvalid = InvalidRows.missing

  @Option(
    help: ArgumentHelp("Where dead letters go, with --on-invalid dead-letter.", valueName: "file"))
  var deadLetters: String?

  func validate() throws {
    if background != nil, !attributions {
      throw ValidationError("--background goes with --attributions")
    }
    if interactions, !attributions {
      throw ValidationError("--interactions goes with --attributions")
    }
    if covers != nil, !attributions {
      throw ValidationError("--covers goes with --attributions")
    }
    if let samples {
      if !attributions { throw ValidationError("--samples goes with --attributions") }
      if !(1...10_000_000).contains(samples) {
        throw ValidationError("--samples: from 1 to 10,000,000")
      }
    }
    if covers != nil, background != nil {
      throw ValidationError("--background and --covers: one of them says what is expected")
    }
    if (deadLetters != nil) != (onInvalid == .deadLetter) {
      throw ValidationError("--on-invalid dead-letter and --dead-letters FILE go together")
    }
    if neighbors == "-", output == "-" {
      throw ValidationError("scores and neighbours cannot both go to standard output")
    }
    if deadLetters == "-", output == "-" {
      throw ValidationError("scores and dead letters cannot both go to standard output")
    }
    if !(1...256).contains(threads) { throw ValidationError("--threads: from 1 to 256") }
    _ = try delimiterByte()
  }

  private func delimiterByte() throws -> UInt8? {
    guard let delimiter else { return nil }
    if delimiter == "tab" || delimiter == "\\t" { return UInt8(ascii: "\t") }
    guard let byte = delimiter.utf8.first, delimiter.utf8.count == 1, byte >= 0x20 || byte == 0x09,
      byte < 0x7F, byte != UInt8(ascii: "\"")
    else { throw ValidationError("--delimiter `\(delimiter)`: expected one character, or `tab`") }
    return byte
  }

  func run() async throws {
    let model = try CompiledModel(path: model)
    if !model.warnings.isEmpty { CommandFailure.report(model.warnings) }
    let names = model.inputNames
    let delimiter = try delimiterByte()
    var options = RecordReader.Options()
    options.delimiter = delimiter ?? UInt8(ascii: ",")
    options.detectsDelimiter = delimiter == nil
    let rows = try RecordReader(
      path: input, columns: .named(names, optional: Set(names)), options: options)
    let columns =
      attributions
      ? try AttributionColumns(
        model, background: background, covers: covers, interactions: interactions,
        estimates: Attributor.Estimates(scoreCount: samples)) : nil
    var problems = try ScoreProblems(onInvalid, input: rows.name, deadLetters: deadLetters)
    let neighborLines = neighbors == nil ? nil : NeighborLines(model)
    if neighbors != nil, neighborLines == nil {
      throw CommandFailure(
        message: "a `\(model.signature.element)` predicts by no neighbours",
        help: "--neighbors goes with a `NearestNeighborModel`")
    }
    let joinsRows = columns == nil && model.joinsRows
    let group = joinsRows ? model.groupInput : nil
    let lines = try ScoreLines(
      model, format: format, delimiter: delimiter ?? UInt8(ascii: ","), attributions: columns,
      group: group.map { names[$0] }, neighbors: neighborLines)
    // Until here a signal ends the process, as it does without a handler: nothing is written yet.
    try Interruption.install()
    var table = try BufferedFile(path: output, mode: .replace)
    let neighborFile: BufferedFile? =
      if let neighbors { try BufferedFile(path: neighbors, mode: .replace) } else { nil }
    if joinsRows {
      try TransactionTable(lines: lines, group: group, rows: rows).write(to: &table, &problems)
      try table.close()
      try problems.close()
    } else {
      try await ScoreTable(
        lines, rows: rows, table: table, problems: problems, threads: threads,
        neighbors: neighborFile
      ).write()
    }
  }
}
