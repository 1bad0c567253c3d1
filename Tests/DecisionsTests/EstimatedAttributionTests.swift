import DataFields
import DecisionTrace
import Decisions
import RationaleTestSupport
import ReferenceData
import RuleLanguage
import SourceDiagnostics
import Testing

/// Estimates in traces, where a ruleset asks for them by `explain by shapley`.
@Suite struct EstimatedAttributionTests {
  /// A rule set over 13 fields, the first three of which decide.
  private static let model: String = {
    let fields = (0..<13).map {
      "<DataField name=\"x\($0)\" optype=\"continuous\" dataType=\"double\"/>"
    }
    let mining = (0..<13).map { "<MiningField name=\"x\($0)\" missingValueReplacement=\"0\"/>" }
    return """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary>\(fields.joined())<DataField name="y" optype="categorical" dataType="string">
      <Value value="no"/><Value value="yes"/></DataField></DataDictionary>
      <RuleSetModel functionName="classification"><MiningSchema>\(mining.joined())
      <MiningField name="y" usageType="target"/></MiningSchema>
      <RuleSet defaultScore="no" defaultConfidence="0.5"><RuleSelectionMethod criterion="firstHit"/>
      <SimpleRule id="1" score="yes" confidence="0.875"><CompoundPredicate booleanOperator="or">
      <SimplePredicate field="x0" operator="greaterThan" value="50"/>
      <SimplePredicate field="x1" operator="greaterThan" value="50"/>
      <SimplePredicate field="x2" operator="greaterThan" value="50"/></CompoundPredicate></SimpleRule>
      </RuleSet></RuleSetModel></PMML>
      """
  }()

  private static let background = """
    x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12
    0,0,0,0,0,0,0,0,0,0,0,0,0
    99,0,1,1,1,1,1,1,1,1,1,1,1
    0,99,2,2,2,2,2,2,2,2,2,2,2

    """

  private static func library(_ method: String, _ onRead: String = "") throws -> DecisionLibrary {
    let directory = try TemporaryDirectory()
    _ = try directory.write("m.pmml", model)
    _ = try directory.write("b.csv", background)
    let rules = """
      ruleset offers version 1 {
        owner "Tests"
      }
      input e from "s" {
        id text key
        n  int in 0 ... 100
        m  int in 0 ... 100
        k  int in 0 ... 100
      }
      model r from "m.pmml" sha256 "\(Digest(of: Array(model.utf8)))" {
        feed    x0 = e.n as float, x1 = e.m as float, x2 = e.k as float
        score   p = probability("yes")
        explain by \(method), top 1, \(onRead)against background "b.csv" sha256 "\(Digest(of: Array(background.utf8)))"
      }
      decision offer: text hit first {
        rule good reason OF-01 "" when r.p > 0.5 then "yes"
        otherwise reason OF-02 "" then "no"
      }
      """
    return try DecisionLibrary(rules: [try directory.write("o.rules", rules)])
  }

  private static func trace(_ library: DecisionLibrary, record: Int) throws -> Trace {
    var engine = DecisionEngine(library)
    let layout = library.program.code.layout
    for (name, value) in [("e.n", 60), ("e.m", 70), ("e.k", 80)] {
      engine.workspace.row.set(
        try #require(layout.slot(named: name)), to: Int128(value), origin: .supplied)
    }
    engine.run(
      library.program.decisions[0].steps, asOf: try CalendarDate(parsing: "2021-01-27"),
      keepSupplied: true)
    var encoder = TraceBodyEncoder()
    engine.encodeTrace(
      of: 0,
      TraceContext(
        source: Array("rows".utf8), record: record, index: 0, subject: engine.texts.intern("7"),
        asOf: nil, previousOutcome: nil, lineageLength: 0, lineageHead: nil), into: &encoder)
    let schema = library.schemas[0]
    return try Trace(
      body: encoder.bytes, schema: try TraceSchema(decoding: schema.bytes), digest: schema.digest)
  }

  @Test func `a trace keeps estimates with their intervals, drawn by the decision`() throws {
    let library = try Self.library("shapley")
    let trace = try Self.trace(library, record: 1)
    let part = try #require(trace.models.first)
    #expect(part.schema.method == "sampled, 2000 scores a row, 3 rows, 95 % intervals")
    let check = try #require(part.check)
    #expect(check.evaluationCount > 0 && check.errors.count == 1 && check.tolerance == .infinity)
    #expect(check.addsUp)
    // Fields that are not fed are among the others.
    #expect(part.attributions.count == 1 && part.restCount >= 1)
    let sum = part.baseValue + part.attributions[0].value + part.rest
    #expect(abs(sum - part.output) < 1e-12)
    // The same decision has the same bytes; another draws other orders.
    #expect(try Self.trace(library, record: 1).body == trace.body)
    let other = try #require(try Self.trace(library, record: 2).models.first)
    #expect(other.output == part.output && other.check?.errors != check.errors)
  }

  @Test func `estimates that are left to the reader are the same`() throws {
    let eager = try #require(try Self.trace(try Self.library("shapley"), record: 5).models.first)
    let library = try Self.library("shapley", "on read, ")
    let trace = try Self.trace(library, record: 5)
    #expect(trace.models.first?.hasAttributions == false)
    let read = try #require(try library.attributedOnRead(trace).models.first)
    #expect(read.attributions == eager.attributions && read.rest == eager.rest)
    #expect(read.check == eager.check)
  }

  @Test(arguments: ["tree shap", "linear"])
  func `a ruleset that does not ask for estimates gets none`(method: String) throws {
    let error = try #require(throws: DiagnosticsError.self) { try Self.library(method) }
    #expect(error.diagnostics.map(\.code) == ["D3"])
    #expect(error.diagnostics.first?.message == "this model has no exact attributions")
    #expect(error.diagnostics.first?.help.first?.contains("explain by shapley") == true)
  }
}
