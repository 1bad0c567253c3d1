import PMML
import SourceDiagnostics
import Testing

@Suite struct ModelVerificationTests {
  /// `y = 2 x`, with these verification fields and rows.
  func document(_ fields: String, _ rows: [String], output: String = "") -> String {
    PMMLText.document(
      ["x double", "y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))\(output)
      <RegressionTable intercept="0"><NumericPredictor name="x" coefficient="2"/></RegressionTable>
      <ModelVerification xmlns:data="http://example.org/data"><VerificationFields>\(fields)
      </VerificationFields><InlineTable>\(rows.map { "<row>\($0)</row>" }.joined(separator: "\n"))
      </InlineTable></ModelVerification></RegressionModel>
      """)
  }

  func report(_ text: String) throws -> VerificationReport {
    let model = try CompiledModel(name: "m", bytes: Array(text.utf8), verification: .kept)
    return try #require(model.verify())
  }

  @Test func `a number may differ by the precision, relative to what is expected`() throws {
    let fields = """
      <VerificationField field="x" column="data:in"/>
      <VerificationField field="y" precision="0.01"/>
      """
    let report = try report(
      document(
        fields,
        [
          "<data:in>50</data:in><y>100.9</y>", "<data:in>50</data:in><y>101.2</y>",
          "<data:in>-50</data:in><y>-100.9</y>", "<data:in>-50</data:in><y>-98</y>",
        ]))
    #expect(report.fields == ["y"])
    #expect(report.valueCount == 4)
    #expect(report.mismatches.map(\.row) == [2, 4])
    #expect(report.mismatches[0].expected == "101.2")
    #expect(report.mismatches[0].got == "100.0")
    #expect(report.mismatches[0].tolerance == "precision 0.01")
  }

  @Test func `what is expected to be about zero has to be about zero`() throws {
    let fields = """
      <VerificationField field="x"/><VerificationField field="y" precision="0.5" zeroThreshold="0.1"/>
      """
    // 0.2 is no zero, though it is within the precision of nothing.
    let rows = ["0.04", "-0.04", "0.06", "0"].map { "<x>\($0)</x><y>0.05</y>" }
    #expect(try report(document(fields, rows)).mismatches.map(\.row) == [3])
    // By default only 0 itself, to 1e-16.
    let plain = #"<VerificationField field="x"/><VerificationField field="y"/>"#
    #expect(
      try report(document(plain, ["<x>1e-17</x><y>0</y>", "<x>1e-15</x><y>0</y>"]))
        .mismatches.map(\.tolerance) == ["zeroThreshold 1e-16"])
  }

  @Test func `an absent cell expects nothing, an empty one a missing result`() throws {
    let fields = #"<VerificationField field="x"/><VerificationField field="y"/>"#
    let report = try report(document(fields, ["<x>1</x>", "<y></y>", "<x>1</x><y/>"]))
    #expect(report.valueCount == 2)
    #expect(report.mismatches.map(\.row) == [3])
  }

  @Test func `beside output fields a target is no expectation but the actual value`() throws {
    let output = """
      <Output><OutputField name="p"/><OutputField name="r" feature="residual"/></Output>
      """
    let fields = ["x", "y", "p", "r"].map { "<VerificationField field=\"\($0)\"/>" }.joined()
    let report = try report(
      document(fields, ["<x>1</x><y>5</y><p>2</p><r>3</r>"], output: output))
    #expect(report.fields == ["p", "r"])
    #expect(report.mismatches.isEmpty)
  }

  @Test func `a model that has to be verified is refused with every difference`() throws {
    let fields = #"<VerificationField field="x"/><VerificationField field="y"/>"#
    func faults(_ text: String) -> [Diagnostic] {
      do {
        _ = try CompiledModel(name: "m", bytes: Array(text.utf8), verification: .required)
        return []
      } catch { return error.diagnostics }
    }
    #expect(faults(document(fields, ["<x>1</x><y>2</y>"])).isEmpty)
    let wrong = faults(document(fields, ["<x>1</x><y>2</y>", "<x>1</x><y>3</y>"]))
    #expect(wrong.map(\.code) == ["P41"])
    #expect(
      wrong.map(\.message) == [
        "verification row 2 expects `3` for `y` (precision 1e-06), and it is `2.0`"
      ])
    #expect(wrong[0].position?.line == 9)
    #expect(faults(document(fields, [])).map(\.code) == ["P41"])
    let unknown = #"<VerificationField field="x"/><VerificationField field="z"/>"#
    #expect(faults(document(unknown, ["<x>1</x>"])).map(\.code) == ["P16"])
    // Nobody asked: the faults of the rows are no faults of the model.
    #expect(PMMLText.faults(document(unknown, ["<x>1</x>"])).isEmpty)
  }

  @Test func `texts are compared as they are`() throws {
    let text = PMMLText.document(
      ["x double", "y string no yes"],
      """
      <TreeModel functionName="classification">\(PMMLText.schema(["x"]))
      <Node score="no"><True/>
      <Node score="yes"><SimplePredicate field="x" operator="greaterThan" value="0"/></Node>
      <Node score="no"><SimplePredicate field="x" operator="lessOrEqual" value="0"/></Node></Node>
      <ModelVerification><VerificationFields><VerificationField field="x"/>
      <VerificationField field="y" precision="1"/></VerificationFields><InlineTable>
      <row><x>1</x><y>yes</y></row><row><x>1</x><y>no</y></row><row><x>a</x><y>no</y></row>
      </InlineTable></ModelVerification></TreeModel>
      """)
    let mismatches = try report(text).mismatches
    #expect(mismatches.map(\.got) == ["yes", "not scored: `x` is invalid"])
    #expect(mismatches.map(\.tolerance) == ["exact", "exact"])
  }
}
