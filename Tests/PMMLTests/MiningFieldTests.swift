import DataFields
import PMML
import Testing

@Suite struct MiningFieldTests {
  /// A regression that hands on its one field, declared and used as given.
  func identity(_ declaration: String, _ use: String) -> String {
    PMMLText.document(
      ["y double"],
      """
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="x" \(use)/>
      <MiningField name="y" usageType="target"/></MiningSchema>
      <RegressionTable intercept="0"><NumericPredictor name="x" coefficient="1"/></RegressionTable>
      </RegressionModel>
      """
    ).replacing(
      "<DataDictionary>",
      with: "<DataDictionary><DataField name=\"x\" optype=\"continuous\" dataType=\"double\">"
        + declaration + "</DataField>")
  }

  func scores(_ declaration: String, _ use: String, _ values: [String]) throws -> [String?] {
    try PMMLText.score(identity(declaration, use), values.map { ["x": $0] }).map { $0?["y"] }
  }

  static let interval = #"<Interval closure="closedOpen" leftMargin="0" rightMargin="10"/>"#

  @Test(arguments: [
    ("", [nil, "5.0", ""]), (#"invalidValueTreatment="returnInvalid""#, [nil, "5.0", ""]),
    (#"invalidValueTreatment="asIs""#, ["10.0", "5.0", ""]),
    (#"invalidValueTreatment="asMissing" missingValueReplacement="3""#, ["3.0", "5.0", "3.0"]),
    (#"invalidValueTreatment="asValue" invalidValueReplacement="4""#, ["4.0", "5.0", ""]),
  ])
  func `a value outside the field's intervals is treated as the schema says`(
    _ use: String, _ expected: [String?]
  ) throws {
    #expect(try scores(Self.interval, use, ["10", "5", ""]) == expected)
  }

  @Test func `a value listed as missing is missing, not invalid`() throws {
    let declaration = #"<Value value="-999" property="missing"/>"# + Self.interval
    let use = #"missingValueReplacement="3""#
    #expect(try scores(declaration, use, ["-999", "5"]) == ["3.0", "5.0"])
  }

  @Test func `outliers become missing before missing values are replaced, or stop at the bounds`()
    throws
  {
    let bounds = #"lowValue="0" highValue="10" missingValueReplacement="3""#
    #expect(
      try scores("", #"outliers="asMissingValues" \#(bounds)"#, ["11", "10", "-1"])
        == ["3.0", "10.0", "3.0"])
    #expect(
      try scores("", #"outliers="asExtremeValues" \#(bounds)"#, ["11", "10", "-1"])
        == ["10.0", "10.0", "0.0"])
  }

  @Test func `an invalid value fails its row and names its field, and the next row goes on`() throws
  {
    let model = try PMMLText.load(identity(Self.interval, ""))
    var space = model.makeWorkspace()
    model.set(number: 10, input: 0, in: &space)
    #expect(!model.score(&space))
    #expect(model.inputNames[space.invalidInput] == "x")
    model.set(number: 9, input: 0, in: &space)
    #expect(model.score(&space))
    let result = try #require(model.resolve(.predictedValue))
    #expect(model.value(result, in: space) == 9)
  }

  @Test func `a text that is no number is invalid`() throws {
    #expect(try scores("", "", ["0x10", "3,5", "1e3"]) == [nil, nil, "1000.0"])
  }
}
