import Testing

@Suite struct RuleSetModelTests {
  func rules(_ criterion: String) -> String {
    PMMLText.document(
      ["a double", "y string low mid high"],
      """
      <RuleSetModel functionName="classification">\(PMMLText.schema(["a"]))
      <Output><OutputField name="rule" feature="entityId"/>\
      <OutputField name="confidence" feature="confidence"/></Output>
      <RuleSet defaultScore="low" defaultConfidence="0.3">
      <RuleSelectionMethod criterion="\(criterion)"/><RuleSelectionMethod criterion="firstHit"/>
      <CompoundRule><SimplePredicate field="a" operator="greaterThan" value="0"/>
      <SimpleRule id="r1" score="mid" confidence="0.9" weight="0.4"><SimplePredicate field="a" \
      operator="lessThan" value="10"/></SimpleRule>
      <SimpleRule id="r2" score="high" confidence="0.6" weight="0.6"><True/></SimpleRule>
      </CompoundRule>
      <SimpleRule id="r3" score="mid" confidence="0.5" weight="0.35"><SimplePredicate field="a" \
      operator="lessThan" value="8"/></SimpleRule>
      </RuleSet></RuleSetModel>
      """)
  }

  func answer(_ criterion: String, _ a: String) throws -> [String?] {
    let row = try PMMLText.score(rules(criterion), [["a": a]])[0]
    return [row?["y"], row?["rule"], row?["confidence"]]
  }

  @Test func `the first rule that fires`() throws {
    #expect(try answer("firstHit", "5") == ["mid", "r1", "0.9"])
    #expect(try answer("firstHit", "10") == ["high", "r2", "0.6"])
    #expect(try answer("firstHit", "-1") == ["mid", "r3", "0.5"])
  }

  @Test func `the heaviest rule`() throws {
    #expect(try answer("weightedMax", "5") == ["high", "r2", "0.6"])
    #expect(try answer("weightedMax", "-1") == ["mid", "r3", "0.5"])
  }

  @Test func `the class with the greatest weight of all rules`() throws {
    // mid has 0.4 + 0.35 of three rules.
    #expect(try answer("weightedSum", "5") == ["mid", "", "0.25"])
    #expect(try answer("weightedSum", "9") == ["high", "", "0.3"])
  }

  @Test func `where none fires, the default`() throws {
    let text = rules("firstHit").replacing(#"value="8""#, with: #"value="-5""#)
    let row = try PMMLText.score(text, [["a": "-1"], [:]])
    #expect(row.map { $0?["y"] } == ["low", "low"])
    #expect(row[0]?["confidence"] == "0.3")
    #expect(row[0]?["rule"] == "")
  }

  @Test func `faults are told with their codes`() {
    #expect(PMMLText.faults(rules("anyHit")).contains("P5"))
    #expect(PMMLText.faults(rules("firstHit").replacing("<True/>", with: "")) == ["P3"])
  }
}
