import Foundation
import RationaleTestSupport
import Testing

/// `explain cohort`, run as a user runs it.
@Suite struct CohortCommandTests {
  private static let ruleset = """
    ruleset sizes version 1 {
      owner "Tests"
    }
    input e from "es" {
      id    text  key
      size  int   in 1 ... 1_000   missing as ""
      city  text  missing as ""
      age   int   missing as ""   personal
      spent decimal(2)  missing as ""
    }
    scale Size: S < M < L
    rank size: Size by e.size {
      S below 50
      M below 250
      L otherwise
    }
    decision d: text hit first {
      rule large reason A-1 when size == L and e.spent >= 500 then "large"
      rule city  reason A-2 when e.city == "Pest" and e.age > 3 then "city"
      otherwise  reason A-3 then "small"
    }
    """

  private let directory: TemporaryDirectory
  private let rules: String
  private let rows: String

  init() throws {
    directory = try TemporaryDirectory()
    rules = try directory.write("sizes.rules", Self.ruleset)
    var text = "id,size,city,age,spent,turnover\n"
    for row in 0..<60 {
      let size = row % 20 == 19 ? "" : "\(10 + row * 7)"
      let city = row % 3 == 0 ? "Pest" : row % 3 == 1 ? "Buda" : "Eger"
      let turnover = row % 2 == 0 ? "\(row).25" : ""
      text += "\(row),\(size),\(city),30,\(100 + row * 10).50,\(turnover)\n"
    }
    text += "60,0,Pest,30,1.00,5\n"
    rows = try directory.write("rows.csv", text)
  }

  private func object(_ text: String) throws -> NSDictionary {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
  }

  private func cohorts(_ arguments: [String]) throws -> (all: NSDictionary, list: [NSDictionary]) {
    let run = try CommandLineRun(["cohort"] + arguments + ["--format", "json"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/cohort.schema.json"))
    #expect(try check.faults(Array(run.output.utf8)) == [])
    let all = try object(run.output)
    return (all, try #require(all["cohorts"] as? [NSDictionary]))
  }

  @Test func `outcomes of a decision, by rules over its ranks and fields`() throws {
    let (all, list) = try cohorts([rules, "--rows", rows, "--sum", "turnover"])
    #expect(all["rows"] as? Int == 61)
    // Rows 19, 39 and 59 have no size, and row 60 one out of range.
    let leftOut = try #require(all["left_out"] as? Int)
    #expect(leftOut == 4)
    #expect(all["hidden_fields"] as? [String] == ["e.age"])
    let counts = list.compactMap { $0["count"] as? Int }
    #expect(counts.reduce(0, +) == 57 && counts == counts.sorted(by: >))
    let large = try #require(list.first { $0["name"] as? String == "large" })
    let rule = try #require(large["rule"] as? NSDictionary)
    #expect(rule["proved"] as? Bool == true)
    // No threshold at a quantile is the rule's own 500.
    let quality = try #require(rule["quality"] as? Double)
    #expect(quality > 0.8 && quality <= 1)
    let city = try #require(list.first { $0["name"] as? String == "city" })
    let cityRule = try #require(city["rule"] as? NSDictionary)
    #expect((cityRule["text"] as? String)?.contains("e.city == \"Pest\"") == true)
    #expect(cityRule["inside"] as? Int == city["count"] as? Int)
    let next = try #require(city["next"] as? NSDictionary)
    #expect(list.contains { $0["name"] as? String == next["name"] as? String })
    // The sum, once more by hand: rows that have an outcome.
    let sum = try #require(all["sum"] as? NSDictionary)
    let expected = (0..<60).filter { $0 % 20 != 19 && $0 % 2 == 0 }
    #expect(
      sum["total"] as? String == "\(expected.reduce(0, +) + expected.count / 4)."
        + ["00", "25", "50", "75"][expected.count % 4])
    #expect(sum["unread"] as? Int == 57 - expected.count)
    let parts = list.compactMap { ($0["sum"] as? NSDictionary)?["share"] as? Double }
    #expect(abs(parts.reduce(0, +) - 1) < 1e-12)
  }

  @Test func `ranks say what their levels are, and rules may be limited to some fields`() throws {
    let (_, list) = try cohorts([
      rules, "--rows", rows, "--field", "size", "--group", "large", "--conditions", "1",
    ])
    #expect(list.count == 1)
    let rule = try #require(list[0]["rule"] as? NSDictionary)
    #expect(
      rule["conditions"] as? NSArray == [
        ["field": "size", "symbol": "==", "value": "L", "meaning": "e.size >= 250"]
      ] as NSArray)
  }

  @Test func `clusters of a model, by thresholds of its fields`() throws {
    let model = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="revenue" optype="continuous" dataType="double"/>
      <DataField name="recency" optype="continuous" dataType="double"/></DataDictionary>
      <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2">
      <MiningSchema><MiningField name="revenue"/><MiningField name="recency"/></MiningSchema>
      <ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>
      <ClusteringField field="revenue"/><ClusteringField field="recency"/>
      <Cluster id="Insiders"><Array n="2" type="real">1000 10</Array></Cluster>
      <Cluster id="Guests"><Array n="2" type="real">100 300</Array></Cluster>
      </ClusteringModel></PMML>
      """
    let path = try directory.write("segments.pmml", model)
    var text = "revenue,recency,weight\n"
    for row in 0..<40 {
      text += row % 4 == 0 ? "\(900 + row),\(5 + row % 9),3\n" : "\(80 + row),\(280 + row),1\n"
    }
    let rows = try directory.write("customers.csv", text)
    let (all, list) = try cohorts([path, "--input", rows, "--result", "cluster", "--sum", "weight"])
    #expect((all["model"] as? NSDictionary)?["result"] as? String == "cluster")
    #expect(list.map { $0["name"] as? String } == ["Guests", "Insiders"])
    #expect(list.map { $0["count"] as? Int } == [30, 10])
    #expect(list.map { ($0["sum"] as? NSDictionary)?["share"] as? Double } == [0.5, 0.5])
    let rules = list.compactMap { ($0["rule"] as? NSDictionary)?["text"] as? String }
    #expect(rules == ["revenue < 500", "revenue >= 500"] || rules.count == 2, "\(rules)")
    #expect(list.allSatisfy { ($0["rule"] as? NSDictionary)?["quality"] as? Double == 1 })
    let page = try CommandLineRun(["cohort", path, "--input", rows, "--sum", "weight"])
    #expect(page.exitCode == 0)
    for text in [
      "Insiders", "unlike Guests", "covers 100.0 % (10 of 10)", "[proved best]", "weight 30",
    ] {
      #expect(page.output.contains(text), "\(text)\n\(page.output)")
    }
  }

  @Test func `what is not there is named`() throws {
    let cases: [([String], String)] = [
      (["--decision", "dd"], "did you mean `d`?"), (["--group", "larg"], "did you mean `large`?"),
      (["--field", "sise"], "did you mean `size`?"), (["--sum", "turnovers"], "turnovers"),
    ]
    for (options, text) in cases {
      let run = try CommandLineRun(["cohort", rules, "--rows", rows] + options)
      #expect(run.exitCode == 1, "\(options)")
      #expect(run.errors.contains(text), "\(run.errors)")
      #expect(run.output == "")
    }
  }

  @Test(arguments: [
    ["--input", "x.csv"], ["--conditions", "4"], ["--quantiles", "1"], ["--score", "gini"],
  ])
  func `options that do not fit are mistakes of usage`(options: [String]) throws {
    #expect(try CommandLineRun(["cohort", rules, "--rows", rows] + options).exitCode == 64)
  }

  @Test func `a page within its width, in ASCII where there is no more`() throws {
    let page = try CommandLineRun(
      ["cohort", rules, "--rows", rows, "--score", "wracc"], environment: ["COLUMNS": "50"])
    #expect(page.exitCode == 0)
    #expect(page.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(page.output.split(separator: "\n").allSatisfy { $0.count < 50 }, "\(page.output)")
    #expect(page.output.contains("WRAcc"))
  }
}
