import Testing

@Suite struct RegressionModelTests {
  func classifier(_ method: String, _ tables: [(String, Double)], target: String = "y string a b d")
    -> String
  {
    let tables = tables.map { label, intercept in
      "<RegressionTable targetCategory=\"\(label)\" intercept=\"\(intercept)\"/>"
    }.joined()
    return PMMLText.document(
      ["x double", target],
      """
      <RegressionModel functionName="classification" normalizationMethod="\(method)">
      \(PMMLText.schema(["x"]))
      <Output><OutputField name="pa" feature="probability" value="a"/>
      <OutputField name="pb" feature="probability" value="b"/></Output>\(tables)</RegressionModel>
      """)
  }

  func probabilities(_ text: String) throws -> (Double, Double) {
    let row = try PMMLText.score(text, [["x": "0"]])[0]
    return try (
      #require(Double(row?["pa"] ?? "")), #require(Double(row?["pb"] ?? ""))
    )
  }

  // Published values of the standard normal and logistic distribution functions.
  @Test(arguments: [
    ("logit", 1.0, 0.731058578630005), ("probit", 1.0, 0.841344746068543),
    ("cloglog", 0.0, 0.632120558828558), ("loglog", 0.0, 0.367879441171442),
    ("cauchit", 1.0, 0.75), ("none", 0.3, 0.3), ("none", 1.7, 1.0),
    ("softmax", 1.0, 0.731058578630005),
  ])
  func `of two classes the second has what the first leaves`(
    _ method: String, _ y: Double, _ expected: Double
  ) throws {
    let (a, b) = try probabilities(
      classifier(method, [("a", y), ("b", 0)], target: "y string a b"))
    #expect(abs(a - expected) < 1e-14)
    #expect(abs(b - (1 - expected)) < 1e-14)
  }

  @Test func `softmax and simplemax share out among three`() throws {
    let soft = try probabilities(classifier("softmax", [("a", 1), ("b", 2), ("d", 3)]))
    #expect(abs(soft.0 - 0.0900305731703805) < 1e-15)
    let simple = try probabilities(classifier("simplemax", [("a", 1), ("b", 2), ("d", 5)]))
    #expect(simple.0 == 0.125)
    #expect(simple.1 == 0.25)
  }

  @Test func `terms, exponents and categories add up; a missing number makes all missing`() throws {
    let text = PMMLText.document(
      ["x double", "z double", "c string u v", "y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x", "z", "c"]))
      <RegressionTable intercept="0.5">
      <NumericPredictor name="x" exponent="3" coefficient="2"/>
      <CategoricalPredictor name="c" value="u" coefficient="10"/>
      <CategoricalPredictor name="c" value="v" coefficient="20"/>
      <PredictorTerm coefficient="-1"><FieldRef field="x"/><FieldRef field="z"/></PredictorTerm>
      </RegressionTable></RegressionModel>
      """)
    let rows = try PMMLText.score(
      text,
      [
        ["x": "2", "z": "3", "c": "v"], ["x": "2", "z": "3"], ["x": "2", "c": "u"],
        ["z": "3", "c": "u"],
      ])
    #expect(rows.map { $0?["y"] } == ["30.5", "10.5", "", ""])
  }

  @Test func `targets clamp, scale, shift and cast in this order`() throws {
    let text = PMMLText.document(
      ["x double", "y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
      <Targets><Target field="y" min="-1" max="2" rescaleFactor="3" rescaleConstant="0.5" \
      castInteger="round"><TargetValue defaultValue="7"/></Target></Targets>
      <RegressionTable intercept="0"><NumericPredictor name="x" coefficient="1"/></RegressionTable>
      </RegressionModel>
      """)
    // 2 -> 6 -> 6.5 -> 7; 1 -> 3.5 -> 4; -1 -> -2.5 -> -2 (half goes up).
    let rows = try PMMLText.score(text, [["x": "9"], ["x": "1"], ["x": "-5"], [:]])
    #expect(rows.map { $0?["y"] } == ["7.0", "4.0", "-2.0", "7.0"])
  }
}
