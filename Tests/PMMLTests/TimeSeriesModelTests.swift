import Testing

@Suite struct TimeSeriesModelTests {
  func model(_ parts: String, transformation: String = "none", level: Double = 100) -> String {
    PMMLText.document(
      ["h integer", "y double"],
      """
      <TimeSeriesModel functionName="timeSeries" bestFit="ExponentialSmoothing"><MiningSchema>
      <MiningField name="h" usageType="supplementary"/><MiningField name="y" usageType="target"/>
      </MiningSchema><TimeSeries><TimeValue index="1" value="99"/></TimeSeries>
      <ExponentialSmoothing transformation="\(transformation)"><Level alpha="0.3" \
      smoothedValue="\(level)"/>\(parts)</ExponentialSmoothing></TimeSeriesModel>
      """)
  }

  func forecasts(_ text: String, _ steps: [String]) throws -> [Double] {
    try PMMLText.score(text, steps.map { ["h": $0] }).map { Double($0?["y"] ?? "") ?? .nan }
  }

  static func trend(_ kind: String, _ value: Double) -> String {
    "<Trend_ExpoSmooth trend=\"\(kind)\" phi=\"0.8\" smoothedValue=\"\(value)\"/>"
  }

  static func season(_ kind: String, _ factors: String, phase: String = "") -> String {
    let count = factors.split(separator: " ").count
    return "<Seasonality_ExpoSmooth type=\"\(kind)\" period=\"\(count)\" \(phase)>"
      + "<Array n=\"\(count)\" type=\"real\">\(factors)</Array></Seasonality_ExpoSmooth>"
  }

  // Damped: phi + phi^2 + phi^3 = 1.952 steps instead of 3.
  @Test(arguments: [
    ("damped_additive", 2.5, [102.0, 104.88]), ("multiplicative", 1.1, [110.0, 133.1]),
    ("damped_multiplicative", 1.1, [107.9230345298891, 120.44770278809416]),
  ])
  func `trends go on as they are said to`(
    _ kind: String, _ value: Double, _ expected: [Double]
  ) throws {
    for (value, wanted) in zip(try forecasts(model(Self.trend(kind, value)), ["1", "3"]), expected)
    {
      #expect(abs(value - wanted) < 1e-12)
    }
  }

  @Test func `seasons repeat, from the phase of the last known value on`() throws {
    let trend = "<Trend_ExpoSmooth smoothedValue=\"2.5\"/>"
    let text = model(trend + Self.season("multiplicative", "0.9 1.2 0.8 1.1", phase: "phase=\"3\""))
    for (value, wanted) in zip(try forecasts(text, ["1", "2", "5"]), [112.75, 94.5, 123.75]) {
      #expect(abs(value - wanted) < 1e-12)
    }
  }

  @Test func `transformations are undone`() throws {
    let logarithmic = model(
      "<Trend_ExpoSmooth smoothedValue=\"0.1\"/>", transformation: "logarithmic", level: 2)
    for (value, wanted) in zip(
      try forecasts(logarithmic, ["1", "2"]), [8.166169912567652, 9.025013499434122])
    {
      #expect(abs(value - wanted) < 1e-12)
    }
    let root = model(
      "<Trend_ExpoSmooth smoothedValue=\"0.5\"/>" + Self.season("additive", "1 -1"),
      transformation: "squareroot", level: 3)
    #expect(try forecasts(root, ["1", "2", "3"]) == [20.25, 9, 30.25])
  }

  @Test func `there is no forecast for part of a step or for the past`() throws {
    let values = try PMMLText.score(model(""), [["h": "0"], ["h": "-1"], [:], ["h": "7"]])
    #expect(values.map { $0?["y"] } == ["", "", "", "100.0"])
  }

  @Test func `what is not evaluated is refused`() {
    #expect(PMMLText.faults(model(Self.trend("polynomial_exponential", 1))) == ["P9"])
    for (algorithm, code) in [("ARIMA", "P3"), ("GARCH", "P3"), ("SpectralAnalysis", "P9")] {
      let other = model("").replacing("=\"ExponentialSmoothing\"", with: "=\"\(algorithm)\"")
      #expect(PMMLText.faults(other) == [code])
    }
    #expect(
      PMMLText.faults(model(Self.season("additive", "1 2").replacing("n=\"2\"", with: "n=\"1\"")))
        .contains("P13"))
    #expect(
      PMMLText.faults(model(Self.season("additive", "1 2", phase: "phase=\"3\""))) == ["P4"])
    #expect(
      PMMLText.faults(
        model("").replacing("usageType=\"supplementary\"", with: "usageType=\"group\""))
        == ["P3"])
  }
}
