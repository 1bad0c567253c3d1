import DataFields
import RationaleTestSupport
import Testing

@testable import PMML

/// Values that are read from bytes and appended to bytes are those of texts.
@Suite struct ValueBytesTests {
  private static let types: [ModelDataType] = [.double, .float, .integer, .boolean, .string, .date]

  /// Sets texts of every type in a block, from bytes and from texts: the same values and the same
  /// texts without one.
  private func expectAlike(_ texts: [String]) throws {
    let model = try PMMLText.load(
      PMMLText.document(
        Self.types.enumerated().map { "f\($0) \($1.rawValue)" } + ["y double"],
        """
        <RegressionModel functionName="regression">
        \(PMMLText.schema(Self.types.indices.map { "f\($0)" }))
        <RegressionTable intercept="0"/></RegressionModel>
        """))
    let scorer = BlockScorer(model)
    let (fast, slow) = (scorer.makeWorkspace(), scorer.makeWorkspace())
    let rows = BlockWorkspace.rowCount
    for start in stride(from: 0, to: texts.count, by: rows) {
      let block = texts[start..<min(start + rows, texts.count)]
      var bytes: [UInt8] = []
      let ranges = block.map { text in
        bytes += Array(text.utf8)
        return TextRange(start: Int32(bytes.count - text.utf8.count), count: Int32(text.utf8.count))
      }
      for (place, type) in Self.types.enumerated() {
        bytes.withUnsafeBufferPointer { bytes in
          ranges.withUnsafeBufferPointer { ranges in
            scorer.set(texts: bytes, ranges, stride: 1, anyInput: place, in: fast)
          }
        }
        for (row, text) in block.enumerated() {
          scorer.set(text: text, anyInput: place, row: row, in: slow)
          let (left, right) = (fast.inputs[place * rows + row], slow.inputs[place * rows + row])
          #expect(left.bitPattern == right.bitPattern, "`\(text)` as \(type)")
        }
        #expect(fast.unparsable[place] == slow.unparsable[place], "\(Array(block)) as \(type)")
      }
    }
  }

  @Test func `numbers and what looks like them are set alike`() throws {
    try expectAlike([
      "0", "-0", "+0", "-0.0", "007", "1.", ".5", "+.5", "-.5e1", "20000.0", "1e22", "1e-22",
      "9007199254740993", "9007199254740992", "9007199254740993.0", "0.1", "0.30000000000000004",
      "123456789012345678", "1234567890123456789e19", "9999999999999999999e-19",
      "9999999999999999999e19", "0.0000000000000000001", "16777217", "16777217.0000001",
      "8388608.5", "0.1e1", "1E5", "1e+05", "18446744073709551615", "9223372036854775808.5",
      "1.7976931348623157", "4611686018427387905", "0.500000000000000166", "1.000000000000000111",
      "", " ", "+", "-", ".", "e5", "1e", "1e+", "1e5.", "--1", "+-1", "1 ", " 1", "1_0", "1,0",
      "0x10", "0x1p3", "inf", "INF", "-INF", "+INF", "nan", "NaN", "infinity", "1e400", "-1e400",
      "1e-400", "4.9e-324", "2.2250738585072011e-308", "1.7976931348623159e308",
      "12345678901234567890", "0.00000000000000000001", "1e23", "8.5e22x", "1f", "1d", "..1", "1..",
      "1.2.3", "\u{0}1", "1\u{0}", "1e00005", "9007199254740993e20", "\u{661}", "true", "False",
      ".0", "-.0", "..0", "-0.0", "00.0", "+.0", "1.0.0", "x.0", "1234567.0", "2020-02-29", "é€",
      "3.0", "3.5", "1e3", "2.5e-1", "1e40", "3.4028236e38", "1.5e-45",
    ])
  }

  @Test func `any digits and exponents come to the nearest number`() throws {
    var random = SeededGenerator(seed: 41)
    try expectAlike(
      (0..<20_000).map { turn in
        var text = ["", "-", "+"][Int.random(in: 0..<3, using: &random)]
        let digitCount = 1 + turn % 20
        let point = Int.random(in: -1...digitCount, using: &random)
        for place in 0..<digitCount {
          if place == point { text += "." }
          text += String(Int.random(in: 0...9, using: &random))
        }
        if turn % 3 == 0 { text += "e\(Int.random(in: -60...60, using: &random))" }
        return text
      })
  }

  @Test func `decimals half-way between two numbers, and next to it, are rounded alike`() throws {
    var random = SeededGenerator(seed: 43)
    var texts: [String] = []
    for _ in 0..<2_000 {
      // An odd number of 54 bits is half-way between two doubles.
      let bits = Int64.random(in: 1 << 53..<1 << 54, using: &random) | 1
      texts += [-1, 0, 1].map { String(bits + $0) }
      texts += ["5", "49", "51"].map { "\(bits >> 1).\($0)" }
      // Of 25 bits: half-way between two singles.
      let single = Int64.random(in: 1 << 24..<1 << 25, using: &random) | 1
      texts += ["", ".0", ".00000000001", ".000000000001"].map { "\(single)\($0)" }
      texts += ["\(single - 1).99999999999", "\(Double(single) / 1_048_576)"]
    }
    try expectAlike(texts)
  }

  @Test func `what doubles and singles print is read back`() throws {
    var random = SeededGenerator(seed: 47)
    try expectAlike(
      (0..<2_000).flatMap { _ in
        let double = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
        let single = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))
        let small = Double.random(in: -100...100, using: &random)
        return ["\(double)", "\(single)", "\(small)", "\(Float(small))"]
      })
  }

  @Test func `values are appended as the texts that they have`() {
    var random = SeededGenerator(seed: 53)
    var texts = TextInterner()
    for text in ["", "a", "é€", "a,b"] { _ = texts.intern(text) }
    var values: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 3, 4, -7, 0.5, 1e14, 1e15, 1e16, 1e17, 999_999,
      1_000_000, 9e18, -9e18, 8.9e18, 1e300, .leastNonzeroMagnitude, 2.5, 3.5, -2.5, 0.1, 1.5e7,
      40_000.25,
    ]
    for _ in 0..<5_000 {
      values.append(Double.random(in: -1e6...1e6, using: &random))
      values.append(Double(Int.random(in: -1_000_000...1_000_000, using: &random)))
      values.append(Double.random(in: -1...1, using: &random))
    }
    for value in values {
      for type in ModelDataType.allCases {
        // Times and dates beyond all calendars have no text.
        if type != .string, type != .double, type != .float, type != .integer,
          !(value.magnitude < 1e6)
        {
          continue
        }
        var bytes = Array("x".utf8)
        ExpressionTable.append(value, type, texts, to: &bytes)
        #expect(
          String(decoding: bytes, as: UTF8.self) == "x" + ExpressionTable.text(value, type, texts))
      }
    }
  }
}
