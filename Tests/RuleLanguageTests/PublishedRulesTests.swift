import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

@Suite struct PublishedRulesTests {
  @Test func `the two published rulesets have no finding but the share`() throws {
    let (program, diagnostics) = PublishedRules.compile("invoice-profile", "transfer-activity")
    #expect(program != nil)
    #expect(diagnostics.map(\.code) == ["S1"])
    #expect(diagnostics.first?.message == "19 of 27 rank combinations end in otherwise")
  }

  @Test(arguments: PublishedRules.names)
  func `every ruleset compiles and passes its own tests`(_ name: String) throws {
    let (program, diagnostics) = PublishedRules.compile(name)
    #expect(diagnostics.allSatisfy { $0.code == "S1" }, "\(DiagnosticsError(diagnostics))")
    var runner = ProgramRunner(try #require(program))
    #expect(runner.program.tests.count >= 3)
    #expect(runner.failures().isEmpty)
  }

  @Test func `all rank combinations of the invoice profile decide as the report says`() throws {
    let (program, _) = PublishedRules.compile("invoice-profile")
    var runner = ProgramRunner(try #require(program))
    var counts: [String: Int] = [:]
    // Values in each rank: amount per head by the average of one employee more or less.
    for (size, employees) in [1, 50, 250].enumerated() {
      for (amount, perHead) in [9_999, 10_000, 100_000].enumerated() {
        for (coverage, currencies) in [0, 3, 6].enumerated() {
          runner.workspace.clear()
          runner.supply("enterprise.employees", Int128(employees))
          runner.supply("average", Int128(perHead * employees * 100))
          runner.supply("currencies", Int128(currencies))
          runner.run()
          let expected =
            amount == size && size == coverage
            ? "Steady Customers"
            : size < coverage && amount < coverage
              ? "Under-performing Customers" : "Developed Customers"
          #expect(runner.outcome("invoice_profile") == expected)
          counts[runner.rule("invoice_profile") ?? "", default: 0] += 1
        }
      }
    }
    #expect(counts == ["steady": 3, "under": 5, "otherwise": 19])
  }

  @Test func `a quotient on a cut point takes the upper rank, just below it the lower`() throws {
    let (program, _) = PublishedRules.compile("invoice-profile")
    var runner = ProgramRunner(try #require(program))
    func rank(_ sum: Int128, _ count: Int128, _ employees: Int128) -> Int128 {
      runner.workspace.clear()
      runner.supply("enterprise.employees", employees)
      runner.supply("average", sum, over: count)
      runner.run()
      return runner.workspace.row.value(runner.slot("amount"))
    }
    // 30,000 HUF in 3 invoices of one head is 10,000 exactly; a hundredth of a forint less is not.
    #expect(rank(3_000_000, 3, 1) == 1)
    #expect(rank(2_999_999, 3, 1) == 0)
    #expect(rank(7 * 3 * 1_000_000, 7, 3) == 1)
    #expect(rank(7 * 3 * 1_000_000 - 1, 7, 3) == 0)
  }

  @Test func `a decision is refused for want of the first value that is not there`() throws {
    let (program, _) = PublishedRules.compile("invoice-profile")
    var runner = ProgramRunner(try #require(program))
    runner.workspace.clear()
    runner.supply("enterprise.employees", 4)
    runner.supply("currencies", 1)
    runner.run()
    #expect(runner.outcome("invoice_profile") == nil)
    #expect(runner.workspace.results[0].refusal == .missing)
    #expect(runner.workspace.results[0].refusedSlot == Int32(runner.slot("average")))
    // A rank that is given needs nothing below it.
    for name in ["amount", "size", "coverage"] { runner.supply(name, 0) }
    runner.run()
    #expect(runner.outcome("invoice_profile") == "Steady Customers")
  }

  @Test func `the override replaces the outcome until its last day`() throws {
    let (program, _) = PublishedRules.compile("premium-offer")
    let found = try #require(program)
    var runner = ProgramRunner(found)
    let listed = try #require(found.lists.first?.members.first)
    for (day, expected) in [
      (CalendarDate(year: 2026, month: 12, day: 31), "none"),
      (CalendarDate(year: 2027, month: 1, day: 1), "call"),
    ] {
      runner.workspace.clear()
      runner.supply("enterprise.id", Int128(listed))
      runner.supply("prospect", 2)
      runner.supply(
        "invoice_profile", Int128(try #require(found.texts.code(of: "Steady Customers"))))
      runner.run(asOf: day)
      #expect(runner.outcome("offer") == expected)
      #expect(runner.rule("offer") == "row 1")
    }
  }

  @Test func `the clauses of a chain stand in the trace one by one`() throws {
    let (program, _) = PublishedRules.compile("invoice-profile")
    let found = try #require(program)
    #expect(
      found.code.clauses.map(\.text) == [
        "amount == size", "size == coverage", "size < coverage", "amount < coverage",
      ])
    let text = try PublishedRules.text("invoice-profile").split(
      separator: "\n", omittingEmptySubsequences: false)
    for clause in found.code.clauses {
      #expect(text[clause.line - 1].contains(clause.text) || clause.text == "size == coverage")
    }
  }

  @Test func `events lower to filters, conversions and aggregates`() throws {
    let (program, _) = PublishedRules.compile("invoice-profile", "transfer-activity")
    let found = try #require(program)
    #expect(found.events.map(\.name) == ["invoice", "transfer"])
    let invoice = found.events[0]
    #expect(invoice.fields.map(\.column) == ["party_id", "currency", "payableamount", "issuedate"])
    #expect(invoice.conversions.count == 1)
    #expect(invoice.conversions[0].targetDigits == 2)
    #expect(found.texts.text(invoice.conversions[0].targetCode) == "HUF")
    #expect(invoice.aggregates.map { found.aggregates[$0].function } == [.mean, .countDistinct])
    #expect(invoice.decisions == [0])
    #expect(found.events[1].decisions == [1])
    #expect(found.inputs.map(\.source) == ["static", "static"])
  }
}
