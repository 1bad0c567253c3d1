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

  /// Adds the records that are lines without quotes, as many as the first bytes of a window hold.
  ///
  /// - Parameters:
  ///   - limit: how many records at most.
  ///   - recordLimit: how many bytes each may have.
  /// - Returns: how many records, and how many bytes of the window they are.
  mutating func addLines(
    _ splitter: CSVSplitter, _ window: UnsafePointer<UInt8>, count: Int, limit: Int,
    recordLimit: Int
  ) -> (records: Int, bytes: Int) {
    // A record has at least as many bytes as fields.
    let most = min(limit, count / max(splitter.slots.count, 1))
    let first = ranges.count
    ranges.append(contentsOf: repeatElement(.absent, count: most * columnCount))
    let found = ranges.withUnsafeMutableBufferPointer { ranges in
      splitter.splitLines(
        window, count: count, limit: most, recordLimit: recordLimit, start: bytes.count,
        columnCount: columnCount, into: UnsafeMutableBufferPointer(rebasing: ranges[first...]))
    }
    ranges.removeLast((most - found.records) * columnCount)
    bytes.append(contentsOf: UnsafeBufferPointer(start: window, count: found.bytes))
    return found
  }

  /// Lends the bytes of a record's column, unless there is no text.
  package func withText(_ record: Int, _ column: Int, _ body: (Span<UInt8>) -> Void) {
    let range = ranges[record * columnCount + column]
    if range.count < 0 { return }
    body(bytes.span.extracting(Int(range.start)..<Int(range.start) + Int(range.count)))
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

  /// Copies the texts of the next records at once, as long as they are lines of CSV without quotes and
  /// faults, of which the window holds the whole; ``next()`` goes on with what is not.
  ///
  /// Their numbers are the last ones up to ``recordNumber``, and they are the lines right before
  /// ``line``; the reader stands on none of them.
  ///
  /// - Parameters:
  ///   - limit: how many records at most.
  ///   - byteLimit: how many bytes they have together at most.
  /// - Returns: how many there were.
  /// - Complexity: O(n) in their bytes, and at most one record more.
  package func copyLines(to texts: inout RecordTexts, limit: Int, byteLimit: Int) -> Int {
    guard format == .csv, isLastElement, csvFramer.isAtStart else { return 0 }
    leaveRecord()
    let (records, bytes) = texts.addLines(
      splitter, UnsafePointer(window.base), count: min(window.count, byteLimit), limit: limit,
      recordLimit: options.recordLimit)
    window.consume(bytes)
    recordNumber += records
    line += records
    return records
  }
}
