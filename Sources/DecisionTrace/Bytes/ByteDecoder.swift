package import DataFields

/// Why bytes are not the record that they should be.
public struct TraceFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where in the record, in bytes from its start.
  public let offset: Int
  /// What is wrong there.
  public let reason: String

  package init(offset: Int, reason: String) {
    self.offset = offset
    self.reason = reason
  }

  public var description: String { "byte \(offset): \(reason)" }
}

/// Reads what ``ByteEncoder`` wrote. Bytes may come from anywhere: nothing traps, and nothing is
/// allocated that the remaining bytes could not fill.
package struct ByteDecoder: Sendable {
  private let bytes: [UInt8]
  package private(set) var offset = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var isAtEnd: Bool { offset == bytes.count }
  package var remaining: Int { bytes.count - offset }

  package func fault(_ reason: String) -> TraceFault {
    TraceFault(offset: offset, reason: reason)
  }

  /// The byte that is read next; nil at the end.
  package var nextByte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  package mutating func byte() throws(TraceFault) -> UInt8 {
    guard offset < bytes.count else { throw fault("ends too early") }
    defer { offset += 1 }
    return bytes[offset]
  }

  package mutating func unsigned() throws(TraceFault) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw fault("number too long") }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 {
        guard next != 0 || shift == 0 else { throw fault("number not in its shortest form") }
        return value
      }
      shift += 7
    }
  }

  /// A count of things that take at least one byte each.
  package mutating func count() throws(TraceFault) -> Int {
    let value = try unsigned()
    guard value <= UInt64(remaining) else { throw fault("count \(value) exceeds the record") }
    return Int(value)
  }

  /// A whole number that fits `Int` but counts nothing in the record.
  package mutating func number() throws(TraceFault) -> Int {
    let value = try unsigned()
    guard let number = Int(exactly: value) else { throw fault("number \(value) is too large") }
    return number
  }

  package mutating func signed() throws(TraceFault) -> Int128 {
    // Nearly every number fits a word, whose shifts are cheap.
    let start = offset
    var word: UInt64 = 0
    var place: UInt64 = 0
    while place < 63, offset < bytes.count {
      let next = bytes[offset]
      offset += 1
      word |= UInt64(next & 0x7F) << place
      if next < 0x80 {
        guard next != 0 || place == 0 else { throw fault("number not in its shortest form") }
        return Int128(Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1))
      }
      place += 7
    }
    offset = start
    return try wideSigned()
  }

  private mutating func wideSigned() throws(TraceFault) -> Int128 {
    var value: UInt128 = 0
    var shift: UInt128 = 0
    while true {
      let next = try byte()
      guard shift < 126 || next <= 3 else { throw fault("number too long") }
      value |= UInt128(next & 0x7F) << shift
      if next < 0x80 {
        guard next != 0 || shift == 0 else { throw fault("number not in its shortest form") }
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
      }
      shift += 7
    }
  }

  package mutating func double() throws(TraceFault) -> Double {
    var pattern: UInt64 = 0
    for index in 0..<UInt64(8) { pattern |= UInt64(try byte()) << (8 * index) }
    return Double(bitPattern: pattern)
  }

  package mutating func raw(_ count: Int) throws(TraceFault) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw fault("ends too early") }
    defer { offset += count }
    return bytes[offset..<(offset + count)]
  }

  /// Passes over bytes without reading them.
  package mutating func skip(_ count: Int) throws(TraceFault) {
    guard count >= 0, count <= remaining else { throw fault("ends too early") }
    offset += count
  }

  /// Passes over a number of any size, signed or not.
  package mutating func skipNumber() throws(TraceFault) {
    while try byte() >= 0x80 {}
  }

  /// Passes over a text and says where it lies.
  package mutating func textRange() throws(TraceFault) -> Range<Int> {
    let length = try count()
    defer { offset += length }
    return offset..<(offset + length)
  }

  /// The same, of a text that is UTF-8 as it must be.
  package mutating func utf8Range() throws(TraceFault) -> Range<Int> {
    let range = try textRange()
    guard isASCII(range) || String(validating: bytes[range], as: UTF8.self) != nil else {
      throw fault("text is not UTF-8")
    }
    return range
  }

  private func isASCII(_ range: Range<Int>) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var index = range.lowerBound
      var seen: UInt64 = 0
      // Eight at a time, within the range.
      while index + 8 <= range.upperBound {
        seen |= bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        index += 8
      }
      while index < range.upperBound {
        seen |= UInt64(bytes[index])
        index += 1
      }
      return seen & 0x8080_8080_8080_8080 == 0
    }
  }

  package mutating func text() throws(TraceFault) -> String {
    let slice = try raw(try count())
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw fault("text is not UTF-8")
    }
    return text
  }

  package mutating func digest() throws(TraceFault) -> Digest {
    guard let digest = Digest(bytes: Array(try raw(32))) else { throw fault("no digest") }
    return digest
  }

  package mutating func optional<Value>(
    _ read: (inout ByteDecoder) throws(TraceFault) -> Value
  ) throws(TraceFault) -> Value? {
    switch try byte() {
    case 0: return nil
    case 1: return try read(&self)
    default: throw fault("neither absent nor present")
    }
  }

  package mutating func list<Value>(
    _ read: (inout ByteDecoder) throws(TraceFault) -> Value
  ) throws(TraceFault) -> [Value] {
    let count = try count()
    var values: [Value] = []
    // A value takes more memory than its least bytes: a false count must not cost much.
    values.reserveCapacity(min(count, 1024))
    for _ in 0..<count { values.append(try read(&self)) }
    return values
  }
}
