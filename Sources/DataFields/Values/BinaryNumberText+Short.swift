// Most numbers of a table have a sign, a point and few digits: eight bytes, which are looked at
// together.

extension BinaryNumberText {
  /// The number of a text of up to eight bytes without its sign: digits, and perhaps a point.
  ///
  /// - Returns: nil for any other text.
  @inline(__always)
  static func short(_ bytes: Span<UInt8>) -> Double? {
    let all = bytes.count
    guard all > 0 else { return nil }
    let start = isSign(bytes[0]) ? 1 : 0
    let count = all - start
    guard count > 0, count <= 8 else { return nil }
    return number(
      lastBytes(bytes, from: start, count: count), count: count,
      isNegative: bytes[0] == UInt8(ascii: "-"))
  }

  @inline(__always)
  private static func isSign(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
  }

  /// - Parameters:
  ///   - bytes: the last byte highest; what lies below the first one does not count.
  ///   - count: from 1 to 8.
  @inline(__always)
  private static func number(_ bytes: UInt64, count: Int, isNegative: Bool) -> Double? {
    var (bytes, count) = (bytes, count)
    // Numbers of a table often end in ".0", which adds nothing to a digit before it.
    let endsInPoint = bytes >> 48 == 0x302E && count > 2
    if endsInPoint {
      bytes <<= 16
      count -= 2
    }
    // Before the text stand noughts.
    let text = UInt64.max << UInt64(64 &- count &* 8)
    var word = bytes & text | 0x3030_3030_3030_3030 & ~text
    // A whole number below 2^53 is a double.
    if let digits = Decimal.eightDigits(word) {
      let value = Double(Int64(truncatingIfNeeded: digits))
      return isNegative ? -value : value
    }
    let points = zeroBytes(word ^ 0x2E2E_2E2E_2E2E_2E2E)
    guard points != 0, count > 1, !endsInPoint else { return nil }
    // The point goes, and what stands before it moves up.
    let place = points.trailingZeroBitCount & 0x38
    let before: UInt64 = (1 << UInt64(place)) &- 1
    word = word & ~(before << 8 | 0xFF) | (word & before) << 8 | 0x30
    guard let digits = Decimal.eightDigits(word) else { return nil }
    // A power of ten below 10^23 is a double, too: one division rounds once.
    let value = Double(Int64(truncatingIfNeeded: digits)) / Powers.ofTen[7 - place / 8]
    return isNegative ? -value : value
  }

  /// Up to eight bytes, the last one highest.
  @inline(__always)
  private static func lastBytes(_ bytes: Span<UInt8>, from start: Int, count: Int) -> UInt64 {
    let raw = bytes.bytes
    let shift = UInt64((8 - count) * 8)
    if count == 8 {
      return UInt64(
        littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
    if count >= 4 {
      // Two halves, which may lie over each other.
      let low = UInt32(
        littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self))
      let high = UInt32(
        littleEndian: raw.unsafeLoadUnaligned(
          fromByteOffset: start + count - 4, as: UInt32.self))
      return UInt64(high) << 32 | UInt64(low) << shift
    }
    let middle = count / 2
    return UInt64(bytes[start]) << shift
      | UInt64(bytes[start + middle]) << (shift + UInt64(middle * 8))
      | UInt64(bytes[start + count - 1]) << 56
  }

  /// The top bit of each byte that is nought.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((word & low) &+ low) | word | low)
  }

  /// Reads the texts of a column of up to 64 rows as ``double(_:)`` does.
  ///
  /// - Parameters:
  ///   - bytes: the texts.
  ///   - ranges: where each row's text lies in `bytes`.
  ///   - stride: how far the ranges of two rows are apart.
  ///   - numbers: gets the number of each row whose text is settled.
  /// - Returns: a bit for each of these rows.
  package static func doubles(
    _ bytes: UnsafeBufferPointer<UInt8>, _ ranges: UnsafeBufferPointer<TextRange>, stride: Int,
    into numbers: UnsafeMutablePointer<Double>
  ) -> UInt64 {
    guard let base = bytes.baseAddress else { return 0 }
    let raw = UnsafeRawPointer(base)
    var settled: UInt64 = 0
    for row in 0..<min(64, (ranges.count + stride - 1) / stride) {
      let range = ranges[row * stride]
      if range.count <= 0 { continue }
      let (start, all) = (Int(range.start), Int(range.count))
      let count = all - (isSign(base[start]) ? 1 : 0)
      // The eight bytes up to the end of the text, some of which stand before it.
      if count > 0, count <= 8, start + all >= 8 {
        let word = raw.loadUnaligned(fromByteOffset: start + all - 8, as: UInt64.self)
        let short = number(
          UInt64(littleEndian: word), count: count,
          isNegative: base[start] == UInt8(ascii: "-"))
        if let short {
          numbers[row] = short
          settled |= 1 << UInt64(row)
          continue
        }
      }
      let text = UnsafeBufferPointer(rebasing: bytes[start..<start + all])
      if let long = double(text.span) {
        numbers[row] = long
        settled |= 1 << UInt64(row)
      }
    }
    return settled
  }

  /// Whether single precision has one number for all texts that ``double(_:)`` reads as `value`.
  package static func single(_ value: Double) -> Float? { float(value) }
}
