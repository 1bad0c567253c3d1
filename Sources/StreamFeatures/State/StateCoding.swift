/// Writes numbers and texts of a snapshot: base-128, signed ones zigzag.
struct StateEncoder {
  var bytes: [UInt8] = []

  mutating func unsigned(_ value: UInt128) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func count(_ value: Int) { unsigned(UInt128(max(0, value))) }

  mutating func signed(_ value: Int128) {
    unsigned(UInt128(bitPattern: (value << 1) ^ (value >> 127)))
  }

  mutating func text(_ value: String) {
    count(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }
}

/// Reads what ``StateEncoder`` wrote; nothing traps whatever the bytes are.
struct StateDecoder {
  private let bytes: ArraySlice<UInt8>
  private var offset: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  var isAtEnd: Bool { offset == bytes.endIndex }

  mutating func unsigned() throws(SnapshotFault) -> UInt128 {
    var value: UInt128 = 0
    var shift: UInt128 = 0
    while true {
      guard offset < bytes.endIndex, shift <= 126 else { throw .damaged("a number") }
      let byte = bytes[offset]
      offset += 1
      if shift == 126, byte > 3 { throw .damaged("a number") }
      value |= UInt128(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  mutating func count() throws(SnapshotFault) -> Int {
    guard let count = Int(exactly: try unsigned()) else { throw .damaged("a count") }
    return count
  }

  mutating func signed() throws(SnapshotFault) -> Int128 {
    let value = try unsigned()
    return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
  }

  /// A time in seconds since 1970: of the years that a date can have.
  mutating func time() throws(SnapshotFault) -> Int64 {
    guard let time = Int64(exactly: try signed()), abs(time) < 1 << 48 else {
      throw .damaged("a time")
    }
    return time
  }

  mutating func raw(_ count: Int) throws(SnapshotFault) -> [UInt8] {
    guard count >= 0, count <= bytes.endIndex - offset else { throw .damaged("a text") }
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }

  mutating func text() throws(SnapshotFault) -> String {
    guard let text = String(validating: try raw(try count()), as: UTF8.self) else {
      throw .damaged("a text")
    }
    return text
  }

  mutating func list<Value>(
    _ read: (inout StateDecoder) throws(SnapshotFault) -> Value
  ) throws(SnapshotFault) -> [Value] {
    var values: [Value] = []
    for _ in 0..<(try count()) { values.append(try read(&self)) }
    return values
  }
}
