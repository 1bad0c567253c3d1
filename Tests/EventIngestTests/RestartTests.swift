import DataFields
import DecisionTrace
import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import Testing
import TraceLog

/// A run that stops at any point, politely or not, goes on to the same log.
@Suite struct RestartTests {
  @Test func `a file that grows is taken up where it was left`() throws {
    let shop = try ShopFixture()
    let lines = salesLines(60, seed: 3)
    func run(_ count: Int, log: String) throws -> IngestRun.Summary {
      try shop.run(salesText(lines.prefix(count)), log: log) {
        $0.sourceNames["sales"] = "live"
      }
    }
    let whole = try run(60, log: "whole")
    var records = 0
    for count in [0, 1, 17, 17, 40, 60] {
      let summary = try run(count, log: "grown")
      #expect(summary.passedOver == records)
      records += summary.counts.records
      #expect(records == count)
    }
    #expect(try shop.bodies("grown") == shop.bodies("whole"))
    #expect(whole.counts.records == 60)
    // Each decision was printed once. Accounting entries, of which the grown log has more, move the
    // places of the traces after them.
    func decisions(_ name: String) throws -> [String] {
      try shop.text(name).split(separator: "\n").map { line in
        line.split(separator: ",").filter { !$0.hasPrefix("\"trace\":") }.joined(separator: ",")
      }
    }
    #expect(try decisions("grown.jsonl") == decisions("whole.jsonl"))
    let dead = try shop.text("whole/dead-letters.jsonl")
    #expect(try shop.text("grown/dead-letters.jsonl") == dead)
  }

  @Test func `the same file again decides nothing and prints nothing`() throws {
    let shop = try ShopFixture()
    let sales = salesText(salesLines(30, seed: 8))
    try shop.run(sales)
    let bodies = try shop.bodies()
    let again = try shop.run(sales)
    #expect(again.counts.records == 0)
    #expect(again.passedOver == 30)
    #expect(try shop.bodies() == bodies)
  }

  /// Events as JSON lines, with a faulty one among them.
  private func events(_ count: Int) -> [[UInt8]] {
    salesLines(count, seed: 21).enumerated().map { number, line in
      let fields = line.split(separator: ",")
      let amount = number == 5 ? "\"x\"" : String(fields[2])
      return Array(
        """
        {"shop":"\(number == 5 ? "a" : fields[0])","currency":"\(fields[1])","amount":\(amount),\
        "sold":"\(fields[3])"}
        """.utf8)
    }
  }

  private func open(_ shop: ShopFixture, _ log: String) throws -> DecisionService {
    let service = try DecisionService(library: shop.library, log: shop.directory.file(log))
    try service.load("shops", from: shop.directory.file("shops.csv"))
    return service
  }

  /// Opens a log as a new process would and gives it the events from `first` on.
  private func goOn(
    _ shop: ShopFixture, _ log: String, _ events: [[UInt8]], from first: Int
  ) throws -> [String] {
    let service = try open(shop, log)
    for event in events[first...] {
      try service.decide(on: event, from: "sales") { _ in }
    }
    let notices = service.notices
    try service.close()
    return notices
  }

  @Test func `killed after any event, everything is decided once and nothing is lost`() throws {
    let shop = try ShopFixture()
    let events = events(24)
    let service = try open(shop, "whole")
    var saved = 0
    var copies: [(name: String, saved: Int, durable: Int)] = []
    for (number, event) in events.enumerated() {
      try service.decide(on: event, from: "sales") { _ in }
      try service.commit()
      if number % 7 == 3 {
        try service.save()
        saved = number + 1
      }
      let name = "copy\(number)"
      try TemporaryDirectory.copy(
        shop.directory.file("whole"), to: shop.directory.file(name))
      copies.append((name, saved, try shop.bodies("whole").count))
    }
    try service.close()
    let whole = try shop.bodies("whole")
    let letters = try shop.text("whole/dead-letters.jsonl")
    #expect(letters.split(separator: "\n").count == 1)
    for copy in copies {
      #expect(try shop.bodies(copy.name).count == copy.durable)
      let notices = try goOn(shop, copy.name, events, from: copy.saved)
      #expect(try shop.bodies(copy.name) == whole)
      let found = try shop.text("\(copy.name)/dead-letters.jsonl")
      #expect(found == letters, "\(copy.name)")
      #expect(notices.count <= 1)
    }
  }

  @Test func `a log torn at any byte of its tail is mended by going on`() throws {
    let shop = try ShopFixture()
    let events = events(8)
    var sizeWhenSaved = 0
    do {
      let service = try open(shop, "whole")
      for event in events[..<4] { try service.decide(on: event, from: "sales") { _ in } }
      try service.save()
      sizeWhenSaved =
        try Directory.status(shop.directory.file("whole/segments/000001.traces"))?.size ?? 0
      for event in events[4...] { try service.decide(on: event, from: "sales") { _ in } }
      try service.commit()
      try TemporaryDirectory.copy(shop.directory.file("whole"), to: shop.directory.file("killed"))
      try service.close()
    }
    let whole = try shop.bodies("whole")
    let bytes = try WholeFile.read(shop.directory.file("killed/segments/000001.traces"))
    for length in stride(from: sizeWhenSaved, through: bytes.count, by: 7) {
      let name = "torn\(length)"
      try TemporaryDirectory.copy(shop.directory.file("killed"), to: shop.directory.file(name))
      _ = try shop.directory.write("\(name)/segments/000001.traces", Array(bytes.prefix(length)))
      _ = try goOn(shop, name, events, from: 4)
      #expect(try shop.bodies(name) == whole)
    }
  }

  @Test func `a damaged snapshot is refused; without it the state is built again`() throws {
    let shop = try ShopFixture()
    let events = events(12)
    _ = try goOn(shop, "log", events, from: 0)
    let whole = try shop.bodies()
    let state = shop.directory.file("log/state")
    let name = try #require(try Directory.names(in: state).first { $0.hasSuffix(".snapshot") })
    var bytes = try WholeFile.read(state + "/" + name)
    bytes[bytes.count / 2] ^= 1
    _ = try shop.directory.write("log/state/" + name, bytes)
    let error = #expect(throws: IngestError.self) {
      _ = try DecisionService(library: shop.library, log: shop.directory.file("log"))
    }
    guard case .damagedState = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try Directory.remove(state + "/" + name)
    let notices = try goOn(shop, "log", events, from: 0)
    #expect(notices.contains { $0.contains("compared") })
    #expect(try shop.bodies() == whole)
  }

  @Test func `other events under the same numbers are refused, not mixed in`() throws {
    let shop = try ShopFixture()
    let events = events(12)
    _ = try goOn(shop, "log", events, from: 0)
    let state = shop.directory.file("log/state")
    for name in try Directory.names(in: state) { try Directory.remove(state + "/" + name) }
    let service = try open(shop, "log")
    do throws(IngestError) {
      for event in events.reversed() {
        try service.decide(on: event, from: "sales") { _ in }
      }
      Issue.record("no error")
    } catch {
      guard case .differs = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func `a log that lost traces that the state rests on is refused`() throws {
    let shop = try ShopFixture()
    _ = try goOn(shop, "log", events(12), from: 0)
    try Directory.remove(shop.directory.file("log/segments/000001.traces"))
    #expect(throws: IngestError.self) {
      _ = try DecisionService(library: shop.library, log: shop.directory.file("log"))
    }
    // Without the mark and the checkpoint the state itself says what is lacking.
    for name in ["durable", "checkpoint", "checkpoints"] {
      try Directory.remove(shop.directory.file("log/" + name))
    }
    do throws(IngestError) {
      _ = try DecisionService(library: shop.library, log: shop.directory.file("log"))
      Issue.record("no error")
    } catch {
      guard case .logTooShort(let traces, _) = error, traces == 0 else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func `a service signs when it is told to, and nothing twice`() throws {
    let shop = try ShopFixture()
    let events = events(9)
    let service = try open(shop, "log")
    let reader = try TraceLogReader(path: shop.directory.file("log"))
    func sizes() throws -> [Int] {
      guard try Directory.status(reader.path + "/checkpoints") != nil else { return [] }
      // A checkpoint's second line is its size; each begins with the log's name.
      let lines = try shop.directory.read("log/checkpoints").split(separator: "\n")
      return lines.indices.filter { lines[$0].hasPrefix("rationale/") }
        .compactMap { Int(lines[$0 + 1]) }
    }
    try service.decide(on: events[0], from: "sales") { _ in }
    try service.commit()
    #expect(try sizes() == [])
    try service.checkpoint()
    let first = try reader.count()
    #expect(try sizes() == [first])
    try service.checkpoint()
    #expect(try sizes() == [first])
    for event in events[1...] { try service.decide(on: event, from: "sales") { _ in } }
    try service.checkpoint()
    let second = try reader.count()
    #expect(second > first)
    #expect(try sizes() == [first, second])
    try service.close()
    var verifier = LogVerifier(log: reader.path, options: .init())
    let report = try verifier.run()
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func `a service gives out decisions that explain themselves`() throws {
    let shop = try ShopFixture()
    let service = try open(shop, "log")
    var outcomes: [String] = []
    let event = Array(
      "{\"shop\":\"a\",\"currency\":\"EUR\",\"amount\":2.5,\"sold\":\"2021-01-05\"}".utf8)
    for _ in 0..<2 {
      try service.decide(on: event, from: "sales") { decision in
        guard let trace = try? decision.trace(), case .decided(let outcome, _) = trace.result
        else { return }
        outcomes.append("\(decision.subject) \(decision.name) \(outcome.plainText)")
      }
    }
    // 2.5 x 360.5 = 901.25, then 1802.5.
    #expect(outcomes == ["a turnover_class Small", "a turnover_class Large"])
    #expect(service.counts.decided == 2)
    try service.close()
    #expect(try shop.traces()[1].previousOutcome == "Small")
    // The rate of the day before, within seven days.
    let conversion = try #require(try shop.traces()[1].conversions.first)
    #expect(conversion.rate.plainText == "360.5000")
    #expect((conversion.currency, conversion.target) == ("EUR", "HUF"))
    #expect(conversion.date.description == "2021-01-04")
  }
}
