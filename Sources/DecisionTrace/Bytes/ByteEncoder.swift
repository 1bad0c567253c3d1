package import DataFields

/// Appends values to a byte buffer in the one form that each value has: what makes trace bytes the
/// same on every run.
///
/// Whole numbers are little-endian base-128 varints in the shortest form, signed ones zigzag first;
/// doubles are their 8 bytes, little-endian; texts and byte strings are their length and bytes.
package struct ByteEncoder: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package init(reusing buffer: consuming [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    bytes = buffer
  }

  /// Empties the buffer and keeps its memory.
  package mutating func reset() { bytes.removeAll(keepingCapacity: true) }

  package mutating func byte(_ value: UInt8) { bytes.append(value) }

  package mutating func unsigned(_ value: UInt64) {
    // Most numbers are small; the others grow the buffer once.
    if value < 0x80 { return bytes.append(UInt8(truncatingIfNeeded: value)) }
    bytes.append(addingCapacity: 10) { (out: inout OutputSpan<UInt8>) in
      var rest = value
      while rest >= 0x80 {
        out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      out.append(UInt8(truncatingIfNeeded: rest))
    }
  }

  package mutating func count(_ value: Int) { unsigned(UInt64(max(0, value))) }

  package mutating func signed(_ value: Int128) {
    let zigzag = UInt128(bitPattern: (value << 1) ^ (value >> 127))
    // One word is enough for all but the largest, and shifts of one are cheap.
    if zigzag <= UInt128(UInt64.max) { return unsigned(UInt64(truncatingIfNeeded: zigzag)) }
    bytes.append(addingCapacity: 19) { (out: inout OutputSpan<UInt8>) in
      var rest = zigzag
      while rest >= 0x80 {
        out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      out.append(UInt8(truncatingIfNeeded: rest))
    }
  }

  package mutating func double(_ value: Double) {
    bytes.append(addingCapacity: 8) { (out: inout OutputSpan<UInt8>) in
      var pattern = value.bitPattern
      for _ in 0..<8 {
        out.append(UInt8(truncatingIfNeeded: pattern))
        pattern >>= 8
      }
    }
  }

  package mutating func raw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

  package mutating func text(_ value: String) {
    var value = value
    value.withUTF8 { utf8 in
      count(utf8.count)
      bytes.append(contentsOf: utf8)
    }
  }

  package mutating func text(utf8: ArraySlice<UInt8>) {
    count(utf8.count)
    bytes.append(contentsOf: utf8)
  }

  package mutating func digest(_ value: Digest) { bytes.append(contentsOf: value.bytes) }

  package mutating func optional<Value>(
    _ value: Value?, _ write: (inout ByteEncoder, Value) -> Void
  ) {
    byte(value == nil ? 0 : 1)
    if let value { write(&self, value) }
  }

  package mutating func list<Values: Collection>(
    _ values: Values, _ write: (inout ByteEncoder, Values.Element) -> Void
  ) {
    count(values.count)
    for value in values { write(&self, value) }
  }
}
