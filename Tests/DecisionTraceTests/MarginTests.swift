import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@Suite struct MarginTests {
  @Test func `margins of the published customer`() throws {
    let ranks = try TraceFixtures.invoiceProfileTrace().ranks
    let amount = ranks[0].margins
    #expect(amount.map(\.cutPointName) == ["amount.M", "amount.L"])
    #expect(
      amount.map(\.cutPoint.displayText) == ["10,000.00 HUF/person", "100,000.00 HUF/person"])
    #expect(amount.map(\.distance.plainText) == ["300644.54", "210644.54"])
    #expect(amount.map(\.isAbove) == [true, true])
    #expect(amount.map(\.levelBeyond) == ["S", "M"])
    // 285,792,976 / 230 / 4 / 100,000 - 1, by hand.
    let relative = try #require(amount[1].relative)
    #expect(abs(relative - 2.1064453913043479) < 1e-15)
    #expect(ranks[1].margins.map(\.distance.plainText) == ["-46", "-246"])
    #expect(ranks[1].margins.map(\.levelBeyond) == ["M", "L"])
  }

  @Test func `a value on a cut point is flagged, on whichever side it counts`() throws {
    let trace = try TraceFixtures.transferActivityTrace()
    let rate = trace.ranks[1].margins
    #expect(rate.map(\.isKnifeEdge) == [true, false])
    #expect(rate.map(\.isAbove) == [true, false])
    #expect(trace.nearestMargins(trace.ranks[1]).map(\.levelBeyond) == ["Low", "High"])
    var schema = TraceFixtures.transferActivity
    schema.ranks[1].belongsBelow = [true, true]
    let other = try Trace(
      body: TraceFixtures.transferActivityBody(), schema: schema,
      digest: TraceFixtures.transferActivityDigest)
    #expect(other.ranks[1].margins.map(\.isAbove) == [false, false])
    #expect(other.ranks[1].margins.map(\.levelBeyond) == ["Moderate", "High"])
  }

  @Test func `dates are told apart in days`() throws {
    let life = try TraceFixtures.transferActivityTrace().ranks[0].margins
    #expect(life.map(\.distance.displayText) == ["5 d", "-5,688 d"])
    #expect(life.map(\.cutPoint.displayText) == ["1986-06-01", "2002-01-01"])
    #expect(life.map(\.levelBeyond) == ["Mature", "New"])
  }
}
