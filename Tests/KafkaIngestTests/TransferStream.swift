internal import FileIO
internal import RationaleTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Transfers of some customers, a rule for them, and `explain ingest` on them.
struct TransferStream {
  static let partitions: Int32 = 4
  let customerCount: Int
  let directory: TemporaryDirectory
  let broker: MockBroker
  let rules: String
  let customers: String
  private let settings: String

  init(customers count: Int) throws {
    customerCount = count
    directory = try TemporaryDirectory()
    broker = try MockBroker(
      ["transfers", "profiles", "profiles-again", "dead", "changes"].map {
        "\($0):\(Self.partitions)"
      })
    rules = try directory.write(
      "transfers.rules",
      """
      ruleset transfers version 1 {}
      currency HUF
      input customer from "static" { id text column "PARTY_ID" key }
      event transfer from "transfers" by party = customer.id {
        party  text            column "PARTY_ID"
        amount decimal(2) HUF  column "AMOUNT" in 0 ... 1_000_000_000_000
        at     date            column "DATE" time
      }
      let total = sum(transfer.amount) over all time missing refuse
      let times = count(transfer) over all time
      scale Size: S < M < L
      rank size: Size by total {
        S below 50_000 HUF
        M below 100_000 HUF
        L otherwise
      }
      decision profile: text hit first {
        rule many reason P-01 "{times} transfers." when times >= 20 then "Busy"
        rule large reason P-02 "{total} in all." when size == L then "Large"
        otherwise reason P-03 "Little." then "Small"
      }

      """)
    // The mock cluster notices that a member has gone by its session alone.
    settings = try directory.write(
      "quick.properties",
      "session.timeout.ms = 6000\nheartbeat.interval.ms = 1000\n"
        + "rationale.checkpoint-milliseconds = 100\nrationale.save-milliseconds = 150\n"
        + "rationale.save-records = 50\n")
    let names = (1...count).map { "c\($0)" }
    customers = try directory.write(
      "static.csv", "PARTY_ID\n" + names.joined(separator: "\n") + "\n")
  }

  /// Events with a seed of their own; one in a hundred cannot be used, one in fifty is about nobody.
  func produce(_ count: Int, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var messages: [(key: String, value: String)] = []
    for number in 0..<count {
      let customer = "c" + String(Int.random(in: 1...customerCount, using: &random))
      let amount =
        "\(Int.random(in: 0...9_999, using: &random)).\(Int.random(in: 10...99, using: &random))"
      switch number % 100 {
      case 17:
        messages.append(
          (
            customer,
            "{\"PARTY_ID\": \"\(customer)\", \"AMOUNT\": \"much\", \"DATE\": \"2026-01-01\"}"
          ))
      case 18:
        messages.append(
          (
            "nobody",
            "{\"PARTY_ID\": \"nobody\", \"AMOUNT\": \"\(amount)\", \"DATE\": \"2026-01-01\"}"
          ))
      case 19:
        messages.append(
          (
            customer,
            "{\n  \"PARTY_ID\": \"\(customer)\",\n  \"AMOUNT\": \"\(amount)\", \"DATE\": \"2026-01-01\"\n}"
          ))
      default:
        messages.append(
          (
            customer,
            "{\"PARTY_ID\": \"\(customer)\", \"AMOUNT\": \"\(amount)\", \"DATE\": \"2026-01-01\"}"
          ))
      }
    }
    try broker.produce(messages, to: "transfers")
  }

  func arguments(log: String, group: String, topic: String = "profiles") -> [String] {
    [
      "ingest", "--kafka", broker.bootstrap, "--rules", rules, "--input", "static=\(customers)",
      "--log", directory.file(log), "--group", group, "--publish", "profile=\(topic)",
      "--dead-letter-topic", "dead", "--config", settings, "--privacy", "off", "--log-level",
      "info",
    ]
  }

  /// Waits until a topic holds so many different decisions.
  func wait(for count: Int, in topic: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for _ in 0..<400 {
      found = try decisions(topic)
      if found.count >= count { break }
      usleep(100_000)
    }
    return found
  }

  /// Every log of a service is intact and complete.
  func verify(_ service: String) throws {
    for name in try Directory.names(in: directory.file(service)) where name.hasPrefix("partition-")
    {
      let verified = try CommandLineRun(
        ["log", "verify", "--log", directory.file(service) + "/" + name])
      #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
    }
  }

  /// Decisions by their ids, each once; `trace` is taken out, as logs number on their own.
  func decisions(_ topic: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for message in try broker.consume(topic, partitions: Self.partitions) {
      guard let id = message.headers["decision-id"] else { continue }
      let value = message.value.replacing(/,"trace":[0-9]+/, with: "")
      if let known = found[id], known != value {
        found[id] = "\(known) AND \(value)"
      } else {
        found[id] = value
      }
    }
    return found
  }
}
