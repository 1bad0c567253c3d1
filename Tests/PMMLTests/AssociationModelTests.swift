import PMML
import SourceDiagnostics
import Testing

@Suite struct AssociationModelTests {
  static let items = """
    <Item id="1" value="bread"/><Item id="2" value="milk"/><Item id="3" value="eggs"/>
    <Itemset id="s1" numberOfItems="1"><ItemRef itemRef="1"/></Itemset>
    <Itemset id="s2"><ItemRef itemRef="2"/></Itemset>
    <Itemset id="s23"><ItemRef itemRef="2"/><ItemRef itemRef="3"/></Itemset>
    <AssociationRule antecedent="s1" consequent="s2" support="0.5" confidence="0.6" lift="2"/>
    <AssociationRule antecedent="s2" consequent="s1" support="0.4" confidence="0.8"/>
    <AssociationRule antecedent="s1" consequent="s23" support="0.3" confidence="0.8" lift="3" \
    id="new"/>
    """

  func model(
    _ fields: [String], schema: String, output: String, items: String = AssociationModelTests.items
  ) -> String {
    PMMLText.document(
      fields,
      """
      <AssociationModel functionName="associationRules" numberOfTransactions="9" \
      numberOfItems="3" minimumSupport="0" minimumConfidence="0" numberOfItemsets="3" \
      numberOfRules="3"><MiningSchema>\(schema)</MiningSchema><Output>\(output)</Output>
      \(items)</AssociationModel>
      """)
  }

  func baskets(_ output: String) -> String {
    model(
      ["t string", "item string"],
      schema: "<MiningField name=\"t\" usageType=\"group\"/><MiningField name=\"item\"/>",
      output: output)
  }

  static let rows: [[String: String]] = [
    ["t": "a", "item": "bread"], ["t": "b", "item": "milk"], ["t": "a", "item": "eggs"],
    ["t": "b", "item": "bread"], ["t": "c", "item": "soap"],
  ]

  // Transactions: {bread, eggs}, {milk, bread}, {soap}.
  @Test(arguments: [
    ("recommendation", ["[\"new\", \"1\"]", "[\"2\", \"new\", \"1\"]", "[]"]),
    ("exclusiveRecommendation", ["[\"new\", \"1\"]", "[\"new\"]", "[]"]),
    ("ruleAssociation", ["[]", "[\"2\", \"1\"]", "[]"]),
  ])
  func `a transaction chooses rules by algorithm; ties keep the order of the document`(
    _ algorithm: String, _ expected: [String]
  ) throws {
    let text = baskets(
      "<OutputField name=\"r\" feature=\"ruleValue\" ruleFeature=\"ruleId\" rank=\"0\" "
        + "isMultiValued=\"1\" algorithm=\"\(algorithm)\"/>")
    let results = try PMMLText.scoreTransactions(text, Self.rows)
    #expect(results.map { $0["r"] } == expected)
  }

  @Test func `rules are ranked by a measure; those that lack it come last`() throws {
    let common = "algorithm=\"recommendation\" rankBasis=\"lift\""
    let text = baskets(
      """
      <OutputField name="all" feature="entityId" rank="0" isMultiValued="1" \(common)/>
      <OutputField name="two" feature="lift" rank="2" isMultiValued="1" \(common)/>
      <OutputField name="rising" feature="rule" rankOrder="ascending" \(common)/>
      <OutputField name="second" feature="consequent" rank="2" \(common)/>
      <OutputField name="fourth" feature="confidence" rank="4" \(common)/>
      <OutputField name="third" feature="lift" rank="3" \(common)/>
      <OutputField name="id" feature="ruleId" dataType="double" rank="2" \(common)/>
      """)
    let row = try PMMLText.scoreTransactions(text, Self.rows)[1]
    #expect(row["all"] == "[\"new\", \"1\", \"2\"]")
    #expect(row["two"] == "[3.0, 2.0]")
    #expect(row["rising"] == "{bread}->{milk}")
    #expect(row["second"] == "[\"milk\"]")
    #expect(row["fourth"] == "")
    #expect(row["third"] == "")
    #expect(row["id"] == "1.0")
    #expect(row["predictedValue"] == "[\"milk\", \"eggs\"]")
  }

  @Test func `a row of true and false fields is a transaction`() throws {
    let text = model(
      ["bread boolean", "milk string T F", "eggs integer"],
      schema: ["bread", "milk", "eggs"].map { "<MiningField name=\"\($0)\"/>" }.joined(),
      output: "<OutputField name=\"r\" feature=\"ruleId\" algorithm=\"recommendation\" rank=\"0\" "
        + "isMultiValued=\"1\"/>")
    let rows = try PMMLText.score(
      text,
      [
        ["bread": "true", "milk": "F", "eggs": "1"], ["bread": "false", "milk": "T"],
        ["bread": "false", "milk": "F", "eggs": "0"],
      ])
    #expect(rows.map { $0?["r"] } == ["[\"new\", \"1\"]", "[\"2\"]", "[]"])
  }

  @Test func `items are categories of fields, by name or by attribute`() throws {
    let text = model(
      ["day string Mo Su", "area string", "n integer"],
      schema: ["day", "area", "n"].map { "<MiningField name=\"\($0)\"/>" }.joined(),
      output: "<OutputField name=\"r\" feature=\"rule\" algorithm=\"ruleAssociation\"/>",
      items: """
        <Item id="1" value="day=Su"/><Item id="2" value="town" field="area" category="T=1"/>
        <Item id="3" value="few" field="n" category="2"/>
        <Itemset id="s1"><ItemRef itemRef="1"/><ItemRef itemRef="3"/></Itemset>
        <Itemset id="s2"><ItemRef itemRef="2"/></Itemset>
        <AssociationRule antecedent="s1" consequent="s2" support="0.5" confidence="0.6"/>
        """)
    let rows = try PMMLText.score(
      text,
      [
        ["day": "Su", "area": "T=1", "n": "2"], ["day": "Mo", "area": "T=1", "n": "2"],
        ["day": "Su", "area": "T=1", "n": "3"],
      ])
    #expect(rows.map { $0?["r"] } == ["{day=Su,few}->{town}", "", ""])
  }

  @Test func `ids that stand for nothing, or for two things, are refused`() {
    let output = "<OutputField name=\"r\" feature=\"ruleId\"/>"
    for (part, other, code) in [
      ("consequent=\"s2\"", "consequent=\"s9\"", "P16"), ("itemRef=\"3\"", "itemRef=\"9\"", "P16"),
      ("<Item id=\"2\"", "<Item id=\"1\"", "P10"),
      ("<Itemset id=\"s2\"", "<Itemset id=\"s1\"", "P10"),
      ("numberOfItems=\"1\"", "numberOfItems=\"2\"", "P13"),
      ("feature=\"ruleId\"", "feature=\"standardError\"", "P25"),
    ] {
      let text = baskets(output).replacing(part, with: other)
      #expect(PMMLText.faults(text).contains(code), "\(other)")
    }
  }

  @Test func `rules beyond the model's own limits are named once for each limit, and kept`() throws
  {
    let output = "<OutputField name=\"r\" feature=\"ruleValue\" ruleFeature=\"ruleId\"/>"
    #expect(try PMMLText.load(baskets(output)).warnings.isEmpty)
    let text = baskets(output)
      .replacing("minimumSupport=\"0\"", with: "minimumSupport=\"0.45\"")
      .replacing("numberOfRules=\"3\"", with: "numberOfRules=\"4\" lengthLimit=\"2\"")
    let messages = try PMMLText.load(text).warnings.map(\.message)
    #expect(
      messages == [
        "`lengthLimit` is 2, and rule `new` has 3: it is kept",
        "`minimumSupport` is 0.45, and rule `2` (and 1 more) has 0.4: it is kept",
        "`numberOfRules` is 4, and the model has 3",
      ])
    #expect(
      try PMMLText.scoreTransactions(text, Self.rows).map { $0["r"] }
        == PMMLText.scoreTransactions(baskets(output), Self.rows).map { $0["r"] })
  }
}
