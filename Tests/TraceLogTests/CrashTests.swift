import FileIO
import RationaleTestSupport
import Testing
import TransparencyLog

@testable import TraceLog

/// The disk fails at every call that changes something on it, one after the other.
@Suite struct CrashTests {
  private static func options() -> TraceLogWriter.Options {
    var options = TraceLogWriter.Options()
    options.segmentBytes = 4_000
    options.groupRecords = 20
    options.checkpointRecords = 100
    options.newSeed = { [UInt8](repeating: 9, count: 32) }
    return options
  }

  /// What somebody outside saw of a run before it died.
  private struct Seen {
    /// Traces that were acknowledged.
    var durable = 0
    /// Every checkpoint that was shown.
    var checkpoints: [SignedCheckpoint] = []
  }

  /// Appends 160 traces, and looks at what is acknowledged and shown on the way.
  private static func run(_ path: String, _ seen: inout Seen) throws {
    var log = try TraceLogWriter(path: path, options: options())
    for number in log.nextIndex..<160 {
      _ = try log.append(
        body(number, subject: "s\(number % 5)"), subject: SubjectKey("s\(number % 5)"),
        decision: DecisionKey("d"))
      seen.durable = max(seen.durable, log.durableCount)
      if number % 20 == 0 { look(path, &seen) }
    }
    try log.close()
    seen.durable = 160
    look(path, &seen)
  }

  private static func look(_ path: String, _ seen: inout Seen) {
    guard let bytes = try? WholeFile.read(path + "/checkpoint"),
      let checkpoint = try? SignedCheckpoint(bytes), seen.checkpoints.last != checkpoint
    else { return }
    seen.checkpoints.append(checkpoint)
  }

  /// How many calls a whole run makes.
  private static func callCount() throws -> Int {
    let directory = try TemporaryDirectory()
    let plan = SimulatedFaults.Plan(.failure, at: .max)
    var seen = Seen()
    try SimulatedFaults.$plan.withValue(plan) { try run(directory.path, &seen) }
    return plan.callCount
  }

  @Test(arguments: SimulatedFaults.Plan.Kind.allCases)
  func everyCall(_ kind: SimulatedFaults.Plan.Kind) throws {
    let calls = try Self.callCount()
    #expect(calls > 100)
    var died = 0
    // A torn write is a death too, so that every call is tried once as one.
    for place in stride(from: 0, to: calls, by: kind == .tornWrite ? 1 : 4) {
      let directory = try TemporaryDirectory()
      var seen = Seen()
      do {
        let plan = SimulatedFaults.Plan(kind, at: place)
        try SimulatedFaults.$plan.withValue(plan) { try Self.run(directory.path, &seen) }
      } catch {
        died += 1
      }
      Self.look(directory.path, &seen)
      // The log opens again, holds all that was acknowledged, and goes on to its end.
      do {
        let log = try TraceLogWriter(path: directory.path, options: Self.options())
        #expect(log.nextIndex >= seen.durable, "call \(place)")
      } catch {
        Issue.record("call \(place): \(error)")
        continue
      }
      try Self.run(directory.path, &seen)
      #expect(try numbers(directory.path) == Array(0..<160), "call \(place)")
      // Whatever was shown at any time is the start of what there is: no fork was ever signed.
      var options = LogVerifier.Options()
      options.kept = seen.checkpoints
      options.readsTraces = false
      var verifier = LogVerifier(log: directory.path, options: options)
      let report = try verifier.run()
      #expect(report.findings.isEmpty, "call \(place): \(report.findings)")
      let history = try CheckpointHistory(log: directory.path).checkpoints()
      #expect(Set(history.map(\.checkpoint.size)).count == history.count, "call \(place)")
    }
    #expect(died > calls / 8)
  }

  @Test func aDiskThatCannotBeWritten() throws {
    let directory = try TemporaryDirectory()
    var seen = Seen()
    try Self.run(directory.path, &seen)
    // Reading and verifying write nothing.
    let plan = SimulatedFaults.Plan(.death, at: 0)
    try SimulatedFaults.$plan.withValue(plan) {
      #expect(try numbers(directory.path) == Array(0..<160))
      var options = LogVerifier.Options()
      options.readsTraces = false
      var verifier = LogVerifier(log: directory.path, options: options)
      #expect(try verifier.run().findings.isEmpty)
      _ = try LogProofs(log: directory.path).proof(of: 17)
    }
    #expect(plan.callCount == 0)
  }
}
