/// Splits one framed CSV record into its fields (RFC 4180, section 2).
struct CSVSplitter {
  enum Fault {
    /// A quote inside a field that does not start with one, or text after a closing quote.
    case misplacedQuote(at: Int)
    case wrongFieldCount(Int)
  }

  let delimiter: UInt8
  /// For each column of the file the slot that takes it, or -1.
  let slots: [Int32]

  /// Fills the layout's slots; nil is success.
  ///
  /// - Complexity: O(n) in the record; allocates only while the scratch buffer grows.
  func split(
    _ base: UnsafePointer<UInt8>, count: Int, hasQuotes: Bool, into layout: inout RecordLayout
  ) -> Fault? {
    layout.scratch.removeAll()
    if !hasQuotes { return splitPlain(base, count: count, into: layout) }
    var at = 0
    var column = 0
    while true {
      var slice = FieldSlice(kind: .text, rawStart: Int32(truncatingIfNeeded: at))
      if hasQuotes, at < count, base[at] == UInt8(ascii: "\"") {
        guard let end = unquote(base, from: at, to: count, &slice, &layout.scratch) else {
          return .misplacedQuote(at: at)
        }
        at = end
        if at < count, base[at] != delimiter { return .misplacedQuote(at: at) }
      } else {
        let end = ByteSearch.first(delimiter, in: base, from: at, to: count) ?? count
        if hasQuotes,
          let quote = ByteSearch.first(UInt8(ascii: "\""), in: base, from: at, to: end)
        {
          return .misplacedQuote(at: quote)
        }
        slice.start = Int32(truncatingIfNeeded: at)
        slice.count = Int32(truncatingIfNeeded: end - at)
        at = end
      }
      if column < slots.count, slots[column] >= 0 { layout.slices[Int(slots[column])] = slice }
      column += 1
      if at >= count { break }
      at += 1
    }
    return column == slots.count ? nil : .wrongFieldCount(column)
  }

  /// The same of a record without quotes, which is looked at eight bytes at a time.
  private func splitPlain(
    _ base: UnsafePointer<UInt8>, count: Int, into layout: borrowing RecordLayout
  ) -> Fault? {
    let raw = UnsafeRawPointer(base)
    let pattern = 0x0101_0101_0101_0101 * UInt64(delimiter)
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let slots = slots.span
    var start = 0
    var column = 0
    func end(_ end: Int) {
      if column < slots.count, slots[column] >= 0 {
        layout.slices[Int(slots[column])] = FieldSlice(
          kind: .text, start: Int32(truncatingIfNeeded: start),
          count: Int32(truncatingIfNeeded: end - start),
          rawStart: Int32(truncatingIfNeeded: start))
      }
      column += 1
      start = end + 1
    }
    var offset = 0
    while offset + 8 <= count {
      let word =
        UInt64(
          littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ pattern
      // The top bit of each byte that is zero, which is where the delimiter was.
      var found = ~(((word & low) &+ low) | word | low)
      while found != 0 {
        end(offset + found.trailingZeroBitCount / 8)
        found &= found &- 1
      }
      offset += 8
    }
    while offset < count {
      if base[offset] == delimiter { end(offset) }
      offset += 1
    }
    end(count)
    return column == slots.count ? nil : .wrongFieldCount(column)
  }

  /// Undoes the quotes of the field at `start` and returns the offset after its closing quote.
  private func unquote(
    _ base: UnsafePointer<UInt8>, from start: Int, to count: Int, _ slice: inout FieldSlice,
    _ scratch: inout ScratchBytes
  ) -> Int? {
    var from = start + 1
    let decoded = scratch.count
    while let quote = ByteSearch.first(UInt8(ascii: "\""), in: base, from: from, to: count) {
      if quote + 1 < count, base[quote + 1] == UInt8(ascii: "\"") {
        scratch.append(base + from, count: quote + 1 - from)
        slice.isDecoded = true
        from = quote + 2
        continue
      }
      if slice.isDecoded {
        scratch.append(base + from, count: quote - from)
        slice.start = Int32(truncatingIfNeeded: decoded)
        slice.count = Int32(truncatingIfNeeded: scratch.count - decoded)
      } else {
        slice.start = Int32(truncatingIfNeeded: from)
        slice.count = Int32(truncatingIfNeeded: quote - from)
      }
      return quote + 1
    }
    return nil
  }
}
