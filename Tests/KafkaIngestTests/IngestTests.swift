internal import FileIO
internal import RationaleTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `explain ingest` against a broker of its own: whatever is killed, every event is decided once.
@Suite struct IngestTests {
  private static let perThousand = 980

  /// What an uninterrupted service of another group makes of the same topic.
  private func reference(_ stream: TransferStream, count: Int) throws -> [String: String] {
    let service = try RunningCommandLine(
      stream.arguments(log: "reference", group: "reference", topic: "profiles-again"))
    let found = try stream.wait(for: count, in: "profiles-again")
    service.send(SIGTERM)
    let end = try service.endOrKill()
    #expect(end.exitCode == 0, "\(end.errors)")
    return found
  }

  @Test func `every event is decided, published under its id, and in a log that is whole`() throws {
    let stream = try TransferStream(customers: 20)
    try stream.produce(1_000, seed: 1)
    let service = try RunningCommandLine(stream.arguments(log: "log", group: "a"))
    let found = try stream.wait(for: Self.perThousand, in: "profiles")
    service.send(SIGTERM)
    let end = try service.endOrKill()
    #expect(end.exitCode == 0, "\(end.errors)")
    #expect(found.count == Self.perThousand)
    let messages = try stream.broker.consume("profiles", partitions: TransferStream.partitions)
    #expect(messages.count == Self.perThousand)
    #expect(messages.allSatisfy { $0.value.contains("\"subject\":\"\($0.key)\"") })
    let dead = try stream.broker.consume("dead", partitions: TransferStream.partitions)
    #expect(dead.count == 10)
    #expect(dead.allSatisfy { $0.value.contains("much") && $0.headers["code"] == "invalid-value" })
    #expect(dead.allSatisfy { $0.headers["source-topic"] == "transfers" })
    try stream.verify("log")
    let page = try CommandLineRun(["--customer", "c7", "--log", stream.directory.file("log")])
    #expect(page.exitCode == 0 && page.output.contains("c7"), "\(page.output)\(page.errors)")
  }

  @Test func `the only member, killed again and again, decides as one that never was`() throws {
    let stream = try TransferStream(customers: 20)
    var random = SeededGenerator(seed: 7)
    for round in 0..<3 {
      try stream.produce(400, seed: UInt64(10 + round))
      let service = try RunningCommandLine(stream.arguments(log: "log", group: "a"))
      _ = try stream.wait(
        for: 392 * round + Int.random(in: 1...390, using: &random), in: "profiles")
      service.send(SIGKILL)
      _ = try service.endOrKill()
    }
    let last = try RunningCommandLine(stream.arguments(log: "log", group: "a"))
    let found = try stream.wait(for: 3 * 392, in: "profiles")
    last.send(SIGTERM)
    let end = try last.endOrKill()
    #expect(end.exitCode == 0, "\(end.errors)")
    #expect(try reference(stream, count: 3 * 392) == found)
    try stream.verify("log")
  }

  @Test func `a partition's state follows it to a member on another disk`() throws {
    let stream = try TransferStream(customers: 20)
    let options = ["--changelog-topic", "changes"]
    try stream.produce(500, seed: 1)
    let first = try RunningCommandLine(stream.arguments(log: "one", group: "a") + options)
    _ = try stream.wait(for: 490, in: "profiles")
    first.send(SIGTERM)
    #expect(try first.endOrKill().exitCode == 0)
    try stream.produce(500, seed: 2)
    let second = try RunningCommandLine(stream.arguments(log: "two", group: "a") + options)
    let found = try stream.wait(for: 980, in: "profiles")
    second.send(SIGTERM)
    let end = try second.endOrKill()
    #expect(end.exitCode == 0, "\(end.errors)")
    #expect(end.errors.contains("state restored from the changelog"), "\(end.errors)")
    // And back again: the first disk's state is old by now.
    try stream.produce(500, seed: 3)
    let third = try RunningCommandLine(stream.arguments(log: "one", group: "a") + options)
    let all = try stream.wait(for: 1_470, in: "profiles")
    third.send(SIGTERM)
    #expect(try third.endOrKill().exitCode == 0)
    let expected = try reference(stream, count: 1_470)
    #expect(found.allSatisfy { expected[$0.key] == $0.value })
    #expect(all == expected)
    let messages = try stream.broker.consume("profiles", partitions: TransferStream.partitions)
    #expect(messages.count == 1_470)
    try stream.verify("one")
    try stream.verify("two")
  }

  @Test func `of two members one is killed, and the other goes on`() throws {
    let stream = try TransferStream(customers: 20)
    let options = ["--changelog-topic", "changes"]
    try stream.produce(400, seed: 1)
    let one = try RunningCommandLine(stream.arguments(log: "one", group: "a") + options)
    let two = try RunningCommandLine(stream.arguments(log: "two", group: "a") + options)
    _ = try stream.wait(for: 392, in: "profiles")
    try stream.produce(400, seed: 2)
    _ = try stream.wait(for: 500, in: "profiles")
    one.send(SIGKILL)
    _ = try one.endOrKill()
    try stream.produce(400, seed: 3)
    let found = try stream.wait(for: 3 * 392, in: "profiles")
    two.send(SIGTERM)
    let end = try two.endOrKill()
    #expect(end.exitCode == 0, "\(end.errors)")
    #expect(try reference(stream, count: 3 * 392) == found)
    try stream.verify("two")
  }

  @Test func `a member that has restored partitions is killed, and goes on with them`() throws {
    let stream = try TransferStream(customers: 20)
    let options = ["--changelog-topic", "changes"]
    try stream.produce(400, seed: 1)
    let first = try RunningCommandLine(stream.arguments(log: "one", group: "a") + options)
    _ = try stream.wait(for: 392, in: "profiles")
    first.send(SIGKILL)
    _ = try first.endOrKill()
    try stream.produce(400, seed: 2)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2 {
      let second = try RunningCommandLine(stream.arguments(log: "two", group: "a") + options)
      _ = try stream.wait(for: 392 + Int.random(in: 1...200, using: &random), in: "profiles")
      second.send(SIGKILL)
      _ = try second.endOrKill()
    }
    try stream.produce(400, seed: 4)
    let last = try RunningCommandLine(stream.arguments(log: "two", group: "a") + options)
    let found = try stream.wait(for: 3 * 392, in: "profiles")
    last.send(SIGTERM)
    let end = try last.endOrKill()
    #expect(end.exitCode == 0, "\(end.errors)")
    #expect(try reference(stream, count: 3 * 392) == found)
    try stream.verify("two")
  }

  @Test func `a lane that cannot be opened ends the service with the reason`() throws {
    let stream = try TransferStream(customers: 20)
    try stream.produce(10, seed: 1)
    // A file stands where a log is to be.
    _ = try stream.directory.write("log/partition-00002", "no folder")
    let service = try RunningCommandLine(stream.arguments(log: "log", group: "a"))
    let end = try service.endOrKill()
    #expect(end.exitCode == 1, "\(end.errors)")
    #expect(end.errors.contains("partition-00002"), "\(end.errors)")
  }

  @Test func `brokers that go away and produce errors cost nothing`() throws {
    let stream = try TransferStream(customers: 20)
    try stream.produce(500, seed: 1)
    let service = try RunningCommandLine(stream.arguments(log: "log", group: "a"))
    _ = try stream.wait(for: 100, in: "profiles")
    stream.broker.tell("down 1")
    usleep(500_000)
    stream.broker.tell("up 1")
    // Of Produce requests: not leader, request timed out, not enough replicas.
    stream.broker.tell("errors 0 6 2")
    stream.broker.tell("errors 0 7 2")
    stream.broker.tell("errors 0 19 2")
    try stream.produce(500, seed: 2)
    let found = try stream.wait(for: 980, in: "profiles")
    service.send(SIGTERM)
    let end = try service.endOrKill()
    #expect(end.exitCode == 0, "\(end.errors)")
    #expect(try reference(stream, count: 980) == found)
    try stream.verify("log")
  }
}
