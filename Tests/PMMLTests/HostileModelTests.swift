import PMML
import Testing

/// What is well-formed, and would ask for too much, or be none of a kind of model.
@Suite struct HostileModelTests {
  func derived(_ name: String, from other: String) -> String {
    "<DerivedField name=\"\(name)\" optype=\"continuous\" dataType=\"double\">"
      + "<FieldRef field=\"\(other)\"/></DerivedField>"
  }

  func regression(_ field: String) -> String {
    """
    <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
    <RegressionTable intercept="0"><NumericPredictor name="\(field)" coefficient="1"/>
    </RegressionTable></RegressionModel>
    """
  }

  func chain(_ count: Int) -> String {
    let fields = (0..<count).map { derived("d\($0)", from: $0 == 0 ? "x" : "d\($0 - 1)") }
    return PMMLText.document(
      ["x double", "y double"],
      transformations: "<TransformationDictionary>"
        + fields.reversed().joined() + "</TransformationDictionary>", regression("d\(count - 1)"))
  }

  @Test func `derived fields rest on others up to a limit`() throws {
    #expect(try PMMLText.score(chain(400), [["x": "3"]])[0]?["y"] == "3.0")
    #expect(PMMLText.faults(chain(100_000)).contains("P17"))
  }

  @Test func `functions call others up to a limit`() {
    let functions = (0..<50_000).map { number in
      """
      <DefineFunction name="f\(number)" optype="continuous" dataType="double">
      <ParameterField name="a" optype="continuous" dataType="double"/>
      <Apply function="\(number == 0 ? "abs" : "f\(number - 1)")"><FieldRef field="a"/></Apply>
      </DefineFunction>
      """
    }
    let text = PMMLText.document(
      ["x double", "y double"],
      transformations: "<TransformationDictionary>" + functions.joined()
        + "<DerivedField name=\"d\" optype=\"continuous\" dataType=\"double\">"
        + "<Apply function=\"f49999\"><FieldRef field=\"x\"/></Apply></DerivedField>"
        + "</TransformationDictionary>", regression("d"))
    #expect(PMMLText.faults(text).contains("P17"))
  }

  @Test func `a text that doubles again and again has no result`() throws {
    let fields = (0..<60).map { number in
      """
      <DerivedField name="s\(number)" optype="categorical" dataType="string">
      <Apply function="concat"><FieldRef field="\(number == 0 ? "t" : "s\(number - 1)")"/>
      <FieldRef field="\(number == 0 ? "t" : "s\(number - 1)")"/></Apply></DerivedField>
      """
    }
    func length(_ field: String) throws -> String? {
      let text = PMMLText.document(
        ["t string", "y double"],
        transformations: "<TransformationDictionary>" + fields.joined()
          + "</TransformationDictionary>",
        """
        <RegressionModel functionName="regression">\(PMMLText.schema(["t"]))
        <Output><OutputField name="n" feature="transformedValue" dataType="integer" optype="continuous">
        <Apply function="stringLength"><FieldRef field="\(field)"/></Apply></OutputField></Output>
        <RegressionTable intercept="0"/></RegressionModel>
        """)
      return try PMMLText.score(text, [["t": "abc"]])[0]?["n"]
    }
    #expect(try length("s3") == "48")
    #expect(try length("s59") == "")
  }

  @Test func `a table of shares does not grow by classes that nodes do not list`() {
    let classes = (0..<5_000).map { "c\($0)" }
    let nodes = classes.enumerated().map { place, name in
      """
      <Node score="\(name)"><SimplePredicate field="x" operator="lessThan" value="\(place)"/>
      <ScoreDistribution value="\(name)" recordCount="1"/></Node>
      """
    }
    let text = PMMLText.document(
      ["x double", "y string " + classes.joined(separator: " ")],
      """
      <TreeModel functionName="classification">\(PMMLText.schema(["x"]))
      <Node><True/>\(nodes.joined())</Node></TreeModel>
      """)
    #expect(PMMLText.faults(text).contains("P13"))
  }

  @Test func `warnings leave room for the errors`() {
    let unknown = (0..<200).map { "<MiningField name=\"x\($0)\" wibble=\"1\"/>" }.joined()
    let text = PMMLText.document(
      (0..<200).map { "x\($0) double" },
      """
      <RegressionModel functionName="regression"><MiningSchema>\(unknown)</MiningSchema>
      <RegressionTable intercept="zero"/></RegressionModel>
      """)
    #expect(PMMLText.faults(text) == ["P4"])
  }

  @Test(arguments: ["clustering", "timeSeries", "sequences", "associationRules"])
  func `a kind of model has only some functions`(function: String) {
    let text = PMMLText.document(["x double", "y double"], regression("x"))
      .replacing("functionName=\"regression\"", with: "functionName=\"\(function)\"")
    #expect(PMMLText.faults(text).contains("P14"))
  }

  @Test func `a chain that classifies does not end in a number`() {
    let text = PMMLText.document(
      ["x double", "y string a b"],
      """
      <MiningModel functionName="classification">\(PMMLText.schema(["x"]))
      <Segmentation multipleModelMethod="modelChain"><Segment><True/>
      \(regression("x").replacing("<MiningField name=\"y\" usageType=\"target\"/>", with: ""))
      </Segment></Segmentation></MiningModel>
      """)
    #expect(PMMLText.faults(text) == ["P24"])
  }

  @Test func `a text is no number that a residual could be of`() {
    let text = PMMLText.document(
      ["x double", "y string"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
      <Output><OutputField name="r" feature="residual"/></Output>
      <RegressionTable intercept="0"/></RegressionModel>
      """)
    #expect(PMMLText.faults(text) == ["P21"])
  }

  @Test func `of rules that weigh nothing at all the first is the greatest`() throws {
    let text = PMMLText.document(
      ["x double", "y string a b"],
      """
      <RuleSetModel functionName="classification">\(PMMLText.schema(["x"]))
      <RuleSet><RuleSelectionMethod criterion="weightedMax"/>
      <SimpleRule score="b" weight="-INF"><True/></SimpleRule></RuleSet></RuleSetModel>
      """)
    #expect(try PMMLText.score(text, [["x": "1"]])[0]?["y"] == "b")
  }

  @Test func `spaces around a number cost what they are long`() throws {
    let spaces = String(repeating: " ", count: 1 << 20)
    let text = PMMLText.document(["x double", "y double"], regression("x"))
      .replacing("intercept=\"0\"", with: "intercept=\"\(spaces)2\(spaces)\"")
    #expect(try PMMLText.score(text, [["x": "1"]])[0]?["y"] == "3.0")
  }

  @Test(arguments: [
    """
    <NormContinuous field="t"><LinearNorm orig="0" norm="0"/><LinearNorm orig="1" norm="2"/>
    </NormContinuous>
    """,
    """
    <Discretize field="t"><DiscretizeBin binValue="a"><Interval closure="openOpen" leftMargin="0"/>
    </DiscretizeBin></Discretize>
    """,
  ])
  func `texts are not taken for numbers`(expression: String) {
    #expect(PMMLText.faults(PMMLText.expression(["t string"], expression)) == ["P21"])
  }
}
