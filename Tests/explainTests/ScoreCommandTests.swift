import RationaleTestSupport
import Testing

/// `explain score`, run as a user runs it.
@Suite struct ScoreCommandTests {
  static let model = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
    <DataDictionary><DataField name="t" optype="categorical" dataType="string"/>
    <DataField name="item" optype="categorical" dataType="string">
    <Value value="soap" property="invalid"/></DataField></DataDictionary>
    <AssociationModel functionName="associationRules" numberOfTransactions="9" numberOfItems="2" \
    minimumSupport="0" minimumConfidence="0" numberOfItemsets="2" numberOfRules="1">
    <MiningSchema><MiningField name="t" usageType="group"/><MiningField name="item"/></MiningSchema>
    <Output><OutputField name="rule" feature="rule" algorithm="recommendation"/></Output>
    <Item id="1" value="bread"/><Item id="2" value="milk"/>
    <Itemset id="s1"><ItemRef itemRef="1"/></Itemset>
    <Itemset id="s2"><ItemRef itemRef="2"/></Itemset>
    <AssociationRule antecedent="s1" consequent="s2" support="0.5" confidence="0.6"/>
    </AssociationModel></PMML>
    """

  @Test func `rows of a group field make transactions, one line each`() throws {
    let directory = try TemporaryDirectory()
    let model = try directory.write("m.pmml", Self.model)
    let rows = try directory.write(
      "rows.csv", "t,item\nb,milk\na,bread\nb,bread\nc,bread\nc,soap\n")
    let run = try CommandLineRun(["score", model, "--input", rows])
    #expect(run.exitCode == 0)
    #expect(
      run.output == """
        t,predictedValue,rule
        b,,{bread}->{milk}
        a,"[""milk""]",{bread}->{milk}
        c,,

        """)
    #expect(run.errors.contains("row 5 is not scored: the value of `item` is invalid"))
  }
}

/// `explain inspect --verify`, run as a user runs it.
@Suite struct VerifyOptionTests {
  @Test func `verification rows are scored, and what differs is a failure`() throws {
    let directory = try TemporaryDirectory()
    // Two rows of one transaction: both results are expected in its first.
    let rows = """
      <ModelVerification><VerificationFields><VerificationField field="t"/>
      <VerificationField field="item"/><VerificationField field="rule"/></VerificationFields>
      <InlineTable><row><t>a</t><item>bread</item><rule>{bread}->{milk}</rule></row>
      <row><t>a</t><item>milk</item></row></InlineTable></ModelVerification></AssociationModel>
      """
    let text = ScoreCommandTests.model.replacing("</AssociationModel>", with: rows)
    let right = try directory.write("right.pmml", text)
    let run = try CommandLineRun(["inspect", "--verify", right])
    #expect(run.exitCode == 0)
    #expect(run.output.hasSuffix("verification  2 rows, results rule: all 1 values as expected\n"))
    let wrong = try directory.write("wrong.pmml", text.replacing("}->{milk", with: "}->{soap"))
    let other = try CommandLineRun(["inspect", "--verify", wrong])
    #expect(other.exitCode == 1)
    #expect(other.output.contains("1 of 1 values are not as expected"))
    #expect(other.errors.contains("expects `{bread}->{soap}` for `rule` (exact)"))
    let none = try directory.write("none.pmml", ScoreCommandTests.model)
    #expect(try CommandLineRun(["inspect", "--verify", none]).exitCode == 1)
  }
}
