import DataFields
import DecisionTrace
import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import SourceDiagnostics
import Testing

/// Windows are checked and can be supplied; where events are taken in they are refused.
@Suite struct WindowRefusalTests {
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

  @Test func `events are refused at the start`() throws {
    let refusal = "L1 windows are not run on events by this version"
    #expect(
      code { _ = try run("sales", "shop,sold\na,2021-01-01\n", asRows: false) } == refusal)
    let service = try DecisionService(library: library, log: directory.file("service"))
    #expect(
      code {
        try service.decide(
          on: Array("{\"shop\":\"a\",\"sold\":\"2021-01-01\"}\n".utf8), from: "sales"
        ) {
          _ in
        }
      } == refusal)
    try service.close()
  }

  @Test func `rows that supply the value are decided, rows that leave it out refused`() throws {
    let summary = try run("", "ID,STAFF,sales\na,5,3\nb,5,2\n", asRows: true)
    #expect(summary.counts.decided == 2)
    #expect(
      code { _ = try run("", "ID,STAFF\na,5\n", asRows: true) }
        == "L1 `sales` runs over a window, and no column supplies it")
  }
}
