import DataFields
import RationaleTestSupport
import Testing

@Suite struct DecimalTextTests {
  @Test(arguments: [
    ("0", 0 as Int128, 0), ("-0.0", 0, 0), ("12", 12, 0), ("+3.50", 35, 1), (".5", 5, 1),
    ("5.", 5, 0), ("1e3", 1000, 0), ("2.5E-3", 25, 4),
    ("1.000000000000000000000000000000000000000000", 1, 0),
    (
      "99999999999999999999999999999999999999", 99_999_999_999_999_999_999_999_999_999_999_999_999,
      0
    ),
    ("0e99999999999", 0, 0),
  ])
  func `a number reads exactly`(text: String, coefficient: Int128, scale: Int) throws {
    let number = try DecimalText(parsing: text)
    #expect(number.coefficient == coefficient)
    #expect(number.scale == scale)
  }

  @Test(arguments: [
    "", "-", "+", ".", "1.2.3", "1,000", "0x10", "NaN", "inf", "1e", "1e+", "--1", "1 ", " 1", "٣",
    "1_000",
  ])
  func `what is no number is refused`(text: String) {
    #expect(throws: NumberFault.self) { try DecimalText(parsing: text) }
  }

  @Test(arguments: ["1e400", "1e-400", "9999999999999999999999999999999999999999999"])
  func `what does not fit is refused, without a trap`(text: String) {
    #expect(throws: NumberFault.overflow) { try DecimalText(parsing: text) }
  }

  @Test func `digits are never lost when scaling`() throws {
    #expect(try DecimalText(parsing: "12.3").scaled(to: 2) == 1230)
    #expect(try DecimalText(parsing: "12.30").scaled(to: 1) == 123)
    #expect(throws: NumberFault.tooManyDecimals(allowed: 2)) {
      try DecimalText(parsing: "12.345").scaled(to: 2)
    }
    #expect(throws: NumberFault.overflow) {
      try DecimalText(parsing: "9999999999999999999999999999999999999").scaled(to: 2)
    }
  }

  @Test func `plain text and parsing are inverse`() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<1000 {
      let value = Int128(Int64.random(in: .min ... .max, using: &generator))
      let scale = Int.random(in: 0...20, using: &generator)
      let text = NumberText.plain(value, scale: scale)
      #expect(try DecimalText(parsing: text).scaled(to: scale) == value, "\(text)")
    }
  }

  @Test func `grouping stands every three digits of the whole part`() {
    #expect(NumberText.grouped(31_064_454, scale: 2) == "310,644.54")
    #expect(NumberText.grouped(-999, scale: 0) == "-999")
    #expect(NumberText.grouped(-1000, scale: 0) == "-1,000")
    #expect(NumberText.grouped(5, scale: 2) == "0.05")
    #expect(NumberText.grouped(28_579_297_600, scale: 2) == "285,792,976.00")
  }
}
