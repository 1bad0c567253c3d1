import Foundation
import RationaleTestSupport
import Testing

/// `explain importance` of rulesets, run as a user runs it.
@Suite struct RulesImportanceTests {
  private static let ruleset = """
    ruleset sizes version 1 {
      owner "Tests"
    }
    input e from "es" {
      id    text  key
      size  int   in 1 ... 1_000   missing as ""
      since date  missing as ""
    }
    event sale from "sales" by party = e.id {
      party  text
      sold   date  time
    }
    let sales = count(sale) over all time
    scale Size: S < M < L
    rank size: Size by e.size {
      S below 50
      M below 250
      L otherwise
    }
    rank busy: Size by sales {
      S below 2
      M below 4
      L otherwise
    }
    scale Age: New < Old
    rank age: Age by e.since {
      Old before 2020-01-01
      New otherwise
    }
    decision d: text hit first {
      rule large reason A-1 when size == L then "large"
      rule busy  reason A-2 when busy == L then "busy"
      rule old   reason A-3 when age == Old then "old"
      otherwise  reason A-4 then "small"
    }
    """

  private let directory: TemporaryDirectory
  private let rules: String
  private let rows: String

  init() throws {
    directory = try TemporaryDirectory()
    rules = try directory.write("sizes.rules", Self.ruleset)
    rows = try directory.write(
      "rows.csv",
      """
      e.id,e.size,e.since,sales
      ann,40,2019-12-31,0
      bob,49,2020-01-01,0
      cem,50,2021-01-01,1
      dan,53,2021-01-01,0
      eve,250,2021-01-01,0
      fay,,2021-01-01,0
      gus,55,2021-01-01,4

      """)
  }

  private func object(_ text: String) throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
  }

  private func decision(_ options: [String]) throws -> NSDictionary {
    let run = try CommandLineRun(["importance", rules, "--format", "json"] + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/importance.schema.json"))
    #expect(try check.faults(Array(run.output.utf8)) == [])
    let decisions = try #require(try object(run.output)["decisions"] as? [NSDictionary])
    return try #require(decisions.first)
  }

  @Test func `outcomes, rules, refusals and cut points of rows`() throws {
    let decision = try decision(["--rows", rows])
    #expect(decision["count"] as? Int == 7)
    #expect(decision["refused"] as? Int == 1)
    let outcomes = try #require(decision["outcomes"] as? [NSDictionary])
    #expect(outcomes.map { $0["outcome"] as? String } == ["small", "busy", "large", "old"])
    #expect(outcomes.map { $0["count"] as? Int } == [3, 1, 1, 1])
    #expect((decision["otherwise"] as? NSDictionary)?["count"] as? Int == 3)
    let rules = try #require(decision["rules"] as? [NSDictionary])
    #expect(rules.map { $0["reason"] as? String } == ["A-1", "A-2", "A-3", "A-4"])
    #expect(rules.map { $0["decided"] as? Int } == [1, 1, 1, 3])
    let refusals = try #require(decision["refusals"] as? [NSDictionary])
    #expect(refusals.map { $0["field"] as? String } == ["e.size"])
    #expect(refusals.map { $0["refusal"] as? String } == ["missing"])
    let ranks = try #require(decision["ranks"] as? [NSDictionary])
    let size = try #require(ranks.first { $0["rank"] as? String == "size" })
    #expect(size["missing"] as? Int == 1)
    let cut = try #require((size["cut_points"] as? [NSDictionary])?.first)
    #expect(cut["name"] as? String == "size.M")
    #expect(cut["value"] as? String == "50")
    #expect([cut["below"], cut["on"], cut["above"]].map { $0 as? Int } == [2, 1, 3])
    // 49 is 2 % below, 53 is 6 % above, 55 exactly 10 %.
    let near = try #require(cut["near"] as? [NSDictionary])
    #expect(near.map { $0["within"] as? String } == ["1%", "5%", "10%"])
    #expect(near.map { $0["below"] as? Int } == [0, 1, 1])
    #expect(near.map { $0["above"] as? Int } == [0, 0, 2])
    let age = try #require(ranks.first { $0["rank"] as? String == "age" })
    let day = try #require((age["cut_points"] as? [NSDictionary])?.first)
    #expect(day["value"] as? String == "2020-01-01")
    #expect([day["below"], day["on"], day["above"]].map { $0 as? Int } == [1, 1, 5])
    #expect(
      (day["near"] as? [NSDictionary])?.map { $0["within"] as? String } == ["7d", "30d", "90d"])
  }

  @Test func `shares and days can be asked for`() throws {
    let decision = try decision(["--rows", rows, "--within", "2%", "--within", "400d"])
    let ranks = try #require(decision["ranks"] as? [NSDictionary])
    let near = ranks.compactMap { rank in
      ((rank["cut_points"] as? [NSDictionary])?.first?["near"] as? [NSDictionary])?.map {
        "\(rank["rank"] ?? "") \($0["within"] ?? "") \($0["below"] ?? "") \($0["above"] ?? "")"
      }
    }
    #expect(near.flatMap { $0 }.sorted() == ["age 400d 1 5", "busy 2% 0 0", "size 2% 1 0"])
  }

  @Test func `of events each subject counts once, as its last event left it`() throws {
    let subjects = try directory.write(
      "es.csv", "id,size,since\nann,40,2021-01-01\nbob,300,2021-01-01\n")
    var text = "party,sold\n"
    for day in 1...5 { text += "ann,2021-02-0\(day)\n" }
    text += "bob,2021-02-06\nzed,2021-02-07\n"
    let sales = try directory.write("sales.csv", text)
    let decision = try decision(["--input", "es=\(subjects)", "--input", "sales=\(sales)"])
    #expect(decision["count"] as? Int == 2)
    let outcomes = try #require(decision["outcomes"] as? [NSDictionary])
    #expect(outcomes.map { $0["outcome"] as? String } == ["busy", "large"])
    let page = try CommandLineRun([
      "importance", rules, "--input", "es=\(subjects)", "--input", "sales=\(sales)",
    ])
    #expect(page.output.contains("2 subjects, as their last events left them"))
  }

  @Test func `a page for people, and a long table`() throws {
    let page = try CommandLineRun(["importance", rules, "--rows", rows])
    #expect(page.exitCode == 0, "\(page.errors)")
    for text in [
      " Decision d · 7 rows", "small", "42.9 % ended in otherwise: 3 that no rule holds for",
      "large [A-1]", "missing e.size", "size.M = 50", "±5%", "age.New = 2020-01-01",
      "±30d",
    ] {
      #expect(page.output.contains(text), "\(text)\n\(page.output)")
    }
    let narrow = try CommandLineRun(
      ["importance", rules, "--rows", rows],
      environment: ["LANG": "C.UTF-8", "COLUMNS": "44", "NO_COLOR": "1"])
    #expect(narrow.output.split(separator: "\n").allSatisfy { $0.count < 44 }, "\(narrow.output)")
    let table = try CommandLineRun(["importance", rules, "--rows", rows, "--format", "csv"])
    let lines = table.output.split(separator: "\n")
    #expect(lines.first == "decision,kind,name,measure,value")
    for line in [
      "d,outcome,small,count,3", "d,rule,large,decided,1", "d,refusal,missing e.size,count,1",
      "d,cut point,size.M,on,1", "d,cut point,size.M,above within 10%,2",
      "d,level,size == S,count,2",
    ] {
      #expect(lines.contains { $0 == line }, "\(line)\n\(table.output)")
    }
  }

  @Test func `what the models of a ruleset go by, over every field`() throws {
    let offer = ProjectFiles.path("rules/premium-offer.rules")
    let rows = try directory.write(
      "offers.csv",
      "enterprise.id,enterprise.employees,average,currencies,invoices\n1,4,1242578,1,230\n2,90,50,0,3\n"
    )
    let run = try CommandLineRun(["importance", offer, "--rows", rows, "--format", "json"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/importance.schema.json"))
    #expect(try check.faults(Array(run.output.utf8)) == [])
    let decisions = try #require(try object(run.output)["decisions"] as? [NSDictionary])
    let models = decisions.flatMap { $0["models"] as? [NSDictionary] ?? [] }
    let fields = try #require(models.first?["fields"] as? [NSDictionary])
    // The same rows through the model itself.
    let inputs = try directory.write(
      "inputs.csv", "INVOICE_COUNT,SIZE,CURRENCIES\n230,4,1\n3,90,0\n")
    let alone = try CommandLineRun([
      "importance", ProjectFiles.path("models/premium.pmml"), "--input", inputs, "--background",
      ProjectFiles.path("models/premium.background.csv"), "--format", "json",
    ])
    let results = try #require(try object(alone.output)["results"] as? [NSDictionary])
    let expected = try #require(results.first?["fields"] as? [NSDictionary])
    #expect(fields == expected)
    #expect(fields.count == 3)
  }

  @Test(arguments: [["--points", "p.csv"], ["--background", "b.csv"], []])
  func `options that do not fit are mistakes of usage`(options: [String]) throws {
    let input = options.isEmpty ? [] : ["--rows", rows]
    let run = try CommandLineRun(["importance", rules] + input + options)
    #expect(run.exitCode == 64)
  }
}
