import Testing

@testable import PMML

/// How often trees ask for fields.
@Suite struct SplitCountTests {
  private func model(_ nodes: String, derived: String = "") throws -> CompiledModel {
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="y" optype="continuous" dataType="double"/>
      <DataField name="c" optype="categorical" dataType="string"/>
      <DataField name="unused" optype="continuous" dataType="double"/></DataDictionary>
      <TransformationDictionary>
      <DerivedField name="twice" optype="continuous" dataType="double"><Apply function="*">
      <FieldRef field="x"/><Constant>2</Constant></Apply></DerivedField>
      <DerivedField name="both" optype="continuous" dataType="double"><Apply function="+">
      <FieldRef field="x"/><FieldRef field="y"/></Apply></DerivedField></TransformationDictionary>
      <TreeModel functionName="regression"><MiningSchema><MiningField name="x"/>
      <MiningField name="y"/><MiningField name="c"/><MiningField name="unused"/></MiningSchema>
      <Node score="0"><True/>\(nodes)</Node></TreeModel></PMML>
      """
    return try CompiledModel(name: "m.pmml", bytes: Array(text.utf8))
  }

  private static func test(_ field: String, _ operation: String, _ value: String) -> String {
    "<SimplePredicate field=\"\(field)\" operator=\"\(operation)\" value=\"\(value)\"/>"
  }

  private static func node(_ predicate: String, _ children: String = "") -> String {
    "<Node score=\"1\">\(predicate)\(children)</Node>"
  }

  @Test func `two children of one threshold are one split`() throws {
    let inner =
      Self.node(Self.test("y", "lessThan", "2")) + Self.node(Self.test("y", "greaterOrEqual", "2"))
    let model = try model(
      Self.node(Self.test("x", "lessThan", "5"), inner)
        + Self.node(Self.test("x", "greaterOrEqual", "5")))
    #expect(model.splitCounts == SplitCounts(fields: [1, 1, 0, 0], severalFields: 0))
  }

  @Test func `splits that an exporter folded into one node are all counted`() throws {
    let model = try model(
      Self.node(Self.test("x", "lessThan", "5")) + Self.node(Self.test("x", "lessThan", "7"))
        + Self.node(Self.test("y", "lessThan", "7")))
    #expect(model.splitCounts == SplitCounts(fields: [2, 1, 0, 0], severalFields: 0))
  }

  @Test func `categories, surrogates, missing values and derived fields`() throws {
    let isMissing = "<SimplePredicate field=\"y\" operator=\"isMissing\"/>"
    let model = try model(
      Self.node(
        Self.test("c", "equal", "a"),
        Self.node(isMissing)
          + Self.node("<SimplePredicate field=\"y\" operator=\"isNotMissing\"/>"))
        + Self.node(
          Self.test("c", "equal", "b"),
          Self.node(Self.test("twice", "lessThan", "1"))
            + Self.node(Self.test("both", "lessThan", "1")))
        + Self.node(
          "<CompoundPredicate booleanOperator=\"surrogate\">"
            + "\(Self.test("x", "lessThan", "1"))\(Self.test("y", "lessThan", "1"))"
            + "</CompoundPredicate>"))
    #expect(model.splitCounts == SplitCounts(fields: [2, 1, 1, 0], severalFields: 1))
  }

  @Test func `a model without trees has none`() throws {
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>
      <DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/>
      </MiningSchema><RegressionTable intercept="1"/></RegressionModel></PMML>
      """
    #expect(try CompiledModel(name: "m.pmml", bytes: Array(text.utf8)).splitCounts == nil)
  }
}
