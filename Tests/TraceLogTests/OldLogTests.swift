import FileIO
import Foundation
import RationaleTestSupport
import Testing

@testable import TraceLog

/// Logs that earlier versions wrote are kept here as they wrote them.
@Suite struct OldLogTests {
  /// Version 0.1.0 before logs were signed: 13 decisions on rows, no tree, no accounting.
  private func beforeTheTree() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let fixture = ProjectFiles.path("Tests/TraceLogTests/Fixtures/log-before-the-tree")
    try TemporaryDirectory.copy(fixture, to: directory.path)
    return directory
  }

  @Test func aLogWithoutATreeIsReadAsItIs() throws {
    let directory = try beforeTheTree()
    let reader = try TraceLogReader(path: directory.path)
    #expect(try reader.count() == 13)
    // What that version printed about each of them, by the same numbers.
    let lines = try directory.read("decisions.jsonl").split(separator: "\n")
    try #require(lines.count == 13)
    for (number, line) in lines.enumerated() {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
      let stored = try #require(try reader.trace(at: number))
      let head = try #require(TraceBodyHead(stored.body))
      #expect(head.subject == object["subject"] as? String)
      #expect(head.record == object["record"] as? Int)
      #expect(object["trace"] as? Int == number)
      #expect(try reader.artefact(head.schema).isEmpty == false)
    }
    var found: [Int] = []
    try reader.traces(ofSubject: "c2") { trace in
      found.append(trace.index)
      return true
    }
    #expect(found == [11, 6, 1])
    // Nothing was signed, and verification says so much.
    var verifier = LogVerifier(log: directory.path, options: .init())
    let report = try verifier.run()
    #expect(report.findings.isEmpty)
    #expect(report.signedSize == 0)
    #expect(report.unsignedCount == 13)
  }

  @Test func theFirstRunThatWritesSignsAllOfIt() throws {
    let directory = try beforeTheTree()
    let before = try (0..<13).map { try TraceLogReader(path: directory.path).trace(at: $0) }
    var log = try TraceLogWriter(path: directory.path)
    #expect(log.nextIndex == 13)
    try append(13..<300, to: &log)
    try log.close()
    var options = LogVerifier.Options()
    options.readsTraces = false
    var verifier = LogVerifier(log: directory.path, options: options)
    let report = try verifier.run()
    #expect(report.findings.isEmpty)
    #expect(report.signedSize == 300)
    #expect(try (0..<13).map { try TraceLogReader(path: directory.path).trace(at: $0) } == before)
    _ = try LogProofs(log: directory.path).proof(of: 5)
  }
}
