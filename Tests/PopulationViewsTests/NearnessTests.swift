import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@testable import PopulationViews

@Suite struct NearnessTests {
  @Test func `shares and days are read, and printed as they were written`() throws {
    for (text, printed) in [
      ("5%", "5%"), ("0.5 %", "0.5%"), ("10%", "10%"), ("99.9999%", "99.9999%"), ("2.50%", "2.5%"),
      ("30d", "30d"), ("7 d", "7d"),
    ] {
      #expect(try #require(Nearness(parsing: text)).description == printed)
    }
    for text in ["", "%", "d", "5", "0%", "100%", "-1%", "1.00001%", "0d", "1.5d", "40000d", "x%"] {
      #expect(Nearness(parsing: text) == nil, "\(text)")
    }
  }
}
