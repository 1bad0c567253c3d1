package import DataFields
package import SourceDiagnostics
internal import TabularIO

/// Rows of model inputs from a file: the reference population of an attribution.
package enum BackgroundRows {
  /// Reads the named columns as a matrix, in their order. An empty field is a missing value.
  ///
  /// - Throws: every column that is not there, and every number that is none.
  package static func matrix(
    _ file: ReferenceFile, fields: [(name: String, kind: ModelValueKind)]
  ) throws(DiagnosticsError) -> ModelMatrix {
    var matrix = ModelMatrix(fields: fields)
    var rows = try ReferenceRows(file, columns: .named(fields.map(\.name)))
    var row: [ModelMatrix.Value] = []
    while try rows.next() {
      row.removeAll(keepingCapacity: true)
      for (column, field) in fields.enumerated() {
        let text = rows.text(column)
        if text.isEmpty {
          row.append(.missing)
        } else if field.kind == .text {
          row.append(.text(text))
        } else if let number = Double(text), number.isFinite {
          row.append(.number(number))
        } else {
          rows.report("`\(text)` is not a number", column: column)
          row.append(.missing)
        }
      }
      matrix.append(row)
    }
    try rows.finish()
    if matrix.rowCount == 0 {
      throw DiagnosticsError(
        Diagnostic(code: "I2", message: "`\(file.path)` has no rows", file: file.path))
    }
    return matrix
  }
}
