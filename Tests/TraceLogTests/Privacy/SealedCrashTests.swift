import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing

@testable import TraceLog

/// The disk fails at every call while traces are sealed, and while a customer is erased.
@Suite struct SealedCrashTests {
  private static let count = 45

  /// Appends traces up to ``count``; how many were acknowledged.
  private static func run(_ path: String, _ durable: inout Int) throws {
    var log = try SealedLogTests.open(path)
    try SealedLogTests.append(log.nextIndex..<count, to: &log, &durable)
    try log.close()
    durable = count
  }

  private static func callCount(_ body: (String) throws -> Void) throws -> Int {
    let directory = try TemporaryDirectory()
    let plan = SimulatedFaults.Plan(.failure, at: .max)
    try SimulatedFaults.$plan.withValue(plan) { try body(directory.path) }
    return plan.callCount
  }

  @Test(arguments: SimulatedFaults.Plan.Kind.allCases)
  func `whatever fails, every acknowledged trace is whole`(
    _ kind: SimulatedFaults.Plan.Kind
  ) throws {
    let calls = try Self.callCount { path in
      var durable = 0
      try Self.run(path, &durable)
    }
    var died = 0
    for place in stride(from: 0, to: calls, by: kind == .tornWrite ? 2 : 7) {
      let directory = try TemporaryDirectory()
      var durable = 0
      do {
        let plan = SimulatedFaults.Plan(kind, at: place)
        try SimulatedFaults.$plan.withValue(plan) { try Self.run(directory.path, &durable) }
      } catch {
        died += 1
      }
      do {
        let log = try SealedLogTests.open(directory.path)
        #expect(log.nextIndex >= durable, "call \(place)")
      } catch {
        Issue.record("call \(place): \(error)")
        continue
      }
      try Self.run(directory.path, &durable)
      let found = try SealedLogTests.bodies(directory.path)
      #expect(
        found.map(\.body) == (0..<Self.count).map { SealedLogTests.body($0) }, "call \(place)")
      var options = LogVerifier.Options()
      options.access = .automatic
      var verifier = LogVerifier(log: directory.path, options: options)
      let report = try verifier.run()
      #expect(report.findings.isEmpty, "call \(place): \(report.findings)")
    }
    #expect(died > calls / 8)
  }

  private static func erase(_ path: String) throws {
    var log = try SealedLogTests.open(path)
    _ = try log.erase(Array(SealedLogTests.customers[2].utf8)[...]) {
      ErasureEntry(keyCount: $0, time: nil, by: "", reason: "")
    }
    try log.close()
  }

  @Test(arguments: SimulatedFaults.Plan.Kind.allCases)
  func `an erasure that was cut short is finished, and was logged before it began`(
    _ kind: SimulatedFaults.Plan.Kind
  ) throws {
    func written() throws -> TemporaryDirectory {
      let directory = try TemporaryDirectory()
      var durable = 0
      try Self.run(directory.path, &durable)
      return directory
    }
    let whole = try written()
    let plan = SimulatedFaults.Plan(.failure, at: .max)
    try SimulatedFaults.$plan.withValue(plan) { try Self.erase(whole.path) }
    for place in stride(from: 0, to: plan.callCount, by: kind == .tornWrite ? 2 : 3) {
      let directory = try written()
      let plan = SimulatedFaults.Plan(kind, at: place)
      try? SimulatedFaults.$plan.withValue(plan) { try Self.erase(directory.path) }
      var options = LogVerifier.Options()
      options.access = .automatic
      // As it was left: never more keys gone than the log tells of.
      _ = try SealedLogTests.open(directory.path)
      var verifier = LogVerifier(log: directory.path, options: options)
      var report = try verifier.run()
      #expect(report.findings.isEmpty, "call \(place): \(report.findings)")
      try Self.erase(directory.path)
      let reader = try TraceLogReader(path: directory.path)
      #expect(try reader.isErased(subject: SealedLogTests.customers[2]), "call \(place)")
      verifier = LogVerifier(log: directory.path, options: options)
      report = try verifier.run()
      #expect(report.findings.isEmpty, "call \(place): \(report.findings)")
      #expect(report.vault?.erasedKeys == 1)
    }
  }
}

extension SealedLogTests {
  static func append(
    _ range: Range<Int>, to log: inout TraceLogWriter, _ durable: inout Int
  ) throws {
    for number in range {
      try append(number..<number + 1, to: &log)
      durable = max(durable, log.durableCount)
    }
  }
}
