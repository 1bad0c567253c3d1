import Testing

/// ARIMA, GARCH and state spaces; expected values by numpy and scipy, from the recursions or the
/// joint distribution of past and future.
@Suite struct AutoregressionTests {
  static let history = [
    112.0, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149,
  ]

  static func series(_ values: [Double], attributes: String = "") -> String {
    let list = values.enumerated().map { "<TimeValue index=\"\($0 + 1)\" value=\"\($1)\"/>" }
    return "<TimeSeries \(attributes)>\(list.joined())</TimeSeries>"
  }

  static func array(_ name: String, _ values: String) -> String {
    "<\(name)><Array type=\"real\">\(values)</Array></\(name)>"
  }

  static func average(_ coefficients: String, _ residuals: String) -> String {
    "<MA>\(array("MACoefficients", coefficients))\(array("Residuals", residuals))</MA>"
  }

  static func document(
    _ algorithm: String, _ body: String, _ outputs: String = "", fields: [String] = ["h integer"],
    targets: [String] = ["y"]
  ) -> String {
    let names = fields.map { String($0.prefix { $0 != " " }) }
    let schema =
      names.map { "<MiningField name=\"\($0)\" usageType=\"supplementary\"/>" }
      + targets.map { "<MiningField name=\"\($0)\" usageType=\"target\"/>" }
    return PMMLText.document(
      fields + targets.map { "\($0) double" },
      """
      <TimeSeriesModel functionName="timeSeries" bestFit="\(algorithm)"><MiningSchema>\
      \(schema.joined())</MiningSchema><Output>\(outputs)</Output>\(body)</TimeSeriesModel>
      """)
  }

  static func output(_ feature: String, _ rest: String = "") -> String {
    "<OutputField name=\"\(feature)\" dataType=\"double\" feature=\"\(feature)\" \(rest)/>"
  }

  func check(
    _ text: String, _ column: String, _ rows: [[String: String]], _ expected: [Double],
    tolerance: Double = 1e-12
  ) throws {
    let results = try PMMLText.score(text, rows)
    for (result, wanted) in zip(results, expected) {
      let value = try #require(Double(result?[column] ?? ""), "\(column)")
      #expect(abs(value - wanted) <= tolerance * abs(wanted), "\(column) is not \(wanted)")
    }
  }

  func steps(_ steps: [Int]) -> [[String: String]] { steps.map { ["h": String($0)] } }

  @Test func `both components, differences and a logarithm, from past residuals`() throws {
    let interval =
      Self.output("confidenceIntervalLower", "value=\"95\"")
      + Self.output("confidenceIntervalUpper", "value=\"95\"")
    let text = Self.document(
      "ARIMA",
      Self.series(Self.history)
        + """
        <ARIMA RMSE="0.05" transformation="logarithmic" constantTerm="0.002">
        <NonseasonalComponent p="1" d="1" q="1">\(Self.array("AR", "0.5"))\
        \(Self.average("-0.4", "0.116359"))</NonseasonalComponent>
        <SeasonalComponent P="1" D="1" Q="1" period="4">\(Self.array("AR", "0.3"))\
        \(Self.average("-0.6", "0.154365 0.154698 -0.155142 -0.036924 0.116359"))
        </SeasonalComponent></ARIMA>
        """, interval)
    try check(
      text, "y", steps([1, 2, 6]), [163.59304023890576, 161.94763601257614, 189.18996619864745])
    try check(
      text, "confidenceIntervalLower", steps([1, 2, 6]),
      [148.32171768787865, 139.9924162932804, 134.10331777530791])
    try check(
      text, "confidenceIntervalUpper", steps([1, 2, 6]),
      [180.43671036042335, 187.34612562952623, 266.9049797128569])
    // Too short a past, residuals of two series, or too few of them.
    for (part, other) in [
      ("<TimeValue index=\"18\" value=\"149.0\"/>", "<TimeValue index=\"19\" value=\"149.0\"/>"),
      ("-0.036924 0.116359", "0.116359 -0.036924"), ("0.154365 ", ""), ("q=\"1\"", "q=\"2\""),
      ("period=\"4\"", "period=\"9000\""), ("value=\"132.0\"", "value=\"132.0\" index=\"3\""),
    ] {
      let faults = PMMLText.faults(text.replacing(part, with: other))
      #expect(!faults.isEmpty, "\(other)")
    }
    #expect(PMMLText.faults(text.replacing("value=\"141.0\"", with: "value=\"0\"")) == ["P4"])
    #expect(PMMLText.faults(text.replacing("period=\"4\"", with: "period=\"9000\"")) == ["P13"])
    #expect(PMMLText.faults(text.replacing("RMSE=\"0.05\"", with: "")) == ["P25", "P25"])
  }

  @Test func `a constant is the mean, and errors add up`() throws {
    let text = Self.document(
      "ARIMA",
      Self.series(Self.history)
        + """
        <ARIMA RMSE="3" constantTerm="125"><NonseasonalComponent p="2" q="1">\
        \(Self.array("AR", "0.6 -0.2"))\(Self.average("0.35", "-9 1.5"))</NonseasonalComponent>
        </ARIMA>
        """, Self.output("standardError"))
    try check(text, "y", steps([1, 2, 3]), [139.925, 129.155, 124.508])
    try check(
      text, "standardError", steps([1, 2, 3]), [3, 4.137934267240116, 4.284226884748286])
    let rows = try PMMLText.score(text, [["h": "0"], ["h": "10001"], [:]])
    #expect(rows.map { $0?["y"] } == ["", "", ""])
  }

  @Test func `exact predictions rest on the whole series`() throws {
    let text = Self.document(
      "ARIMA",
      Self.series(Self.history, attributes: "field=\"y\" usage=\"logical\"")
        + Self.series([1, 2, 3], attributes: "field=\"y\"")
          + """
          <ARIMA RMSE="2" constantTerm="0.5" predictionMethod="exactLeastSquares">
          <NonseasonalComponent p="1" d="1" q="1">\(Self.array("AR", "0.5"))<MA>\
          \(Self.array("MACoefficients", "0.4"))</MA></NonseasonalComponent>
          <SeasonalComponent P="1" D="0" Q="0" period="4">\(Self.array("AR", "0.3"))\
          </SeasonalComponent></ARIMA>
          """, Self.output("standardDeviation"))
    try check(
      text, "y", steps([1, 2, 6]), [173.3736156136497, 181.68542342047454, 206.2427452655152])
    try check(
      text, "standardDeviation", steps([1, 2, 6]),
      [2.0000000000016276, 4.294182110718483, 12.111023129778841])
    let average = Self.document(
      "ARIMA",
      Self.series(Self.history)
        + """
        <ARIMA RMSE="2" constantTerm="125" predictionMethod="exactLeastSquares">
        <NonseasonalComponent q="1"><MA>\(Self.array("MACoefficients", "0.9"))</MA>
        </NonseasonalComponent></ARIMA>
        """, Self.output("standardError"))
    try check(average, "y", steps([1, 2]), [152.0117829233629, 125])
    // The moving average is nearly not invertible, and 18 values do not settle its residuals.
    try check(average, "standardError", steps([1, 3]), [2.003528452201617, 2.6907248094147422])
    #expect(PMMLText.faults(text.replacing(">0.5<", with: ">1<")) == ["P4"])
    #expect(
      PMMLText.faults(
        Self.document("ARIMA", "<ARIMA predictionMethod=\"exactLeastSquares\"/>")) == ["P3"])
  }

  /// An AR(1) of mean 9 after 16.
  static func autoregression(_ rest: String, fields: [String] = ["h integer"]) -> String {
    document(
      "ARIMA",
      series([10, 12, 11, 15, 14, 13, 12, 16])
        + "<ARIMA constantTerm=\"9\"><NonseasonalComponent p=\"1\">\(array("AR", "0.6"))"
        + "</NonseasonalComponent>\(rest)</ARIMA>", fields: fields)
  }

  @Test(arguments: [
    ("", [13.2, 11.52, 10.512]),
    (
      """
      <OutlierEffect type="level" startTime="5" magnitude="2"/>\
      <OutlierEffect type="transient" startTime="8" magnitude="3" dampingCoefficient="0.5"/>\
      <OutlierEffect type="additive" startTime="9" magnitude="-1"/>
      """, [12.7, 12.47, 11.807]
    ),
    ("<OutlierEffect type=\"trend\" startTime=\"6\" magnitude=\"0.5\"/>", [14.3, 13.48, 13.188]),
  ])
  func `what outliers did is taken from the past and goes on`(
    _ outliers: String, _ expected: [Double]
  ) throws {
    try check(Self.autoregression(outliers), "y", steps([1, 2, 3]), expected)
  }

  @Test func `an outlier of the residuals goes the way that residuals go`() throws {
    // 0.35 times what came in the last step: the residual and the outlier.
    let text = Self.document(
      "ARIMA",
      Self.series([120, 130])
        + "<ARIMA constantTerm=\"125\"><NonseasonalComponent q=\"1\">"
        + Self.average("0.35", "1.5") + "</NonseasonalComponent>"
        + "<OutlierEffect type=\"innovational\" startTime=\"2\" magnitude=\"4\"/></ARIMA>")
    try check(text, "y", steps([1, 2]), [126.925, 125])
    #expect(
      PMMLText.faults(text.replacing("startTime=\"2\"", with: "startTime=\"2.5\"")) == ["P13"])
  }

  static func regressor(_ attributes: String, _ values: [Double], _ more: String = "") -> String {
    "<DynamicRegressor field=\"x\" \(attributes)><Numerator>\(array("NonseasonalFactor", "2"))"
      + "</Numerator>\(more)<RegressorValues>\(series(values))</RegressorValues></DynamicRegressor>"
  }

  @Test func `a regressor is there in the past and in the future`() throws {
    let past = [1.0, 2, 1, 3, 2, 2, 1, 4]
    let fields = ["h integer", "x double"]
    let constant = Self.autoregression(
      Self.regressor("delay=\"1\"", past), fields: fields)
    try check(constant, "y", steps([1, 2, 3]), [20, 18.8, 18.08])
    let stored = Self.autoregression(
      Self.regressor("futureValuesMethod=\"stored\"", past + [5, 6, 7]), fields: fields)
    try check(stored, "y", steps([1, 2, 3]), [18.4, 20.64, 22.784])
    #expect(try PMMLText.score(stored, steps([4]))[0]?["y"] == "")
    let supplied = Self.autoregression(
      Self.regressor("futureValuesMethod=\"userSupplied\"", past), fields: fields)
    try check(
      supplied, "y", [["h": "1", "x": "5"], ["h": "2", "x": "6"], ["h": "3", "x": "7"]],
      [18.4, 20.64, 22.784])
    #expect(try PMMLText.score(supplied, steps([1]))[0]?["y"] == "")
    let filter = Self.array("NonseasonalFactor", "0.5")
    for (attributes, more) in [
      ("futureValuesMethod=\"trend\"", ""), ("", "<Denominator>\(filter)</Denominator>"),
    ] {
      let text = Self.autoregression(
        Self.regressor(attributes, past, more), fields: fields)
      #expect(PMMLText.faults(text) == ["P9"])
    }
    #expect(PMMLText.faults(constant.replacing("p=\"1\"", with: "p=\"1\" d=\"1\"")) == ["P9"])
  }

  @Test func `variances that change`() throws {
    let text = Self.document(
      "GARCH",
      Self.series([1, 2])
        + """
        <GARCH><ARMAPart constant="0.1" p="1" q="1">\(Self.array("AR", "0.3"))\
        \(Self.average("0.2", "-0.5"))</ARMAPart>
        <GARCHPart constant="0.1" gp="1" gq="2"><ResidualSquareCoefficients>\
        \(Self.array("Residuals", "0.4 -0.5"))\(Self.array("MACoefficients", "0.2 0.1"))\
        </ResidualSquareCoefficients><VarianceCoefficients>\
        \(Self.array("PastVariances", "0.8"))\(Self.array("MACoefficients", "0.6"))\
        </VarianceCoefficients></GARCHPart></GARCH>
        """, Self.output("standardDeviation"))
    try check(text, "y", steps([1, 2, 3]), [0.6, 0.28, 0.184])
    try check(
      text, "standardDeviation", steps([1, 2, 3]),
      [0.8037412518964048, 0.8962700485902673, 0.9235935253129485])
    #expect(PMMLText.faults(text.replacing("gq=\"2\"", with: "gq=\"3\"")) == ["P13"])
    #expect(PMMLText.faults(text.replacing(">0.8<", with: "><")) == ["P13"])
    #expect(PMMLText.faults(text.replacing(">0.6<", with: ">-0.6<")) == ["P4"])
  }

  static func matrix(_ name: String, _ rows: [String]) -> String {
    "<\(name)><Matrix>"
      + rows.map { "<Array type=\"real\">\($0)</Array>" }.joined() + "</Matrix></\(name)>"
  }

  /// Two numbers that move together; the second target sees both.
  static func space(
    attributes: String = "", intercept: String = "", predicted: [String] = ["1 0.2", "0.2 0.5"]
  ) -> String {
    "<StateSpaceModel \(attributes)>" + array("StateVector", "3 -1")
      + matrix("TransitionMatrix", ["0.8 0.1", "0.2 0.7"])
      + matrix("MeasurementMatrix", ["1 0", "0.5 1"]) + intercept
      + matrix("PredictedStateCovarianceMatrix", predicted)
      + matrix("SelectedStateCovarianceMatrix", ["0.4 0.1", "0.1 0.3"])
      + matrix("ObservationVarianceMatrix", ["0.1 0", "0 0.2"]) + "</StateSpaceModel>"
  }

  static let spaceOutputs =
    output("predictedValue", "targetField=\"v\"") + output("standardError", "targetField=\"v\"")
    + output("standardDeviation", "targetField=\"y\"")

  @Test func `a state moves on, and several series are seen of it`() throws {
    let intercept = Self.array("InterceptVector", "0.1 0.2")
    let text = Self.document(
      "StateSpaceModel", Self.space(intercept: intercept), Self.spaceOutputs, targets: ["y", "v"])
    try check(text, "y", steps([1, 2, 3]), [3, 2.4, 2.03])
    try check(text, "v", steps([1, 2, 3]), [0.5, 1.3, 1.765])
    try check(text, "predictedValue", steps([1, 2, 3]), [0.5, 1.3, 1.765])
    try check(
      text, "standardDeviation", steps([1, 2, 3]),
      [1.0488088481701516, 1.0848963084092416, 1.1231429116546123])
    try check(
      text, "standardError", steps([1, 2, 3]),
      [1.0723805294763609, 1.233389638354401, 1.3483999777514089])
    // With a covariance that is that of the last known value, and a variance that scales all.
    let filtered = Self.document(
      "StateSpaceModel", Self.space(attributes: "variance=\"4\"", predicted: ["0 0", "0 0"]),
      Self.spaceOutputs, targets: ["y", "v"])
    try check(
      filtered, "standardDeviation", steps([1, 2, 3]),
      [1.4142135623730951, 1.760681686165901, 1.9756416679145032])
    try check(
      filtered, "standardError", steps([1, 2, 3]),
      [1.6733200530681511, 2.100238081742163, 2.398238937220393])
  }

  @Test func `weights of errors stand in for covariances`() throws {
    func text(_ weights: String) -> String {
      Self.document(
        "StateSpaceModel",
        "<StateSpaceModel intercept=\"5\">" + Self.array("StateVector", "2")
          + Self.matrix("TransitionMatrix", ["0.5"]) + Self.matrix("MeasurementMatrix", ["1"])
          + "<PsiVector variance=\"9\"><Array type=\"real\">\(weights)</Array></PsiVector>"
          + "</StateSpaceModel>", Self.output("standardError"))
    }
    try check(text("1 0.5 0.25"), "y", steps([1, 2, 3]), [7, 6, 5.5])
    try check(
      text("1 0.5 0.25"), "standardError", steps([1, 2]), [3, 3 * 1.25.squareRoot()])
    #expect(try PMMLText.score(text("1 0.5 0.25"), steps([4]))[0]?["standardError"] == "")
    #expect(PMMLText.faults(text("0.5 0.25")) == ["P13"])
  }

  @Test func `shapes, targets and outputs that do not agree are refused`() {
    let text = Self.document(
      "StateSpaceModel", Self.space(), Self.spaceOutputs, targets: ["y", "v"])
    #expect(PMMLText.faults(text).isEmpty)
    for (part, other, code) in [
      ("0.8 0.1<", "0.8<", "P13"), ("3 -1<", "3<", "P13"),
      (" targetField=\"y\"", " targetField=\"z\"", "P16"), (" targetField=\"y\"", "", "P3"),
      ("\"standardDeviation\" targetField", "\"confidenceIntervalUpper\" targetField", "P3"),
      (
        "\"standardDeviation\" targetField",
        "\"confidenceIntervalUpper\" value=\"200\" targetField",
        "P4"
      ),
    ] {
      #expect(PMMLText.faults(text.replacing(part, with: other)).contains(code), "\(other)")
    }
    let alone = Self.document("StateSpaceModel", Self.space())
    #expect(PMMLText.faults(alone) == ["P13"])
  }
}
