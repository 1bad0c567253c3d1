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
    #expect(run.errors.contains("row 5 is not scored: the value `soap` of `item` is invalid"))
  }
}

/// The forms of rows and scores, and what becomes of rows that cannot be scored.
@Suite struct ScoreFormTests {
  private static let model = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
    <DataDictionary><DataField name="x" optype="continuous" dataType="double">
    <Interval closure="closedClosed" leftMargin="0" rightMargin="100"/></DataField>
    <DataField name="y" optype="categorical" dataType="string"/></DataDictionary>
    <TreeModel functionName="classification" splitCharacteristic="binarySplit">
    <MiningSchema><MiningField name="x"/><MiningField name="y" usageType="target"/></MiningSchema>
    <Output><OutputField name="p" feature="probability" value="a"/>
    <OutputField name="big" feature="transformedValue" optype="categorical" dataType="boolean">
    <Apply function="greaterThan"><FieldRef field="x"/><Constant>50</Constant></Apply>
    </OutputField></Output>
    <Node><True/>
    <Node score="b"><SimplePredicate field="x" operator="greaterThan" value="50"/>
    <ScoreDistribution value="a" recordCount="1"/><ScoreDistribution value="b" recordCount="9"/>
    </Node>
    <Node score="a"><SimplePredicate field="x" operator="lessOrEqual" value="50"/>
    <ScoreDistribution value="a" recordCount="9"/><ScoreDistribution value="b" recordCount="3"/>
    </Node></Node></TreeModel></PMML>
    """

  private let directory: TemporaryDirectory
  private let model: String
  private let rows: String

  init() throws {
    directory = try TemporaryDirectory()
    model = try directory.write("m.pmml", Self.model)
    rows = try directory.write("rows.csv", "x\n20\n200\n70\nabc\n")
  }

  private func score(_ options: [String], rows: String? = nil) throws -> CommandLineRun {
    try CommandLineRun(["score", model, "--input", rows ?? self.rows] + options)
  }

  @Test func `rows that cannot be scored have an empty line and a notice`() throws {
    let run = try score([])
    #expect(run.exitCode == 0)
    #expect(run.output == "y,p,big\na,0.75,false\n,,\nb,0.1,true\n,,\n")
    #expect(
      run.errors.contains("rows.csv:3: row 2 is not scored: the value `200` of `x` is invalid"))
    #expect(
      run.errors.contains("rows.csv:5: row 4 is not scored: the value `abc` of `x` is invalid"))
  }

  @Test func `JSON lines have the types of the columns`() throws {
    #expect(
      try score(["--format", "jsonl"]).output == """
        {"y":"a","p":0.75,"big":false}
        {"y":null,"p":null,"big":null}
        {"y":"b","p":0.1,"big":true}
        {"y":null,"p":null,"big":null}

        """)
  }

  @Test func `at a row that cannot be scored the run can stop, with what came before`() throws {
    let run = try score(["--on-invalid", "stop"])
    #expect(run.exitCode == 1)
    #expect(run.output == "y,p,big\na,0.75,false\n")
    #expect(run.errors.contains("rows.csv:3: row 2 cannot be scored"))
  }

  @Test func `rows that cannot be scored go to a file of their own, with the reason`() throws {
    let letters = directory.file("letters.jsonl")
    let run = try score(["--on-invalid", "dead-letter", "--dead-letters", letters])
    #expect(run.exitCode == 0)
    #expect(run.output == "y,p,big\na,0.75,false\nb,0.1,true\n")
    let lines = try directory.read("letters.jsonl").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines.first?.hasSuffix(
        #""record":2,"line":3,"column":1,"field":"x","code":"invalid-value","#
          + #""reason":"the value `200` of `x` is invalid","raw":"200"}"#) == true)
    #expect(try score(["--on-invalid", "dead-letter"]).exitCode == 64)
    #expect(try score(["--dead-letters", letters]).exitCode == 64)
  }

  @Test(arguments: [";", "\t", "|"])
  func `a header shows what parts its columns`(_ delimiter: String) throws {
    let rows = try directory.write("d.csv", "id\(delimiter)\"x\"\n1\(delimiter)70\n")
    #expect(try score([], rows: rows).output == "y,p,big\nb,0.1,true\n")
    let name = delimiter == "\t" ? "tab" : delimiter
    #expect(
      try score(["--delimiter", name], rows: rows).output
        == "y,p,big\nb,0.1,true\n".replacing(",", with: delimiter))
  }

  @Test func `any number of threads gives the same lines`() throws {
    let many = (0..<5_000).map { "\($0 % 103)" }.joined(separator: "\n")
    let rows = try directory.write("many.csv", "x\n\(many)\n")
    let one = try score([], rows: rows)
    #expect(one.output.split(separator: "\n").count == 5_001)
    for threads in ["2", "3", "16"] {
      let run = try score(["--threads", threads], rows: rows)
      #expect(run.output == one.output)
      #expect(run.errors == one.errors)
    }
    let stopped = try score(["--threads", "3", "--on-invalid", "stop"], rows: rows)
    #expect(stopped.exitCode == 1)
    #expect(
      stopped.output == one.output.split(separator: "\n").prefix(102).joined(separator: "\n") + "\n"
    )
  }
}

extension ScoreCommandTests {
  @Test func `groups of rows are aggregated, one line each`() throws {
    let directory = try TemporaryDirectory()
    let model = try directory.write(
      "m.pmml",
      """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="g" optype="categorical" dataType="string"/>
      <DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="k" optype="continuous" dataType="double"/></DataDictionary>
      <TransformationDictionary><DerivedField name="total" optype="continuous" dataType="double">
      <Aggregate field="x" function="sum" groupField="g"/></DerivedField></TransformationDictionary>
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="g"/>
      <MiningField name="x"/><MiningField name="k"/></MiningSchema><RegressionTable intercept="0">
      <NumericPredictor name="total" coefficient="1"/><NumericPredictor name="k" coefficient="100"/>
      </RegressionTable></RegressionModel></PMML>
      """)
    let rows = try directory.write(
      "rows.csv", "g,x,k\nb,1,1\na,2,1\n,9,9\nb,3,1\nc,1,1\nc,1,2\n")
    let run = try CommandLineRun(["score", model, "--input", rows])
    #expect(run.output == "g,predictedValue\nb,104.0\na,102.0\nc,\n")
    #expect(run.errors.contains("row 6 is not scored: the rows of its group differ in `k`"))
  }
}

extension ScoreCommandTests {
  @Test func `ranked classes and rows before come out of tables too`() throws {
    let directory = try TemporaryDirectory()
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="y" optype="categorical" dataType="string"/></DataDictionary>
      <TreeModel functionName="classification"><MiningSchema><MiningField name="x"/>
      <MiningField name="y" usageType="target"/></MiningSchema>
      <Output><OutputField name="second" dataType="string" rank="2"/>
      <OutputField name="before" feature="transformedValue"><Lag field="x"/></OutputField></Output>
      <Node score="a"><True/><ScoreDistribution value="a" recordCount="3"/>
      <ScoreDistribution value="b" recordCount="1"/></Node></TreeModel></PMML>
      """
    let model = try directory.write("m.pmml", text)
    let rows = try directory.write("rows.csv", "x\n1\n2\n")
    let run = try CommandLineRun(["score", model, "--input", rows])
    #expect(run.output == "y,second,before\na,b,\na,b,1.0\n")
    // Without the lag rows are scored in blocks.
    let lag =
      #"<OutputField name="before" feature="transformedValue"><Lag field="x"/></OutputField>"#
    let plain = try directory.write("plain.pmml", text.replacing(lag, with: ""))
    #expect(
      try CommandLineRun(["score", plain, "--input", rows]).output == "y,second\na,b\na,b\n")
  }

  @Test func `without a background fields are set against the averages of the model`() throws {
    let directory = try TemporaryDirectory()
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="c" optype="categorical" dataType="string"/></DataDictionary>
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/>
      <MiningField name="c"/></MiningSchema><ModelStats><UnivariateStats field="x">
      <NumericInfo mean="4" median="3" maximum="much"/></UnivariateStats><UnivariateStats field="c">
      <DiscrStats modalValue="b"/></UnivariateStats></ModelStats><RegressionTable intercept="1">
      <NumericPredictor name="x" coefficient="2"/>
      <CategoricalPredictor name="c" value="b" coefficient="-3"/></RegressionTable>
      </RegressionModel></PMML>
      """
    let model = try directory.write("m.pmml", text)
    let rows = try directory.write("rows.csv", "x,c\n5,a\n")
    let run = try CommandLineRun(["score", model, "--input", rows, "--attributions"])
    // At the averages 1 + 2 x 4 - 3 = 6; the row has 11: 2 more by x, 3 more by c.
    #expect(
      run.output
        == "predictedValue,base_value,attribution(x),attribution(c),residual\n11.0,6.0,2.0,3.0,0.0\n"
    )
    #expect(run.errors.contains("averages in the model's ModelStats"))
    #expect(
      try CommandLineRun(["inspect", model]).output.contains("over the averages of fields"))
    // Of one field nothing is known: there is no average row.
    let less = try directory.write("less.pmml", text.replacing("modalValue=\"b\"", with: ""))
    #expect(
      try CommandLineRun(["score", less, "--input", rows, "--attributions"]).exitCode == 1)
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
