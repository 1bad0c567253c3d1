import DataFields
import PMML
import Testing

/// `Lag` and `Aggregate`: expressions that look at other rows.
@Suite struct OtherRowsTests {
  func lag(
    _ attributes: String, _ blocks: String = "", fields: [String] = ["x double", "c string"]
  )
    -> String
  {
    let indicators = blocks.isEmpty ? "" : "<BlockIndicator field=\"\(blocks)\"/>"
    return PMMLText.expression(fields, "<Lag \(attributes)>\(indicators)</Lag>")
  }

  func values(_ text: String, _ rows: [(x: String, c: String)]) throws -> [String?] {
    try PMMLText.score(text, rows.map { ["x": $0.x, "c": $0.c] }).map { $0?["result"] }
  }

  static let series = ["3", "5", "", "8", "13"].map { (x: $0, c: "") }

  @Test(arguments: [
    ("", ["", "3.0", "5.0", "", "8.0"]), (#"n="2""#, ["", "", "3.0", "5.0", ""]),
    (#"n="3" aggregate="avg""#, ["", "3.0", "4.0", "4.0", "6.5"]),
    (#"n="3" aggregate="median""#, ["", "3.0", "4.0", "4.0", "6.5"]),
    (#"n="3" aggregate="sum""#, ["", "3.0", "8.0", "8.0", "13.0"]),
    (#"n="3" aggregate="product""#, ["", "3.0", "15.0", "15.0", "40.0"]),
    (#"n="3" aggregate="max""#, ["", "3.0", "5.0", "5.0", "8.0"]),
    (#"n="3" aggregate="min""#, ["", "3.0", "3.0", "3.0", "5.0"]),
    (#"n="1" aggregate="none""#, ["", "3.0", "5.0", "", "8.0"]),
  ])
  func `a lag gives the rows before, by themselves or together`(
    _ attributes: String, _ expected: [String]
  ) throws {
    #expect(try values(lag("field=\"x\" \(attributes)"), Self.series) == expected)
  }

  @Test func `the deviation is that of a sample`() throws {
    let found = try values(lag(#"field="x" n="3" aggregate="stddev""#), Self.series)
    let expected = [nil, nil, 2.0.squareRoot(), 2.0.squareRoot(), 4.5.squareRoot()]
    #expect(found.map { $0.flatMap(Double.init) } == expected)
  }

  @Test func `blocks have rows before of their own`() throws {
    let rows = [("1", "a"), ("10", "b"), ("2", "a"), ("20", "b"), ("3", "a"), ("7", "")]
      .map { (x: $0.0, c: $0.1) }
    #expect(
      try values(lag("field=\"x\"", "c"), rows) == ["", "", "1.0", "10.0", "2.0", ""])
    #expect(try values(lag("field=\"c\""), rows) == ["", "a", "b", "a", "b", "a"])
  }

  @Test func `a row that is not scored is a row before all the same`() throws {
    let rows = [("1", "a"), ("oops", "b"), ("3", "c")].map { (x: $0.0, c: $0.1) }
    #expect(try values(lag("field=\"x\""), rows) == ["", nil, ""])
    #expect(try values(lag("field=\"c\""), rows) == ["", nil, "b"])
  }

  @Test func `a model that looks back is none for decisions or attributions`() throws {
    let text = PMMLText.document(
      ["x double", "y double"],
      transformations: """
        <TransformationDictionary><DerivedField name="d" optype="continuous" dataType="double">
        <Lag field="x"/></DerivedField></TransformationDictionary>
        """,
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
      <RegressionTable intercept="1"><NumericPredictor name="d" coefficient="2"/></RegressionTable>
      </RegressionModel>
      """)
    #expect(try PMMLText.score(text, [["x": "4"], ["x": "5"]]).map { $0?["y"] } == ["", "9.0"])
    let model = try PMMLText.load(text)
    #expect(model.needsOtherRows == "its result rests on the rows before")
    #expect(
      model.signature.attribution == .unsupported("its result rests on the rows before"))
  }

  @Test(arguments: [
    (#"<Lag field="x" n="0"/>"#, "P4"), (#"<Lag field="q"/>"#, "P16"),
    (#"<Lag field="c" aggregate="sum"/>"#, "P21"), (#"<Lag field="x" aggregate="mode"/>"#, "P5"),
    (#"<Aggregate field="c" function="sum"/>"#, "P21"),
    (#"<Aggregate field="x" function="sum" sqlWhere="x > 1"/>"#, "P9"),
    (#"<Aggregate field="x"/>"#, "P3"),
  ])
  func `what cannot be looked up is refused`(_ expression: String, _ code: String) {
    let text = PMMLText.expression(
      ["x double", "c string"], expression.replacing(" > ", with: " &gt; "))
    #expect(PMMLText.faults(text) == [code])
  }

  // MARK: Aggregates

  func aggregate(_ outputs: [String], fields: [String] = ["g string", "x double", "k double"])
    -> String
  {
    let names = fields.map { String($0.prefix { $0 != " " }) }
    let list = outputs.enumerated().map { place, expression in
      "<OutputField name=\"o\(place)\" feature=\"transformedValue\">\(expression)</OutputField>"
    }
    return PMMLText.document(
      fields + ["y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(names))
      <Output>\(list.joined())</Output><RegressionTable intercept="0">
      <NumericPredictor name="k" coefficient="10"/></RegressionTable></RegressionModel>
      """)
  }

  static let rows = [
    ["g": "b", "x": "4", "k": "1"], ["g": "a", "x": "1", "k": "2"], ["g": "b", "k": "1"],
    ["x": "99", "k": "3"], ["g": "b", "x": "6", "k": "1"],
  ]

  @Test func `groups of rows are scored by what they come to`() throws {
    let functions = ["count", "sum", "average", "min", "max", "multiset"]
    let text = aggregate(
      functions.map { #"<Aggregate field="x" function="\#($0)" groupField="g"/>"# })
    let model = try PMMLText.load(text)
    let groups = try PMMLText.transactions(model, Self.rows)
    #expect(groups.map(\.group) == ["b", "a"])
    #expect(
      (0..<6).map { groups[0].results?["o\($0)"] }
        == ["2", "10.0", "5.0", "4.0", "6.0", "[4.0, 6.0]"])
    #expect(groups.map { $0.results?["y"] } == ["10.0", "20.0"])
    #expect(model.needsOtherRows == "it scores what several rows come to")
  }

  @Test func `without a group field all rows are one group`() throws {
    let text = aggregate([#"<Aggregate field="x" function="sum"/>"#])
    let groups = try PMMLText.transactions(
      try PMMLText.load(text), ["1", "2.5", "4"].map { ["x": $0, "k": "7"] })
    #expect(groups.map { $0.results?["o0"] } == ["7.5"])
  }

  @Test func `a field that is not aggregated is the same in all of a group`() throws {
    let text = aggregate([#"<Aggregate field="x" function="sum" groupField="g"/>"#])
    let rows = [["g": "a", "x": "1", "k": "1"], ["g": "a", "x": "2", "k": "5"]]
    let groups = try PMMLText.transactions(try PMMLText.load(text), rows)
    #expect(groups.count == 1)
    #expect(groups[0].results == nil)
  }

  @Test func `aggregates that do not fit together are refused, those that nothing uses are not`() {
    let one = #"<Aggregate field="x" function="sum" groupField="g"/>"#
    #expect(
      PMMLText.faults(aggregate([one, one.replacing(#" groupField="g""#, with: "")])) == ["P9"])
    #expect(PMMLText.faults(aggregate([one, #"<Lag field="x"/>"#])) == ["P9"])
    let unused = PMMLText.document(
      ["x double", "y double"],
      transformations: """
        <TransformationDictionary><DerivedField name="d" optype="continuous" dataType="double">
        <Aggregate field="x" function="sum"/></DerivedField></TransformationDictionary>
        """,
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
      <RegressionTable intercept="1"/></RegressionModel>
      """)
    #expect((try? PMMLText.load(unused).joinsRows) == false)
  }
}
