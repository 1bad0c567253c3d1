import DataFields
import FileIO
import RationaleTestSupport
import Testing
import TraceLog

@Suite struct TraceLogTests {
  @Test func `what was appended is read back in order, over many segments`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path, options: smallSegments())
    #expect(log.recoveryNotice == nil)
    try append(0..<50, to: &log)
    try log.commit()
    #expect(log.durableCount == 50)
    #expect(try Directory.names(in: directory.file("segments")).count > 6)
    #expect(try numbers(directory.path) == Array(0..<50))
    for first in [0, 1, 7, 8, 9, 30, 49, 50, 99] {
      #expect(try numbers(directory.path, from: first) == Array(min(first, 50)..<50))
    }
    let reader = try TraceLogReader(path: directory.path)
    #expect(try reader.count() == 50)
    #expect(try reader.trace(at: 33)?.body == body(33, subject: "s3"))
    #expect(try reader.trace(at: 50) == nil)
  }

  @Test(arguments: [true, false])
  func `a subject's traces come newest first, with and without the index`(keeps: Bool) throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path, options: smallSegments())
    try append(0..<50, to: &log)
    try log.commit()
    if !keeps {
      for name in try Directory.names(in: directory.file("segments"))
      where name.hasSuffix(".subjects") {
        try Directory.remove(directory.file("segments/" + name))
      }
    }
    let reader = try TraceLogReader(path: directory.path)
    func found(_ subject: String, _ decision: String?, limit: Int = .max) throws -> [Int] {
      var indices: [Int] = []
      try reader.traces(ofSubject: subject, decision: decision) { trace in
        indices.append(trace.index)
        return indices.count < limit
      }
      return indices
    }
    #expect(try found("s2", nil) == (0..<50).filter { $0 % 5 == 2 }.reversed())
    #expect(
      try found("s2", "d1") == (0..<50).filter { $0 % 5 == 2 && $0 % 2 == 1 }.reversed())
    #expect(try found("s2", nil, limit: 2) == [47, 42])
    #expect(try found("nobody", nil) == [])
  }

  @Test func `another subject with the same hash is not mistaken for it`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path)
    _ = try log.append(
      body(0, subject: "other"), subject: SubjectKey("s"), decision: DecisionKey("d"))
    try log.commit()
    var count = 0
    try TraceLogReader(path: directory.path).traces(ofSubject: "s") { _ in
      count += 1
      return true
    }
    #expect(count == 0)
  }

  @Test func `a log has one writer`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path)
    do throws(TraceLogError) {
      _ = try TraceLogWriter(path: directory.path)
      Issue.record("a second writer got in")
    } catch {
      #expect(error == .locked(path: directory.path))
    }
    try append(0..<1, to: &log)
    try log.close()
  }

  @Test func `a reader beside a writer sees whole traces only`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path, options: smallSegments())
    for number in 0..<40 {
      try append(number..<number + 1, to: &log)
      let seen = try numbers(directory.path)
      #expect(seen == Array(0..<seen.count))
      #expect(seen.count >= log.durableCount)
    }
  }

  @Test func `artefacts are kept by digest, once`() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path)
    let digest = try #require(Digest(bytes: Array(repeating: 1, count: 32)))
    try log.keepArtefact([1, 2, 3], digest: digest)
    try log.keepArtefact([1, 2, 3], digest: digest)
    let reader = try TraceLogReader(path: directory.path)
    #expect(try reader.artefact(digest) == [1, 2, 3])
    do throws(TraceLogError) {
      _ = try reader.artefact(.zero)
      Issue.record("no error")
    } catch {
      #expect(error == .noArtefact(Digest.zero.hexadecimal))
    }
  }

  @Test func `an empty path holds no log`() throws {
    let directory = try TemporaryDirectory()
    do throws(TraceLogError) {
      _ = try TraceLogReader(path: directory.file("none"))
      Issue.record("no error")
    } catch {
      #expect(error == .noLog(path: directory.file("none")))
    }
  }
}

@Suite struct CRC32CTests {
  // RFC 3720, appendix B.4.
  @Test func `the published vectors hold`() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.checksum((0..<32).map { UInt8(31 - $0) }) == 0x113F_DB5C)
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
  }
}
