internal import ArgumentParser
internal import Attribution
internal import DataFields
internal import FileIO
internal import PMML
internal import ReferenceData
internal import SourceDiagnostics
internal import TabularIO

/// `explain score`: scores the rows of a table with a PMML model.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score rows with a PMML model.",
    discussion: """
      One CSV line a row comes out, in the order of the input: a column for the target, named as in \
      the model (`predictedValue` where it names none), then a column for each output field. An \
      empty cell is a missing value. A row that the model does not score, since a value is invalid, \
      gives a line of empty cells and a notice.

      A model of association or sequence rules with a group field scores transactions: rows that \
      share the field's value, wherever they stand. One line a transaction comes out, in the order \
      in which they first appear, led by the group field. All of the input is read before the first \
      line is written; what is kept are the items of each transaction.

      With --attributions, columns follow that say why: `base_value` and `attribution(FIELD)` for \
      each field, which add up to the raw score, before any link. Of two classes, the second is \
      attributed; of more, each: `base_value(CLASS)`, `attribution(CLASS,FIELD)`. They are exact \
      Shapley values over the rows of --background, or by the model's own record counts.

      EXAMPLES
        explain score models/premium.pmml --input rows.csv
        explain score models/premium.pmml --input - --output scores.csv < rows.csv
        explain score models/premium.pmml --input rows.csv --attributions \
          --background models/premium.background.csv
      """)

  @Argument(help: "The model: a PMML file.")
  var model: String

  @Option(help: "The rows: CSV with a header, or JSON lines; - is standard input.")
  var input: String

  @Option(help: "Where the scores go; - is standard output.")
  var output = "-"

  @Flag(help: "Add what each field contributes to the raw score.")
  var attributions = false

  @Option(help: "Rows of fields, as CSV, whose average score is the base value.")
  var background: String?

  func validate() throws {
    if background != nil, !attributions {
      throw ValidationError("--background goes with --attributions")
    }
  }

  func run() throws {
    let model = try CompiledModel(path: model)
    if !model.warnings.isEmpty { CommandFailure.report(model.warnings) }
    let names = model.inputNames
    let rows = try RecordReader(path: input, columns: .named(names, optional: Set(names)))
    let columns = attributions ? try AttributionColumns(model, background: background) : nil
    var table = try BufferedFile(path: output, mode: .replace)
    if let group = model.groupInput, columns == nil {
      try TransactionTable(model: model, group: group, rows: rows).write(to: &table)
    } else {
      try ScoreTable(model: model, rows: rows, attributions: columns).write(to: &table)
    }
    try table.close()
  }
}

/// The scores of the records of a reader, as CSV.
struct ScoreTable {
  let model: CompiledModel
  let rows: RecordReader
  let attributions: AttributionColumns?
  func write(to table: inout BufferedFile) throws {
    let columns = model.resultColumns
    var text = CSVText()
    for column in columns { text.field(column.name) }
    attributions?.writeNames(to: &text)
    text.endRecord()
    var space = model.makeWorkspace()
    var room = attributions?.makeWorkspaces() ?? []
    var notices = ScoreNotices(rows)
    reading: while true {
      switch try rows.next() {
      case .record:
        model.clear(&space)
        for place in rows.columns.indices {
          let field = rows.field(place)
          if field.kind == .absent || field.kind == .null { continue }
          model.set(text: field.text, anyInput: place, in: &space)
        }
        let isScored = model.score(&space)
        if !isScored {
          notices.addInvalid(model.inputNames[space.invalidInput])
        }
        for column in columns {
          text.field(isScored ? model.text(column.result, in: space) : "")
        }
        attributions?.write(isScored ? space : nil, &room, to: &text)
        text.endRecord()
      case .fault:
        notices.addFault()
        for _ in columns { text.field("") }
        attributions?.write(nil, &room, to: &text)
        text.endRecord()
      case .atEnd, .stopped: break reading
      }
      if text.bytes.count > 1 << 15 {
        table.bytes += text.bytes
        text.removeAll()
        try table.flushIfFull()
      }
    }
    table.bytes += text.bytes
    notices.finish()
  }
}

/// Says which rows are not scored: the first of them one by one, then how many.
struct ScoreNotices {
  private let rows: RecordReader
  private var count = 0
  private static let limit = 10

  init(_ rows: RecordReader) { self.rows = rows }

  mutating func addInvalid(_ field: String) { add("the value of `\(field)` is invalid") }

  mutating func addFault() { add(rows.fault?.reason ?? "unreadable") }

  private mutating func add(_ reason: String) {
    count += 1
    if count > Self.limit { return }
    StandardError.write(
      "\(rows.name):\(rows.line): row \(rows.recordNumber) is not scored: \(reason)\n")
  }

  func finish() {
    if count > Self.limit {
      StandardError.write("\(rows.name): \(count) rows are not scored\n")
    }
  }
}
