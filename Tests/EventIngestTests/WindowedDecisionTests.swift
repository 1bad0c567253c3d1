import DataFields
import DecisionTrace
import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import SourceDiagnostics
import Testing
import TraceLog

/// Windows are run on events, and can be supplied.
@Suite struct WindowedDecisionTests {
  private let directory: TemporaryDirectory
  private let library: DecisionLibrary

  init() throws {
    directory = try TemporaryDirectory()
    let rules = """
      ruleset monthly version 1 {
        owner "Tests"
      }
      input shop from "shops" {
        id     text  column "ID"  key
        staff  int   column "STAFF"  in 1 ... 1_000
      }
      event sale from "sales" by shop_id = shop.id {
        shop_id  text  column "shop"
        sold     date  column "sold"  time
      }
      window month = 30 d sliding by 1 d
      let sales = count(sale) over month
      decision busy: text hit first {
        rule yes reason B-1 when sales >= 3 and shop.staff < 10 then "busy"
        otherwise reason B-2 then "idle"
      }
      """
    _ = try directory.write("monthly.rules", rules)
    library = try DecisionLibrary(rules: [directory.file("monthly.rules")])
  }

  private func run(_ source: String, _ text: String, asRows: Bool) throws -> IngestRun.Summary {
    var options = IngestRun.Options(log: directory.file("log"))
    let path = try directory.write("data.csv", text)
    if asRows { options.rows = path } else { options.inputs = [.init(source: source, path: path)] }
    return try IngestRun(library: library, options: options).run()
  }

  private func code(_ body: () throws -> Void) -> String? {
    do { try body() } catch IngestError.diagnostics(let error) {
      return error.diagnostics.first.map { "\($0.code) \($0.message)" }
    } catch { return "\(error)" }
    return nil
  }

  @Test func `events are counted in the window that they lie in, and late ones are written down`()
    throws
  {
    let events = """
      shop,sold
      a,2021-01-01
      a,2021-01-02
      b,2021-01-02
      a,2021-01-02
      a,2021-01-01
      a,2021-01-31
      a,2021-02-28
      nobody,2021-02-28

      """
    var made: [String] = []
    var options = IngestRun.Options(log: directory.file("log"))
    options.inputs = [
      .init(source: "shops", path: try directory.write("shops.csv", "ID,STAFF\na,5\nb,5\n")),
      .init(source: "sales", path: try directory.write("sales.csv", events)),
    ]
    let run = try IngestRun(library: library, options: options)
    run.onDecision = { decision in
      made.append("\(decision.subject) \((try? decision.trace().resultText) ?? "")")
    }
    let summary = try run.run()
    // Of shop a: 1, 2, 3 within 30 days; on 31 January the first is out of the window of 2 January on.
    #expect(
      made.map { $0.contains("busy") } == [false, false, false, true, true, false], "\(made)")
    #expect(summary.counts.decided == 6)
    #expect(summary.counts.late == 1)
    #expect(summary.counts.filteredUnknownSubject == 1)
    let late = String(
      decoding: try WholeFile.read(directory.file("log/late.jsonl")), as: UTF8.self)
    #expect(late.contains("\"record\":5"), "\(late)")
    #expect(late.contains("\"code\":\"late\""))
    #expect(late.contains("2021-01-02"))
    let verified = try {
      var verifier = LogVerifier(log: directory.file("log"), options: .init())
      return try verifier.run()
    }()
    #expect(verified.findings.isEmpty, "\(verified.findings)")
    #expect(verified.accounted.late == 1)
    // Run again, nothing is left to do, and no late event comes twice.
    let again = try IngestRun(library: library, options: options).run()
    #expect(again.counts.records == 0)
    #expect(
      String(decoding: try WholeFile.read(directory.file("log/late.jsonl")), as: UTF8.self) == late)
  }

  @Test func `a service goes on with its windows after a restart`() throws {
    func decide(_ lines: [String]) throws -> [String] {
      var made: [String] = []
      let service = try DecisionService(library: library, log: directory.file("service"))
      try service.load("shops", records: Array(#"{"ID": "a", "STAFF": "5"}"#.utf8))
      for day in lines {
        try service.decide(
          on: Array("{\"shop\":\"a\",\"sold\":\"\(day)\"}\n".utf8), from: "sales"
        ) { made.append((try? $0.trace().resultText) ?? "") }
      }
      try service.close()
      return made
    }
    #expect(try decide(["2021-01-01", "2021-01-05"]).allSatisfy { $0.contains("idle") })
    let second = try decide(["2021-01-06", "2021-01-04", "2021-02-04"])
    // The second is late: no decision is made on it.
    #expect(second.count == 2)
    #expect(second[0].contains("busy"))
    #expect(second[1].contains("idle"))
  }

  @Test func `rows that supply the value are decided, rows that leave it out refused`() throws {
    let summary = try run("", "ID,STAFF,sales\na,5,3\nb,5,2\n", asRows: true)
    #expect(summary.counts.decided == 2)
    #expect(
      code { _ = try run("", "ID,STAFF\na,5\n", asRows: true) }
        == "L1 `sales` runs over a window, and no column supplies it")
  }
}
