import DataFields
import PMML
import Testing

/// Models within models, and weights by fields. Expected values are worked out by hand.
@Suite struct ModelCompositionTests {
  /// The sample scenario of the specification: a tree replaces a missing age, a regression goes on.
  private static let sequence = PMMLText.document(
    ["age double", "job string Student Retired Clerk", "y double"],
    """
    <MiningModel functionName="regression">\(PMMLText.schema(["age", "job"]))
    <DecisionTree functionName="regression"><ResultField name="replacement" optype="continuous" \
    dataType="double" feature="predictedValue"/><Node><True/>
    <Node score="20"><SimplePredicate field="job" operator="equal" value="Student"/></Node>
    <Node score="70"><SimplePredicate field="job" operator="equal" value="Retired"/></Node>
    <Node score="40"><True/></Node></Node></DecisionTree>
    <Regression functionName="regression"><LocalTransformations>
    <DerivedField name="known" optype="continuous" dataType="double"><Apply function="if">
    <Apply function="isMissing"><FieldRef field="age"/></Apply><FieldRef field="replacement"/>
    <FieldRef field="age"/></Apply></DerivedField></LocalTransformations>
    <RegressionTable intercept="1"><NumericPredictor name="known" coefficient="2"/>
    </RegressionTable></Regression></MiningModel>
    """)

  @Test func `a sequence gives what its last model makes of those before`() throws {
    let rows = try PMMLText.score(
      Self.sequence,
      [
        ["age": "30", "job": "Student"], ["job": "Student"], ["job": "Retired"],
        ["job": "Clerk"], [:],
      ])
    #expect(rows.map { $0?["y"] } == ["61.0", "41.0", "141.0", "81.0", "81.0"])
    #expect(rows.map { $0?["replacement"] } == ["20.0", "20.0", "70.0", "40.0", "40.0"])
  }

  /// Up to 10 a regression, above it a tree of its own, where `c` is known; else a number.
  private static func selection(
    strategy: String = "none", more: String = "", beside: String = ""
  ) -> String {
    PMMLText.document(
      ["x double", "c string k l", "y double"],
      """
      <TreeModel functionName="regression" missingValueStrategy="\(strategy)">
      \(PMMLText.schema(["x", "c"]))
      <Output><OutputField name="copy" feature="predictedValue"/></Output>
      <Targets><Target field="y" rescaleConstant="100"/></Targets>
      <LocalTransformations><DerivedField name="half" optype="continuous" dataType="double">
      <Apply function="/"><FieldRef field="x"/><Constant>2</Constant></Apply></DerivedField>
      </LocalTransformations>
      <Node id="root"><True/>
      <Node id="2" score="999"><SimplePredicate field="x" operator="lessOrEqual" value="10"/>\(beside)
      <Regression functionName="regression"><ResultField name="why" feature="predictedValue"/>
      <RegressionTable intercept="1"><NumericPredictor name="half" coefficient="4"/>
      </RegressionTable></Regression></Node>
      <Node><CompoundPredicate booleanOperator="and"><SimplePredicate field="x" \
      operator="greaterThan" value="10"/><SimplePredicate field="c" operator="isNotMissing"/>
      </CompoundPredicate><DecisionTree functionName="regression"><Node><True/>
      <Node score="5"><SimplePredicate field="c" operator="equal" value="k"/></Node>
      <Node><SimplePredicate field="c" operator="equal" value="l"/><Regression \
      functionName="regression"><RegressionTable intercept="0"><NumericPredictor name="x" \
      coefficient="-1"/></RegressionTable></Regression></Node></Node></DecisionTree></Node>
      <Node id="last" score="7"><SimplePredicate field="x" operator="greaterThan" value="10"/></Node>
      \(more)</Node></TreeModel>
      """)
  }

  @Test func `the model of the leaf that a tree ends in predicts, deeper ones too`() throws {
    let rows = try PMMLText.score(
      Self.selection(),
      [
        ["x": "3"], ["x": "20", "c": "k"], ["x": "20", "c": "l"], ["x": "20"], ["c": "k"], [:],
      ])
    // 1 + 4 x 1.5; 5; -20; 7; none of the leaves is known to hold. Targets add 100 to each.
    #expect(rows.map { $0?["y"] } == ["107.0", "105.0", "80.0", "107.0", "", ""])
    #expect(rows.map { $0?["copy"] } == ["107.0", "105.0", "80.0", "107.0", "", ""])
    #expect(rows.map { $0?["why"] } == ["7.0", "", "", "", "", ""])
    // How the parts are tied together is nobody's column.
    #expect(rows[0]?.keys.sorted() == ["copy", "why", "y"])
    let model = try PMMLText.load(Self.selection())
    #expect(model.signature.element == "TreeModel")
    // What runs only where a leaf is reached is no sum.
    #expect(model.signature.attribution != .always)
  }

  @Test func `a classifier in a leaf gives the classes of the whole`() throws {
    let text = PMMLText.document(
      ["x double", "y string"],
      """
      <TreeModel functionName="classification">\(PMMLText.schema(["x"]))
      <Output><OutputField name="pa" feature="probability" value="a"/>
      <OutputField name="pc" feature="probability" value="c"/></Output>
      <Node><True/><Node><SimplePredicate field="x" operator="lessThan" value="0"/>
      <Regression functionName="classification" normalizationMethod="softmax">
      <RegressionTable targetCategory="a" intercept="1.0986122886681098"/>
      <RegressionTable targetCategory="b" intercept="0"/></Regression></Node>
      <Node score="c"><True/><ScoreDistribution value="c" recordCount="4"/>
      <ScoreDistribution value="a" recordCount="1"/></Node></Node></TreeModel>
      """)
    let rows = try PMMLText.score(text, [["x": "-1"], ["x": "1"]])
    // e^ln 3 to 1; 1 of 5.
    let shares = rows.map { $0?["pa"].flatMap { Double($0) } ?? .nan }
    #expect(abs(shares[0] - 0.75) < 1e-15)
    #expect(shares[1] == 0.2)
    #expect(rows.map { $0?["y"] } == ["a", "c"])
    #expect(rows.map { $0?["pc"] } == ["0.0", "0.8"])
  }

  @Test func `what cannot be told apart is refused`() {
    #expect(PMMLText.faults(Self.selection()) == [])
    #expect(PMMLText.faults(Self.selection(strategy: "lastPrediction")) == [])
    #expect(PMMLText.faults(Self.selection(strategy: "weightedConfidence")) == ["P9"])
    #expect(
      PMMLText.faults(Self.selection(beside: "<ScoreDistribution value=\"1\" recordCount=\"1\"/>"))
        == ["P2"])
    #expect(
      PMMLText.faults(
        Self.selection(
          beside: "<Node score=\"1\"><True/></Node>")) == ["P2"])
    let both = Self.sequence.replacing(
      "</MiningModel>",
      with: "<Segmentation multipleModelMethod=\"sum\"><Segment><True/>\(Self.constant(1))"
        + "</Segment></Segmentation></MiningModel>")
    #expect(PMMLText.faults(both).first == "P2")
    #expect(
      PMMLText.faults(
        Self.sequence.replacing("functionName=\"regression\"><ResultField", with: "><ResultField")
      )
      .contains("P3"))
  }

  // MARK: Weights

  private static func constant(_ number: Double) -> String {
    "<RegressionModel functionName=\"regression\">\(PMMLText.schema(["x"], target: nil))"
      + "<RegressionTable intercept=\"\(number)\"/></RegressionModel>"
  }

  private static func tree(_ number: Double) -> String {
    "<TreeModel functionName=\"regression\">\(PMMLText.schema(["x"], target: nil))"
      + "<Node score=\"\(number)\"><True/></Node></TreeModel>"
  }

  private static func weighted(
    _ method: String, _ models: [String], weight: String = "<VariableWeight field=\"w\"/>",
    attribute: String = ""
  ) -> String {
    PMMLText.document(
      ["x double", "w double", "t string", "y double"],
      """
      <MiningModel functionName="regression">\(PMMLText.schema(["x", "w", "t"]))
      <Segmentation multipleModelMethod="\(method)">
      <Segment\(attribute)><True/>\(models[0])\(weight)</Segment>
      <Segment><True/>\(models[1])</Segment></Segmentation></MiningModel>
      """)
  }

  @Test(arguments: [
    // (3 x 10 + 20) / 4, 3 x 10 + 20, and what no weight changes.
    ("weightedAverage", "12.5"), ("weightedSum", "50.0"), ("average", "15.0"),
    ("weightedMedian", "10.0"),
  ])
  func `a field of the row weighs a segment`(_ method: String, _ expected: String) throws {
    for models in [
      [Self.constant(10), Self.constant(20)], [Self.tree(10), Self.tree(20)],
    ] {
      let text = Self.weighted(method, models)
      #expect(try PMMLText.score(text, [["w": "3"]])[0]?["y"] == expected)
      // What is weighed by a missing weight is missing.
      let missing = try PMMLText.score(text, [[:]])[0]?["y"]
      #expect(missing == (method == "average" ? expected : ""))
    }
  }

  @Test func `a weight has one source, and is a number`() throws {
    let models = [Self.constant(10), Self.constant(20)]
    #expect(
      PMMLText.faults(Self.weighted("weightedSum", models, attribute: " weight=\"2\"")) == ["P9"])
    #expect(
      PMMLText.faults(
        Self.weighted("weightedSum", models, weight: "<VariableWeight field=\"t\"/>")) == ["P21"])
    #expect(
      PMMLText.faults(
        Self.weighted("weightedSum", models, weight: "<VariableWeight field=\"u\"/>")) == ["P16"])
    let model = try PMMLText.load(Self.weighted("weightedSum", models))
    #expect(model.signature.attribution != .always)
  }
}
