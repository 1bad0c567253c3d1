import DataFields
import DecisionTrace
import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import ReferenceData
import TraceLog

/// A small ruleset with its files in a directory of its own: `sale` events in HUF or EUR about
/// shops, and what each shop's sales come to.
struct ShopFixture {
  let directory: TemporaryDirectory
  let library: DecisionLibrary

  private static let rates = "date,currency,huf\n2020-12-28,EUR,350\n2021-01-04,EUR,360.5\n"

  private static let rules = """
    ruleset shop-turnover version 1 {
      owner      "Tests"
      effective  from 2021-01-01
    }
    currency HUF
    rates huf from "rates.csv" sha256 "\(Digest(of: Array(rates.utf8)))" {
      date       column "date"
      currency   column "currency"
      rate       column "huf"   decimal(4)
      previous   within 7 d
    }
    input shop from "shops" {
      id     text   column "ID"     key
      staff  int    column "STAFF"  in 1 ... 1_000   missing as "", "unknown"
    }
    event sale from "sales" by shop_id = shop.id {
      shop_id   text        column "shop"
      currency  code        column "currency"
      amount    decimal(2)  column "amount"   in currency
      sold      date        column "sold"     time
    }
    let kept     = sale where amount >= 0
    let turnover = sum(kept.amount to HUF by huf at sold) over all time     missing refuse
    let per_head = turnover / shop.staff
    scale Size: S < L
    rank turnover_rank: Size by per_head {
      S below 1_000 HUF
      L otherwise
    }
    decision turnover_class: text hit first {
      rule large reason ST-01 "Turnover {turnover_rank}."
        when turnover_rank == L
        then "Large"
      otherwise reason ST-02 "Turnover {turnover_rank}."
        then "Small"
    }
    """

  init() throws {
    directory = try TemporaryDirectory()
    _ = try directory.write("shop.rules", Self.rules)
    _ = try directory.write("rates.csv", Self.rates)
    _ = try directory.write("shops.csv", "ID,STAFF\na,1\nb,3\nc,unknown\n")
    library = try DecisionLibrary(rules: [directory.file("shop.rules")])
  }

  func options(_ log: String = "log") -> IngestRun.Options {
    var options = IngestRun.Options(log: directory.file(log))
    options.inputs = [.init(source: "shops", path: directory.file("shops.csv"))]
    options.output = directory.file("\(log).jsonl")
    return options
  }

  /// Runs over sales as CSV text.
  @discardableResult
  func run(
    _ sales: String, name: String = "sales.csv", log: String = "log",
    change: (inout IngestRun.Options) -> Void = { _ in }
  ) throws -> IngestRun.Summary {
    var options = options(log)
    let path = try directory.write(name, sales)
    options.inputs.append(.init(source: "sales", path: path))
    change(&options)
    return try IngestRun(library: library, options: options).run()
  }

  func text(_ name: String) throws -> String {
    String(decoding: try WholeFile.read(directory.file(name)), as: UTF8.self)
  }

  /// The bodies of a log.
  func bodies(_ log: String = "log") throws -> [[UInt8]] {
    var bodies: [[UInt8]] = []
    try TraceLogReader(path: directory.file(log)).scan { trace in
      bodies.append(trace.body)
      return true
    }
    return bodies
  }

  func traces(_ log: String = "log") throws -> [Trace] {
    let schema = library.schemas[0]
    return try bodies(log).map { try Trace(body: $0, schema: schema.schema, digest: schema.digest) }
  }

  /// What the traces decided: subject, record and outcome.
  func outcomes(_ log: String = "log") throws -> [String] {
    try traces(log).map { trace in
      switch trace.result {
      case .decided(let outcome, _): "\(trace.subject) \(trace.id.record) \(outcome.plainText)"
      case .refused(let refusal, let field, _):
        "\(trace.subject) \(trace.id.record) \(refusal) \(field ?? "")"
      }
    }
  }
}

/// Sales in time order, some in EUR, some of unknown shops, as CSV lines without a header.
func salesLines(_ count: Int, seed: UInt64) -> [String] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { number in
    let shop = ["a", "b", "c", "nobody"].randomElement(using: &generator) ?? "a"
    let amount = Int.random(in: -20_000...60_000, using: &generator)
    let currency = number % 5 == 0 ? "EUR" : "HUF"
    let day = CalendarDate(daysSinceEpoch: 18_628 + Int32(number * 10 / max(count, 1)))
    let sign = amount < 0 ? "-" : ""
    let cents = abs(amount) % 100
    return "\(shop),\(currency),\(sign)\(abs(amount) / 100).\(cents < 10 ? "0" : "")\(cents),\(day)"
  }
}

let salesHeader = "shop,currency,amount,sold"

func salesText(_ lines: some Sequence<String>) -> String {
  salesHeader + "\n" + lines.map { $0 + "\n" }.joined()
}
