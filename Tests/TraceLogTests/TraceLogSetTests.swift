import DataFields
import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing
import TraceLog
import TransparencyLog

@Suite struct TraceLogSetTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Writes a log of traces of these days about one subject; nil is no day.
  @discardableResult
  private func write(_ name: String, _ days: [Int?], subject: String = "s") throws -> String {
    var log = try TraceLogWriter(path: directory.file(name))
    for (number, day) in days.enumerated() {
      var encoder = TraceBodyEncoder()
      encoder.begin(
        schema: TraceFixtures.digest(7), source: name, record: number, index: 0, subject: subject,
        asOf: day.map { CalendarDate(daysSinceEpoch: Int32($0)) })
      _ = try log.append(
        encoder.bytes, subject: SubjectKey(subject), decision: DecisionKey("d\(number % 2)"))
    }
    try log.commit()
    try log.close()
    return directory.file(name)
  }

  /// The traces of a subject as `log:number`, as they come.
  private func merged(
    _ set: TraceLogSet, subject: String = "s", decision: String? = nil, limit: Int = .max
  ) throws -> [String] {
    var traces: [String] = []
    try set.traces(ofSubject: subject, decision: decision) { entry in
      traces.append("\(entry.log):\(entry.trace.index)")
      return traces.count < limit
    }
    return traces
  }

  @Test func `traces of several logs come the latest day first`() throws {
    let set = try TraceLogSet(paths: [
      try write("a", [1, 3, 5]), try write("b", [2, 3, 4]), try write("c", []),
    ])
    #expect(try merged(set) == ["0:2", "1:2", "1:1", "0:1", "1:0", "0:0"])
    #expect(try merged(set, limit: 2) == ["0:2", "1:2"])
    #expect(try merged(set, decision: "d1") == ["1:1", "0:1"])
    #expect(try merged(set, subject: "t") == [])
    #expect(try set.count() == 6)
  }

  @Test func `within a log the number decides, and no day comes after all days`() throws {
    let set = try TraceLogSet(paths: [try write("a", [5, 1, nil, 2]), try write("b", [nil, 3])])
    // 2 of a is the latest there, so that what lies behind it comes after.
    #expect(try merged(set) == ["1:1", "0:3", "1:0", "0:2", "0:1", "0:0"])
  }

  @Test func `any number of logs agree with sorting, for days that rise in each`() throws {
    var generator = SeededGenerator(seed: 4)
    for round in 0..<20 {
      var all: [(day: Int, log: Int, number: Int)] = []
      var paths: [String] = []
      for log in 0..<Int.random(in: 2...5, using: &generator) {
        let days = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
          Int.random(in: 0...9, using: &generator)
        }.sorted()
        paths.append(try write("r\(round)-\(log)", days))
        all += days.enumerated().map { ($0.element, log, $0.offset) }
      }
      let expected = all.sorted { ($1.day, $1.log, $1.number) < ($0.day, $0.log, $0.number) }
      #expect(
        try merged(try TraceLogSet(paths: paths)) == expected.map { "\($0.log):\($0.number)" })
    }
  }

  @Test func `a manifest names logs as seen from itself`() throws {
    try write("lanes/a", [1])
    try write("lanes/b", [2])
    let far = try write("far", [3])
    _ = try directory.write("lanes/LOGSET", "# two lanes\n\n a \r\nb\n\(far)\na\n")
    for path in ["lanes", "lanes/LOGSET"] {
      let set = try TraceLogSet(paths: [directory.file(path)])
      #expect(
        set.logs.map(\.path) == [directory.file("lanes/a"), directory.file("lanes/b"), far])
      #expect(try merged(set) == ["2:0", "1:0", "0:0"])
    }
    // With a log beside it, that is in the set already.
    let both = try TraceLogSet(paths: [far, directory.file("lanes")])
    #expect(both.logs.map(\.path).count == 3)
  }

  @Test func `what is no manifest and what is no log is said to be none`() throws {
    let absent = directory.file("absent")
    #expect(throws: TraceLogError.noLog(path: absent)) { try TraceLogSet(paths: [absent]) }
    _ = try directory.write("LOGSET", "nowhere\n")
    #expect(throws: TraceLogError.noLog(path: directory.file("nowhere"))) {
      try TraceLogSet(paths: [directory.path])
    }
    let manifest = try directory.write("LOGSET", "# none\n")
    #expect(
      throws: TraceLogError.damaged(
        file: manifest, offset: 0, reason: "the list of logs names none")
    ) { try TraceLogSet(paths: [manifest]) }
    try WholeFile.replace(manifest, with: [0x61, 0x0A, 0xFF, 0x0A])
    #expect(throws: TraceLogError.self) { try TraceLogSet(paths: [manifest]) }
  }
}

/// A log that goes on from another one.
@Suite struct ContinuationTests {
  @Test func `the first entry names the log before`() throws {
    let directory = try TemporaryDirectory()
    let options = smallSegments()
    var old = try TraceLogWriter(path: directory.file("old"), options: options)
    try append(0..<10, to: &old)
    try old.close()
    let checkpoint = try LogProofs(log: directory.file("old")).checkpoint()
    var new = try TraceLogWriter(path: directory.file("new"), options: options)
    try new.begin(after: checkpoint)
    _ = try new.append(
      body(10, subject: "s0"), subject: SubjectKey("s0"), decision: DecisionKey("d0"))
    try new.close()
    // Opened again it says nothing twice.
    new = try TraceLogWriter(path: directory.file("new"), options: options)
    try new.begin(after: checkpoint)
    #expect(new.nextIndex == 2)
    try new.close()
    let entry = try #require(try TraceLogReader(path: directory.file("new")).entry(at: 0))
    #expect(try ContinuationEntry(entry.bytes).checkpoint == checkpoint)
    var checks = LogVerifier.Options()
    checks.readsTraces = false
    var verifier = LogVerifier(log: directory.file("new"), options: checks)
    let report = try verifier.run()
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.continued?.size == 10)
    #expect(report.continued?.origin == checkpoint.checkpoint.origin)
  }
}
