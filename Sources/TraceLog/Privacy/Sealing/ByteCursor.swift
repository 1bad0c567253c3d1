internal import DecisionTrace

/// A place among bytes that moves on over values without reading them, as far as their ends must be
/// known: cutting a body apart copies its bytes and needs no more.
struct ByteCursor {
  let bytes: [UInt8]
  private(set) var offset: Int

  init(_ bytes: [UInt8], from offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  var isAtEnd: Bool { offset == bytes.count }

  func fault(_ reason: String) -> TraceFault { TraceFault(offset: offset, reason: reason) }

  @inline(__always)
  mutating func byte() throws(TraceFault) -> UInt8 {
    guard offset < bytes.count else { throw fault("ends too early") }
    defer { offset += 1 }
    return bytes[offset]
  }

  @inline(__always)
  mutating func skip(_ count: Int) throws(TraceFault) {
    guard count >= 0, count <= bytes.count - offset else { throw fault("ends too early") }
    offset += count
  }

  /// A number of up to 128 bits, signed or not: its last byte is the one below 128.
  @inline(__always)
  mutating func skipNumber() throws(TraceFault) {
    let limit = min(bytes.count, offset + 19)
    while offset < limit {
      offset += 1
      if bytes[offset - 1] < 0x80 { return }
    }
    throw fault(offset == bytes.count ? "ends too early" : "number too long")
  }

  /// A number that fits `Int`.
  mutating func number() throws(TraceFault) -> Int {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 else { throw fault("number too long") }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return Int(value) }
      shift += 7
    }
  }

  /// A count of things that take at least one byte each.
  @inline(__always)
  mutating func count() throws(TraceFault) -> Int {
    let value = try number()
    guard value <= bytes.count - offset else { throw fault("count \(value) exceeds the record") }
    return value
  }

  @inline(__always)
  mutating func skipText() throws(TraceFault) { try skip(try count()) }
}
