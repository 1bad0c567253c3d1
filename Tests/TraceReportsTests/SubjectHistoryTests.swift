import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing
import TraceLog
import TraceReports

@Suite struct SubjectHistoryTests {
  private static func profile(_ outcome: String) -> [UInt8] {
    TraceFixtures.invoiceProfileBody { $0.outcome = outcome }
  }

  private static let refused = TraceFixtures.invoiceProfileBody { $0.employees = nil }

  private func history(
    _ bodies: [[UInt8]], decision: String? = nil, asOf: CalendarDate? = nil
  ) throws -> SubjectHistory {
    let directory = try TemporaryDirectory()
    try TraceFixtures.writeLog(directory.file("log"), bodies)
    return try SubjectHistory(
      of: "334628087", in: TraceLogReader(path: directory.file("log")), decision: decision,
      asOf: asOf)
  }

  @Test func `the latest trace of each decision, the latest decision first`() throws {
    let history = try history([
      TraceFixtures.transferActivityBody(), Self.profile("A"), TraceFixtures.premiumOfferBody(),
      Self.profile("B"),
    ])
    #expect(history.entries.map(\.number) == [3, 2, 0])
    #expect(
      history.entries.map(\.trace.schema.decision) == [
        "invoice_profile", "offer", "transfer_activity",
      ])
    #expect(history.traceCount == 4)
    #expect(history.decisions == ["invoice_profile", "offer", "transfer_activity"])
  }

  @Test(
    arguments: [
      ("A", nil), ("AA", 0), ("AB", nil), ("ABB", 1), ("ABBB", 1), ("ABAA", 2), ("A-A", 0),
      ("AB-B", 1), ("AB--", nil), ("-A", nil),
    ] as [(String, Int?)])
  func `an outcome stands since the run of it began; a refusal does not end a run`(
    _ outcomes: String, _ since: Int?
  ) throws {
    let history = try history(
      outcomes.map { $0 == "-" ? Self.refused : Self.profile(String($0)) })
    #expect(history.entries.first?.number == outcomes.count - 1)
    #expect(history.entries.first?.unchangedSince == since)
  }

  @Test func `decisions of other names do not end a run`() throws {
    let history = try history([
      Self.profile("A"), TraceFixtures.transferActivityBody(), Self.profile("A"),
    ])
    #expect(history.entries.first?.unchangedSince == 0)
  }

  @Test func `one decision only, if asked`() throws {
    let bodies = [Self.profile("A"), TraceFixtures.premiumOfferBody()]
    #expect(try history(bodies, decision: "invoice_profile").entries.map(\.number) == [0])
    let other = try history(bodies, decision: "profile")
    #expect(other.entries.isEmpty)
    #expect(other.decisions == ["invoice_profile", "offer"])
  }

  @Test func `as of a day, what came later is passed over`() throws {
    // Transfers are of 26 January, invoices of the 27th.
    let bodies = [TraceFixtures.transferActivityBody(), Self.profile("A")]
    let day = CalendarDate(year: 2021, month: 1, day: 26)
    #expect(try history(bodies, asOf: day).entries.map(\.number) == [0])
    let before = try history(bodies, asOf: CalendarDate(year: 2021, month: 1, day: 25))
    #expect(before.entries.isEmpty && before.traceCount == 2)
    #expect(before.days?.lowerBound == day)
  }

  @Test func `nobody of that id`() throws {
    let directory = try TemporaryDirectory()
    try TraceFixtures.writeLog(directory.file("log"), [Self.profile("A")])
    let history = try SubjectHistory(
      of: "1", in: TraceLogReader(path: directory.file("log")))
    #expect(history.entries.isEmpty && history.traceCount == 0 && history.days == nil)
  }

  @Test func `a trace that does not fit its schema names its number`() throws {
    let body = Self.profile("A")
    #expect(throws: SubjectHistory.Damage.self) { try history([body, Array(body.dropLast())]) }
  }
}
