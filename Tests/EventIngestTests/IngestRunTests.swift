import DataFields
import DecisionTrace
import EventIngest
import FileIO
import RationaleTestSupport
import Testing

@Suite struct IngestRunTests {
  @Test func `every record ends as one of the results, and the log says what was decided`() throws {
    let shop = try ShopFixture()
    let summary = try shop.run(
      """
      shop,currency,amount,sold
      a,HUF,10.00,2020-12-30
      a,HUF,500.00,2021-01-02
      a,EUR,2.00,2021-01-05
      b,HUF,3000.00,2021-01-05
      c,HUF,1.00,2021-01-05
      nobody,HUF,1.00,2021-01-05
      a,USD,1.00,2021-01-05
      a,EUR,1.00,2021-02-01
      a,HUF,1.005,2021-01-05
      a,HUF,x,2021-01-05
      a,HUF,1.00,2021-02-30
      a,HUF,1.00
      a,HUF,-5.00,2021-01-06

      """)
    #expect(
      try shop.outcomes() == [
        "a 2 Small", "a 3 Large", "b 4 Large", "c 5 missing shop.staff", "a 13 Large",
      ])
    let counts = summary.counts
    #expect(counts.decided == 4)
    #expect(counts.refused == 1)
    #expect(counts.filteredNotInEffect == 1)
    #expect(counts.filteredUnknownSubject == 1)
    #expect(counts.deadLetters == 6)
    #expect(counts.records == 13)
    #expect(counts.decisions == 5)
    #expect(counts.inputRecords == 3)
    // 10.00 + 500.00 + 2.00 x 360.5, with the event before the ruleset's time in it.
    let turnover = try shop.traces()[1].values.first { $0.field.name == "turnover" }
    #expect(turnover?.content?.plainText == "1231.00")
    #expect(turnover?.origin == .events)
  }

  @Test func `a dead letter says where, which field, and why`() throws {
    let shop = try ShopFixture()
    try shop.run("shop,currency,amount,sold\na,USD,1.00,2021-01-05\nb,HUF,x,2021-01-05\n")
    let letters = try shop.text("log/dead-letters.jsonl").split(separator: "\n")
    try #require(letters.count == 2)
    let path = shop.directory.file("sales.csv")
    #expect(
      letters[0] == """
        {"source":"sales","file":"\(path)","record":1,"line":2,"column":3,"field":"currency",\
        "code":"unknown-currency","reason":"no rates for the currency `USD`",\
        "raw":"a,USD,1.00,2021-01-05"}
        """)
    #expect(letters[1].contains("\"line\":3,\"column\":7,\"field\":\"amount\""))
    #expect(letters[1].contains("amount: `x` is not a number"))
  }

  @Test func `the sums agree with a plain computation`() throws {
    let shop = try ShopFixture()
    let lines = salesLines(400, seed: 11)
    try shop.run(salesText(lines))
    var sums: [String: Int] = [:]
    var expected: [String] = []
    for (number, line) in lines.enumerated() {
      let fields = line.split(separator: ",").map(String.init)
      guard fields[0] != "nobody" else { continue }
      let cents = Int(fields[2].filter { $0 != "." }) ?? 0
      if cents >= 0 {
        // The rate of the 4th holds from that day on; x 3605 / 10 000 is never a tie here.
        let rate = fields[3] >= "2021-01-04" ? 3605 : 3500
        let product = cents * rate
        let rounded = (product + 5) / 10 - (product % 10 == 5 && product / 10 % 2 == 0 ? 1 : 0)
        sums[fields[0], default: 0] += fields[1] == "EUR" ? rounded : cents
      }
      guard fields[3] >= "2021-01-01" else { continue }
      let staff = ["a": 1, "b": 3][fields[0]]
      if fields[0] == "c" {
        expected.append("c \(number + 1) missing shop.staff")
      } else if let staff, let sum = sums[fields[0]] {
        expected.append(
          "\(fields[0]) \(number + 1) \(sum < 100_000 * staff ? "Small" : "Large")")
      } else {
        expected.append("\(fields[0]) \(number + 1) missing turnover")
      }
    }
    let found = try shop.outcomes().map {
      $0.hasPrefix("c ") ? String($0.prefix { $0 != "\n" }) : $0
    }
    #expect(found.filter { !$0.hasPrefix("c ") } == expected.filter { !$0.hasPrefix("c ") })
    #expect(found.count == expected.count)
  }

  @Test func `sources are merged by event time, ties in the order they were given`() throws {
    let shop = try ShopFixture()
    let second = try shop.directory.write(
      "second.csv", salesHeader + "\nb,HUF,1,2021-01-01\nb,HUF,2,2021-01-03\n")
    try shop.run(salesHeader + "\na,HUF,1,2021-01-02\na,HUF,2,2021-01-03\n") { options in
      options.inputs.append(.init(source: "sales", path: second))
    }
    #expect(try shop.traces().map { "\($0.subject)\($0.id.record)" } == ["b1", "a1", "a2", "b2"])
  }

  @Test func `JSON lines give the same decisions as CSV`() throws {
    let shop = try ShopFixture()
    let lines = salesLines(60, seed: 5)
    try shop.run(salesText(lines)) { $0.sourceNames[""] = "sales" }
    let json = lines.map { line -> String in
      let fields = line.split(separator: ",")
      return """
        {"sold":"\(fields[3])","other":[1,{"a":null}],"amount":\(fields[2]),\
        "currency":"\(fields[1])","shop":"\(fields[0])"}
        """
    }
    try shop.run(json.joined(separator: "\n"), name: "sales.jsonl", log: "json") {
      $0.sourceNames[""] = "sales"
    }
    // The chain over the events differs with their bytes; all else is the same.
    func plain(_ log: String) throws -> [Trace] {
      try shop.traces(log).map { trace in
        var trace = trace
        trace.lineageHead = nil
        trace.body = []
        return trace
      }
    }
    #expect(try plain("log") == plain("json"))
    #expect(try shop.traces().contains { $0.lineageLength > 3 })
  }

  @Test func `an array line is several records of one number`() throws {
    let shop = try ShopFixture()
    let summary = try shop.run(
      """
      [{"shop":"a","currency":"HUF","amount":1,"sold":"2021-01-02"},\
      {"shop":"b","currency":"HUF","amount":1,"sold":"2021-01-02"}]
      """, name: "sales.jsonl")
    #expect(
      try shop.traces().map { "\($0.subject) \($0.id.record) \($0.id.index)" } == [
        "a 1 0", "b 1 1",
      ])
    #expect(summary.counts.decided == 2)
  }

  @Test func `static records that cannot be used are dead letters`() throws {
    let shop = try ShopFixture()
    _ = try shop.directory.write(
      "shops.csv", "ID,STAFF\na,1\na,2\nb,many\nc,2000\nd,\"4\n")
    let summary = try shop.run(salesHeader + "\na,HUF,1,2021-01-02\nc,HUF,1,2021-01-02\n")
    #expect(summary.counts.inputRecords == 2)
    #expect(summary.counts.inputDeadLetters == 3)
    let letters = try shop.text("log/dead-letters.jsonl")
    for code in ["duplicate-subject", "invalid-value", "unclosed-quote"] {
      #expect(letters.contains("\"code\":\"\(code)\""))
    }
    #expect(
      try shop.outcomes()
        == ["a 1 Small", "c 1 outOfRange shop.staff"].map {
          $0.replacing("c 1", with: "c 2")
        })
  }

  @Test func `rows of supplied values are decided without touching the state`() throws {
    let shop = try ShopFixture()
    let rows = try shop.directory.write(
      "rows.csv", "ID,shop.staff,turnover\na,2,3000\nb,2,\nx,7,6999.99\ny,0,1\n")
    var options = IngestRun.Options(log: shop.directory.file("log"))
    options.rows = rows
    let summary = try IngestRun(library: shop.library, options: options).run()
    #expect(
      try shop.outcomes() == [
        "a 1 Large", "b 2 missing turnover", "x 3 Small", "y 4 outOfRange shop.staff",
      ])
    #expect(summary.counts.decided == 2)
    #expect(summary.counts.refused == 2)
    let trace = try shop.traces()[0]
    #expect(trace.values.first { $0.field.name == "turnover" }?.origin == .supplied)
    #expect(trace.asOf == nil)
    #expect(trace.lineageLength == 0)
  }

  @Test func `a source that no ruleset reads is named`() throws {
    let shop = try ShopFixture()
    do throws(IngestError) {
      var options = shop.options()
      options.inputs.append(.init(source: "sale", path: "-"))
      _ = try IngestRun(library: shop.library, options: options)
      Issue.record("no error")
    } catch {
      #expect(error.description.contains("did you mean `sales`?"))
    }
  }
}
