import Foundation
import RationaleTestSupport
import Testing

/// `explain importance` of a model, against the attributions that `explain score` prints.
@Suite struct ModelImportanceTests {
  private let directory: TemporaryDirectory
  private let model = ProjectFiles.path("models/premium.pmml")
  private let background = ProjectFiles.path("models/premium.background.csv")
  private let rows: String

  init() throws {
    directory = try TemporaryDirectory()
    var text = "INVOICE_COUNT,SIZE,CURRENCIES\n"
    var random = SeededGenerator(seed: 3)
    for row in 0..<150 {
      let size = row % 17 == 0 ? "" : "\(Int.random(in: 1...300, using: &random))"
      text +=
        "\(Int.random(in: 1...400, using: &random)),\(size),\(Int.random(in: 0...4, using: &random))\n"
    }
    // A row that cannot be scored.
    text += "x,1,1\n"
    rows = try directory.write("rows.csv", text)
  }

  private func run(_ options: [String]) throws -> CommandLineRun {
    try CommandLineRun(
      ["importance", model, "--input", rows, "--background", background] + options)
  }

  /// The columns of a CSV text, by name.
  private func columns(_ text: String) -> [String: [String]] {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var columns: [String: [String]] = [:]
    for (place, name) in (lines.first ?? []).enumerated() {
      columns[name] = lines.dropFirst().map { $0.indices.contains(place) ? $0[place] : "" }
    }
    return columns
  }

  @Test func `means, shares and points are those of the attributions of single rows`() throws {
    let scores = columns(
      try CommandLineRun([
        "score", model, "--input", rows, "--attributions", "--background", background,
      ]).output)
    let points = directory.file("points.csv")
    let run = try run(["--format", "csv", "--points", points])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("row 151 is not scored: the value `x` of `INVOICE_COUNT`"))
    let table = columns(run.output)
    let fields = try #require(table["field"])
    #expect(Set(fields) == ["INVOICE_COUNT", "SIZE", "CURRENCIES"])
    let written = columns(try directory.read("points.csv"))
    var magnitudes: [Double] = []
    for (place, field) in fields.enumerated() {
      let values = try #require(scores["attribution(\(field))"]).compactMap { Double($0) }
      #expect(values.count == 150)
      let magnitude = values.reduce(0) { $0 + abs($1) } / 150
      magnitudes.append(magnitude)
      #expect(abs(try #require(Double(table["mean_absolute"]?[place] ?? "")) - magnitude) < 1e-12)
      let mean = values.reduce(0, +) / 150
      #expect(abs(try #require(Double(table["mean"]?[place] ?? "")) - mean) < 1e-12)
      let names = try #require(written["field"])
      let lines = names.indices.filter { names[$0] == field }
      #expect(lines.compactMap { Double(written["attribution"]?[$0] ?? "") } == values)
      #expect(lines.compactMap { Int(written["row"]?[$0] ?? "") } == Array(1...150))
    }
    #expect(magnitudes == magnitudes.sorted(by: >))
    let shares = (table["share"] ?? []).compactMap { Double($0) }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
  }

  @Test func `pairs of one field, as CSV and as JSON lines`() throws {
    let run = try run(["--dependence", "SIZE"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let pairs = columns(run.output)
    #expect(pairs.keys.sorted() == ["attribution", "row", "value"])
    // Row 1 has no size, row 151 no score.
    #expect(pairs["value"]?.count == 150)
    #expect(pairs["value"]?.first == "")
    let lines = try self.run(["--dependence", "SIZE", "--format", "json"]).output
      .split(separator: "\n")
    #expect(lines.count == 150)
    #expect(lines[0].hasPrefix(#"{"row":1,"value":null,"attribution":"#))
    let second = "{\"row\":2,\"value\":\(pairs["value"]?[1] ?? "").0,\"attribution\":"
    #expect(lines[1] == "\(second)\(pairs["attribution"]?[1] ?? "")}")
  }

  @Test func `the JSON is what the published schema describes`() throws {
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/importance.schema.json"))
    let json = try run(["--format", "json"])
    #expect(json.exitCode == 0)
    #expect(try check.faults(Array(json.output.utf8)) == [])
    let classes = ProjectFiles.path("models/segments.pmml")
    let clusters = try CommandLineRun([
      "importance", classes, "--input", rows, "--format", "json",
    ])
    if clusters.exitCode == 0 { #expect(try check.faults(Array(clusters.output.utf8)) == []) }
    #expect(try check.faults(Array("{}".utf8)) != [])
  }

  @Test func `a page for people, within its width and without colours where there is no terminal`()
    throws
  {
    let run = try CommandLineRun(
      ["importance", model, "--input", rows, "--background", background],
      environment: ["LANG": "C.UTF-8", "COLUMNS": "60"])
    #expect(run.exitCode == 0)
    #expect(run.output.hasPrefix(" Importance "))
    #expect(run.output.contains("150 rows") == false)
    let words = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("151 rows, 1 not scored"))
    #expect(run.output.contains("log-odds of probability(\"1\")"))
    #expect(run.output.contains("█"))
    #expect(!run.output.contains("\u{1B}"))
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count < 60 }, "\(run.output)")
    let ascii = try CommandLineRun(
      ["importance", model, "--input", rows, "--background", background], environment: [:])
    #expect(ascii.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(ascii.output.contains("#"))
  }

  @Test func `splits are counted, and what the document states stands apart`() throws {
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
      <TreeModel functionName="regression"><MiningSchema><MiningField name="x" importance="0.25"/>
      <MiningField name="y" importance="0.75"/></MiningSchema><Node score="0"><True/>
      <Node score="3"><SimplePredicate field="x" operator="lessThan" value="5"/></Node>
      <Node score="0"><SimplePredicate field="x" operator="greaterOrEqual" value="5"/></Node>
      </Node></TreeModel></PMML>
      """
    let tree = try directory.write("tree.pmml", text)
    let rows = try directory.write("xy.csv", "x,y\n1,1\n9,1\n")
    let run = try CommandLineRun([
      "importance", tree, "--input", rows, "--covers", "uniform", "--format", "csv",
    ])
    #expect(
      run.output == """
        field,mean_absolute,mean,share,splits,importance
        x,1.5,0.0,1.0,1,0.25
        y,0.0,0.0,0.0,0,0.75

        """)
    let page = try CommandLineRun(["importance", tree, "--input", rows, "--covers", "uniform"])
    let stated = try #require(page.output.range(of: "Stated in the document"))
    let after = page.output[stated.upperBound...]
    #expect(
      try #require(after.range(of: "y ")).lowerBound < #require(after.range(of: "x ")).lowerBound)
    let refused = try CommandLineRun(["importance", tree, "--input", rows])
    #expect(refused.exitCode == 1)
    #expect(refused.errors.contains("P40"))
  }

  @Test(arguments: [
    ["--rows", "rows.csv"], ["--within", "5%"], ["--within", "5"],
    ["--dependence", "SIZE", "--format", "text"],
    ["--dependence", "SIZE", "--points", "-"], ["--covers", "uniform"],
  ])
  func `options that do not fit are mistakes of usage`(options: [String]) throws {
    let run = try run(options)
    #expect(run.exitCode == 64)
    #expect(run.output == "")
  }

  @Test func `a field that the model lacks is named`() throws {
    let run = try run(["--dependence", "SIZES"])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("did you mean `SIZE`?"))
  }
}
