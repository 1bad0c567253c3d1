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
    bytes.append(addingCapacity: OutputSpan<UInt8>.longestUnsigned) {
      (out: inout OutputSpan<UInt8>) in out.unsigned(value)
    }
  }

  package mutating func count(_ value: Int) { unsigned(UInt64(max(0, value))) }

  package mutating func signed(_ value: Int128) {
    bytes.append(addingCapacity: OutputSpan<UInt8>.longestSigned) {
      (out: inout OutputSpan<UInt8>) in out.signed(value)
    }
  }

  package mutating func double(_ value: Double) {
    bytes.append(addingCapacity: 8) { (out: inout OutputSpan<UInt8>) in out.double(value) }
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

  package mutating func text(_ utf8: borrowing Span<UInt8>) {
    reserving(OutputSpan<UInt8>.longestUnsigned + utf8.count) { out in out.text(utf8) }
  }

  /// Makes room for `count` bytes once and writes at most as many.
  @inline(__always)
  mutating func reserving(_ count: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    bytes.append(addingCapacity: count, initializingWith: write)
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
