import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@Suite struct ByteCodingTests {
  @Test func `every number reads back, at the edges of each length`() throws {
    var numbers: [Int128] = [0, .min, .max]
    for bit in 0..<127 {
      let power = Int128(1) << Int128(bit)
      numbers += [power - 1, power, -power, -power + 1]
    }
    var out = ByteEncoder()
    for number in numbers { out.signed(number) }
    var input = ByteDecoder(out.bytes)
    for number in numbers { #expect(try input.signed() == number) }
    #expect(input.isAtEnd)
  }

  @Test func `counts, texts, doubles, options and lists read back`() throws {
    let doubles = [0, -0.0, 0.1, .infinity, .leastNonzeroMagnitude, -1e308]
    var out = ByteEncoder()
    for shift in 0..<64 { out.unsigned(.max >> UInt64(shift)) }
    out.list(["", "é 顧客", "a\u{0}b"]) { $0.text($1) }
    out.list(doubles) { $0.double($1) }
    out.optional(nil as Int?) { $0.count($1) }
    out.optional(7) { $0.count($1) }
    out.digest(TraceFixtures.digest(9))
    var input = ByteDecoder(out.bytes)
    for shift in 0..<64 { #expect(try input.unsigned() == .max >> UInt64(shift)) }
    #expect(
      try input.list { (input) throws(TraceFault) in try input.text() }
        == ["", "é 顧客", "a\u{0}b"])
    #expect(
      try input.list { (input) throws(TraceFault) in try input.double() }.map(\.bitPattern)
        == doubles.map(\.bitPattern))
    #expect(try input.optional { (input) throws(TraceFault) in try input.number() } == nil)
    #expect(try input.optional { (input) throws(TraceFault) in try input.number() } == 7)
    #expect(try input.digest() == TraceFixtures.digest(9))
    #expect(input.isAtEnd)
  }

  /// One form for each number: otherwise two bodies could say the same and differ.
  @Test(
    arguments: [
      [0x80], [0x80, 0x00], [0xFF, 0x80, 0x00], Array(repeating: 0xFF, count: 10) + [0x01],
      Array(repeating: 0xFF, count: 9) + [0x02],
    ] as [[UInt8]])
  func `a number that is cut, padded or too long is refused`(_ bytes: [UInt8]) {
    #expect(throws: TraceFault.self) {
      var input = ByteDecoder(bytes)
      _ = try input.unsigned()
    }
  }

  @Test(
    arguments: [
      [0xFF, 0xFE], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80],
    ] as [[UInt8]])
  func `text that is not UTF-8 is refused`(_ bytes: [UInt8]) {
    #expect(throws: TraceFault.self) {
      var input = ByteDecoder([UInt8(bytes.count)] + bytes)
      _ = try input.text()
    }
  }

  @Test func `a list that claims more than the record holds is refused`() {
    var out = ByteEncoder()
    out.unsigned(1 << 40)
    out.raw([1, 2, 3])
    #expect(throws: TraceFault.self) {
      var input = ByteDecoder(out.bytes)
      _ = try input.list { (input) throws(TraceFault) in try input.byte() }
    }
  }
}
