import Testing

@Suite struct GeneralRegressionModelTests {
  /// 1 + 2 x a^2 + 3 x (c = "k") + 0.5 x a x (c = "k").
  static let matrix = """
    <ParameterList><Parameter name="p0"/><Parameter name="p1"/><Parameter name="p2"/>\
    <Parameter name="p3"/></ParameterList>
    <FactorList><Predictor name="c"/></FactorList>
    <CovariateList><Predictor name="a"/></CovariateList>
    <PPMatrix><PPCell value="2" predictorName="a" parameterName="p1"/>\
    <PPCell value="k" predictorName="c" parameterName="p2"/>\
    <PPCell value="1" predictorName="a" parameterName="p3"/>\
    <PPCell value="k" predictorName="c" parameterName="p3"/></PPMatrix>
    <ParamMatrix><PCell parameterName="p0" beta="1"/><PCell parameterName="p1" beta="2"/>\
    <PCell parameterName="p2" beta="3"/><PCell parameterName="p3" beta="0.5"/></ParamMatrix>
    """

  func model(_ attributes: String, _ matrix: String = matrix) -> String {
    PMMLText.document(
      ["a double", "c string k l", "y double"],
      """
      <GeneralRegressionModel functionName="regression" \(attributes)>
      \(PMMLText.schema(["a", "c"]))\(matrix)</GeneralRegressionModel>
      """)
  }

  func predict(_ text: String, _ row: [String: String]) throws -> String? {
    try PMMLText.score(text, [row])[0]?["y"]
  }

  @Test func `parameters are products of covariates and factors`() throws {
    let text = model(#"modelType="generalLinear""#)
    #expect(try predict(text, ["a": "2", "c": "k"]) == "13.0")
    #expect(try predict(text, ["a": "2", "c": "l"]) == "9.0")
    #expect(try predict(text, ["a": "2"]) == "")
    #expect(try predict(text, ["c": "k"]) == "")
  }

  // The linear predictor is 1 + 2 x 0.25 = 1.5 at a = 0.5, c = l; values were worked out apart.
  @Test(arguments: [
    ("identity", "", 1.5), ("log", "", 4.481689070338065), ("logc", "", -3.481689070338065),
    ("logit", "", 0.8175744761936437), ("probit", "", 0.9331927987311419),
    ("cloglog", "", 0.9886857136195404), ("loglog", "", 0.8000107130043536),
    ("power", #"linkParameter="2""#, 1.224744871391589),
    ("power", #"linkParameter="0""#, 4.481689070338065),
    ("oddspower", #"linkParameter="2""#, 2.0 / 3),
    ("oddspower", #"linkParameter="0""#, 0.8175744761936437),
    ("negbin", #"distParameter="2""#, -0.643608458394434),
  ])
  func `a link is inverted`(_ link: String, _ parameter: String, _ expected: Double) throws {
    let text = model(#"modelType="generalizedLinear" linkFunction="\#(link)" \#(parameter)"#)
    let value = try #require(
      try predict(text, ["a": "0.5", "c": "l"]).flatMap { Double($0) })
    #expect(abs(value - expected) < 1e-13)
  }

  @Test func `an offset is added and trials multiply`() throws {
    let text = model(
      #"modelType="generalizedLinear" linkFunction="identity" offsetValue="4" trialsValue="10""#)
    #expect(try predict(text, ["a": "0.5", "c": "l"]) == "55.0")
    let fields = model(
      #"modelType="generalizedLinear" linkFunction="identity" offsetVariable="a""#)
    #expect(try predict(fields, ["a": "0.5", "c": "l"]) == "2.0")
  }

  /// Half of a symmetric matrix; x^T C x was worked out apart.
  @Test func `a prediction's standard error is that of its parameters`() throws {
    let cells = [
      ("p0", "p0", 0.04), ("p0", "p1", -0.01), ("p1", "p1", 0.01), ("p2", "p1", 0.005),
      ("p2", "p2", 0.09), ("p2", "p3", -0.004), ("p3", "p3", 0.0025),
    ].map { "<PCovCell pRow=\"\($0)\" pCol=\"\($1)\" value=\"\($2)\"/>" }.joined()
    let output = """
      <Output><OutputField name="se" feature="standardError" dataType="double"/></Output>
      """
    func text(_ attributes: String, cells: String = cells, more: String = "") -> String {
      model(
        attributes, output + more + "<PCovMatrix type=\"model\">\(cells)</PCovMatrix>" + Self.matrix
      )
    }
    let linear = text(#"modelType="generalLinear""#)
    let rows = try PMMLText.score(
      linear, [["a": "2", "c": "k"], ["a": "2", "c": "l"], ["a": "2"]])
    for (row, expected) in zip(rows, [0.4939635614091387, 0.34641016151377546]) {
      let error = try #require(Double(row?["se"] ?? ""))
      #expect(abs(error - expected) < 1e-15)
    }
    #expect(rows[2]?["se"] == "")
    // An offset is known; trials multiply what is not.
    let trials = text(
      #"modelType="generalizedLinear" linkFunction="identity" offsetValue="4" trialsValue="10""#)
    let error = try #require(
      try PMMLText.score(trials, [["a": "0.5", "c": "l"]])[0]?["se"].flatMap { Double($0) })
    #expect(abs(error - 1.8874586088176872) < 1e-14)
    // Of what is no linear prediction it is known only about.
    #expect(
      PMMLText.faults(text(#"modelType="generalizedLinear" linkFunction="log""#)) == ["P25"])
    #expect(PMMLText.faults(model(#"modelType="generalLinear""#, output + Self.matrix)) == ["P25"])
    let scaled = text(
      #"modelType="generalLinear""#,
      more: "<Targets><Target field=\"y\" rescaleFactor=\"2\"/></Targets>")
    #expect(PMMLText.faults(scaled) == ["P25"])
    let other = cells + "<PCovCell pRow=\"p1\" pCol=\"p0\" value=\"0.01\"/>"
    #expect(PMMLText.faults(text(#"modelType="generalLinear""#, cells: other)) == ["P13"])
    let less = cells.replacing("pRow=\"p3\" pCol=\"p3\"", with: "pRow=\"p9\" pCol=\"p0\"")
    #expect(PMMLText.faults(text(#"modelType="generalLinear""#, cells: less)) == ["P16", "P3"])
  }

  @Test func `a contrast matrix says what a category counts`() throws {
    let matrix = Self.matrix.replacing(
      #"<Predictor name="c"/>"#,
      with: """
        <Predictor name="c"><Categories><Category value="k"/><Category value="l"/></Categories>\
        <Matrix nbRows="2" nbCols="1"><Array n="1" type="real">0.5</Array>\
        <Array n="1" type="real">-1</Array></Matrix></Predictor>
        """)
    let text = model(#"modelType="generalLinear""#, matrix)
    #expect(try predict(text, ["a": "0", "c": "k"]) == "2.5")
    #expect(try predict(text, ["a": "0", "c": "l"]) == "-2.0")
  }

  func classifier(_ attributes: String, _ cells: String) -> String {
    PMMLText.document(
      ["a double", "y string low mid high"],
      """
      <GeneralRegressionModel functionName="classification" \(attributes)>
      \(PMMLText.schema(["a"]))
      <Output><OutputField name="low" feature="probability" value="low"/>\
      <OutputField name="mid" feature="probability" value="mid"/>\
      <OutputField name="high" feature="probability" value="high"/></Output>
      <ParameterList><Parameter name="p0"/><Parameter name="p1"/></ParameterList>
      <CovariateList><Predictor name="a"/></CovariateList>
      <PPMatrix><PPCell value="1" predictorName="a" parameterName="p1"/></PPMatrix>
      <ParamMatrix>\(cells)</ParamMatrix></GeneralRegressionModel>
      """)
  }

  func expect(
    _ text: String, at a: String, _ label: String, _ expected: [Double],
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let row = try #require(try PMMLText.score(text, [["a": a]])[0])
    #expect(row["y"] == label, sourceLocation: location)
    for (name, wanted) in zip(["low", "mid", "high"], expected) {
      let given = row[name].flatMap { Double($0) } ?? .nan
      #expect(abs(given - wanted) < 1e-14, "\(name): \(given)", sourceLocation: location)
    }
  }

  @Test func `a multinomial's reference category has a predictor of 0`() throws {
    let text = classifier(
      #"modelType="multinomialLogistic" targetReferenceCategory="mid""#,
      """
      <PCell targetCategory="low" parameterName="p0" beta="1"/>\
      <PCell targetCategory="low" parameterName="p1" beta="-1"/>\
      <PCell targetCategory="high" parameterName="p1" beta="2"/>
      """)
    // exp(0), exp(0), exp(2) at a = 1.
    let sum = 2 + 7.389056098930650
    try expect(text, at: "1", "high", [1 / sum, 1 / sum, 7.389056098930650 / sum])
  }

  @Test func `an ordinal target's classes are differences of cumulative probabilities`() throws {
    let text = classifier(
      #"modelType="ordinalMultinomial" cumulativeLink="logit""#,
      """
      <PCell targetCategory="low" parameterName="p0" beta="-1"/>\
      <PCell targetCategory="mid" parameterName="p0" beta="1"/>\
      <PCell parameterName="p1" beta="0.5"/>
      """)
    // logistic(-1 + 1) and logistic(1 + 1).
    let second = 0.880797077977882
    try expect(text, at: "2", "low", [0.5, second - 0.5, 1 - second])
  }

  @Test func `a Cox regression gives the cumulative hazard up to the end time`() throws {
    let text = PMMLText.document(
      ["a double", "t double", "y double"],
      """
      <GeneralRegressionModel functionName="regression" modelType="CoxRegression" \
      endTimeVariable="t">\(PMMLText.schema(["a", "t"]))
      <ParameterList><Parameter name="p" referencePoint="2"/></ParameterList>
      <CovariateList><Predictor name="a"/></CovariateList>
      <PPMatrix><PPCell value="1" predictorName="a" parameterName="p"/></PPMatrix>
      <ParamMatrix><PCell parameterName="p" beta="0.5"/></ParamMatrix>
      <BaseCumHazardTables maxTime="10"><BaselineCell time="1" cumHazard="0.1"/>\
      <BaselineCell time="5" cumHazard="0.4"/></BaseCumHazardTables></GeneralRegressionModel>
      """)
    // At a = 4: exp(0.5 x 4 - 0.5 x 2) = e.
    let rows = try PMMLText.score(
      text,
      ["0.5", "1", "4.9", "5", "10", "10.1"].map { ["a": "4", "t": $0] })
    let values = rows.map { $0?["y"].flatMap { Double($0) } }
    let e = 2.718281828459045
    for (value, expected) in zip(values.dropLast(), [0, 0.1 * e, 0.1 * e, 0.4 * e, 0.4 * e]) {
      #expect(abs((value ?? .nan) - expected) < 1e-15)
    }
    #expect(rows[5]?["y"] == "")
  }

  @Test func `faults are told with their codes`() {
    #expect(PMMLText.faults(model(#"modelType="multinomialLogistic""#)) == ["P14"])
    #expect(
      PMMLText.faults(model(#"modelType="generalizedLinear" linkFunction="power""#)) == ["P3"])
    #expect(
      PMMLText.faults(
        model(
          #"modelType="regression""#,
          Self.matrix.replacing(
            #"predictorName="a" parameterName="p1""#, with: #"predictorName="z" parameterName="p1""#
          ))) == ["P16"])
  }
}
