internal import DataFields

extension CSVSplitter {
  /// Splits lines one after another, each of which is a record without quotes.
  ///
  /// It ends before a line that is empty, too long, no UTF-8, has another number of fields than the
  /// header, or holds a quote; and before one that has no end yet.
  ///
  /// - Parameters:
  ///   - limit: how many records at most.
  ///   - recordLimit: how many bytes each may have.
  ///   - start: what is added to the offsets of fields.
  ///   - ranges: one row of `columnCount` a record; columns that the file does not have are left as
  ///     they are.
  /// - Returns: how many records, and how many bytes they have with their line breaks.
  func splitLines(
    _ base: UnsafePointer<UInt8>, count: Int, limit: Int, recordLimit: Int, start: Int,
    columnCount: Int, into ranges: UnsafeMutableBufferPointer<TextRange>
  ) -> (records: Int, bytes: Int) {
    guard limit > 0, let out = ranges.baseAddress else { return (0, 0) }
    let slots = slots.span
    var lines = Lines(base, start: start, recordLimit: recordLimit, row: out)
    for offset in stride(from: 0, to: count, by: 64) {
      var (found, high) = marks(base + offset, count: min(count - offset, 64))
      lines.high |= high
      while found != 0 {
        let place = offset + found.trailingZeroBitCount
        found &= found &- 1
        if base[place] == delimiter {
          lines.endField(at: place, slots)
        } else if base[place] == UInt8(ascii: "\n"), lines.endRecord(at: place, slots) {
          lines.row += columnCount
          if lines.records == limit { return (lines.records, lines.first) }
          lines.high = high
        } else {
          return (lines.records, lines.first)
        }
      }
    }
    return (lines.records, lines.first)
  }

  /// Where a delimiter, a line break or a quote stands among up to 64 bytes: a bit each; and a word
  /// that has the top bit of a byte if one of the bytes may be no ASCII.
  @inline(__always)
  private func marks(_ base: UnsafePointer<UInt8>, count: Int) -> (found: UInt64, high: UInt64) {
    let raw = UnsafeRawPointer(base)
    let delimiters = Piece(repeating: delimiter)
    let breaks = Piece(repeating: UInt8(ascii: "\n"))
    let quotes = Piece(repeating: UInt8(ascii: "\""))
    var found: UInt64 = 0
    var high: UInt64 = 0
    for start in stride(from: 0, to: count, by: 16) {
      var piece = Piece.zero
      if start + 16 <= count {
        piece = raw.loadUnaligned(fromByteOffset: start, as: Piece.self)
      } else {
        for place in start..<count { piece[place - start] = base[place] }
      }
      // A byte of all ones where one of them stands.
      let marks = unsafeBitCast(
        (piece .== delimiters) .| (piece .== breaks) .| (piece .== quotes),
        to: SIMD2<UInt64>.self)
      let words = unsafeBitCast(piece, to: SIMD2<UInt64>.self)
      high |= words[0] | words[1]
      found |= (Self.bits(marks[0]) | Self.bits(marks[1]) << 8) << UInt64(start)
    }
    return (found, high)
  }

  /// The lowest bit of each byte of a word, side by side: the product brings bit 8i to bit 56 + i.
  @inline(__always)
  private static func bits(_ word: UInt64) -> UInt64 {
    ((UInt64(littleEndian: word) & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) >> 56
  }

  /// As many bytes as are compared together.
  private typealias Piece = SIMD16<UInt8>

  /// How far the lines have been split.
  private struct Lines {
    let base: UnsafePointer<UInt8>
    let start: Int
    let recordLimit: Int
    /// The ranges of the current record.
    var row: UnsafeMutablePointer<TextRange>
    var records = 0
    /// Where the current record and its current field start.
    var first = 0
    private var field = 0
    private var column = 0
    /// Has the top bit of some byte if one of the record's bytes may be no ASCII.
    var high: UInt64 = 0

    init(
      _ base: UnsafePointer<UInt8>, start: Int, recordLimit: Int,
      row: UnsafeMutablePointer<TextRange>
    ) {
      self.base = base
      self.start = start
      self.recordLimit = recordLimit
      self.row = row
    }

    @inline(__always)
    mutating func endField(at end: Int, _ slots: Span<Int32>) {
      if column < slots.count, slots[column] >= 0 {
        row[Int(slots[column])] = TextRange(
          start: Int32(truncatingIfNeeded: start + field),
          count: Int32(truncatingIfNeeded: end - field))
      }
      column += 1
      field = end + 1
    }

    /// Ends the record at a line break; false if it is one for ``RecordReader/next()``.
    @inline(__always)
    mutating func endRecord(at end: Int, _ slots: Span<Int32>) -> Bool {
      let hasReturn = end > first && base[end - 1] == UInt8(ascii: "\r")
      let last = hasReturn ? end - 1 : end
      endField(at: last, slots)
      guard column == slots.count, last > first, end - first <= recordLimit else { return false }
      if high & 0x8080_8080_8080_8080 != 0 {
        let record = UnsafeBufferPointer(start: base + first, count: last - first)
        guard UTF8Check.firstInvalid(record) == nil else { return false }
      }
      records += 1
      (first, field, column) = (end + 1, end + 1, 0)
      return true
    }
  }
}
