import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing
import TransparencyLog

@testable import TraceLog

/// What is left of a log whose first entries are no longer kept.
@Suite struct PruningTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path }

  init() throws {
    directory = try TemporaryDirectory()
    var log = try SealedLogTests.open(directory.path, group: 200)
    try SealedLogTests.append(0..<2_000, to: &log)
    try log.close()
  }

  private func prune(_ index: Int) throws -> Int {
    var log = try SealedLogTests.open(path, group: 200)
    let (minimum, _) = try log.prune(before: index) {
      PruningEntry(minimumIndex: $0, time: 7, by: "tests", reason: "retention")
    }
    try log.close()
    return minimum
  }

  private func verify() throws -> LogVerifier.Report {
    var options = LogVerifier.Options()
    options.access = .automatic
    var verifier = LogVerifier(log: path, options: options)
    return try verifier.run()
  }

  @Test func `whole bundles go, and everything else holds`() throws {
    let kept = try LogProofs(log: path).checkpoint()
    let before = try LogProofs(log: path).proof(of: 100)
    #expect(try prune(1_000) == 768)
    let found = try SealedLogTests.bodies(path)
    #expect(found.map(\.index) == Array(768..<2_000))
    #expect(found.map(\.body) == (768..<2_000).map { SealedLogTests.body($0) })
    let reader = try TraceLogReader(path: path)
    #expect(try reader.trace(at: 767) == nil)
    #expect(try reader.trace(at: 768) != nil)
    var first: Int?
    try reader.traces(ofSubject: SealedLogTests.customers[2]) { trace in
      first = trace.index
      return true
    }
    #expect(first == (768..<2_000).first { $0 % 7 == 2 })
    #expect(try Directory.status(directory.file("tile/entries/000")) == nil)
    #expect(try Directory.status(directory.file("tile/entries/003")) != nil)
    #expect(try Directory.status(directory.file("vault/000001.private")) == nil)
    // The root of all that was signed, a consistency proof, an older proof.
    var options = LogVerifier.Options()
    options.kept = [kept]
    var verifier = LogVerifier(log: path, options: options)
    let report = try verifier.run()
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.minimumIndex == 768)
    #expect(try verify().findings.isEmpty)
    let proofs = LogProofs(log: path)
    _ = try proofs.consistency(from: kept, to: try proofs.checkpoint())
    try before.verify(
      entry: try #require(before.extra), keys: try LogKeys.verifiers(of: path))
    _ = try proofs.proof(of: 900)
    #expect(throws: TraceLogError.self) { _ = try proofs.proof(of: 100) }
    // Again, further, and back.
    #expect(try prune(1_200) == 1_024)
    #expect(try prune(10) == 1_024)
    #expect(try verify().findings.isEmpty)
  }

  @Test func `places that were pruned are passed over`() throws {
    _ = try prune(1_000)
    var found: [Int] = []
    try TraceLogReader(path: path).traces(at: [3, 767, 768, 1_500]) { trace in
      found.append(trace.index)
      return true
    }
    #expect(found == [768, 1_500])
  }

  @Test func `a copy of a pruned log is whole`() throws {
    _ = try prune(1_000)
    let copy = try TemporaryDirectory()
    _ = try LogExport(log: path, to: copy.path).run { _ in }
    var verifier = LogVerifier(log: copy.path, options: .init())
    let report = try verifier.run()
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.traceCount == 2_000 - 768)
  }

  @Test func `entries that went without a word are missed`() throws {
    for bundle in ["000", "001"] {
      try Directory.remove(directory.file("tile/entries/\(bundle)"))
    }
    #expect(try !verify().holds(.intact))
    _ = try directory.write("minimum-index", "512\n")
    let report = try verify()
    #expect(!report.holds(.intact))
    #expect(report.findings.contains { $0.place == "minimum-index" })
  }

  @Test func `what a held customer has stays`() throws {
    var log = try SealedLogTests.open(path, group: 200)
    let held = Array(SealedLogTests.customers[5].utf8)[...]
    _ = try log.setHold(true, on: held, time: 5, by: "legal", reason: "a case")
    #expect(throws: TraceLogError.held(reason: "a case")) {
      _ = try log.prune(before: 1_000) {
        PruningEntry(minimumIndex: $0, time: nil, by: "", reason: "")
      }
    }
    #expect(try LogEntries(log: path).minimum() == 0)
    _ = try log.setHold(false, on: held, time: 6, by: "legal", reason: "closed")
    try log.close()
    #expect(try prune(1_000) == 768)
  }

  @Test func `a disk that fails on the way leaves a log that can be pruned again`() throws {
    let calls: Int = try {
      let plan = SimulatedFaults.Plan(.failure, at: .max)
      let directory = try TemporaryDirectory()
      var log = try SealedLogTests.open(directory.path, group: 200)
      try SealedLogTests.append(0..<1_000, to: &log)
      try SimulatedFaults.$plan.withValue(plan) {
        _ = try log.prune(before: 300) {
          PruningEntry(minimumIndex: $0, time: nil, by: "", reason: "")
        }
      }
      return plan.callCount
    }()
    for place in stride(from: 0, to: calls, by: 3) {
      let directory = try TemporaryDirectory()
      var log = try SealedLogTests.open(directory.path, group: 200)
      try SealedLogTests.append(0..<1_000, to: &log)
      let plan = SimulatedFaults.Plan(.death, at: place)
      try? SimulatedFaults.$plan.withValue(plan) {
        _ = try log.prune(before: 300) {
          PruningEntry(minimumIndex: $0, time: nil, by: "", reason: "")
        }
      }
      _ = consume log
      var again = try SealedLogTests.open(directory.path, group: 200)
      let (minimum, _) = try again.prune(before: 300) {
        PruningEntry(minimumIndex: $0, time: nil, by: "", reason: "")
      }
      #expect(minimum == 256, "call \(place)")
      try again.close()
      var options = LogVerifier.Options()
      options.access = .automatic
      var verifier = LogVerifier(log: directory.path, options: options)
      let report = try verifier.run()
      #expect(report.findings.isEmpty, "call \(place): \(report.findings)")
    }
  }
}
