internal import DataFields
package import SourceDiagnostics
internal import TabularIO

/// The record counts of a model's nodes from a file that `explain calibrate` wrote: CSV, a row a node.
///
/// The first row also names the model, the background whose rows were counted, and their number.
package struct CoverRows: Sendable {
  package static let columns = ["tree", "node", "recordCount", "model", "background", "rows"]

  /// The digest of the model's document, as text.
  package let model: String
  package let rowCount: Int
  /// For each tree, a number a node, as they stand in the document.
  package let trees: [[Double]]

  /// - Throws: every row that does not follow the one before it, and every number that is none.
  package init(_ file: ReferenceFile) throws(DiagnosticsError) {
    var rows = try ReferenceRows(file, columns: .named(Self.columns))
    var model = ""
    var rowCount = 0
    var trees: [[Double]] = []
    while try rows.next() {
      if trees.isEmpty {
        model = rows.text(3)
        rowCount = Self.whole(&rows, 5, from: 1) ?? 0
      }
      guard let tree = Self.whole(&rows, 0, from: 0), let node = Self.whole(&rows, 1, from: 0)
      else { continue }
      if tree == trees.count, node == 0 {
        trees.append([])
      } else if tree != trees.count - 1 || node != trees[tree].count {
        rows.report("expected the next node, or the first of the next tree", column: 1)
        continue
      }
      guard let count = Double(rows.text(2)), count.isFinite, count >= 0 else {
        rows.report("`\(rows.text(2))` is no number of records", column: 2)
        continue
      }
      trees[tree].append(count)
    }
    try rows.finish()
    if trees.isEmpty {
      throw DiagnosticsError(
        Diagnostic(code: "I2", message: "`\(file.path)` has no rows", file: file.path))
    }
    self.model = model
    self.rowCount = rowCount
    self.trees = trees
  }

  private static func whole(_ rows: inout ReferenceRows, _ column: Int, from least: Int) -> Int? {
    if let number = Int(rows.text(column)), number >= least { return number }
    rows.report("`\(rows.text(column))` is no whole number from \(least) on", column: column)
    return nil
  }
}
