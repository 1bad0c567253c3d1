import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing
import TraceReports

@Suite struct ValueTextTests {
  @Test(arguments: [
    (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (1234.5, 1, "1,234.5"), (-0.4128, 3, "−0.413"),
    (2.5, 0, "2"), (1e300, 2, "1e+300"), (.infinity, 2, "inf"),
  ])
  func `a number has the digits asked for`(_ number: Double, _ digits: Int, _ text: String) {
    #expect(NumberForm.fixed(number, digits: digits) == text)
  }

  @Test(arguments: [
    (-0.678, "−67.8 %"), (0.00042, "+0.042 %"), (12.5, "+1,250.0 %"), (0.0, "+0.0 %"),
  ])
  func `a share is a percentage with a sign`(_ share: Double, _ text: String) {
    #expect(NumberForm.percent(share) == text)
  }

  @Test(arguments: [
    (2.220446049250313e-16, "2e−16"), (0, "0"), (-3.1, "−3"), (9.7e-5, "1e−4"), (.nan, "nan"),
  ])
  func `a residual is an order of magnitude`(_ number: Double, _ text: String) {
    #expect(NumberForm.order(number) == text)
  }

  private static func margins(
    _ value: Int128, type: ValueType = .integer(TraceFixtures.person), upTo: Bool
  ) throws -> [String] {
    var schema = TraceFixtures.invoiceProfile
    schema.fields[1].type = type
    schema.ranks[1].belongsBelow = [upTo, upTo]
    let level = (upTo ? value > 50 : value >= 50) ? 1 : 0
    let trace = try Trace(
      body: TraceFixtures.invoiceProfileBody {
        $0.employees = value
        $0.levels[1] = (upTo ? value > 250 : value >= 250) ? 2 : level
      }, schema: schema, digest: TraceFixtures.invoiceProfileDigest)
    return trace.nearestMargins(trace.ranks[1]).map {
      MarginText.text($0, of: trace.values[1])
    }
  }

  @Test func `whole numbers change by the least step that reaches the other side`() throws {
    #expect(try Self.margins(4, upTo: false) == ["+46 people → M (≥ size.M = 50)"])
    #expect(try Self.margins(4, upTo: true) == ["+47 people → M (> size.M = 50)"])
    #expect(
      try Self.margins(50, upTo: false) == [
        "−1 person → S (< size.M = 50)", "+200 people → L (≥ size.L = 250)",
      ])
    #expect(try Self.margins(50, upTo: true) == ["+1 person → M (> size.M = 50)"])
    #expect(
      try Self.margins(51, upTo: true) == [
        "−1 person → S (≤ size.M = 50)", "+200 people → L (> size.L = 250)",
      ])
    #expect(try Self.margins(1250, upTo: false) == ["−1,001 people → M (< size.L = 250)"])
  }

  /// The step is checked by making it: the changed value has the level that was promised, and one
  /// step less has not.
  @Test(arguments: [false, true])
  func `the step named is the least that changes the level`(_ upTo: Bool) throws {
    func level(_ value: Int128) -> String {
      let isAtLeast = { (cut: Int128) in upTo ? value > cut : value >= cut }
      return isAtLeast(250) ? "L" : isAtLeast(50) ? "M" : "S"
    }
    for value in Int128(1)...300 {
      for text in try Self.margins(value, upTo: upTo) {
        let words = text.split(separator: " ")
        let sign: Int128 = words[0].hasPrefix("−") ? -1 : 1
        let step = try #require(Int128(words[0].filter(\.isNumber))) * sign
        #expect(level(value + step) == words[3])
        #expect(level(value + step - sign) == level(value))
      }
    }
  }

  @Test func `a derived value shows the arithmetic with its values`() throws {
    let trace = try TraceFixtures.invoiceProfileTrace()
    #expect(Derivation.text(of: 3, in: trace) == "285,792,976 HUF / 230 / 4 people")
    #expect(Derivation.text(of: 2, in: trace) == "285,792,976 HUF / 230")
    #expect(Derivation.text(of: 4, in: trace) == nil)
    #expect(Derivation.text(of: 99, in: trace) == nil)
  }

  @Test(arguments: [
    ("average * 2 + currencies", "(285,792,976 HUF / 230) * 2 + 1"),
    ("(average + 1_000) / enterprise.employees", "((285,792,976 HUF / 230) + 1,000) / 4 people"),
    ("max(average, 1)", nil), ("unknown / 2", nil), ("average to EUR", nil), ("2 / 3", nil),
  ])
  func `only plain arithmetic on values is filled in`(
    _ definition: String, _ text: String?
  ) throws {
    var schema = TraceFixtures.invoiceProfile
    schema.fields[3].definition = definition
    let trace = try Trace(
      body: TraceFixtures.invoiceProfileBody(), schema: schema,
      digest: TraceFixtures.invoiceProfileDigest)
    #expect(Derivation.text(of: 3, in: trace) == text)
  }

  @Test(arguments: [
    ("amount == size", "==", "amount L ≠ size S", "amount L = size S"),
    ("amount >= size", ">=", "amount L < size S", "amount L ≥ size S"),
    ("something else", "", "not: something else", "something else"),
  ])
  func `a clause that failed is turned round`(
    _ text: String, _ symbol: String, _ failed: String, _ held: String
  ) throws {
    let trace = try TraceFixtures.invoiceProfileTrace()
    let clause = TraceSchema.Clause(
      text: text, left: .rank(0), right: .rank(1), symbol: symbol)
    #expect(ClauseText.text(clause, held: false, in: trace) == failed)
    #expect(ClauseText.text(clause, held: true, in: trace) == held)
  }

  @Test func `a constant side is quoted from the ruleset`() throws {
    let trace = try TraceFixtures.invoiceProfileTrace()
    let clause = TraceSchema.Clause(
      text: "enterprise.employees >= 50 person", left: .field(1), right: .unnamed, symbol: ">=")
    #expect(
      ClauseText.text(clause, held: false, in: trace)
        == "enterprise.employees 4 people < 50 person")
  }

  @Test func `the mark on a gauge stands in the interval of the value`() {
    #expect(Gauge(intervals: 3, place: (0, 0)).text(width: 17) == "●────│─────│─────")
    #expect(Gauge(intervals: 3, place: (1, 0.5)).text(width: 17) == "─────│──●──│─────")
    #expect(Gauge(intervals: 3, place: (2, 0.999)).text(width: 17) == "─────│─────│────●")
    #expect(Gauge(intervals: 3, place: (2, 7)).text(width: 17) == "─────│─────│────●")
    #expect(Gauge(intervals: 2, place: nil).text(width: 7) == "───│───")
    #expect(Gauge(intervals: 1, place: (0, .nan)).text(width: 5) == "──●──")
  }

  @Test(arguments: [
    (1.0, false, "████"), (0.5, false, "██"), (0.0001, false, "▏"), (0, false, ""),
    (0.5, true, "▒▒"), (0.0001, true, "▒"), (.nan, false, ""), (0.59, false, "██▍"),
  ])
  func `a bar is as long as its share`(_ share: Double, _ isNegative: Bool, _ bar: String) {
    #expect(Bar.text(share: share, isNegative: isNegative, width: 4) == bar)
  }
}
