import DataFields
import DecisionTrace
import Decisions
import EventIngest
import RationaleTestSupport
import Testing
import TraceLog

/// Arithmetic in the conditions on events, against the same arithmetic in Swift.
@Suite struct EventConditionTests {
  private let directory: TemporaryDirectory
  private let library: DecisionLibrary

  private static let conditions = [
    "net * 2 > 100", "gross - net >= 12.5", "-net < -50", "net > gross - count", "fine == net",
    "net / 4 >= 10", "count * count * count != 27", "(net + gross) / 2 > fine and count > 1",
  ]

  init() throws {
    directory = try TemporaryDirectory()
    let lets = Self.conditions.enumerated().map {
      "let n\($0) = count(sale where \($1)) over all time"
    }
    let rules = """
      ruleset counts version 1 {
        owner "Tests"
      }
      input shop from "shops" {
        id  text  column "ID"  key
      }
      event sale from "sales" by shop_id = shop.id {
        shop_id  text  column "shop"
        sold     date  column "sold"  time
        net      decimal(2)
        gross    decimal(1)
        fine     decimal(4)
        count    int   in 1 ... 100_000_000_000_000_000
      }
      \(lets.joined(separator: "\n"))
      decision d: text hit first {
        rule a reason A-1 when \(lets.indices.map { "n\($0) == 1_000" }.joined(separator: " or ")) then "x"
        otherwise reason A-2 then "y"
      }
      """
    _ = try directory.write("counts.rules", rules)
    _ = try directory.write("shops.csv", "ID\na\n")
    library = try DecisionLibrary(rules: [directory.file("counts.rules")])
  }

  private func run(_ lines: [String]) throws -> IngestRun.Summary {
    var options = IngestRun.Options(log: directory.file("log"))
    let sales = "shop,sold,net,gross,fine,count\n" + lines.map { $0 + "\n" }.joined()
    options.inputs = [
      .init(source: "shops", path: directory.file("shops.csv")),
      .init(source: "sales", path: try directory.write("sales.csv", sales)),
    ]
    return try IngestRun(library: library, options: options).run()
  }

  @Test func `each event counts where the condition holds`() throws {
    var generator = SeededGenerator(seed: 5)
    var expected = Array(repeating: 0, count: Self.conditions.count)
    var lines: [String] = []
    for _ in 0..<300 {
      // In ten-thousandths.
      let net = Int.random(in: 0...12_000, using: &generator) * 100
      let gross = Int.random(in: 0...1_200, using: &generator) * 1_000
      let fine =
        Bool.random(using: &generator) ? net : Int.random(in: 0...1_200_000, using: &generator)
      let count = Int.random(in: 1...5, using: &generator)
      func text(_ value: Int, _ digits: Int) -> String {
        let rest = String(String(value % 10_000 + 10_000).dropFirst().prefix(digits))
        return "\(value / 10_000).\(rest)"
      }
      lines.append(
        "a,2021-01-01,\(text(net, 2)),\(text(gross, 1)),\(text(fine, 4)),\(count)")
      let holds = [
        net * 2 > 1_000_000, gross - net >= 125_000, -net < -500_000, net > gross - count * 10_000,
        fine == net, net >= 400_000, count * count * count != 27,
        net + gross > 2 * fine && count > 1,
      ]
      for (index, holds) in holds.enumerated() where holds { expected[index] += 1 }
    }
    let summary = try run(lines)
    #expect(summary.counts.decided == 300)
    let schema = library.schemas[0]
    var last: Trace?
    try TraceLogReader(path: directory.file("log")).scan { entry in
      last = try? Trace(body: entry.body, schema: schema.schema, digest: schema.digest)
      return true
    }
    let values = try #require(last).values
    for (index, count) in expected.enumerated() {
      #expect(0 < count && count < 300)
      let value = values.first { $0.field.name == "n\(index)" }
      #expect(value?.content?.plainText == "\(count)", "\(Self.conditions[index])")
    }
  }

  @Test func `what is too large to compare is a dead letter`() throws {
    let count = "100000000000000000"
    let summary = try run([
      "a,2021-01-01,1.00,1.0,1.0000,\(count)", "a,2021-01-02,1.00,1.0,1.0000,1",
    ])
    #expect(summary.counts.deadLetters == 1)
    #expect(summary.counts.decided == 1)
  }
}
