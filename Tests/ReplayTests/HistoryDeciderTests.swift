import DataFields
import DecisionTrace
import Decisions
import Foundation
import RationaleTestSupport
import Replay
import Testing
import TraceLog

@Suite struct HistoryDeciderTests {
  /// Decides on a fixture's log with rules; what came of each trace.
  private func decided(
    _ fixture: HistoryFixture, _ versions: [DecisionLibrary]
  ) throws -> [(stored: StoredTrace, decided: HistoryDecider.Decided, traces: [Trace?])] {
    var decider = HistoryDecider(try fixture.reader, versions: versions)
    var grouping = EventGrouping()
    var all: [(stored: StoredTrace, decided: HistoryDecider.Decided, traces: [Trace?])] = []
    let stored = try fixture.traces()
    let byIndex = Dictionary(uniqueKeysWithValues: stored.map { ($0.index, $0) })
    for event in stored.map({ grouping.add($0) }) + [grouping.finish()] {
      let made = decider.decide(event) { stored, failure in
        Issue.record("#\(stored.index): \(failure)")
      }
      for one in made {
        all.append(
          (try #require(byIndex[one.number]), one, try decider.traces(of: one).versions))
      }
    }
    #expect(all.count == stored.count)
    return all
  }

  private func library(_ directory: TemporaryDirectory, _ name: String, _ text: String) throws
    -> DecisionLibrary
  {
    _ = try directory.write("\(name)/rates.csv", HistoryFixture.rates)
    return try DecisionLibrary(rules: [try directory.write("\(name)/shop.rules", text)])
  }

  @Test func `the rules of the log decide as they did, to the byte`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(300)
    try fixture.decide(rows: "ID,per_head,sales\nf,5000,\ng,,7\nh,1/3,1\n")
    for one in try decided(fixture, [fixture.library]) {
      #expect(one.traces[0]?.body == one.stored.body, "#\(one.stored.index)")
    }
  }

  @Test func `another cut point moves those whom the independent computation says`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(300)
    let next = try library(
      fixture.directory, "next", HistoryFixture.rules(version: 2, cut: "200"))
    var moved = 0
    for one in try decided(fixture, [fixture.library, next])
    where one.decided.decision == "turnover_class" {
      let before = try #require(one.traces[0])
      let after = try #require(one.traces[1])
      #expect(one.decided.outcomes.count == 2)
      guard let value = before.values.first(where: { $0.field.name == "per_head" })?.content else {
        #expect(one.decided.outcomes == [.refused, .refused])
        continue
      }
      guard case .number(let number, let scale, _, _) = value else { continue }
      let perHead = number.nearestDouble / pow(10, Double(scale))
      let wasLarge = perHead >= 1000
      let isLarge = perHead >= 200
      let level = after.ranks.first { $0.schema.name == "turnover_rank" }?.level
      #expect(level == (isLarge ? 1 : 0))
      if wasLarge != isLarge, before.override == nil {
        moved += 1
        #expect(one.decided.outcomes[1] == .decided("Large"))
        let names = TraceDifference.between(before, after).filter { $0.part == .rank }.map(\.name)
        #expect(names == ["turnover_rank"])
      }
    }
    #expect(moved > 10)
  }

  @Test func `facts go over by what they are, not by what they are called`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(200)
    let renamed = try library(
      fixture.directory, "renamed",
      HistoryFixture.rules(version: 2).replacing("turnover", with: "revenue")
        .replacing("shop.staff", with: "shop.people").replacing("staff   int", with: "people int")
        .replacing("revenue_class", with: "turnover_class").replacing("shop-revenue", with: "shop"))
    for one in try decided(fixture, [fixture.library, renamed]) {
      #expect(one.decided.outcomes[0] == one.decided.outcomes[1], "#\(one.stored.index)")
    }
  }

  @Test func `rulesets that read the same columns share the facts`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(60)
    let other = HistoryFixture.rules().replacing("shop-turnover", with: "shop-again")
      .replacing("turnover_class", with: "again_class").replacing(
        "decision offers", with: "decision again")
    _ = try fixture.directory.write("both/again.rules", other)
    _ = try fixture.directory.write("both/rates.csv", HistoryFixture.rates)
    let path = try fixture.directory.write("both/shop.rules", HistoryFixture.rules())
    for paths in [
      [path, fixture.directory.file("both/again.rules")],
      [fixture.directory.file("both/again.rules"), path],
    ] {
      let both = try DecisionLibrary(rules: paths)
      for one in try decided(fixture, [both]) {
        #expect(one.traces[0]?.result == (try fixture.trace(one.stored.body))?.result)
      }
    }
  }

  @Test func `what is defined otherwise is not known, and is named`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(60)
    let text = HistoryFixture.rules(version: 2)
    let other = try library(
      fixture.directory, "other", text.replacing("where amount >= 0", with: "where amount > 0"))
    for one in try decided(fixture, [other]) {
      let expected =
        one.decided.decision == "offers"
        ? ["turnover", "mean_sale", "foreign"] : ["turnover"]
      #expect(one.decided.outcomes == [.unknown(expected)], "#\(one.stored.index)")
      #expect(one.traces == [nil])
    }
    // An input that no decision asked for is in no trace; a range that is wider brings nothing back.
    let wider = try library(
      fixture.directory, "wider", text.replacing("in 1 ... 1_000", with: "in 1 ... 10_000"))
    var lost = 0
    for one in try decided(fixture, [wider]) where one.decided.outcomes != [.refused] {
      guard case .unknown(let names) = one.decided.outcomes[0] else { continue }
      #expect(names == ["shop.staff"])
      #expect(try fixture.trace(one.stored.body)?.subject == "d")
      lost += 1
    }
    #expect(lost > 0)
  }

  @Test func `a decision that the rules do not make is absent`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(40)
    let text = HistoryFixture.rules(version: 2).split(separator: "decision offers")[0]
    let less = try library(fixture.directory, "less", String(text))
    for one in try decided(fixture, [less]) where one.decided.decision == "offers" {
      #expect(one.decided.outcomes == [.absent])
    }
  }

  @Test func `the latest traces are the last of each subject and decision`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(200)
    var expected: [String: Int] = [:]
    for stored in try fixture.traces() {
      let trace = try #require(try fixture.trace(stored.body))
      expected["\(trace.subject) \(trace.schema.decision)"] = stored.index
    }
    let latest = try LatestTraces(TraceLogSet(try fixture.reader))
    #expect(latest.numbers == [expected.values.sorted()])
  }
}
