import DataFields
import RationaleTestSupport
import Testing

@Suite struct QuotientTests {
  @Test func `the nearest double agrees with Python's correctly rounded division`() throws {
    var count = 0
    for line in QuotientVectors.text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      let numerator = try #require(Int128(parts[0]))
      let denominator = try #require(Int128(parts[1]))
      let quotient = try #require(Quotient(numerator, over: denominator))
      let expected = try #require(Double(parts[2]))
      #expect(quotient.nearestDouble == expected, "\(line)")
      count += 1
    }
    #expect(count > 400)
  }

  @Test func `the nearest float is rounded once, not by way of a double`() throws {
    // 1 + 2^-24 + 2^-60 lies above the middle between 1 and the next float; as a double it would
    // lie on the middle and round to even, down.
    let denominator = Int128(1) << 60
    let value = try #require(
      Quotient(denominator + (Int128(1) << 36) + 1, over: denominator))
    #expect(value.nearestFloat == Float(1).nextUp)
    #expect(Float(value.nearestDouble) == 1)
    #expect(try #require(Quotient(1, over: 3)).nearestFloat == Float(1) / 3)
  }

  @Test func `comparison is exact where the cross products exceed 128 bits`() throws {
    let huge = Int128.max
    let a = try #require(Quotient(huge - 1, over: huge))
    let b = try #require(Quotient(huge - 2, over: huge - 1))
    // (h-1)/h > (h-2)/(h-1), because (h-1)^2 = h(h-2) + 1.
    #expect(a > b)
    #expect(b < a)
    #expect(a != b)
    #expect(Quotient(-3, over: 6) == Quotient(1, over: -2))
  }

  @Test func `a value on a cut point is equal to it, whatever the count`() throws {
    // 529,366 as the mean of 7 equal amounts, in hundredths.
    let mean = try #require(Quotient(52_936_600 * 7, over: 7))
    #expect(mean == Quotient(52_936_600))
    #expect(!(mean < Quotient(52_936_600)))
  }

  @Test func `arithmetic agrees with the field laws on random fractions`() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<500 {
      func random() -> Quotient {
        Quotient(
          Int128(Int32.random(in: -9_999...9_999, using: &generator)),
          over: Int128(Int32.random(in: 1...999, using: &generator))) ?? Quotient(0)
      }
      let (a, b, c) = (random(), random(), random())
      let left = try #require(a.adding(b)?.multiplied(by: c))
      let right = try #require(
        a.multiplied(by: c).flatMap { ac in b.multiplied(by: c).flatMap { ac.adding($0) } })
      #expect(left == right)
      if b.numerator != 0 {
        #expect(a.divided(by: b)?.multiplied(by: b) == a)
      }
    }
  }

  @Test(arguments: [
    ("285792976/230", 2, "124257815.65"),
    ("1242578.157", 2, "124257815.7"),
    ("7", 0, "7"),
    ("1.5/0.25", 2, "600"),
    ("-3/4", 0, "-0.75"),
  ])
  func `a quotient reads from text`(text: String, scale: Int, expected: String) throws {
    let bytes = Array(text.utf8)
    let value = try Quotient(parsing: bytes.span, scale: scale)
    // What is expected is the value at two digits more than the scale.
    let digits = try DecimalText(parsing: expected)
    let wanted = try digits.scaled(to: 2)
    #expect(value.rounded(toDigits: 2) == wanted)
  }

  @Test(arguments: ["", "/", "1/", "/2", "1/0", "1/2/3", "a/2", "1//2", "1 / 2"])
  func `what is no quotient is refused`(text: String) {
    let bytes = Array(text.utf8)
    #expect(throws: NumberFault.self) { try Quotient(parsing: bytes.span, scale: 2) }
  }

  @Test func `rounding is half to even`() {
    let expectations: [(Int128, Int128, Int128)] = [
      (5, 10, 0), (15, 10, 2), (25, 10, 2), (-5, 10, 0), (-15, 10, -2), (-25, 10, -2), (26, 10, 3),
      (24, 10, 2), (1, 3, 0), (2, 3, 1), (-2, 3, -1),
    ]
    for (numerator, denominator, expected) in expectations {
      #expect(
        ExactArithmetic.dividedHalfEven(numerator, by: denominator) == expected,
        "\(numerator)/\(denominator)")
      #expect(
        ExactArithmetic.dividedHalfEven(-numerator, by: -denominator) == expected,
        "\(-numerator)/\(-denominator)")
    }
    #expect(ExactArithmetic.dividedHalfEven(.min, by: -1) == nil)
    #expect(ExactArithmetic.dividedHalfEven(.max, by: .max) == 1)
  }
}
