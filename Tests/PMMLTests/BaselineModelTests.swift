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

  func count(_ counts: [(String, String)]) -> String {
    counts.map { "<FieldValueCount field=\"x\" value=\"\($0.0)\" count=\"\($0.1)\"/>" }.joined()
  }

  func counted(_ attributes: String, _ table: String, element: String = "CountTable") -> String {
    let text = model(attributes, baseline: "<\(element)>\(table)</\(element.prefix { $0 != " " })>")
    return text.replacing(
      "\"x\" optype=\"continuous\" dataType=\"double\"",
      with:
        "\"x\" optype=\"categorical\" dataType=\"string\"")
  }

  func check(_ text: String, _ rows: [[String: String]], _ expected: [Double]) throws {
    for (row, wanted) in zip(try PMMLText.score(text, rows), expected) {
      #expect(abs((Double(row?["y"] ?? "") ?? -1) - wanted) < 1e-13)
    }
  }

  static let table = [("a", "30"), ("b", "50"), ("c", "20")]

  // By scipy; `d` is not in the table, and an event without a value changes nothing.
  @Test func `how the counts of a stream differ from the usual ones`() throws {
    let text = counted("testStatistic=\"chiSquareDistribution\"", count(Self.table))
    let rows = ["a", "b", "b", "d", "", "c"].map { ["x": $0] }
    try check(
      text, rows,
      [
        0.9999999999999996, 0.9999580508078799, 0.9999574994373607, 0.9998966278996877,
        0.9998966278996877, 0.2827527349845365,
      ])
    let shares = counted(
      "testStatistic=\"chiSquareDistribution\"",
      count([("a", "0.3"), ("b", "0.5"), ("c", "0.2")]),
      element: "NormalizedCountTable sample=\"40\"")
    #expect(try PMMLText.score(shares, []).isEmpty)
    let last = try #require(try PMMLText.score(shares, Array(rows.prefix(3))).last??["y"])
    #expect(abs((Double(last) ?? 0) - 0.9828173553814031) < 1e-13)
    #expect(PMMLText.faults(shares.replacing(" sample=\"40\"", with: "")) == ["P3"])
    let window = counted(
      "testStatistic=\"chiSquareDistribution\" windowSize=\"2\"", count(Self.table))
    try check(
      window, Array(rows.prefix(4)),
      [0.9999999999999996, 0.9999580508078799, 0.9999999999891572, 0.9999999999510791])
  }

  @Test(arguments: [
    ("", [60.0, 110, 135]),
    (
      " normalizationScheme=\"Independent\"",
      [
        0.48666426339228763, 0.7980238751210128, 0.8759956741061178,
      ]
    ),
    (
      " normalizationScheme=\"SizeWeighted\"",
      [
        0.031545741324921134, 0.05781865965834428, 0.07093596059113301,
      ]
    ),
  ])
  func `the product of counts, with weights`(_ scheme: String, _ expected: [Double]) throws {
    let text = counted(
      "testStatistic=\"scalarProduct\" weightField=\"w\"\(scheme)", count(Self.table)
    ).replacing(
      "<DataDictionary>",
      with:
        "<DataDictionary><DataField name=\"w\" optype=\"continuous\" dataType=\"double\"/>")
    try check(
      text, [["x": "a", "w": "2"], ["x": "b", "w": "1"], ["x": "b", "w": "0.5"]], expected)
  }

  @Test(arguments: [
    ("CountTable", 0.9992379414587851), ("NormalizedCountTable sample=\"60\"", 0.978638260824993),
  ])
  func `whether two fields are independent`(_ element: String, _ expected: Double) throws {
    let rows = [("p", [10, 20, 30]), ("q", [25, 15, 12])].map { value, counts in
      "<FieldValue field=\"g\" value=\"\(value)\">"
        + count(zip(["1", "2", "3"], counts).map { ($0, String($1)) }) + "</FieldValue>"
    }
    let text = model(
      "testStatistic=\"chiSquareIndependence\"",
      baseline: "<\(element)>\(rows.joined())</\(element.prefix { $0 != " " })>")
    try check(text, [["x": "1"], [:]], [expected, expected])
    #expect(
      PMMLText.faults(text.replacing("<FieldValue field=\"g\"", with: "<FieldValue field=\"h\""))
        .isEmpty)
    let one = model(
      "testStatistic=\"chiSquareIndependence\"",
      baseline: "<CountTable>\(count(Self.table))</CountTable>")
    #expect(PMMLText.faults(one) == ["P9"])
  }

  @Test func `a sum over a window begins anew with each event`() throws {
    let text = model(
      "testStatistic=\"CUSUM\" windowSize=\"2\"", baseline: "<PoissonDistribution mean=\"3\"/>",
      alternate: "<PoissonDistribution mean=\"6\"/>")
    try check(
      text, ["2", "7", "9", "1"].map { ["x": $0] },
      [0, 1.852030263919617, 5.090354888959125, 0.9314718055994531])
  }

  @Test(arguments: [
    ("testStatistic=\"chiSquareDistribution\"", "<PoissonDistribution mean=\"3\"/>", ["P3"]),
    ("testStatistic=\"CUSUM\" windowSize=\"99999\"", "<PoissonDistribution mean=\"3\"/>", ["P13"]),
    ("testStatistic=\"CUSUM\" weightField=\"x\"", "<PoissonDistribution mean=\"3\"/>", ["P9"]),
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
