import DataFields
import DecisionTrace
import Decisions
import RationaleTestSupport
import ReferenceData
import RuleLanguage
import SourceDiagnostics
import Testing

/// Attributions against the averages that a model brings along in its `ModelStats`.
@Suite struct ModelStatsBackgroundTests {
  private static let model = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
    <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
    <DataField name="c" optype="categorical" dataType="string"/></DataDictionary>
    <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/>
    <MiningField name="c"/></MiningSchema><ModelStats><UnivariateStats field="x">
    <NumericInfo mean="4"/></UnivariateStats><UnivariateStats field="c">
    <DiscrStats modalValue="b"/></UnivariateStats></ModelStats><RegressionTable intercept="1">
    <NumericPredictor name="x" coefficient="2"/>
    <CategoricalPredictor name="c" value="b" coefficient="-3"/></RegressionTable>
    </RegressionModel></PMML>
    """

  private static func rules(_ background: String, _ model: String) -> String {
    """
    ruleset offers version 1 {
      owner "Tests"
    }
    input e from "s" {
      id text key
      n  int in 0 ... 100
      c  text
    }
    model m from "m.pmml" sha256 "\(Digest(of: Array(model.utf8)))" {
      feed    x = e.n as float, c = e.c
      score   y = predictedValue in -100 ... 300
      explain by linear, top 2\(background)
    }
    decision offer: text hit first {
      rule good reason OF-01 "" when m.y > 5 then "yes"
      otherwise reason OF-02 "" then "no"
    }
    """
  }

  private func library(_ background: String, model: String = Self.model) throws -> DecisionLibrary {
    let directory = try TemporaryDirectory()
    _ = try directory.write("m.pmml", model)
    return try DecisionLibrary(
      rules: [try directory.write("o.rules", Self.rules(background, model))])
  }

  @Test func `what moves a score from that of the average row is in the trace`() throws {
    let library = try library(", against background ModelStats")
    var engine = DecisionEngine(library)
    let layout = library.program.code.layout
    engine.workspace.row.set(
      try #require(layout.slot(named: "e.n")), to: 5, origin: .supplied)
    engine.workspace.row.set(
      try #require(layout.slot(named: "e.c")), to: Int128(engine.texts.intern("a")),
      origin: .supplied)
    engine.run(
      library.program.decisions[0].steps, asOf: try CalendarDate(parsing: "2021-01-27"),
      keepSupplied: true)
    var encoder = TraceBodyEncoder()
    engine.encodeTrace(
      of: 0,
      TraceContext(
        source: Array("rows".utf8), record: 1, index: 0, subject: engine.texts.intern("7"),
        asOf: nil, previousOutcome: nil, lineageLength: 0, lineageHead: nil), into: &encoder)
    let schema = library.schemas[0]
    let trace = try Trace(
      body: encoder.bytes, schema: try TraceSchema(decoding: schema.bytes), digest: schema.digest)
    // At the averages 1 + 2 x 4 - 3 = 6; the row has 11: 2 more by x, 3 more by c.
    let part = try #require(trace.models.first)
    #expect(part.hasAttributions)
    #expect(part.baseValue == 6)
    #expect(part.output == 11)
    #expect(part.attributions.map(\.feature) == ["c", "x"])
    #expect(part.attributions.map(\.value) == [3, 2])
    // The background is a part of the model's own file.
    let artefacts = trace.schema.artefacts.filter { $0.role == "background" }
    #expect(artefacts.count == 1)
    #expect(artefacts.first?.path.hasSuffix("m.pmml") == true)
    #expect(artefacts.map(\.digest) == [Digest(of: Array(Self.model.utf8))])
  }

  @Test func `without averages of every field there is no such background`() throws {
    let less = Self.model.replacing("modalValue=\"b\"", with: "")
    let error = try #require(throws: DiagnosticsError.self) {
      try library(", against background ModelStats", model: less)
    }
    #expect(
      error.diagnostics.map(\.message) == [
        "the model's `ModelStats` do not say what every field is on average"
      ])
    // Where a background is needed and the model has one, the message says so.
    let none = try #require(throws: DiagnosticsError.self) { try library("") }
    #expect(
      none.diagnostics.contains {
        $0.help.contains { $0.contains("against background ModelStats") }
      })
  }
}
