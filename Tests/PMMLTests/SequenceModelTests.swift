import PMML
import SourceDiagnostics
import Testing

@Suite struct SequenceModelTests {
  /// `a` then `b`, and from there to `c`.
  func model(
    inner: String = "delimiter=\"acrossTimeWindows\" gap=\"unknown\"",
    outer: String = "delimiter=\"acrossTimeWindows\" gap=\"unknown\"", constraints: String = "",
    order: Bool = true
  ) -> String {
    let items = ["a", "b", "c"].map {
      "<Item id=\"\($0)\" value=\"\($0)\"/><Itemset id=\"s\($0)\"><ItemRef itemRef=\"\($0)\"/></Itemset>"
    }.joined()
    return PMMLText.document(
      ["who string", "when double", "item string"],
      """
      <SequenceModel functionName="sequences"><MiningSchema>
      <MiningField name="who" usageType="group"/>
      \(order ? "<MiningField name=\"when\" usageType=\"order\"/>" : "")
      <MiningField name="item"/></MiningSchema>
      <Output><OutputField name="rule" feature="rule" algorithm="recommendation"/>
      <OutputField name="new" feature="consequent" algorithm="exclusiveRecommendation"/>
      <OutputField name="seen" feature="ruleId" algorithm="ruleAssociation"/></Output>
      <Constraints \(constraints)/>\(items)
      <SetPredicate id="sp" field="item" operator="supersetOf"><Array n="1" type="string">c</Array>
      </SetPredicate>
      <Sequence id="q1"><SetReference setId="sa"/><Delimiter \(inner)/><Time mean="2"/>
      <SetReference setId="sb"/></Sequence>
      <Sequence id="q2"><SetReference setId="sp"/></Sequence>
      <SequenceRule id="r1" numberOfSets="3" occurrence="5" support="0.5" confidence="0.7">
      <AntecedentSequence><SequenceReference seqId="q1"/></AntecedentSequence>
      <Delimiter \(outer)/>
      <ConsequentSequence><SequenceReference seqId="q2"/></ConsequentSequence></SequenceRule>
      </SequenceModel>
      """)
  }

  /// What a history like `a1 b2 c5` comes to: `-`, `antecedent` or `both`.
  func state(_ text: String, _ history: String) throws -> String {
    let rows = history.split(separator: " ").map { word in
      ["who": "x", "item": String(word.prefix(1)), "when": String(word.dropFirst())]
    }
    let result = try PMMLText.scoreTransactions(text, rows)[0]
    let isThere = result["rule"] == "{a},{b}->{c}"
    #expect(isThere == (result["rule"] != ""))
    #expect(isThere == (result["new"] != "" || result["seen"] != ""))
    return isThere ? (result["seen"] == "r1" ? "both" : "antecedent") : "-"
  }

  @Test(arguments: [
    ("a1 b2 c5", "both"), ("c5 b2 a1", "both"), ("a1 b2", "antecedent"), ("b1 a2 c3", "-"),
    ("a1 b1 c2", "-"), ("c1 a2 b3", "antecedent"), ("a1 c2 b3", "antecedent"),
    ("a1 c2 b3 a4 c5", "both"),
  ])
  func `sets occur one after the other in time`(_ history: String, _ expected: String) throws {
    #expect(try state(model(), history) == expected)
  }

  @Test func `gaps and windows`() throws {
    let tight = model(inner: "delimiter=\"acrossTimeWindows\" gap=\"false\"")
    #expect(try state(tight, "a1 c2 b3") == "-")
    #expect(try state(tight, "a1 a2 b3 c4") == "both")
    let loose = model(outer: "delimiter=\"acrossTimeWindows\" gap=\"true\"")
    #expect(try state(loose, "a1 b2 c3") == "antecedent")
    #expect(try state(loose, "a1 b2 a3 c4") == "both")
    let together = model(inner: "delimiter=\"sameTimeWindow\" gap=\"unknown\"")
    #expect(try state(together, "a1 b2 c3") == "-")
    #expect(try state(together, "a1 b1 c3") == "both")
  }

  @Test func `sets that are too far apart, or too near, do not follow each other`() throws {
    let text = model(
      constraints: "maximumItemsetSeparationTime=\"5\" minimumAntConsSeparationTime=\"2\"")
    #expect(try state(text, "a1 b6 c8") == "both")
    #expect(try state(text, "a1 b6.5 c9") == "-")
    #expect(try state(text, "a1 b6 c7.5") == "antecedent")
    #expect(try state(text, "a1 a4 b8 c12") == "both")
  }

  @Test(arguments: [
    ("maximum", "a1 b2 c5", "both"), ("maximum", "a1 b2 c6", "antecedent"),
    ("maximum", "a1 b6 c7", "-"), ("maximum", "a1 b6 a7 b8 c9", "both"),
    ("maximum", "a1 a3 b4 c6", "both"), ("minimum", "a1 b2 c4", "antecedent"),
    ("minimum", "a1 b2 c5", "both"), ("minimum", "a1 a2 b3 c5", "both"),
  ])
  func `a rule may take only so much time, from 4 on or up to 4`(
    _ limit: String, _ history: String, _ expected: String
  ) throws {
    let text = model(constraints: "\(limit)TotalSequenceTime=\"4\"")
    #expect(try state(text, history) == expected)
  }

  @Test func `without an order the rows come one time unit apart`() throws {
    #expect(try state(model(order: false), "a9 b9 c9") == "both")
    #expect(try state(model(order: false), "b1 a2 c3") == "-")
  }

  @Test func `what is missing or not evaluated is refused`() {
    #expect(PMMLText.faults(model()).isEmpty)
    #expect(PMMLText.faults(model().replacing("seqId=\"q2\"", with: "seqId=\"q9\"")) == ["P16"])
    #expect(PMMLText.faults(model().replacing("setId=\"sb\"", with: "setId=\"s9\"")) == ["P16"])
    #expect(PMMLText.faults(model().replacing("usageType=\"group\"", with: "")) == ["P3"])
  }

  /// The rule has two items before, one after, a support of 0.5 and a confidence of 0.7.
  @Test(
    arguments: [
      ("", []), (#"minimumNumberOfItems="3" maximumNumberOfItems="3" minimumSupport="0.5""#, []),
      (#"minimumNumberOfItems="4""#, ["`minimumNumberOfItems` is 4, and rule `r1` has 3"]),
      (#"maximumNumberOfAntecedentItems="1""#, ["`maximumNumberOfAntecedentItems` is 1"]),
      (#"minimumNumberOfConsequentItems="2""#, ["`minimumNumberOfConsequentItems` is 2"]),
      (
        #"minimumSupport="0.6" minimumConfidence="0.75""#,
        ["`minimumSupport` is 0.6", "`minimumConfidence` is 0.75, and rule `r1` has 0.7"]
      ),
      // No lift is given, which is below nothing.
      (#"minimumLift="2""#, []),
    ] as [(String, [String])])
  func `rules beyond the limits of their model are named, and kept`(
    _ constraints: String, _ expected: [String]
  ) throws {
    let text = model(constraints: constraints)
    let warnings = try PMMLText.load(text).warnings.map(\.message)
    #expect(warnings.count == expected.count)
    for (warning, part) in zip(warnings, expected) { #expect(warning.contains(part)) }
    #expect(try state(text, "a1 b2 c5") == "both")
  }

  @Test(arguments: [
    #"minimumNumberOfItems="3" maximumNumberOfItems="2""#, #"minimumNumberOfItems="-1""#,
    #"minimumSupport="much""#, #"maximumNumberOfItems="1.5""#,
    #"minimumTotalSequenceTime="3" maximumTotalSequenceTime="2""#,
    #"minimumItemsetSeparationTime="-1""#,
  ])
  func `limits that nothing can keep to are refused`(_ constraints: String) {
    #expect(PMMLText.faults(model(constraints: constraints)) == ["P4"])
  }
}
