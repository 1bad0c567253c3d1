import Foundation
import RationaleTestSupport
import Testing

/// `explain inspect --format json`, run as a user runs it.
@Suite struct InspectCommandTests {
  private static let model = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
    <DataDictionary><DataField name="x" optype="continuous" dataType="double">
    <Interval closure="closedOpen" leftMargin="0"/></DataField>
    <DataField name="c" optype="categorical" dataType="string"><Value value="u"/><Value value="v"/>
    </DataField><DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
    <RegressionModel functionName="regression" modelName="offers" made="today"><MiningSchema>
    <MiningField name="x" importance="0.5" missingValueReplacement="1"/><MiningField name="c"/>
    <MiningField name="y" usageType="target"/></MiningSchema>
    <Output><OutputField name="p" feature="predictedValue" isFinalResult="false"/>
    <OutputField name="offer" feature="decision" dataType="string" optype="categorical">
    <Decisions businessProblem="Whom to call?" description="Calls cost money.">
    <Decision value="call" displayValue="Call" description="by phone"/><Decision value="wait"/>
    </Decisions><Apply function="if"><Apply function="greaterThan"><FieldRef field="p"/>
    <Constant>5</Constant></Apply><Constant>call</Constant><Constant>wait</Constant></Apply>
    </OutputField></Output>
    <RegressionTable intercept="1"><NumericPredictor name="x" coefficient="2"/></RegressionTable>
    <ModelVerification><VerificationFields><VerificationField field="x"/>
    <VerificationField field="p" precision="0.01"/></VerificationFields>
    <InlineTable><row><x>2</x><p>5</p></row><row><x>3</x><p>8</p></row></InlineTable>
    </ModelVerification></RegressionModel></PMML>
    """

  private static func object(_ text: String) throws -> NSDictionary {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
  }

  @Test func `the JSON is what the published schema describes`() throws {
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/inspect.schema.json"))
    let directory = try TemporaryDirectory()
    let clusters = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
      <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="1">
      <MiningSchema><MiningField name="x"/></MiningSchema><ComparisonMeasure kind="distance">
      <euclidean/></ComparisonMeasure><ClusteringField field="x"/><Cluster id="only">
      <Array n="1" type="real">3</Array></Cluster></ClusteringModel></PMML>
      """
    for (name, text) in [
      ("offers", Self.model), ("rules", ScoreCommandTests.model), ("clusters", clusters),
    ] {
      let path = try directory.write("\(name).pmml", text)
      let run = try CommandLineRun(["inspect", path, "--format", "json"])
      #expect(run.exitCode == 0)
      #expect(try check.faults(Array(run.output.utf8)) == [], "\(name)")
    }
    for path in ["models/premium.pmml"] {
      let run = try CommandLineRun(["inspect", ProjectFiles.path(path), "--format", "json"])
      #expect(run.exitCode == 0)
      #expect(try check.faults(Array(run.output.utf8)) == [], "\(path)")
    }
    // The check fails where it should.
    #expect(try check.faults(Array("{}".utf8)) != [])
  }

  @Test func `what the model takes, gives and decides, and what verification finds`() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("m.pmml", Self.model)
    let run = try CommandLineRun(["inspect", path, "--format", "json", "--verify"])
    // The second row expects 8 where it is 7.
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("expects `8` for `p`"))
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/inspect.schema.json"))
    #expect(try check.faults(Array(run.output.utf8)) == [])
    let json = try Self.object(run.output)
    let model = try #require(json["model"] as? NSDictionary)
    #expect(model["element"] as? String == "RegressionModel")
    #expect(model["name"] as? String == "offers")
    #expect(model["pmml_version"] as? String == "4.4")
    #expect(
      json["fields"] as? NSArray == [
        [
          "name": "x", "data_type": "double", "optype": "continuous", "values": [],
          "intervals": [["left_margin": 0, "closure": "closedOpen"]], "replaces_missing": true,
          "importance": 0.5,
        ],
        [
          "name": "c", "data_type": "string", "optype": "categorical", "values": ["u", "v"],
          "intervals": [], "replaces_missing": false,
        ],
      ] as NSArray)
    #expect((json["target"] as? NSDictionary)?["name"] as? String == "y")
    #expect(
      json["results"] as? NSArray == [
        ["name": "predictedValue", "kind": "number"], ["name": "output(\"p\")", "kind": "number"],
        ["name": "output(\"offer\")", "kind": "text"],
      ] as NSArray)
    let decisions: NSDictionary = [
      "business_problem": "Whom to call?", "description": "Calls cost money.",
      "values": [
        ["value": "call", "display_value": "Call", "description": "by phone"],
        ["value": "wait"],
      ],
    ]
    #expect(
      json["output_fields"] as? NSArray == [
        [
          "name": "p", "feature": "predictedValue", "data_type": "double", "is_final_result": false,
        ],
        [
          "name": "offer", "feature": "decision", "data_type": "string", "is_final_result": true,
          "decisions": decisions,
        ],
      ] as NSArray)
    let attribution = try #require(json["attribution"] as? NSDictionary)
    #expect(attribution["support"] as? String == "needs_background")
    #expect(attribution["has_averages"] as? Bool == false)
    let warnings = try #require(json["warnings"] as? [NSDictionary])
    #expect(warnings.map { $0["code"] as? String } == ["P6"])
    let verification = try #require(json["verification"] as? NSDictionary)
    #expect(verification["rows"] as? Int == 2)
    let mismatches = try #require(verification["mismatches"] as? [NSDictionary])
    #expect(mismatches.count == 1)
    #expect(mismatches[0]["row"] as? Int == 2)
    #expect(mismatches[0]["got"] as? String == "7.0")
  }

  @Test func `a page names decisions, and a refused model prints nothing`() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("m.pmml", Self.model)
    let page = try CommandLineRun(["inspect", path]).output
    #expect(page.contains("decision     output(\"offer\"): Whom to call?\n"))
    #expect(page.contains("  call  Call: by phone\n  wait"))
    let faulty = try directory.write(
      "f.pmml", Self.model.replacing("field=\"p\"", with: "field=\"q\""))
    let run = try CommandLineRun(["inspect", faulty, "--format", "json"])
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.contains("P16"))
  }
}
