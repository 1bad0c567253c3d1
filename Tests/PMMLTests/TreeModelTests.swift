import Testing

@Suite struct TreeModelTests {
  /// x < 1, else by c; leaves carry distributions.
  func tree(_ attributes: String) -> String {
    PMMLText.document(
      ["x double", "c string u v w", "y string a b"],
      """
      <TreeModel functionName="classification" \(attributes)>\(PMMLText.schema(["x", "c"]))
      <Output><OutputField name="pa" feature="probability" value="a"/>
      <OutputField name="ca" feature="confidence" value="a"/>
      <OutputField name="node" feature="entityId"/></Output>
      <Node id="r" score="a" recordCount="20" defaultChild="n2"><True/>
      <ScoreDistribution value="a" recordCount="12"/><ScoreDistribution value="b" recordCount="8"/>
      <Node id="n1" score="a" recordCount="10">
      <SimplePredicate field="x" operator="lessThan" value="1"/>
      <ScoreDistribution value="a" recordCount="9"/><ScoreDistribution value="b" recordCount="1"/>
      </Node>
      <Node id="n2" score="b" recordCount="10" defaultChild="n3">
      <SimplePredicate field="x" operator="greaterOrEqual" value="1"/>
      <ScoreDistribution value="a" recordCount="3"/><ScoreDistribution value="b" recordCount="7"/>
      <Node id="n3" score="a" recordCount="4">
      <SimpleSetPredicate field="c" booleanOperator="isIn"><Array type="string" n="2">u v</Array>
      </SimpleSetPredicate>
      <ScoreDistribution value="a" recordCount="3"/><ScoreDistribution value="b" recordCount="1"/>
      </Node>
      <Node id="n4" score="b" recordCount="6">
      <SimplePredicate field="c" operator="equal" value="z"/>
      <ScoreDistribution value="a" recordCount="0"/><ScoreDistribution value="b" recordCount="6"/>
      </Node>
      </Node></Node></TreeModel>
      """)
  }

  @Test func `a row ends at the leaf whose predicates hold`() throws {
    let rows = try PMMLText.score(tree(""), [["x": "0.5", "c": "u"], ["x": "1", "c": "v"]])
    #expect(rows[0]?["y"] == "a")
    #expect(rows[0]?["node"] == "n1")
    #expect(rows[0]?["pa"] == "0.9")
    #expect(rows[1]?["node"] == "n3")
    #expect(rows[1]?["pa"] == "0.75")
  }

  @Test(arguments: [
    ("", "", ""), (#"missingValueStrategy="none""#, "", ""),
    (#"missingValueStrategy="nullPrediction""#, "", ""),
    (#"missingValueStrategy="lastPrediction""#, "r", "0.6"),
    (#"missingValueStrategy="none" noTrueChildStrategy="returnLastPrediction""#, "r", "0.6"),
    // Twice the default child: n2, then n3.
    (#"missingValueStrategy="defaultChild""#, "n3", "0.75"),
  ])
  func `a missing value goes where the strategy says`(
    _ attributes: String, _ node: String, _ probability: String
  ) throws {
    let row = try PMMLText.score(tree(attributes), [[:]])[0]
    #expect(row?["node"] == node)
    #expect(row?["pa"] == probability)
  }

  @Test func `a penalty lowers the confidence once per default child, not the probability`() throws
  {
    let text = tree(#"missingValueStrategy="defaultChild" missingValuePenalty="0.5""#)
    let row = try PMMLText.score(text, [[:]])[0]
    #expect(row?["pa"] == "0.75")
    #expect(row?["ca"] == "0.1875")
  }

  @Test func `weightedConfidence weighs the siblings by their records`() throws {
    // x missing: n1 (10 records, 0.9) and n2, below which u reaches n3 (0.75): the mean of both.
    let text = tree(#"missingValueStrategy="weightedConfidence""#)
    let row = try PMMLText.score(text, [["c": "u"]])[0]
    #expect(row?["ca"] == "0.825")
  }

  @Test func `aggregateNodes adds the records of the leaves that can be reached`() throws {
    // n1 (9 of 10) and n3 (3 of 4): 12 of 14.
    let row = try PMMLText.score(tree(#"missingValueStrategy="aggregateNodes""#), [["c": "u"]])[0]
    #expect(row?["pa"] == (12.0 / 14).description)
  }

  @Test func `a value that is no category is invalid`() throws {
    let rows = try PMMLText.score(tree(""), [["x": "2", "c": "nobody"], ["x": "abc", "c": "u"]])
    #expect(rows[0] == nil)
    #expect(rows[1] == nil)
  }

  @Test func `single precision decides where the document asks for it`() throws {
    // 0.1 as a float lies above 0.1 as a double.
    func text(_ context: String) -> String {
      PMMLText.document(
        ["x double", "y double"],
        """
        <TreeModel functionName="regression" \(context)>\(PMMLText.schema(["x"]))
        <Node><True/>
        <Node score="1"><SimplePredicate field="x" operator="lessThan" value="0.1"/></Node>
        <Node score="2"><SimplePredicate field="x" operator="greaterOrEqual" value="0.1"/></Node>
        </Node></TreeModel>
        """)
    }
    let value = "0.09999999999"
    #expect(try PMMLText.score(text(""), [["x": value]])[0]?["y"] == "1.0")
    #expect(try PMMLText.score(text(#"x-mathContext="float""#), [["x": value]])[0]?["y"] == "2.0")
  }

  @Test func `ordinal texts compare by the order of their values`() throws {
    let text = PMMLText.document(
      ["y double"],
      """
      <TreeModel functionName="regression">\(PMMLText.schema(["size"]))
      <Node score="0"><True/>
      <Node score="1"><SimplePredicate field="size" operator="lessOrEqual" value="M"/></Node>
      <Node score="2"><SimplePredicate field="size" operator="greaterThan" value="M"/></Node>
      </Node></TreeModel>
      """
    ).replacing(
      "<DataDictionary>",
      with: """
        <DataDictionary><DataField name="size" optype="ordinal" dataType="string">
        <Value value="S"/><Value value="M"/><Value value="L"/></DataField>
        """)
    let rows = try PMMLText.score(text, ["S", "M", "L"].map { ["size": $0] })
    #expect(rows.map { $0?["y"] } == ["1.0", "1.0", "2.0"])
  }
}
