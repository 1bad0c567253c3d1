import DataFields
import DecisionTrace
import Decisions
import RationaleTestSupport
import ReferenceData
import RuleLanguage
import SourceDiagnostics
import Testing

/// What attributions of trees are set against in rulesets, and attributions that a trace leaves to
/// whoever reads it.
@Suite struct AttributionsOnReadTests {
  private static func tree(counts: Bool) -> String {
    func count(_ number: Int) -> String { counts ? " recordCount=\"\(number)\"" : "" }
    return """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="float"/>
      <DataField name="c" optype="categorical" dataType="string"/></DataDictionary>
      <TreeModel functionName="regression" missingValueStrategy="defaultChild"><MiningSchema>
      <MiningField name="x"/><MiningField name="c"/></MiningSchema>
      <Node id="0" score="0"\(count(10)) defaultChild="1"><True/>
      <Node id="1" score="4"\(count(6)) defaultChild="3">
      <SimplePredicate field="x" operator="lessThan" value="5"/>
      <Node id="3" score="8"\(count(2))><SimplePredicate field="c" operator="equal" value="a"/></Node>
      <Node id="4" score="2"\(count(4))><SimplePredicate field="c" operator="notEqual" value="a"/>
      </Node></Node>
      <Node id="2" score="16"\(count(4))>
      <SimplePredicate field="x" operator="greaterOrEqual" value="5"/></Node></Node>
      </TreeModel></PMML>
      """
  }

  private static func rules(_ how: String, model: String) -> String {
    """
    ruleset offers version 1 {
      owner "Tests"
    }
    input e from "s" {
      id text key
      n  int in 0 ... 100
      d  int in 1 ... 100
      c  text missing as ""
    }
    let ratio = e.n / e.d
    model m from "m.pmml" sha256 "\(Digest(of: Array(model.utf8)))" {
      feed    x = ratio as float, c = e.c
      score   y = predictedValue in -100 ... 300
      explain by tree shap, top 1\(how)
    }
    decision offer: text hit first {
      rule good reason OF-01 "" when m.y > 5 then "yes"
      otherwise reason OF-02 "" then "no"
    }
    """
  }

  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func library(_ how: String, counts: Bool = true) throws -> DecisionLibrary {
    let model = Self.tree(counts: counts)
    _ = try directory.write("m.pmml", model)
    return try DecisionLibrary(
      rules: [try directory.write("o.rules", Self.rules(how, model: model))])
  }

  /// Rows that `explain calibrate` would have counted: 1 to the left for each 3 to the right.
  private func covers(for counts: Bool, model: Digest? = nil) throws -> String {
    let digest = model ?? Digest(of: Array(Self.tree(counts: counts).utf8))
    let text = """
      tree,node,recordCount,model,background,rows
      0,0,8,\(digest),\(digest),8
      0,1,2,,,
      0,2,1,,,
      0,3,1,,,
      0,4,6,,,

      """
    _ = try directory.write("covers.csv", text)
    return ", against covers \"covers.csv\" sha256 \"\(Digest(of: Array(text.utf8)))\""
  }

  private func trace(
    _ library: DecisionLibrary, n: Int128? = 3, c: String? = "a",
    change: (inout DecisionEngine) throws -> Void = { _ in }
  ) throws -> Trace {
    var engine = DecisionEngine(library)
    let layout = library.program.code.layout
    func slot(_ name: String) throws -> Int { try #require(layout.slot(named: name)) }
    if let n { engine.workspace.row.set(try slot("e.n"), to: n, origin: .supplied) }
    engine.workspace.row.set(try slot("e.d"), to: 7, origin: .supplied)
    if let c {
      engine.workspace.row.set(
        try slot("e.c"), to: Int128(engine.texts.intern(c)), origin: .supplied)
    }
    try change(&engine)
    engine.run(library.program.decisions[0].steps, asOf: nil, keepSupplied: true)
    var encoder = TraceBodyEncoder()
    engine.encodeTrace(
      of: 0,
      TraceContext(
        source: Array("rows".utf8), record: 1, index: 0, subject: engine.texts.intern("7"),
        asOf: nil, previousOutcome: nil, lineageLength: 0, lineageHead: nil), into: &encoder)
    let schema = library.schemas[0]
    return try Trace(
      body: encoder.bytes, schema: try TraceSchema(decoding: schema.bytes), digest: schema.digest)
  }

  // MARK: Expectations

  @Test func `record counts of the model, counted rows and uniform branches`() throws {
    func part(_ how: String, counts: Bool = true) throws -> Trace.Model {
      try #require(try trace(try library(how, counts: counts)).models.first)
    }
    // Averages over the tree: by the model's counts (2 x 8 + 4 x 2 + 4 x 16) / 10.
    for how in ["", ", against record counts"] {
      let own = try part(how)
      #expect(own.baseValue == 8.8)
      #expect(own.schema.method == "path-dependent, exact")
    }
    // By rows that were counted (8 + 2 + 6 x 16) / 8, by branches half and half.
    let counted = try part(try covers(for: false), counts: false)
    #expect(counted.baseValue == 13.25)
    #expect(counted.schema.method.contains("8"))
    let uniform = try part(", against uniform branches", counts: false)
    #expect(uniform.baseValue == 10.5)
    // 3 / 7 goes left, and a has 8: all of it is explained.
    for model in [counted, uniform] {
      #expect(model.output == 8)
      #expect(model.attributions.count == 1 && model.restCount == 1)
      #expect(abs(model.baseValue + model.attributions[0].value + model.rest - 8) < 1e-12)
    }
    let schema = try library(try covers(for: true)).schemas[0].schema
    let artefact = try #require(schema.artefacts.first { $0.role == "covers" })
    #expect(artefact.path.hasSuffix("covers.csv"))
  }

  private func findings(_ how: String, counts: Bool) -> [String] {
    do {
      _ = try library(how, counts: counts)
      return []
    } catch let error as DiagnosticsError {
      return error.diagnostics.map { "\($0.code): \($0.message)" }
    } catch { return ["\(error)"] }
  }

  @Test func `what a model does not have is said where the ruleset asks for it`() throws {
    #expect(
      findings(", against record counts", counts: false) == [
        "D3: the model does not hold record counts to go by"
      ])
    #expect(
      findings("", counts: false) == ["D3: attributions of this model need a background"])
    let other = try covers(for: false, model: Digest(of: [1]))
    #expect(
      findings(other, counts: false) == ["D3: the covers were counted for another model"])
    let text = "tree,node\n"
    _ = try directory.write("covers.csv", text)
    let broken = ", against covers \"covers.csv\" sha256 \"\(Digest(of: Array(text.utf8)))\""
    #expect(findings(broken, counts: false).first == "D3: the covers cannot be read")
    #expect(
      findings(", against covers \"covers.csv\"", counts: false)
        == ["D2: the file of covers is named without its digest"])
    for how in [", against nothing", ", on write", ", against record", ", against uniform"] {
      #expect(findings(how, counts: true).contains { $0.hasPrefix("X5") }, "\(how)")
    }
  }

  @Test func `a sum of fields has no branches and no records`() throws {
    let model = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="c" optype="categorical" dataType="string"/></DataDictionary>
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/>
      <MiningField name="c"/></MiningSchema><RegressionTable intercept="1">
      <NumericPredictor name="x" coefficient="2"/></RegressionTable></RegressionModel></PMML>
      """
    _ = try directory.write("m.pmml", model)
    for how in [", against uniform branches", ", against record counts"] {
      let rules = try directory.write("o.rules", Self.rules(how, model: model))
      let error = try #require(throws: DiagnosticsError.self) {
        try DecisionLibrary(rules: [rules])
      }
      #expect(
        error.diagnostics.map(\.message) == [
          "attributions of this model do not go by record counts"
        ])
    }
  }

  // MARK: On read

  @Test func `attributions that are worked out on reading are those of a trace that holds them`()
    throws
  {
    for how in ["", ", against uniform branches", try covers(for: true)] {
      let eager = try library(how)
      let onRead = try library(how + ", on read")
      #expect(eager.schemas[0].digest != onRead.schemas[0].digest)
      for (n, c) in [(3, "a"), (3, "b"), (99, "a"), (nil, "a"), (34, nil)] as [(Int128?, String?)] {
        let held = try trace(eager, n: n, c: c)
        let left = try trace(onRead, n: n, c: c)
        #expect(left.body.count <= held.body.count)
        let part = try #require(left.models.first)
        #expect(part.schema.isAttributedOnRead && !part.hasAttributions)
        let read = try onRead.attributedOnRead(left)
        #expect(read.body == left.body)
        let (mine, theirs) = (try #require(read.models.first), try #require(held.models.first))
        #expect(mine.hasAttributions == theirs.hasAttributions)
        #expect(mine.attributions == theirs.attributions)
        #expect(mine.rest.bitPattern == theirs.rest.bitPattern)
        #expect(mine.restCount == theirs.restCount)
        #expect(mine.baseValue == theirs.baseValue && mine.output == theirs.output)
        #expect(mine.check == theirs.check)
        #expect(try onRead.attributedOnRead(read) == read)
      }
      // A trace that holds its attributions stays as it is.
      let held = try trace(eager)
      #expect(try eager.attributedOnRead(held) == held)
    }
  }

  @Test func `a supplied score has nothing to attribute`() throws {
    let library = try library(", on read")
    let slot = try #require(library.program.code.layout.slot(named: "m.y"))
    let left = try trace(library) { engine in
      engine.workspace.row.set(slot, to: Int128((7.5).bitPattern), origin: .supplied)
    }
    let read = try library.attributedOnRead(left)
    #expect(read == left)
    #expect(read.models.first?.hasAttributions == false)
  }

  @Test func `a score that comes out otherwise, and other rules, are faults`() throws {
    let library = try library(", on read")
    var left = try trace(library)
    let field = try #require(left.models.first?.schema.scoreFields.first)
    left.values[field].content = .double(8.5)
    #expect(throws: DecisionLibrary.OnReadFault.differs(model: "m")) {
      try library.attributedOnRead(left)
    }
    let other = try self.library(", against uniform branches, on read")
    #expect(throws: DecisionLibrary.OnReadFault.otherRules("offer")) {
      try other.attributedOnRead(try trace(library))
    }
  }

  @Test func `a schema says so at its end, and only where it is so`() throws {
    let eager = try library("").schemas[0]
    let onRead = try library(", on read").schemas[0]
    #expect(Array(onRead.bytes.suffix(3)) == [1, 1, 0])
    #expect(onRead.bytes.count == eager.bytes.count + 3)
    #expect(try TraceSchema(decoding: onRead.bytes) == onRead.schema)
    #expect(throws: TraceFault.self) {
      try TraceSchema(decoding: Array(onRead.bytes.dropLast()) + [1])
    }
    #expect(throws: TraceFault.self) { try TraceSchema(decoding: eager.bytes + [2]) }
  }
}
