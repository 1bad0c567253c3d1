import DataFields
import DecisionTrace
import Decisions
import RationaleTestSupport
import RuleLanguage
import SourceDiagnostics
import Testing

/// The rulesets that the project ships, run on rows of supplied values.
@Suite struct PublishedRulesTests {
  private static let folder = ProjectFiles.path("rules")

  /// Decides one decision on supplied values, named as in the ruleset.
  private func decide(
    _ decision: String, file: String, _ values: [String: String]
  ) throws -> Trace {
    let library = try DecisionLibrary(rules: ["\(Self.folder)/\(file)"])
    var engine = DecisionEngine(library)
    let program = library.program
    for (name, text) in values {
      let slot = try #require(program.code.layout.slot(named: name), "\(name)")
      let bytes = Array(text.utf8)
      try program.code.layout.slots[slot].type.read(
        bytes.span, into: slot, of: &engine.workspace.row, texts: &engine.texts,
        scales: program.scales, origin: .supplied)
    }
    let index = try #require(program.decisions.firstIndex { $0.name == decision })
    let asOf = try CalendarDate(parsing: "2021-01-27")
    engine.run(program.decisions[index].steps, asOf: asOf, keepSupplied: true)
    var encoder = TraceBodyEncoder()
    engine.encodeTrace(
      of: index,
      TraceContext(
        source: Array("rows".utf8), record: 1, index: 0,
        subject: engine.texts.intern(values["enterprise.id"] ?? "1"), asOf: asOf,
        previousOutcome: nil, lineageLength: 0, lineageHead: nil),
      into: &encoder)
    let schema = library.schemas[index]
    return try Trace(body: encoder.bytes, schema: schema.schema, digest: schema.digest)
  }

  @Test func `customer 334628087 is a developed customer by otherwise`() throws {
    let trace = try decide(
      "invoice_profile", file: "invoice-profile.rules",
      [
        "enterprise.id": "334628087", "enterprise.employees": "4",
        "average": "285792976/230", "currencies": "1",
      ])
    guard case .decided(let outcome, let rule) = trace.result else {
      Issue.record("refused: \(trace.result)")
      return
    }
    #expect(outcome == .text("Developed Customers"))
    #expect(trace.rules[rule].schema.isOtherwise)
    let levels = Dictionary(
      uniqueKeysWithValues: trace.ranks.map { rank in
        (rank.schema.name, rank.level.map { rank.schema.levels[$0] })
      })
    #expect(levels == ["amount": "L", "size": "S", "coverage": "S"])
    let perHead = try #require(trace.values.first { $0.field.name == "per_head" }?.content)
    #expect(perHead.displayText == "310,644.54 HUF/person")
    #expect(trace.body.count <= 345)
    // Both rules failed, and each at the clause that the ranks say.
    let failed = trace.rules.filter { $0.state == .failed }
    #expect(
      failed.compactMap { $0.decidingClause?.text } == ["amount == size", "size < coverage"])
  }

  @Test(arguments: [
    ("9", "89999.99", "S"), ("1", "9999.99", "S"), ("1", "10000", "M"), ("3", "30000", "M"),
    ("3", "29999.99", "S"), ("7", "700000", "L"), ("7", "4899999999999999/7000000000", "M"),
  ])
  func `a value on a cut point takes the upper rank, exactly`(
    employees: String, average: String, expected: String
  ) throws {
    let trace = try decide(
      "invoice_profile", file: "invoice-profile.rules",
      [
        "enterprise.id": "1", "enterprise.employees": employees, "average": average,
        "currencies": "0",
      ])
    let amount = try #require(trace.ranks.first { $0.schema.name == "amount" })
    #expect(amount.level.map { amount.schema.levels[$0] } == expected)
  }

  @Test func `a missing input refuses the decision and is named`() throws {
    let trace = try decide(
      "invoice_profile", file: "invoice-profile.rules",
      ["enterprise.id": "1", "average": "10000", "currencies": "0"])
    #expect(trace.result == .refused(.missing, field: "enterprise.employees", rules: []))
  }
}
