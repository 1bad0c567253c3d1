internal import ArgumentParser
internal import Attribution
internal import DataFields
internal import FileIO
internal import PMML
internal import ReferenceData
internal import SourceDiagnostics
internal import TabularIO

/// `explain calibrate`: counts the rows of a background at the nodes of a model's trees.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Count how many rows pass each node of a model's trees.",
    discussion: """
      Path-dependent attributions average over a tree by the number of training records at its \
      nodes. Many exports leave these out, or write 1 everywhere. This command walks each row of \
      --background through the trees and writes how many passed each node, as CSV: tree, node and \
      recordCount, both numbered as they stand in the document; the first row also has the digests \
      of model and background. The same model and rows give the same bytes.

      `explain score --attributions --covers FILE` uses the file, and refuses it for another model.

      EXAMPLES
        explain calibrate models/premium.pmml --background models/premium.background.csv \
          --output premium.covers.csv
        explain score models/premium.pmml --input rows.csv --attributions --covers premium.covers.csv

      Exit codes: 0 done; 1 failure; 64 usage.
      """)

  @Argument(help: "The model: a PMML file.")
  var model: String

  @Option(help: "Rows of the model's fields, as CSV.")
  var background: String

  @Option(help: "Where the counts go; - is standard output.")
  var output = "-"

  func run() throws {
    let model = try CompiledModel(path: model)
    guard !model.treePlans.isEmpty else {
      throw CommandFailure(
        message: "`\(self.model)` has no trees that path-dependent attributions go by")
    }
    let file = try ReferenceFile(path: background)
    let rows = try BackgroundRows.matrix(
      file, fields: model.signature.inputs.map { ($0.name, $0.kind) })
    let covers: NodeCovers
    do throws(AttributionRefusal) {
      covers = try NodeCovers(counting: rows, in: model)
    } catch {
      throw CommandFailure(message: error.reason)
    }
    var table = try BufferedFile(path: output, mode: .replace)
    var text = CSVText()
    for title in CoverRows.columns { text.field(title) }
    text.endRecord()
    for (tree, counts) in covers.trees.enumerated() {
      for (node, count) in counts.enumerated() {
        let isFirst = tree == 0 && node == 0
        text.field("\(tree)")
        text.field("\(node)")
        text.field("\(Int(count))")
        text.field(isFirst ? "\(model.signature.digest)" : "")
        text.field(isFirst ? "\(file.digest)" : "")
        text.field(isFirst ? "\(rows.rowCount)" : "")
        text.endRecord()
      }
      table.bytes += text.bytes
      text.removeAll()
      try table.flushIfFull()
    }
    try table.close()
  }
}

extension NodeCovers {
  /// What `--covers` says: `uniform`, or a file that `explain calibrate` wrote for the model.
  init(_ option: String, for model: CompiledModel) throws {
    if option == "uniform" {
      self.init(uniformFor: model)
      return
    }
    let rows = try CoverRows(try ReferenceFile(path: option))
    guard rows.model == "\(model.signature.digest)" else {
      throw CommandFailure(
        message: "`\(option)` was counted for another model",
        help: "count again: explain calibrate \(model.signature.path) --background ROWS.csv")
    }
    self.init(source: .rows(rows.rowCount), trees: rows.trees)
  }
}
