import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing
import TraceIndex
import TraceLog

/// Whoever edits an index can hide traces, which a comparison finds, but never invent one.
@Suite struct EditedIndexTests {
  /// Edits by SQL, and whether queries can miss anything by them.
  private static let edits: [String] = [
    "DELETE FROM entries WHERE entry = 7",
    "DELETE FROM entries",
    "UPDATE entries SET ending = (SELECT max(id) FROM endings) WHERE entry BETWEEN 10 AND 40",
    "UPDATE entries SET ending = 999999 WHERE entry = 3",
    "UPDATE entries SET ending = 'text' WHERE entry = 3",
    "UPDATE entries SET day = day + 1000 WHERE entry % 3 = 0 AND day IS NOT NULL",
    "UPDATE entries SET day = NULL WHERE entry = (SELECT min(entry) FROM entries WHERE day > 0)",
    "UPDATE entries SET day = x'00' WHERE entry = 9",
    "UPDATE entries SET day = 9223372036854775807 WHERE entry = 9",
    "UPDATE endings SET outcome = 'Gold' WHERE outcome = 'Steady'",
    "UPDATE endings SET decision = 'other' WHERE id = 1",
    "UPDATE endings SET kind = 2",
    "UPDATE endings SET kind = 1, bucket = 3",
    "UPDATE endings SET kind = 3 WHERE id = 1",
    "UPDATE endings SET kind = 17 WHERE id = 1",
    "DELETE FROM endings",
    "UPDATE terms SET term = 'forged' WHERE kind = 1",
    "DELETE FROM terms WHERE kind = 2",
    "UPDATE terms SET kind = kind + 9",
    "UPDATE subjects SET subject = subject + 1 WHERE entry = 5",
    "UPDATE subjects SET entry = entry + 1 WHERE entry = 5",
    "UPDATE subjects SET entry = -entry - 1 WHERE entry = 5",
    "UPDATE subjects SET run = run + 50",
    "DELETE FROM subjects WHERE entry = 11",
    "INSERT INTO subjects SELECT run, subject, 12 FROM subjects WHERE entry = 5",
    "INSERT INTO subjects SELECT run, subject, 5000000 FROM subjects WHERE entry = 5",
    "DELETE FROM runs",
    "DELETE FROM runs WHERE run = (SELECT min(run) FROM runs)",
    "UPDATE runs SET first = first + 1",
    "UPDATE runs SET last = 9223372036854775807",
    "UPDATE runs SET rows = 9223372036854775807",
    "INSERT INTO runs SELECT run + 100, first, last, rows FROM runs",
    "DELETE FROM presence WHERE ending = 1",
    "UPDATE presence SET block = 77",
    "DELETE FROM blocks",
    "UPDATE blocks SET first_day = 2147483647, last_day = -2147483648",
    "INSERT INTO entries SELECT entry + 1000000, ending, day FROM entries",
    "INSERT INTO entries SELECT -entry - 1, ending, day FROM entries",
    "UPDATE state SET rows = 3",
    "UPDATE state SET last = last - 5",
    "UPDATE state SET last = -1, next = 0",
    "UPDATE state SET last = 9223372036854775807",
    "UPDATE state SET last = -7",
    "UPDATE state SET next = last",
    "UPDATE state SET next = next + 1000",
    "UPDATE state SET fingerprint = x''",
    "UPDATE state SET fingerprint = 'text'",
  ]

  @Test(arguments: edits.indices) func `an edit hides at most, and is found`(_ number: Int) throws {
    let sql = Self.edits[number]
    var log = try RandomLog(seed: 31)
    try log.append(150)
    try log.index.update()
    try log.append(60)
    try log.index.update()
    try log.append(10)
    try log.edit(sql)
    let index = try log.index
    for query in log.queries(12, seed: UInt64(number)) {
      let found = try numbers(index, query)
      #expect(Set(found).isSubset(of: log.naive(query)), "\(sql)")
      #expect(found == found.sorted(by: >), "\(sql)")
      #expect(Set(found).count == found.count, "\(sql)")
      // Read without the index, everything is there.
      #expect(try numbers(index, query, usesIndex: false) == log.naive(query), "\(sql)")
    }
    #expect(try index.check().findingCount > 0, "\(sql)")
    // Going on from there may fail or begin anew, and making it anew mends it.
    _ = try? index.update()
    try index.rebuild()
    let check = try index.check()
    #expect(check.findingCount == 0 && check.compared == 220, "\(sql)")
    for query in log.queries(5, seed: 32) {
      #expect(try numbers(index, query) == log.naive(query), "\(sql)")
    }
  }

  @Test func `findings say which trace, and what is otherwise`() throws {
    var log = try RandomLog(seed: 33)
    try log.append(100)
    let index = try log.index
    try index.update()
    let profile = try #require(
      log.decoded.firstIndex { $0.result == .decided(outcome: .text("Steady"), rule: 0) })
    try log.edit(
      """
      INSERT INTO endings SELECT id + 1000, kind, decision, 'Gold', refusal, bucket FROM endings
        WHERE id = (SELECT ending FROM entries WHERE entry = \(profile));
      INSERT INTO terms SELECT ending + 1000, kind, place, term FROM terms
        WHERE ending = (SELECT ending FROM entries WHERE entry = \(profile));
      UPDATE entries SET ending = ending + 1000 WHERE entry = \(profile);
      DELETE FROM subjects WHERE entry = 42;
      """)
    let check = try index.check()
    let codes = log.decoded[profile].rules[0].schema.reasonCode ?? ""
    #expect(
      check.findings.map(\.description) == [
        "trace #\(profile): the index says profile `Gold` by small [\(codes)], "
          + "the log profile `Steady` by small [\(codes)]",
        "trace #42: the index does not find it by its subject",
        "99 subjects are indexed, of 100 in runs",
      ])
    // A query that meets the row says that the two differ, and gives what the log has.
    var query = TraceQuery()
    query.before = profile + 1
    var first: TraceHit?
    let report = try index.query(query, limit: 1) { hit in
      first = hit
      return true
    }
    #expect(report.contradicted == 1)
    #expect(try first?.summary.get().ending.outcome == "Steady")
    query.outcome = "Gold"
    #expect(try numbers(index, query).isEmpty)
  }

  @Test func `many findings are counted, and some kept`() throws {
    var log = try RandomLog(seed: 34)
    try log.append(400)
    try log.index.update()
    try log.edit("DELETE FROM entries")
    let check = try log.index.check()
    #expect(check.findingCount >= 400 && check.findings.count == 100)
  }
}
