import DataFields
import RationaleTestSupport
import Testing

/// Against the standard library's reading, which is that of the C library.
@Suite struct BinaryNumberTextTests {
  private func double(_ text: String) -> Double? { BinaryNumberText.double(Array(text.utf8).span) }
  private func float(_ text: String) -> Float? { BinaryNumberText.float(Array(text.utf8).span) }

  @Test(arguments: [
    "0", "-0", "+0.0", ".5", "5.", "1e3", "-2.5E-3", "00012", "0.00012", "9007199254740993",
    "9007199254740992.5", "4503599627370496.5", "4503599627370497.5", "1e22", "1e23", "8.5e22",
    "1e-22", "1e-23", "1e-27", "1e-28", "1e55", "1e-55", "7.2057594037927933e16",
    "9.999999999999999e22", "0.1", "0.30000000000000004", "123456789012345678",
    "9999999999999999999", "16777217", "16777216.5", "3.4028235e38", "1.17549435e-38",
  ])
  func `a number is the closest double`(text: String) throws {
    let value = try #require(double(text))
    #expect(value.bitPattern == Double(text)?.bitPattern)
    if let rounded = float(text) { #expect(rounded.bitPattern == Float(text)?.bitPattern) }
  }

  /// Numbers whose whole part overflows 64 bits to 0, and others that have more than 19 digits.
  @Test(arguments: [
    "18446744073709551616", "184467440737095516160", "0.18446744073709551616",
    "12345678901234567890", "1e56", "1e-56", "1e400", "1e-400", "5e-324",
    "1.0e99999999999999999999",
    "", ".", "-", "+", "e5", "1e", "1e+", "--1", "1.2.3", " 1", "1 ", "0x10", "inf", "nan", "1,000",
    "1_000", "٣",
  ])
  func `what is not settled here is left to the standard library`(text: String) {
    #expect(double(text) == nil)
    #expect(float(text) == nil)
  }

  @Test func `what lies on the middle of two floats is left to the standard library`() {
    #expect(float("1.00000005960464477539") == nil)
    #expect(float("1.000000059604644775") == nil)
    #expect(float("1.00000005960464") == Float("1.00000005960464"))
    #expect(float("1e-40") == nil)
  }

  @Test func `random numbers are as the standard library reads them`() throws {
    var generator = SeededGenerator(seed: 7)
    var settled = 0
    func check(_ text: String) {
      if let value = double(text) {
        settled += 1
        #expect(value.bitPattern == Double(text)?.bitPattern, "\(text)")
      }
      if let value = float(text) {
        #expect(value.bitPattern == Float(text)?.bitPattern, "\(text)")
      }
    }
    for _ in 0..<4_000 {
      let scales = [1.0, 1e-3, 1e-8, 1e5, 1e12]
      let scale = scales[Int.random(in: 0..<5, using: &generator)]
      check((Double.random(in: -1...1, using: &generator) * scale).description)
      let whole =
        UInt64.random(in: 0 ... .max, using: &generator)
        >> UInt64.random(in: 0...63, using: &generator)
      check("\(whole)e\(Int.random(in: -60...60, using: &generator))")
      // The middle of two neighbours, and just beside it.
      let middle = (1 << 53) + UInt64.random(in: 0..<1 << 53, using: &generator)
      for text in ["\(middle).5", "\(middle / 2).5", "\(middle / 4).25"] { check(text) }
      check("\(middle * 2 + 1)")
      let single = Float(bitPattern: UInt32.random(in: 0..<0x7F00_0000, using: &generator))
      check(((Double(single) + Double(single.nextUp)) / 2).description)
      check(single.description)
    }
    #expect(settled > 20_000)
  }
}
