import Testing

@Suite struct BaselineModelTests {
  func model(_ attributes: String, baseline: String, alternate: String = "") -> String {
    PMMLText.document(
      ["x double", "y double"],
      """
      <BaselineModel functionName="regression">\(PMMLText.schema(["x"]))
      <TestDistributions field="x" \(attributes)><Baseline>\(baseline)</Baseline>
      \(alternate.isEmpty ? "" : "<Alternate>\(alternate)</Alternate>")
      </TestDistributions></BaselineModel>
      """)
  }

  func scores(_ text: String, _ values: [String]) throws -> [String?] {
    try PMMLText.score(text, values.map { ["x": $0] }).map { $0?["y"] }
  }

  @Test(arguments: [
    ("<AnyDistribution mean=\"1\" variance=\"4\"/>", 2.0),
    ("<GaussianDistribution mean=\"3\" variance=\"0.25\"/>", 4.0),
    ("<PoissonDistribution mean=\"4\"/>", 0.5),
    ("<UniformDistribution lower=\"0\" upper=\"6\"/>", 2 / 3.0.squareRoot()),
  ])
  func `a value is counted in deviations from the mean`(
    _ distribution: String, _ expected: Double
  ) throws {
    let text = model("testStatistic=\"zValue\"", baseline: distribution)
    let values = try scores(text, ["5", ""])
    #expect(abs((Double(values[0] ?? "") ?? 0) - expected) < 1e-15)
    #expect(values[1] == "")
  }

  @Test func `the cumulative sum runs from row to row, and a missing value leaves it`() throws {
    let text = model(
      "testStatistic=\"CUSUM\"",
      baseline: "<GaussianDistribution mean=\"550.2\" variance=\"48.2\"/>",
      alternate: "<GaussianDistribution mean=\"460.4\" variance=\"39.2\"/>")
    let values = try scores(text, ["550.2", "500", "", "460.4", "455", "600"])
    let expected: [Double?] = [0, 6.242794096737171, nil, 89.99800245378438, 183.74434257474041, 0]
    for (value, wanted) in zip(values, expected) {
      #expect(abs((Double(value ?? "") ?? -1) - (wanted ?? -1)) < 1e-12)
    }
    // A stream of its own for each workspace.
    #expect(try scores(text, ["550.2"]) == ["0.0"])
  }

  @Test func `the sum is reset at its lower limit`() throws {
    let text = model(
      "testStatistic=\"CUSUM\" resetValue=\"-1\"", baseline: "<PoissonDistribution mean=\"3\"/>",
      alternate: "<PoissonDistribution mean=\"6\"/>")
    let values = try scores(text, ["2", "7", "9", "1"])
    let expected = [-1, 0.8520302639196169, 4.090354888959124, 1.7835020695190684]
    for (value, wanted) in zip(values, expected) {
      #expect(abs((Double(value ?? "") ?? 99) - wanted) < 1e-14)
    }
  }

  @Test(arguments: [
    ("testStatistic=\"chiSquareDistribution\"", "<PoissonDistribution mean=\"3\"/>", ["P9"]),
    ("testStatistic=\"CUSUM\"", "<PoissonDistribution mean=\"3\"/>", ["P3"]),
    ("testStatistic=\"zValue\" windowSize=\"9\"", "<PoissonDistribution mean=\"3\"/>", ["P9"]),
    ("testStatistic=\"zValue\"", "<GaussianDistribution mean=\"3\" variance=\"0\"/>", ["P4"]),
    ("testStatistic=\"zValue\"", "", ["P3"]),
  ])
  func `what is not evaluated is refused`(
    _ attributes: String, _ baseline: String, _ codes: [String]
  ) {
    #expect(PMMLText.faults(model(attributes, baseline: baseline)) == codes)
  }
}
