import DataFields
import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing
import TraceIndex
import TraceLog

/// An index gives what a naive reader of the whole log finds, whatever state it is in.
@Suite struct TraceQueryTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `random queries of random logs give what a naive reader finds`(seed: UInt64) throws {
    var log = try RandomLog(seed: seed)
    try log.append(0)
    var generator = SeededGenerator(seed: seed)
    for round in 0..<4 {
      let index = try log.index
      // Sometimes the log is ahead of the index, by some traces or by all.
      if round != 0 { try index.update() }
      try log.append(Int.random(in: 1...400, using: &generator))
      if round == 3 { try index.update() }
      for (number, query) in log.queries(30, seed: seed &+ UInt64(round) &* 97).enumerated() {
        let limit = [Int.max, 1, 3, 10][number % 4]
        let expected = log.naive(query, limit: limit)
        #expect(try numbers(index, query, limit: limit) == expected, "\(query)")
        #expect(try numbers(index, query, limit: limit, usesIndex: false) == expected)
      }
    }
    #expect(try log.index.check().findingCount == 0)
  }

  @Test func `an index that is brought up in small steps is one that was made at once`() throws {
    var log = try RandomLog(seed: 5)
    for count in [1, 1, 2, 1, 5, 40, 1, 1, 300, 7, 1] {
      try log.append(count)
      try log.index.update()
      let check = try log.index.check()
      #expect(check.findings.isEmpty && check.compared == log.decoded.count)
    }
    let lag = try log.index.lag
    #expect(lag.indexed == log.decoded.count && lag.entries == 0 && lag.isPresent)
    for query in log.queries(60, seed: 6) {
      #expect(try numbers(log.index, query) == log.naive(query))
    }
  }

  @Test func `a query gives the traces as the log has them, and says how it found them`() throws {
    var log = try RandomLog(seed: 9)
    try log.append(200)
    let index = try log.index
    try index.update()
    try log.append(50)
    #expect(try index.lag.entries == 50)
    var hits: [TraceHit] = []
    let report = try index.query(TraceQuery()) { hit in
      hits.append(hit)
      return true
    }
    #expect(report.usesIndex && report.scanned == 50 && report.given == 250)
    #expect(report.contradicted == 0 && report.fault == nil)
    for (hit, trace) in zip(hits, log.decoded.reversed()) {
      #expect(hit.stored.body == trace.body)
      #expect(try hit.summary.get() == TraceBodySummary(reference: trace))
    }
    // A visitor that has enough ends it.
    var count = 0
    try index.query(TraceQuery()) { _ in
      count += 1
      return count < 7
    }
    #expect(count == 7)
    #expect(try index.traces(TraceQuery(), limit: 0).isEmpty)
  }

  @Test func `without an index every trace is read`() throws {
    var log = try RandomLog(seed: 10)
    try log.append(120)
    let index = try log.index
    let report = try index.query(TraceQuery()) { _ in true }
    #expect(!report.usesIndex && report.scanned == 120 && report.fault == nil)
    #expect(try Directory.status(index.path) == nil)
    try index.update()
    try Directory.remove(index.path)
    for query in log.queries(20, seed: 11) {
      #expect(try numbers(index, query) == log.naive(query))
    }
  }

  @Test func `traces that cannot be read are listed, and match nothing that is asked`() throws {
    var log = try RandomLog(seed: 12)
    try log.append(30)
    let stray = TraceFixtures.invoiceProfileBody()
    do {
      var writer = try TraceLogWriter(path: log.path)
      for body in [stray, [7], Array(log.decoded[0].body.prefix(60))] {
        _ = try writer.append(body, subject: SubjectKey("?"), decision: DecisionKey("?"))
      }
      try writer.close()
    }
    let index = try log.index
    for isIndexed in [false, true] {
      if isIndexed { try index.update() }
      let hits = try index.traces(TraceQuery(), limit: 4)
      #expect(hits.map(\.stored.index) == [32, 31, 30, 29])
      for hit in hits.prefix(3) {
        #expect(throws: TraceHit.Unreadable.self) { try hit.summary.get() }
      }
      var query = TraceQuery()
      query.decision = "invoice_profile"
      #expect(try numbers(index, query).isEmpty)
      query = TraceQuery()
      query.subject = "334628087"
      #expect(try numbers(index, query).isEmpty)
    }
    #expect(try index.check().findingCount == 0)
    #expect(try index.query(TraceQuery()) { _ in true }.contradicted == 0)
  }

  @Test func `what there is to ask for is known by name`() throws {
    var log = try RandomLog(seed: 13)
    try log.append(400)
    let index = try log.index
    #expect(try index.terms.decisions.isEmpty)
    try index.update()
    let terms = try index.terms
    #expect(terms.decisions == ["profile", "limit", "offers"])
    #expect(terms.rules == ["small", "large", "otherwise"])
    #expect(terms.outcomes.isSuperset(of: ["Steady", "offer 0", "25.05"]))
    #expect(terms.reasons.isSuperset(of: ["R-1", "R-3", "O-1", "missing", "no_rule"]))
  }
}
