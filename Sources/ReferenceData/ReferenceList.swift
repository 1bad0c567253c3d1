package import DataFields
package import SourceDiagnostics
internal import TabularIO

/// A list of texts from one column of a file: `in list "do-not-contact.csv"`.
package struct ReferenceList: Sendable {
  package let path: String
  package let digest: Digest
  /// The codes of the members in the interner that the list was loaded with, rising, each once.
  package let members: [Int32]

  /// Reads a list and gives its members their codes.
  ///
  /// - Parameter column: nil if the file has one column.
  package init(
    _ file: ReferenceFile, column: String?, texts: inout TextInterner
  ) throws(DiagnosticsError) {
    path = file.path
    digest = file.digest
    var rows = try ReferenceRows(file, columns: column.map { .named([$0]) } ?? .all)
    if rows.columns.count != 1 {
      throw DiagnosticsError(
        Diagnostic(
          code: "I4",
          message: "`\(file.path)` has \(rows.columns.count) columns, a list takes one",
          file: file.path, help: ["name it:   list \"\(file.path)\" column \"\(rows.columns[0])\""]
        ))
    }
    var codes: [Int32] = []
    while try rows.next() { codes.append(texts.intern(rows.field(0).span)) }
    try rows.finish()
    codes.sort()
    var unique: [Int32] = []
    for code in codes where unique.last != code { unique.append(code) }
    members = unique
  }

  /// - Complexity: O(log members).
  package func contains(_ code: Int32) -> Bool {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle] == code { return true }
      if members[middle] < code { low = middle + 1 } else { high = middle }
    }
    return false
  }
}
