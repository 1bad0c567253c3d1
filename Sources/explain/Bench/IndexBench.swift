internal import DataFields
internal import FileIO
internal import TraceIndex
internal import TraceLog

/// A log of decisions by rules alone, and its index: how fast it is made, how large it is, and how
/// long what is looked for takes.
struct IndexBench {
  let reader: TraceLogReader
  let index: TraceIndex
  let subjects: Int

  /// Opens the log at a path, or makes it.
  init(log path: String, decisions: Int, subjects: Int) throws {
    if try Directory.status(path) == nil {
      try Self.write(path, decisions: decisions, subjects: subjects)
    }
    reader = try TraceLogReader(path: path)
    index = TraceIndex(log: reader)
    self.subjects = subjects
  }

  /// The cases of the rule benchmark again and again, each about a subject drawn at random, on days
  /// of three years that go on.
  private static func write(_ path: String, decisions: Int, subjects: Int) throws {
    var bench = try RuleBench(ProfileCase.generated())
    var log = try TraceLogWriter(path: path)
    for schema in bench.schemas { try log.keepArtefact(schema.bytes, digest: schema.digest) }
    var line = ProgressLine()
    for record in 0..<decisions {
      let subject = subject(draw(record), of: subjects)
      let day = 18_628 + Int32(record * 1_096 / decisions)
      let body = bench.traceBody(
        of: record % 4_096, subject: subject, record: record + 1,
        asOf: CalendarDate(daysSinceEpoch: day))
      _ = try log.append(
        body, subject: SubjectKey(subject), decision: DecisionKey("profile"))
      if record % 65_536 == 0 { line.show("writing: \(record) decisions") }
    }
    try log.close()
    line.clear()
  }

  static func subject(_ number: UInt64, of subjects: Int) -> String {
    String(100_000_000 + number % UInt64(subjects))
  }

  /// A number that depends on its place alone (SplitMix64).
  static func draw(_ place: Int) -> UInt64 {
    var z = UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Seconds of the wall clock and of the processor that work takes.
  static func time(_ work: () throws -> Void) rethrows -> (wall: Double, processor: Double) {
    let start = ContinuousClock.now
    let processor = ProcessUse.processorSeconds
    try work()
    let (whole, part) = (ContinuousClock.now - start).components
    return (Double(whole) + Double(part) * 1e-18, ProcessUse.processorSeconds - processor)
  }

  /// Milliseconds of each of several queries, rising.
  func milliseconds(
    of count: Int, limit: Int, _ query: (Int) -> TraceQuery
  ) throws -> [Double] {
    try (0..<count).map { place in
      try Self.time { _ = try index.traces(query(place), limit: limit) }.wall * 1_000
    }.sorted()
  }
}
