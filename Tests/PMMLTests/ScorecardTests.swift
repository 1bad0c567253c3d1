import Testing

@Suite struct ScorecardTests {
  func card(_ attributes: String = "") -> String {
    PMMLText.document(
      ["age double", "income double", "y double"],
      """
      <Scorecard functionName="regression" initialScore="100" \(attributes)>
      \(PMMLText.schema(["age", "income"]))
      <Output><OutputField name="first" feature="reasonCode" rank="1"/>\
      <OutputField name="second" feature="reasonCode" rank="2"/>\
      <OutputField name="third" feature="reasonCode" rank="3"/></Output>
      <Characteristics>
      <Characteristic name="age" reasonCode="A" baselineScore="20">
      <Attribute partialScore="5"><SimplePredicate field="age" operator="lessThan" value="30"/>\
      </Attribute>
      <Attribute partialScore="25" reasonCode="A2"><SimplePredicate field="age" \
      operator="greaterOrEqual" value="30"/></Attribute>
      </Characteristic>
      <Characteristic name="income" reasonCode="I" baselineScore="15">
      <Attribute reasonCode="I1"><SimplePredicate field="income" operator="isMissing"/>\
      <ComplexPartialScore><Constant dataType="double">1.5</Constant></ComplexPartialScore>\
      </Attribute>
      <Attribute><True/><ComplexPartialScore><Apply function="/"><FieldRef field="income"/>\
      <Constant dataType="double">100</Constant></Apply></ComplexPartialScore></Attribute>
      </Characteristic></Characteristics></Scorecard>
      """)
  }

  @Test func `points are added to the initial score, and reasons are ranked`() throws {
    let rows = try PMMLText.score(
      card(),
      [["age": "20", "income": "500"], ["age": "40", "income": "500"], ["age": "20"]])
    // 15 points lost by age, 10 by income.
    #expect(rows[0]?["y"] == "110.0")
    #expect([rows[0]?["first"], rows[0]?["second"], rows[0]?["third"]] == ["A", "I", ""])
    // Age gains 5: it is no reason.
    #expect(rows[1]?["y"] == "130.0")
    #expect([rows[1]?["first"], rows[1]?["second"]] == ["I", ""])
    #expect(rows[2]?["y"] == "106.5")
    #expect([rows[2]?["first"], rows[2]?["second"]] == ["A", "I1"])
  }

  @Test func `pointsAbove turns the differences around`() throws {
    let row = try PMMLText.score(
      card(#"reasonCodeAlgorithm="pointsAbove""#), [["age": "40", "income": "500"]])[0]
    #expect([row?["first"], row?["second"]] == ["A2", ""])
  }

  @Test func `without an attribute that holds there is no score`() throws {
    #expect(try PMMLText.score(card(), [["income": "500"]])[0]?["y"] == "")
  }

  @Test func `faults are told with their codes`() {
    #expect(PMMLText.faults(card().replacing(#" baselineScore="15""#, with: "")) == ["P3"])
    #expect(PMMLText.faults(card().replacing(#" reasonCode="I""#, with: "")) == ["P3"])
    #expect(PMMLText.faults(card().replacing(#"partialScore="5""#, with: "")) == ["P3"])
  }
}
