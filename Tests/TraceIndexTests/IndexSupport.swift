import DataFields
import DecisionTrace
import FileIO
import GRDB
import RationaleTestSupport
import TraceIndex
import TraceLog

/// A log of random traces in a directory of its own, and what a naive reader finds in it.
struct RandomLog {
  private(set) var directory: TemporaryDirectory
  var traces: RandomTraces
  private(set) var decoded: [Trace] = []
  private var summaries: [TraceBodySummary] = []

  init(seed: UInt64, subjects: Int = 20) throws {
    directory = try TemporaryDirectory()
    traces = RandomTraces(seed: seed, subjects: subjects)
  }

  var path: String { directory.file("log") }
  var index: TraceIndex { get throws { TraceIndex(log: try TraceLogReader(path: path)) } }

  /// The same log, elsewhere.
  func moved(to directory: TemporaryDirectory) -> RandomLog {
    var copy = self
    copy.directory = directory
    return copy
  }

  /// Adds traces to the log, not to its index.
  mutating func append(_ count: Int) throws {
    var options = TraceLogWriter.Options()
    options.segmentBytes = 40_000
    var log = try TraceLogWriter(path: path, options: options)
    for (schema, digest) in RandomTraces.schemas {
      try log.keepArtefact(schema.encoded(), digest: digest)
    }
    for _ in 0..<count {
      let drawn = traces.next()
      _ = try log.append(
        drawn.body, subject: SubjectKey(drawn.subject), decision: DecisionKey(drawn.decision))
      let trace = try Self.decode(drawn.body)
      decoded.append(trace)
      summaries.append(TraceBodySummary(reference: trace))
    }
    try log.close()
  }

  private static func decode(_ body: [UInt8]) throws -> Trace {
    let digest = Trace.schemaDigest(ofBody: body)
    guard let schema = RandomTraces.schemas.first(where: { $0.digest == digest }) else {
      throw TraceFault(offset: 1, reason: "no schema")
    }
    return try Trace(body: body, schema: schema.schema, digest: schema.digest)
  }

  /// The numbers of the traces that match, the newest first: every trace is decoded and asked.
  func naive(_ query: TraceQuery, limit: Int = .max) -> [Int] {
    let matching = summaries.indices.reversed().filter { number in
      Self.matches(summaries[number], query) && query.before.map { number < $0 } ?? true
    }
    return Array(matching.prefix(limit))
  }

  private static func matches(_ summary: TraceBodySummary, _ query: TraceQuery) -> Bool {
    let ending = summary.ending
    let outcomes = ending.collected + (ending.outcome.map { [$0] } ?? [])
    let reasons = ending.reasonCodes + (ending.refusal.map { [TraceJSONWriter.name($0)] } ?? [])
    func holds(_ wanted: String?, _ found: [String]) -> Bool {
      wanted == nil || found.contains(wanted ?? "")
    }
    let first = query.firstDay ?? CalendarDate(daysSinceEpoch: .min)
    let last = query.lastDay ?? CalendarDate(daysSinceEpoch: .max)
    let isOnDay =
      query.firstDay == nil && query.lastDay == nil
      || (summary.asOf.map { first <= $0 && $0 <= last } ?? false)
    return holds(query.subject, [summary.subject]) && holds(query.decision, [ending.decision])
      && holds(query.outcome, outcomes) && holds(query.rule, ending.rules)
      && holds(query.reason, reasons) && isOnDay
  }

  /// Queries of every kind, most of them for what there is.
  func queries(_ count: Int, seed: UInt64) -> [TraceQuery] {
    var generator = SeededGenerator(seed: seed)
    func draw(_ odds: Int, _ values: [String]) -> String? {
      Int.random(in: 0..<odds, using: &generator) == 0
        ? values.randomElement(using: &generator) : nil
    }
    return (0..<count).map { _ in
      var query = TraceQuery()
      query.subject = draw(3, (0..<21).map { "client-\($0)" })
      query.decision = draw(3, ["profile", "limit", "offers", "none"])
      query.outcome = draw(3, ["Steady", "Développé", "", "25.05", "offer 1", "0.00", "nothing"])
      query.rule = draw(4, ["small", "large", "otherwise", "no rule"])
      query.reason = draw(4, ["R-1", "R-3", "O-1", "missing", "overflow", "X"])
      if Int.random(in: 0..<4, using: &generator) == 0 {
        query.firstDay = CalendarDate(
          daysSinceEpoch: Int32.random(in: 18_580...18_800, using: &generator))
      }
      if Int.random(in: 0..<4, using: &generator) == 0 {
        query.lastDay = CalendarDate(
          daysSinceEpoch: Int32.random(in: 18_600...18_820, using: &generator))
      }
      if Int.random(in: 0..<5, using: &generator) == 0 {
        query.before = Int.random(in: 0...decoded.count + 2, using: &generator)
      }
      return query
    }
  }

  /// Changes rows of the index by SQL, as somebody with the file can.
  func edit(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path + "/index.sqlite")
    try queue.writeWithoutTransaction { db in try db.execute(sql: sql) }
    try queue.close()
  }
}

/// The numbers of the traces that a query gives, in its order.
func numbers(
  _ index: TraceIndex, _ query: TraceQuery = TraceQuery(), limit: Int = .max,
  usesIndex: Bool = true
) throws -> [Int] {
  try index.traces(query, limit: limit, usesIndex: usesIndex).map(\.stored.index)
}
