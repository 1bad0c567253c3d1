import DataFields
import DecisionTrace
import Decisions
import Foundation
import RationaleTestSupport
import Replay
import RuleLanguage
import Testing
import TraceLog

@Suite struct TraceReplayerTests {
  @Test func `decisions on events come out again, from the log alone`() throws {
    var endings: Set<String> = []
    for seed in 1...3 as ClosedRange<UInt64> {
      let fixture = try HistoryFixture()
      try fixture.decide(400, seed: seed)
      try fixture.forgetRules()
      var replayer = TraceReplayer(try fixture.reader)
      for stored in try fixture.traces() {
        let verdict = replayer.replay(stored.body)
        #expect(verdict.isEqual, "seed \(seed) #\(stored.index): \(verdict)")
        guard let trace = try fixture.trace(stored.body) else { continue }
        endings.insert(trace.resultText)
        if trace.override != nil { endings.insert("override") }
        if !trace.conversions.isEmpty { endings.insert("rates") }
        for value in trace.values { endings.insert("\(value.state) \(value.origin)") }
      }
      #expect(replayer.schemaCount == 2)
    }
    // A log in which little happens proves little.
    for ending in [
      "Large", "Busy", "Small", "Held", "override", "rates", "none", "cash, stock",
      "refused (missing: shop.staff)", "refused (out of range: shop.staff)",
      "present defaulted", "missing input", "outOfRange input", "present events",
    ] {
      #expect(endings.contains(ending), "\(ending) is not among \(endings.sorted())")
    }
  }

  @Test func `decisions on rows come out again, with what they supply and what they leave out`()
    throws
  {
    let fixture = try HistoryFixture()
    try fixture.decide(
      rows: """
        ID,STAFF,REGION,turnover,mean_sale,sales,foreign,per_head,is_busy
        a,1,east,100.50,250,4,1,,
        b,2000,,,1/3,2,0,,true
        c,,west,5000,,9,,12345.678/7,
        d,4,,-1,251,3,2,,false
        e,4,,,,,,999999/1000,

        """, asOf: "2021-01-05")
    try fixture.decide(rows: "ID,per_head,sales\nf,5000,\ng,,7\nh,1/3,1\n")
    try fixture.forgetRules()
    var replayer = TraceReplayer(try fixture.reader)
    let traces = try fixture.traces()
    #expect(traces.count == 16)
    for stored in traces {
      let verdict = replayer.replay(stored.body)
      #expect(verdict.isEqual, "#\(stored.index): \(verdict)")
    }
  }

  @Test func `whatever was concluded otherwise is found, wherever it stands`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(60)
    var replayer = TraceReplayer(try fixture.reader)
    var parts: Set<TraceDifference.Part> = []
    for stored in try fixture.traces() {
      let conclusions = try fixture.conclusions(stored.body)
      for place in conclusions {
        var body = stored.body
        body[place] ^= 1
        let verdict = replayer.replay(body)
        #expect(!verdict.isEqual, "#\(stored.index), byte \(place)")
        for difference in verdict.difference?.differences ?? [] { parts.insert(difference.part) }
      }
    }
    #expect(parts.isSuperset(of: [.rank, .rule, .result, .override]))
  }

  @Test func `a fact that was changed gives what it would have led to`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(60)
    var replayer = TraceReplayer(try fixture.reader)
    var found = 0
    for stored in try fixture.traces() {
      guard let trace = try fixture.trace(stored.body), trace.schema.decision == "turnover_class",
        trace.subject == "b", trace.asOf != nil
      else { continue }
      // b has a staff of 3, a signed number of one byte; with 1, 2 its turnover a head is another.
      let place = try fixture.place(ofField: "shop.staff", in: stored.body)
      #expect(stored.body[place] == 6)
      var body = stored.body
      body[place] = 4
      let difference = try #require(replayer.replay(body).difference)
      let value = try #require(difference.differences.first)
      #expect(value.part == .value && value.name == "per_head")
      #expect(
        value.before == trace.values.first { $0.field.name == "per_head" }?.content?.displayText)
      #expect(difference.recorded.result == trace.result)
      found += 1
    }
    #expect(found > 0)
  }

  @Test func `random changes of bytes crash nothing, and what is no body is said to be none`()
    throws
  {
    let fixture = try HistoryFixture()
    try fixture.decide(40)
    var replayer = TraceReplayer(try fixture.reader)
    let bodies = try fixture.traces().map(\.body)
    var generator = SeededGenerator(seed: 99)
    var failures = 0
    for _ in 0..<20_000 {
      var body = bodies.randomElement(using: &generator) ?? []
      // Behind the schema's digest, or nearly all were of no schema.
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 33..<body.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: body.remove(at: place)
        case 1: body.insert(.random(in: 0...255, using: &generator), at: place)
        default: body[place] = .random(in: 0...255, using: &generator)
        }
      }
      let verdict = replayer.replay(body)
      if verdict.failure != nil { failures += 1 }
      // What comes out equal is a body that can be read, too.
      if verdict.isEqual { #expect(throws: Never.self) { try fixture.trace(body) } }
    }
    #expect(failures > 100)
    for body in [[], [1], Array(bodies[0].prefix(32)), Array(bodies[0].dropLast())] {
      let failure = try #require(replayer.replay(body).failure)
      #expect(failure.description.hasPrefix("its body cannot be decoded: "))
    }
  }

  @Test func `a day on which the ruleset was not in effect is no day of its decisions`() throws {
    let fixture = try HistoryFixture()
    try fixture.decide(rows: "ID,per_head\na,5000\n", asOf: "2021-01-01")
    var body = try fixture.traces()[0].body
    var reader = TraceBodyReader(body)
    _ = try reader.identity()
    // 18628 days are 2021-01-01, as a signed number 37256; two less is the day before.
    let day = reader.offset - 3
    #expect(Array(body[day..<reader.offset]) == [0x88, 0xA3, 0x02])
    body[day] = 0x86
    var replayer = TraceReplayer(try fixture.reader)
    let difference = try #require(replayer.replay(body).difference)
    #expect(difference.differences.map(\.name) == ["as of"])
    #expect(difference.differences[0].before == "2020-12-31")
  }
}

extension HistoryFixture {
  /// Where the ranks, rules, models, the result and the override of a body stand.
  func conclusions(_ body: [UInt8]) throws -> Range<Int> {
    let digest = Trace.schemaDigest(ofBody: body)
    let schema = try #require(library.schemas.first { $0.digest == digest })
    var reader = TraceBodyReader(body)
    _ = try reader.identity()
    var row = RuleRow(library.program.code.layout)
    var texts = library.program.texts
    try reader.values(
      zip(schema.fieldSlots, schema.fieldForms).map { slot, form in
        RestoredField(slot: slot, form: form, words: .min ... .max, use: .always)
      }, of: body, into: &row, texts: &texts)
    let start = reader.offset
    try reader.passConclusions(
      ranks: schema.rankSlots.count, rules: schema.rules.count, models: schema.models.count,
      outcome: schema.outcomeForm, isList: schema.isList)
    return start..<reader.offset
  }

  /// Where the value of a field starts.
  func place(ofField name: String, in body: [UInt8]) throws -> Int {
    let digest = Trace.schemaDigest(ofBody: body)
    let schema = try #require(library.schemas.first { $0.digest == digest })
    let index = try #require(schema.schema.fields.firstIndex { $0.name == name })
    var reader = TraceBodyReader(body)
    _ = try reader.identity()
    var row = RuleRow(library.program.code.layout)
    var texts = library.program.texts
    try reader.values(
      zip(schema.fieldSlots, schema.fieldForms).prefix(index).map { slot, form in
        RestoredField(slot: slot, form: form, words: .min ... .max, use: .always)
      }, of: body, into: &row, texts: &texts)
    return reader.offset + 1
  }
}
