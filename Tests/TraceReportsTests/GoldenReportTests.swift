import DecisionTrace
import RationaleTestSupport
import Testing
import TraceReports

/// The pages as they were agreed on. `RATIONALE_RECORD=1` writes them anew; review the difference.
@Suite struct GoldenReportTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var width = 80
    var isPlain = false
    var usesUnicode = true
    var usesColor = false

    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "60", width: 60), Case(name: "80"), Case(name: "120", width: 120),
    Case(name: "40", width: 40), Case(name: "80-plain", isPlain: true),
    Case(name: "80-ascii", usesUnicode: false), Case(name: "80-colour", usesColor: true),
  ]

  static func page(_ trace: Trace, _ form: Case, since: Int? = nil) -> String {
    TextReport(
      trace,
      placement: TextReport.Placement(number: 48_213, unchangedSince: since, log: "./decisions"),
      capabilities: TerminalCapabilities(
        width: form.width, usesColor: form.usesColor, usesUnicode: form.usesUnicode,
        usesBoxes: !form.isPlain)
    ).rendered()
  }

  @Test(arguments: cases) func `the published customer`(_ form: Case) throws {
    let trace = try TraceFixtures.invoiceProfileTrace()
    try Golden.check(Self.page(trace, form, since: 46_950), "invoice-profile-\(form.name).txt")
  }

  @Test(arguments: cases) func `a model, a table and an override`(_ form: Case) throws {
    let trace = try TraceFixtures.premiumOfferTrace()
    try Golden.check(Self.page(trace, form), "premium-offer-\(form.name).txt")
  }

  @Test(arguments: [cases[0], cases[1], cases[2]])
  func `ranks by date, and a value on a cut point`(_ form: Case) throws {
    let trace = try TraceFixtures.transferActivityTrace()
    try Golden.check(Self.page(trace, form), "transfer-activity-\(form.name).txt")
  }

  @Test func `a page says what single precision did, and what does not add up`() throws {
    var check = Trace.AttributionCheck(
      residual: 1e-16, floatRounding: -2.5e-7, tolerance: 4e-12, floatTolerance: 1e-6)
    let rounded = Self.page(try TraceFixtures.premiumOfferTrace(check: check), Self.cases[1])
    #expect(rounded.contains("single precision: the model's own sum is off by"))
    #expect(!rounded.contains("do not add up"))
    check.residual = 1e-9
    let wrong = Self.page(try TraceFixtures.premiumOfferTrace(check: check), Self.cases[1])
    #expect(wrong.contains("These attributions do not add up"))
    let sampled = Self.page(
      try TraceFixtures.premiumOfferTrace(
        check: Trace.AttributionCheck(
          residual: 0, floatRounding: 0, tolerance: .infinity, floatTolerance: 0,
          evaluationCount: 2_000, errors: [0.125, 0.25], restError: 0.5)), Self.cases[1])
    #expect(sampled.contains("±0.125") && sampled.contains("±0.5"))
    #expect(sampled.contains("estimates from 2000 scores, each with its 95 % interval"))
    let path = Self.page(
      try TraceFixtures.premiumOfferTrace(
        check: Trace.AttributionCheck(
          residual: 1e-4, floatRounding: 0, tolerance: .infinity, floatTolerance: 0,
          evaluationCount: 256)), Self.cases[1])
    #expect(path.contains("integrated along 256 points: not Shapley values"))
    #expect(!path.contains("do not add up"))
  }

  @Test func `a refused decision`() throws {
    let trace = try TraceFixtures.invoiceProfileTrace { $0.employees = nil }
    try Golden.check(Self.page(trace, Self.cases[1]), "refused-80.txt")
  }
}
