extension Diagnostic.FixIt {
  /// A file with edits made, and how many were: of edits that overlap, the first is made.
  ///
  /// Edits of other files, or past the file's end, are left out.
  package static func apply(_ edits: [Self], to bytes: [UInt8], named file: String)
    -> (bytes: [UInt8], count: Int)
  {
    var seen: Set<Self> = []
    let ordered = edits.filter {
      $0.file == file && $0.start >= 0 && $0.start <= $0.end && $0.end <= bytes.count
        && seen.insert($0).inserted
    }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var end = 0
    var count = 0
    var last: Self?
    for edit in ordered {
      // Two insertions at one place are two answers to one question.
      if let last, edit.start < last.end || edit.start == last.start { continue }
      result += bytes[end..<edit.start]
      result += Array(edit.replacement.utf8)
      end = edit.end
      count += 1
      last = edit
    }
    return (result + bytes[end...], count)
  }
}
