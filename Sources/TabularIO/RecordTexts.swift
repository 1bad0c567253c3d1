package import DataFields

/// The texts of many records, copied out of a reader: one row of ranges a record.
package struct RecordTexts: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// For each record and column, where its text lies in ``bytes``.
  package private(set) var ranges: [TextRange] = []
  package let columnCount: Int

  package init(columnCount: Int) { self.columnCount = columnCount }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
  }

  /// Adds a record without texts.
  package mutating func addAbsent() {
    ranges.append(contentsOf: repeatElement(.absent, count: columnCount))
  }

  /// Adds a record: its bytes as they are, then those that decoding has made.
  mutating func add(
    _ layout: borrowing RecordLayout, _ window: UnsafePointer<UInt8>, record: Range<Int>
  ) {
    let start = bytes.count - record.lowerBound
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: window + record.lowerBound, count: record.count))
    let decoded = bytes.count
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: layout.scratch.base, count: layout.scratch.count))
    ranges.reserveCapacity(ranges.count + columnCount)
    for column in 0..<min(columnCount, layout.columnCount) {
      let slice = layout.slices[column]
      ranges.append(
        slice.kind == .absent || slice.kind == .null
          ? .absent
          : TextRange(
            start: slice.start &+ Int32(truncatingIfNeeded: slice.isDecoded ? decoded : start),
            count: slice.count))
    }
  }

  /// The text of a record's column; nil where there is none.
  package func text(_ record: Int, _ column: Int) -> String? {
    let range = ranges[record * columnCount + column]
    if range.count < 0 { return nil }
    let start = Int(range.start)
    return String(decoding: bytes[start..<start + Int(range.count)], as: UTF8.self)
  }
}

extension RecordReader {
  /// Copies the texts of the current record; none where it has a ``fault``.
  package func copyTexts(to texts: inout RecordTexts) {
    if fault != nil { return texts.addAbsent() }
    texts.add(layout, UnsafePointer(window.base), record: rawRange)
  }
}
