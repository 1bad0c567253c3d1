import DataFields
import DecisionTrace
import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import Testing
import TraceLog

/// Aggregates over the elements of lists, against the same sums in Swift.
@Suite struct EventListTests {
  private let directory: TemporaryDirectory
  private let library: DecisionLibrary

  private static let lets = [
    "n = count(items)", "q = sum(items.qty)", "spent = sum(items.price * items.qty where qty > 1)",
    "kinds = count distinct(each sale.items.id)", "dear = max(items.price)",
    "opening = first(each sale.items.price)", "large = count(big)",
    "words = count distinct(each sale.tags)", "sales = count(sale)",
    "odd = count(tag where tag != \"t1\")",
  ]

  init() throws {
    directory = try TemporaryDirectory()
    let lets = Self.lets.map { "let \($0) over all time" }
    let names = Self.lets.map { String($0.prefix { $0 != " " }) }
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
        total    int
        items    list of { id int  qty int in 1 ... 100, price decimal(2) column "item price" }
        tags     list of text
      }
      let items = each sale.items
      let big   = each sale.items where price > 5 and total > 500
      let tag   = each sale.tags
      \(lets.joined(separator: "\n"))
      decision d: text hit first {
        rule a reason A-1 when \(names.map { "\($0) == 1_000_000" }.joined(separator: " or ")) then "x"
        otherwise reason A-2 then "y"
      }
      """
    _ = try directory.write("counts.rules", rules)
    _ = try directory.write("shops.csv", "ID\na\n")
    library = try DecisionLibrary(rules: [directory.file("counts.rules")])
  }

  private func run(_ name: String, _ sales: String, log: String = "log") throws
    -> IngestRun.Summary
  {
    var options = IngestRun.Options(log: directory.file(log))
    options.inputs = [
      .init(source: "shops", path: directory.file("shops.csv")),
      .init(source: "sales", path: try directory.write(name, sales)),
    ]
    return try IngestRun(library: library, options: options).run()
  }

  private func lastValues(log: String = "log") throws -> [String: String] {
    let schema = library.schemas[0]
    var last: Trace?
    try TraceLogReader(path: directory.file(log)).scan { entry in
      last = try? Trace(body: entry.body, schema: schema.schema, digest: schema.digest)
      return true
    }
    return Dictionary(
      uniqueKeysWithValues: try #require(last).values.map {
        ($0.field.name, $0.content?.plainText ?? "-")
      })
  }

  private struct Item {
    var id: Int
    var quantity: Int
    var cents: Int
  }

  /// The same sales as JSON lines, as JSON lines with lists in Python's form, and as CSV.
  @Test(arguments: 0..<3)
  func `each element counts where the condition holds`(form: Int) throws {
    var random = SeededGenerator(seed: 11)
    var lines: [String] = []
    var sales: [(total: Int, items: [Item], tags: [String])] = []
    for _ in 0..<60 {
      let items = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        Item(
          id: Int.random(in: 1...9, using: &random),
          quantity: Int.random(in: 1...3, using: &random),
          cents: Int.random(in: 0...1_000, using: &random))
      }
      let tags = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        "t\(Int.random(in: 1...5, using: &random))"
      }
      let total = Int.random(in: 0...1_000, using: &random)
      sales.append((total, items, tags))
      let quote = form == 0 ? "\"" : "'"
      let itemText =
        "["
        + items.map { item in
          "{\(quote)id\(quote): \(item.id), \(quote)qty\(quote): \(item.quantity), "
            + "\(quote)item price\(quote): \(item.cents / 100).\(item.cents / 10 % 10)"
            + "\(item.cents % 10)}"
        }.joined(separator: ", ") + "]"
      let tagText = "[" + tags.map { "\(quote)\($0)\(quote)" }.joined(separator: ", ") + "]"
      switch form {
      case 0:
        lines.append(
          #"{"shop":"a","sold":"2021-01-05","total":\#(total),"items":\#(itemText),"tags":\#(tagText)}"#
        )
      case 1:
        lines.append(
          #"{"shop":"a","sold":"2021-01-05","total":\#(total),"items":"\#(itemText)","tags":"\#(tagText)"}"#
        )
      default: lines.append("a,2021-01-05,\(total),\"\(itemText)\",\"\(tagText)\"")
      }
    }
    let isCSV = form == 2
    let text =
      (isCSV ? "shop,sold,total,items,tags\n" : "") + lines.map { $0 + "\n" }.joined()
    let summary = try run(isCSV ? "sales.csv" : "sales.jsonl", text, log: "log\(form)")
    #expect(summary.counts.decided == 60 && summary.counts.deadLetters == 0)
    let values = try lastValues(log: "log\(form)")
    let all = sales.flatMap(\.items)
    func money(_ cents: Int) -> String {
      "\(cents / 100).\(cents / 10 % 10)\(cents % 10)"
    }
    let tags = sales.flatMap(\.tags)
    #expect(values["n"] == "\(all.count)")
    #expect(values["q"] == "\(all.map(\.quantity).reduce(0, +))")
    #expect(
      values["spent"]
        == money(all.filter { $0.quantity > 1 }.map { $0.cents * $0.quantity }.reduce(0, +)))
    #expect(values["kinds"] == "\(Set(all.map(\.id)).count)")
    #expect(values["dear"] == money(all.map(\.cents).max() ?? 0))
    #expect(values["opening"] == money(all.first?.cents ?? 0))
    let large = sales.filter { $0.total > 500 }.flatMap(\.items).count { $0.cents > 500 }
    #expect(values["large"] == "\(large)")
    #expect(values["words"] == "\(Set(tags).count)")
    #expect(values["odd"] == "\(tags.count { $0 != "t1" })")
    #expect(values["sales"] == "60")
  }

  @Test(arguments: [
    (#""items":[{"id":1,"qty":0,"item price":1}],"tags":[]"#, "out-of-range", "element 1"),
    (
      #""items":[{"id":1,"qty":1,"item price":1},{"id":1,"qty":1}],"tags":[]"#, "missing-field",
      "element 2"
    ),
    (#""items":[{"id":1,"qty":"x","item price":1}],"tags":[]"#, "invalid-value", "`x`"),
    (#""items":[1],"tags":[]"#, "invalid-value", "element 1 is no record"),
    (#""items":"[{'id': 1","tags":[]"#, "invalid-value", "items"),
    (#""items":7,"tags":[]"#, "invalid-value", "is no list"),
    (#""items":null,"tags":[]"#, "missing-field", "items"),
    (#""tags":[]"#, "missing-field", "items"),
    (#""items":[],"tags":[{"a":1}]"#, "invalid-value", "tags"),
  ])
  func `an event with an element that cannot be used touches no state`(
    fields: String, code: String, reason: String
  ) throws {
    let good =
      #"{"shop":"a","sold":"2021-01-05","total":1,"items":[{"id":1,"qty":2,"item price":3}],"tags":["t"]}"#
    let bad = #"{"shop":"a","sold":"2021-01-05","total":1,\#(fields)}"#
    let summary = try run("sales.jsonl", "\(good)\n\(bad)\n\(good)\n")
    #expect(summary.counts.deadLetters == 1 && summary.counts.decided == 2)
    let letters = String(
      decoding: try WholeFile.read(directory.file("log/dead-letters.jsonl")), as: UTF8.self)
    #expect(letters.contains("\"code\":\"\(code)\""), "\(letters)")
    #expect(letters.contains(reason), "\(letters)")
    let values = try lastValues()
    #expect(values["n"] == "2" && values["q"] == "4" && values["sales"] == "2")
  }
}
