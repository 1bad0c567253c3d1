/// The one form that each value has among trace bytes, written where room was made beforehand: a
/// part of many values makes room once, not for each. ``ByteEncoder`` says what the forms are.
extension OutputSpan where Element == UInt8 {
  /// No varint of 64 bits, and none of 128, is longer.
  static var longestUnsigned: Int { 10 }
  static var longestSigned: Int { 19 }

  @inline(__always)
  mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  @inline(__always)
  mutating func signed(_ value: Int128) {
    let zigzag = UInt128(bitPattern: (value << 1) ^ (value >> 127))
    // One word is enough for all but the largest, and shifts of one are cheap.
    if zigzag <= UInt128(UInt64.max) { return unsigned(UInt64(truncatingIfNeeded: zigzag)) }
    wide(zigzag)
  }

  @inline(never)
  private mutating func wide(_ value: UInt128) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  @inline(__always)
  mutating func double(_ value: Double) {
    var pattern = value.bitPattern
    for _ in 0..<8 {
      append(UInt8(truncatingIfNeeded: pattern))
      pattern >>= 8
    }
  }

  @inline(__always)
  mutating func count(_ value: Int) { unsigned(UInt64(Swift.max(0, value))) }

  @inline(__always)
  mutating func text(_ utf8: borrowing Span<UInt8>) {
    count(utf8.count)
    raw(utf8)
  }

  /// Copies bytes as they stand.
  @inline(__always)
  mutating func raw(_ bytes: borrowing Span<UInt8>) {
    precondition(bytes.count <= freeCapacity, "room was made for fewer bytes")
    bytes.withUnsafeBufferPointer { source in
      withUnsafeMutableBufferPointer { target, count in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        // Within the room that was checked above; the two never overlap, for `self` is exclusive.
        (to + count).initialize(from: from, count: source.count)
        count += source.count
      }
    }
  }
}
