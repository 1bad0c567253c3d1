import DataFields
import DecisionTrace
import Decisions
import EventIngest
import Foundation
import RationaleTestSupport
import ReferenceData
import Replay
import TraceLog

/// A directory with rules and a log that they made of random events: aggregates with and without
/// stand-ins, rates, ranges, overrides, lists, tables and decisions that read others.
struct HistoryFixture {
  let directory: TemporaryDirectory
  let library: DecisionLibrary

  static let rates = "date,currency,huf\n2020-12-28,EUR,350\n2021-01-04,EUR,360.5\n"

  /// - Parameters:
  ///   - version: of the ruleset.
  ///   - cut: where `turnover_rank` begins to be large.
  static func rules(version: Int = 1, cut: String = "1_000") -> String {
    """
    ruleset shop-turnover version \(version) {
      owner      "Tests"
      effective  from 2021-01-01
    }
    currency HUF
    unit person
    rates huf from "rates.csv" sha256 "\(Digest(of: Array(rates.utf8)))" {
      date       column "date"
      currency   column "currency"
      rate       column "huf"   decimal(4)
      previous   within 7 d
    }
    input shop from "shops" {
      id      text          column "ID"      key
      staff   int person    column "STAFF"   in 1 ... 1_000   missing as "", "unknown"
      region  text          column "REGION"  missing as ""  missing "none"
    }
    event sale from "sales" by shop_id = shop.id {
      shop_id   text        column "shop"
      currency  code        column "currency"
      amount    decimal(2)  column "amount"   in currency
      sold      date        column "sold"     time
    }
    let kept     = sale where amount >= 0
    let turnover = sum(kept.amount to HUF by huf at sold) over all time     missing 0 HUF
    let mean_sale = mean(kept.amount to HUF by huf at sold) over all time   missing 1 HUF
    let sales    = count(sale) over all time
    let foreign  = count distinct(kept.currency where currency != HUF) over all time
    let per_head = turnover / shop.staff
    let is_busy  = sales > 3 and shop.region != "none"
    scale Size: S < L { S "small"  L "large" }
    rank turnover_rank: Size by per_head {
      S below \(cut) HUF/person
      L otherwise
    }
    rank mean_rank: Size by mean_sale {
      S up to 250 HUF
      L otherwise
    }
    decision turnover_class: text hit first {
      rule large reason ST-01 "Turnover {turnover_rank}."
        when turnover_rank == L
        then "Large"
      rule busy reason ST-03 "Busy in {shop.region}."
        when is_busy
        then "Busy"
      otherwise reason ST-02 "Turnover {turnover_rank}."
        then "Small"
    }
    override held reason ST-09 by "audit" until 2021-01-07 {
      when  shop.region == "east" and sales > 2
      set   turnover_class = "Held"
    }
    decision offers: text hit collect {
      rule cash reason OF-01 "Sells abroad." when foreign >= 1 then "cash"
      rule stock reason OF-02 "Sells much." when mean_rank == L then "stock"
      rule visit reason OF-03 "Is {turnover_class}." when turnover_class == "Busy" then "visit"
      otherwise reason OF-04 "Nothing." then "none"
    }
    """
  }

  init(version: Int = 1, cut: String = "1_000") throws {
    directory = try TemporaryDirectory()
    _ = try directory.write("shop.rules", Self.rules(version: version, cut: cut))
    _ = try directory.write("rates.csv", Self.rates)
    _ = try directory.write(
      "shops.csv", "ID,STAFF,REGION\na,1,east\nb,3,\nc,unknown,west\nd,2000,east\ne,1000,north\n")
    library = try DecisionLibrary(rules: [directory.file("shop.rules")])
  }

  var log: String { directory.file("log") }
  var reader: TraceLogReader { get throws { try TraceLogReader(path: log) } }

  /// Decides on sales of known and unknown shops.
  func decide(_ count: Int, seed: UInt64 = 1) throws {
    var generator = SeededGenerator(seed: seed)
    let lines = (0..<count).map { number in
      let shop = ["a", "b", "c", "d", "e", "nobody"].randomElement(using: &generator) ?? "a"
      let cents = Int.random(in: -20_000...60_000, using: &generator)
      let currency = number % 5 == 0 ? "EUR" : "HUF"
      let day = CalendarDate(daysSinceEpoch: 18_628 + Int32(number * 10 / max(count, 1)))
      return
        "\(shop),\(currency),\(cents < 0 ? "-" : "")\(abs(cents) / 100).\(abs(cents) % 10)0,\(day)"
    }
    let path = try directory.write(
      "sales.csv", "shop,currency,amount,sold\n" + lines.map { $0 + "\n" }.joined())
    var options = IngestRun.Options(log: log)
    options.inputs = [
      .init(source: "shops", path: directory.file("shops.csv")),
      .init(source: "sales", path: path),
    ]
    options.output = directory.file("output.jsonl")
    _ = try IngestRun(library: library, options: options).run()
  }

  /// Decides on rows that supply inputs and lets.
  func decide(rows: String, asOf: String? = nil) throws {
    var options = IngestRun.Options(log: log)
    options.rows = try directory.write("rows.csv", rows)
    options.asOf = try asOf.map { try CalendarDate(parsing: $0) }
    options.output = directory.file("output.jsonl")
    _ = try IngestRun(library: library, options: options).run()
  }

  func traces() throws -> [StoredTrace] {
    var traces: [StoredTrace] = []
    try reader.scan { trace in
      traces.append(trace)
      return true
    }
    return traces
  }

  /// A body that is read by the schema that it names.
  func trace(_ body: [UInt8]) throws -> Trace? {
    guard let digest = Trace.schemaDigest(ofBody: body),
      let schema = library.schemas.first(where: { $0.digest == digest })
    else { return nil }
    return try Trace(body: body, schema: schema.schema, digest: digest)
  }

  /// Takes rules and their files away, so that nothing but the log is left.
  func forgetRules() throws {
    for name in ["shop.rules", "rates.csv", "shops.csv"] {
      try FileManager.default.removeItem(atPath: directory.file(name))
    }
  }
}

extension ReplayVerdict {
  var isEqual: Bool {
    if case .equal = self { true } else { false }
  }

  var difference: ReplayDifference? {
    if case .differs(let difference) = self { difference } else { nil }
  }

  var failure: ReplayFailure? {
    if case .failed(let failure) = self { failure } else { nil }
  }
}
