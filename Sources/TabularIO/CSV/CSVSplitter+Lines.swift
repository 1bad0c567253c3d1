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
    let raw = UnsafeRawPointer(base)
    let slots = slots.span
    var lines = Lines(base, start: start, recordLimit: recordLimit, row: out)
    var offset = 0
    while offset < count {
      var word: UInt64
      if offset + 8 <= count {
        word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      } else {
        word = 0
        for place in offset..<count { word |= UInt64(base[place]) << UInt64((place - offset) * 8) }
      }
      lines.high |= word
      var found =
        Self.places(of: delimiter, in: word) | Self.places(of: UInt8(ascii: "\n"), in: word)
        | Self.places(of: UInt8(ascii: "\""), in: word)
      while found != 0 {
        let place = offset + found.trailingZeroBitCount / 8
        found &= found &- 1
        if base[place] == delimiter {
          lines.endField(at: place, slots)
        } else if base[place] == UInt8(ascii: "\n"), lines.endRecord(at: place, slots) {
          lines.row += columnCount
          if lines.records == limit { return (lines.records, lines.first) }
          lines.high = word
        } else {
          return (lines.records, lines.first)
        }
      }
      offset += 8
    }
    return (lines.records, lines.first)
  }

  /// The top bit of each byte that is the one looked for.
  @inline(__always)
  private static func places(of byte: UInt8, in word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let rest = word ^ 0x0101_0101_0101_0101 &* UInt64(byte)
    return ~(((rest & low) &+ low) | rest | low)
  }

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
