import DataFields
import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing
import TraceIndex
import TraceLog

/// What an index holds of a subject goes, in every file that it has.
@Suite struct IndexErasureTests {
  /// The bytes by which an index knows a subject.
  private func key(_ subject: String) -> [UInt8] {
    let hash = SubjectKey(subject).hash
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * UInt64($0))) }
  }

  private func files(of log: RandomLog, hold bytes: [UInt8]) throws -> [String] {
    try ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"].filter { name in
      let path = log.path + "/" + name
      guard try Directory.status(path) != nil else { return false }
      let content = try WholeFile.read(path)
      return content.indices.contains { content[$0...].starts(with: bytes) }
    }
  }

  @Test func `no file of the index holds a subject that was erased`() throws {
    var log = try RandomLog(seed: 51)
    let index: TraceIndex
    try log.append(300)
    index = try log.index
    try index.update()
    // Runs that were joined leave pages behind.
    for _ in 0..<6 {
      try log.append(90)
      try index.update()
    }
    #expect(try !files(of: log, hold: key("client-7")).isEmpty)
    let expected = log.decoded.indices.filter { log.decoded[$0].subject == "client-7" }
    #expect(try index.erase(subject: "client-7") == expected.count)
    #expect(try files(of: log, hold: key("client-7")).isEmpty)
    #expect(try !files(of: log, hold: key("client-8")).isEmpty)
    for subject in (0..<20).map({ "client-\($0)" }) where subject != "client-7" {
      var query = TraceQuery()
      query.subject = subject
      #expect(try numbers(index, query) == log.naive(query))
    }
    // The log still has them, and a comparison says so.
    #expect(try Set(index.check().findings.compactMap(\.trace)) == Set(expected))
    #expect(try index.erase(subject: "client-7") == 0)
    #expect(try index.erase(subject: "nobody") == 0)
    // New traces are indexed as before.
    try log.append(30)
    #expect(try index.update().rebuilt == nil)
  }

  @Test func `an ending that only the subject had goes with it`() throws {
    let directory = try TemporaryDirectory()
    var writer = try TraceLogWriter(path: directory.path)
    let schema = RandomTraces.schemas[0]
    try writer.keepArtefact(schema.schema.encoded(), digest: schema.digest)
    for (subject, outcome) in [("a", "shared"), ("b", "shared"), ("b", "of b alone")] {
      _ = try writer.append(
        RandomTraces.profileBody(subject: subject, outcome: outcome),
        subject: SubjectKey(subject), decision: DecisionKey("profile"))
    }
    try writer.close()
    let index = TraceIndex(log: try TraceLogReader(path: directory.path))
    try index.update()
    #expect(try index.terms.outcomes == ["shared", "of b alone"])
    #expect(try index.erase(subject: "b") == 2)
    #expect(try index.terms.outcomes == ["shared"])
    let file = try WholeFile.read(index.path)
    let name = Array("of b alone".utf8)
    #expect(!file.indices.contains { file[$0...].starts(with: name) })
  }

  @Test func `an index of another log, and one that is damaged, hold nothing afterwards`() throws {
    var log = try RandomLog(seed: 52)
    var other = try RandomLog(seed: 53)
    try log.append(80)
    try other.append(80)
    try other.index.update()
    let file = try WholeFile.read(other.path + "/index.sqlite")
    for bytes in [file, Array(repeating: 7, count: 5_000)] {
      _ = try log.directory.write("log/index.sqlite", bytes)
      try log.index.erase(subject: "client-1")
      #expect(try files(of: log, hold: key("client-1")).isEmpty)
    }
    #expect(try log.index.erase(subject: "client-1") == 0)
  }
}
