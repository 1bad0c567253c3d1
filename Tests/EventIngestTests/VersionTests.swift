import DataFields
import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import Testing

/// Two versions of one ruleset given together: the day picks the version.
@Suite struct VersionTests {
  private let directory: TemporaryDirectory
  private let library: DecisionLibrary

  private static func rules(_ version: Int, _ effective: String, _ least: Int) -> String {
    """
    ruleset busy-shops version \(version) {
      owner     "Tests"
      effective \(effective)
    }
    input shop from "shops" {
      id     text  column "ID"  key
      staff  int   column "STAFF"  in 1 ... 1_000
    }
    event sale from "sales" by shop_id = shop.id {
      shop_id  text  column "shop"
      sold     date  column "sold"  time
    }
    let sales = count(sale) over all time
    decision busy: text hit first {
      rule yes reason B-1 when sales >= \(least) and shop.staff < 10 then "busy by \(version)"
      otherwise reason B-2 then "idle by \(version)"
    }
    """
  }

  init() throws {
    directory = try TemporaryDirectory()
    _ = try directory.write("one.rules", Self.rules(1, "2021-01-01 ..< 2021-07-01", 1))
    _ = try directory.write("two.rules", Self.rules(2, "from 2021-07-01", 3))
    _ = try directory.write("shops.csv", "ID,STAFF\na,5\n")
    library = try DecisionLibrary(
      rules: [directory.file("one.rules"), directory.file("two.rules")])
  }

  /// `outcome after previous` of each decision that was printed.
  private func decisions(_ change: (inout IngestRun.Options) throws -> Void) throws -> [String] {
    var options = IngestRun.Options(log: directory.file("log"))
    options.output = directory.file("out.jsonl")
    try change(&options)
    _ = try IngestRun(library: library, options: options).run()
    let text = String(decoding: try WholeFile.read(directory.file("out.jsonl")), as: UTF8.self)
    return text.split(separator: "\n").map { line in
      func member(_ name: String) -> String {
        guard let start = line.firstRange(of: "\"\(name)\":")?.upperBound else { return "" }
        return String(line[start...].prefix { $0 != "," && $0 != "}" }.filter { $0 != "\"" })
      }
      return "\(member("outcome")) after \(member("previous"))"
    }
  }

  @Test func `the event's day picks the version, and the outcome before goes over`() throws {
    let sales = "shop,sold\na,2021-06-01\na,2021-06-30\na,2021-07-01\na,2020-12-31\na,2022-01-01\n"
    let made = try decisions { options in
      options.inputs = [
        .init(source: "shops", path: directory.file("shops.csv")),
        .init(source: "sales", path: try directory.write("sales.csv", sales)),
      ]
    }
    #expect(
      made == [
        "busy by 1 after ", "busy by 1 after busy by 1", "busy by 2 after busy by 1",
        "busy by 2 after busy by 2",
      ])
  }

  @Test func `rows take the newest version, or that of the day they are decided as of`() throws {
    let rows = try directory.write("rows.csv", "ID,STAFF,sales,NOTE\na,5,2,x\nb,5,-1,y\n")
    #expect(try decisions { $0.rows = rows }.first == "idle by 2 after ")
    let other = try TemporaryDirectory()
    var options = IngestRun.Options(log: other.file("log"))
    options.rows = rows
    options.asOf = .init(year: 2021, month: 2, day: 1)
    options.output = other.file("out.jsonl")
    let summary = try IngestRun(library: library, options: options).run()
    let text = String(decoding: try WholeFile.read(other.file("out.jsonl")), as: UTF8.self)
    #expect(text.contains("busy by 1"))
    #expect(!text.contains("by 2"))
    // A count below 0 is none, and a column that nothing reads is named.
    #expect(text.contains("out-of-range") || text.contains("outOfRange"))
    #expect(summary.counts.refused == 1)
    #expect(summary.unusedColumns == ["NOTE"])
  }
}
