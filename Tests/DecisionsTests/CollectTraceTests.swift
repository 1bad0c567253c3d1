import DataFields
import DecisionTrace
import Decisions
import RationaleTestSupport
import RuleLanguage
import SourceDiagnostics
import Testing

/// What a trace says of a decision that collects.
@Suite struct CollectTraceTests {
  private static let rules = """
    ruleset notices version 1 {
      owner "Tests"
    }
    input e from "s" {
      id text key
      n  int in 0 ... 100
      m  int in 0 ... 100
    }
    decision notices: text hit collect {
      rule many  reason NO-01 "{e.n} of them." when e.n > 10 then "many"
      rule more  reason NO-02 "And {e.m}."     when e.m > 10 then "more"
      rule again reason NO-03 "Again."         when e.m > 50 then "many"
      otherwise  reason NO-04 "Nothing."       then "none"
    }
    decision score: int hit collect sum {
      rule a reason SC-01 "A." when e.n > 10           then 20
      rule b reason SC-02 "B." when "more" in notices  then 5
      otherwise reason SC-03 "" then 0
    }
    decision count: text hit collect count {
      rule a reason CO-01 "" when e.n > 10 then "x"
      rule b reason CO-02 "" when e.m > 10 then "y"
      otherwise reason CO-03 "" then 0
    }
    decision least: int hit collect min {
      rule a reason LE-01 "The greater." when e.n > 10 then 7
      rule b reason LE-02 "The less."    when e.m > 10 then 3
      otherwise reason LE-03 "" then 0
    }
    override quiet reason NO-09 by "service" until 2030-12-31 {
      when e.n == 99
      set  notices = "none"
    }
    test "three" {
      given  e.n = 20, e.m = 60
      expect notices = ("many", "more", "many") by again, score = 25, count = 2, least = 3 by b
    }
    test table "others" {
      e.n | e.m || notices          | score | count | least
      0   | 0   || "none"           | 0     | 0     | 0
      20  | 0   || "many"           | 20    | 1     | 7
      99  | 60  || "none"           | 20    | 2     | 3
      20  | 30  || ("many", "more") | 25    | 2     | 3
    }
    """

  private func library() throws -> DecisionLibrary {
    try DecisionLibrary(
      rules: ["n.rules"], files: RuleFilesInMemory(texts: ["n.rules": Self.rules]))
  }

  private func trace(_ name: String, _ n: Int, _ m: Int, previous: String? = nil) throws -> Trace {
    let library = try library()
    var engine = DecisionEngine(library)
    let layout = library.program.code.layout
    for (field, value) in [("e.n", n), ("e.m", m)] {
      engine.workspace.row.set(
        try #require(layout.slot(named: field)), to: Int128(value), origin: .supplied)
    }
    let index = try #require(library.program.decisions.firstIndex { $0.name == name })
    engine.run(
      library.program.decisions[index].steps, asOf: try CalendarDate(parsing: "2021-01-27"),
      keepSupplied: true)
    var encoder = TraceBodyEncoder()
    engine.encodeTrace(
      of: index,
      TraceContext(
        source: Array("rows".utf8), record: 1, index: 0, subject: engine.texts.intern("7"),
        asOf: nil, previousOutcome: previous.map { engine.texts.intern($0) }, lineageLength: 0,
        lineageHead: nil), into: &encoder)
    let schema = library.schemas[index]
    // As a store keeps it: schema and body as bytes.
    let read = try TraceSchema(decoding: schema.bytes)
    #expect(read == schema.schema)
    return try Trace(body: encoder.bytes, schema: read, digest: schema.digest)
  }

  @Test func `the tests of the ruleset pass and reach every rule`() throws {
    let (outcomes, coverage) = RulesetTests(try library()).run()
    #expect(outcomes.flatMap(\.failures).map(\.message) == [])
    #expect(outcomes.count == 5)
    #expect(coverage.rulesMissed == [])
  }

  @Test func `a list keeps every outcome in the order of the rules`() throws {
    let trace = try trace("notices", 20, 60)
    #expect(
      trace.result
        == .decided(outcome: .list([.text("many"), .text("more"), .text("many")]), rule: 0))
    #expect(trace.contributingRules == [0, 1, 2])
    #expect(trace.reason(ofRule: 1).text == "And 60.")
    let json = String(decoding: TraceJSONWriter().json(trace), as: UTF8.self)
    #expect(json.contains(#""outcome":["many","more","many"],"rule":"many""#))
    #expect(
      json.contains(#"{"rule":"more","reason_code":"NO-02","reason":"And 60."}"#))
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/trace.schema.json"))
    #expect(try check.faults(Array(json.utf8)) == [])
  }

  @Test func `where no rule holds the list is what otherwise says`() throws {
    let trace = try trace("notices", 0, 0)
    #expect(trace.result == .decided(outcome: .list([.text("none")]), rule: 3))
    #expect(trace.contributingRules == [3])
  }

  @Test func `an override leaves one outcome and the trace keeps the list`() throws {
    let trace = try trace("notices", 99, 60)
    #expect(trace.result == .decided(outcome: .list([.text("none")]), rule: 0))
    #expect(
      trace.override?.replaced == .list([.text("many"), .text("more"), .text("many")]))
  }

  @Test func `who asks a list shows what it asked`() throws {
    let trace = try trace("score", 20, 60)
    guard case .decided(let outcome, _) = trace.result else {
      Issue.record("refused")
      return
    }
    #expect(outcome.plainText == "25")
    let asked = try #require(trace.values.first { $0.field.name == "\"more\" in notices" })
    #expect(asked.content == .boolean(true) && asked.field.kind == .outcome)
  }

  @Test func `the least outcome is that of one rule`() throws {
    let trace = try trace("least", 20, 60)
    #expect(trace.contributingRules == [1])
    #expect(trace.reason?.text == "The less.")
  }
}
