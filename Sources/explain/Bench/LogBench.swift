internal import DataFields
internal import DecisionTrace
internal import FileIO
internal import TraceLog
internal import TransparencyLog

/// How fast decisions are logged, verified and proved, and how many bytes they take.
struct LogBench {
  let path: String
  let decisions: Int
  let groupRecords: Int
  /// Whether what belongs to persons goes to a vault.
  let isSealed: Bool
  private let bodies: [[UInt8]]
  private let names: [[UInt8]]
  private let subjects: [SubjectKey]
  private let schemas: [(bytes: [UInt8], digest: Digest)]

  /// Makes the bodies of the cases of `explain bench rules` beforehand: what is measured is the log.
  init(path: String, decisions: Int, groupRecords: Int, isSealed: Bool) throws {
    self.path = path
    self.isSealed = isSealed
    self.decisions = decisions
    self.groupRecords = groupRecords
    var bench = try RuleBench(ProfileCase.generated())
    schemas = bench.schemas
    let day = CalendarDate(daysSinceEpoch: 18_628)
    let names = (0..<4_096).map { IndexBench.subject(IndexBench.draw($0), of: 100_000) }
    bodies = names.enumerated().map { place, name in
      bench.traceBody(of: place, subject: name, record: 1_000_000 + place, asOf: day)
    }
    self.names = names.map { Array($0.utf8) }
    subjects = names.map { SubjectKey($0) }
  }

  var bodyBytes: Int { bodies.reduce(0) { $0 + $1.count } / bodies.count }

  /// Appends all decisions to a new log, a group at a time, and closes it.
  func append() throws -> (wall: Double, processor: Double) {
    var options = TraceLogWriter.Options()
    options.groupRecords = groupRecords
    if isSealed { options.privacy = PrivacyOptions() }
    var log = try TraceLogWriter(path: path, options: options)
    for schema in schemas { try log.keepArtefact(schema.bytes, digest: schema.digest) }
    let key = DecisionKey("profile")
    return try IndexBench.time {
      for record in 0..<decisions {
        let place = record % bodies.count
        _ = try log.append(bodies[place], subject: names[place][...], decision: key)
      }
      try log.close()
    }
  }

  /// The same bodies as lines of JSON, flushed as often.
  func appendJSONLines(_ file: String, lines: [[UInt8]]) throws -> (wall: Double, processor: Double)
  {
    let output = try OpenFile(path: file, mode: .replace)
    return try IndexBench.time {
      var buffer: [UInt8] = []
      for record in 0..<decisions {
        buffer.append(contentsOf: lines[record % lines.count])
        buffer.append(0x0A)
        if buffer.count >= 1 << 18 {
          try output.write(buffer)
          buffer.removeAll(keepingCapacity: true)
        }
        if record % groupRecords == groupRecords - 1 {
          try output.write(buffer)
          buffer.removeAll(keepingCapacity: true)
          try output.syncData()
        }
      }
      try output.write(buffer)
      try output.syncData()
    }
  }

  /// The same bodies as rows of SQLite, a group a transaction.
  func appendRows(_ file: String) throws -> (wall: Double, processor: Double) {
    let decision = Int64(DecisionKey("profile").hash)
    let rows = zip(bodies, subjects).map { body, subject in
      SQLitePeer.Row(subject: Int64(bitPattern: subject.hash), decision: decision, body: body)
    }
    return try IndexBench.time {
      let peer = try SQLitePeer(path: file)
      try peer.append(decisions, group: groupRecords) { rows[$0 % rows.count] }
      try peer.close()
    }
  }

  /// Each body as a trace in JSON.
  func jsonLines() throws -> [[UInt8]] {
    guard let schema = schemas.first else { return [] }
    let decoded = try TraceSchema(decoding: schema.bytes)
    let writer = TraceJSONWriter()
    return try bodies.map { body in
      let trace = try Trace(body: body, schema: decoded, digest: schema.digest)
      return writer.json(
        trace, placement: TraceJSONWriter.Placement(number: 0, unchangedSince: nil))
    }
  }

  /// Checks the whole log.
  func verify() throws -> (wall: Double, processor: Double) {
    try IndexBench.time {
      var verifier = LogVerifier(log: path, options: .init())
      let report = try verifier.run()
      guard report.holds(.intact) else {
        throw CommandFailure(message: report.findings.first?.description ?? "the log is not intact")
      }
    }
  }

  /// Milliseconds of single proofs, from a cold reader each, rising.
  func proofs(_ count: Int) throws -> [Double] {
    try (0..<count).map { place in
      let index = Int(IndexBench.draw(place) % UInt64(decisions))
      return try IndexBench.time { _ = try LogProofs(log: path).proof(of: index) }.wall * 1_000
    }.sorted()
  }

  /// Bytes of all files below a directory, and what the disk gives them.
  static func size(_ path: String) throws -> Int {
    var size = 0
    for name in try Directory.names(in: path) {
      let inner = path + "/" + name
      guard let status = try Directory.status(inner) else { continue }
      size += status.isDirectory ? try self.size(inner) : status.size
    }
    return size
  }
}
