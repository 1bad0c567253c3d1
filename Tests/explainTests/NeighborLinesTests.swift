import FileIO
import RationaleTestSupport
import Testing

/// `explain score --neighbors`, run as a user runs it.
@Suite struct NeighborLinesTests {
  private static func model(_ attributes: String, measure: String = "squaredEuclidean") -> String {
    let instances = [("a", 0, 0, "yes", 10), ("b", 1, 2, "no", 20), ("c", 5, 5, "yes", 40)].map {
      "<row><id>\($0.0)</id><x>\($0.1)</x><y>\($0.2)</y><t>\($0.3)</t><n>\($0.4)</n></row>"
    }
    let isNumber = attributes.contains("regression")
    let target = isNumber ? "n" : "t"
    return """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="y" optype="continuous" dataType="double"/>
      <DataField name="t" optype="categorical" dataType="string"/>
      <DataField name="n" optype="continuous" dataType="double"/></DataDictionary>
      <NearestNeighborModel numberOfNeighbors="2" instanceIdVariable="id" threshold="1" \(attributes)>
      <MiningSchema><MiningField name="x"/><MiningField name="y" missingValueReplacement="0"/>
      <MiningField name="\(target)" usageType="target"/></MiningSchema>
      <TrainingInstances><InstanceFields><InstanceField field="id"/><InstanceField field="x"/>
      <InstanceField field="y"/><InstanceField field="\(target)"/></InstanceFields>
      <InlineTable>\(instances.joined())</InlineTable></TrainingInstances>
      <ComparisonMeasure kind="distance"><\(measure)/></ComparisonMeasure>
      <KNNInputs><KNNInput field="x" fieldWeight="2"/><KNNInput field="y"/></KNNInputs>
      </NearestNeighborModel></PMML>
      """
  }

  private static func lines(
    _ model: String, rows: String, _ options: [String] = []
  ) throws -> [String] {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/neighbors.jsonl"
    let run = try CommandLineRun(
      [
        "score", try directory.write("m.pmml", model), "--input",
        try directory.write("rows.csv", rows), "--neighbors", path,
      ] + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = String(decoding: try WholeFile.read(path), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    let schema = try JSONSchemaCheck(path: ProjectFiles.path("docs/neighbors.schema.json"))
    for line in lines { #expect(try schema.faults(Array(line.utf8)).isEmpty, "\(line)") }
    return lines
  }

  @Test func `each neighbour has its distance, what it counts and each field's share`() throws {
    // From (2, 1): a 2 x 4 + 1 = 9, b 2 x 1 + 1 = 3. Weights 1/10 and 1/4 of 7/20.
    let lines = try Self.lines(
      Self.model(
        "functionName=\"classification\" categoricalScoringMethod=\"weightedMajorityVote\""),
      rows: "x,y\n2,1\nnone,3\n0,0\n")
    #expect(lines.count == 2)
    #expect(
      lines.first
        == "{\"row\":1,\"neighbors\":[{\"id\":\"b\",\"distance\":3.0,\"value\":\"no\","
        + "\"weight\":\(0.25 / 0.35),\"shares\":{\"x\":\(2.0 / 3),\"y\":\(1.0 / 3)}},"
        + "{\"id\":\"a\",\"distance\":9.0,\"value\":\"yes\",\"weight\":\(0.1 / 0.35),"
        + "\"shares\":{\"x\":\(8.0 / 9),\"y\":\(1.0 / 9)}}]}")
    // The third row of the input lies on an instance: no distance to share.
    #expect(
      lines.last?.hasPrefix(
        "{\"row\":3,\"neighbors\":[{\"id\":\"a\",\"distance\":0.0,\"value\":\"yes\",\"weight\":")
        == true)
    #expect(
      lines.last?.contains("\"distance\":0.0,\"value\":\"yes\",\"weight\":\(1 / (1 + 1.0 / 7))")
        == true)
  }

  @Test func `medians have no weights, and measures that are no sums no shares`() throws {
    let medians = try Self.lines(
      Self.model("functionName=\"regression\" continuousScoringMethod=\"median\""),
      rows: "x,y\n2,1\n")
    #expect(medians[0].contains("\"value\":20.0,\"shares\":") && !medians[0].contains("weight"))
    let greatest = try Self.lines(
      Self.model(
        "functionName=\"regression\" continuousScoringMethod=\"average\"", measure: "chebychev"),
      rows: "x,y\n2,1\n")
    #expect(greatest[0].contains("\"weight\":0.5") && !greatest[0].contains("shares"))
  }

  @Test func `lines keep the order of the input, whatever the threads`() throws {
    let rows = "x,y\n" + (0..<2_500).map { "\($0 % 7),\($0 % 5)\n" }.joined()
    let model = Self.model("functionName=\"classification\"")
    let lines = try Self.lines(model, rows: rows)
    #expect(lines.count == 2_500 && lines[2_499].hasPrefix("{\"row\":2500,"))
    #expect(try Self.lines(model, rows: rows, ["--threads", "2"]) == lines)
  }

  @Test func `a model without neighbours is refused`() throws {
    let directory = try TemporaryDirectory()
    let rows = try directory.write("rows.csv", "INVOICE_COUNT,SIZE,CURRENCIES\n1,2,3\n")
    let run = try CommandLineRun([
      "score", ProjectFiles.path("models/premium.pmml"), "--input", rows, "--neighbors",
      "\(directory.path)/n.jsonl",
    ])
    #expect(run.exitCode == 1 && run.errors.contains("predicts by no neighbours"))
  }
}
