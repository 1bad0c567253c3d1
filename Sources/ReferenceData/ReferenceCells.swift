package import SourceDiagnostics
internal import TabularIO

/// The cells of a small reference file as texts with their places, for what is read cell by cell.
package struct ReferenceCells: Sendable {
  package struct Cell: Sendable, Hashable {
    package var text: String
    package var position: SourcePosition
  }

  package private(set) var columns: [String] = []
  package private(set) var rows: [[Cell]] = []

  /// - Throws: every record that cannot be read.
  package init(_ file: ReferenceFile) throws(DiagnosticsError) {
    var reading = try ReferenceRows(file, columns: .all)
    columns = reading.columns
    while try reading.next() {
      rows.append(
        columns.indices.map {
          Cell(text: reading.text($0), position: reading.position($0))
        })
    }
    try reading.finish()
  }
}
