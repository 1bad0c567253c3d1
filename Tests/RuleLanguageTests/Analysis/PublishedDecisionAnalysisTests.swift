import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

/// The two published decisions, built by hand.
@Suite struct PublishedDecisionAnalysisTests {
  private func invoiceProfile() -> Program {
    var builder = DecisionTableBuilder()
    let huf = MeasurementUnit("HUF", minorDigits: 2)
    let person = MeasurementUnit("person")
    let employees = builder.input(
      "enterprise.employees", .integer(person), in: 1...1_000_000)
    let average = builder.aggregate("average", .mean, .quotient(scale: 2, huf))
    let currencies = builder.aggregate("currencies", .countDistinct, .integer(.none))
    let perHead = builder.slot("per_head", .quotient(scale: 2, huf.divided(by: person)))
    builder.compute(.divideQuotient, average, employees, to: perHead)
    let size = builder.scale("Size", "S", "M", "L")
    let amount = builder.rank("amount", size, by: perHead, cuts: [1_000_000, 10_000_000])
    let sizes = builder.rank("size", size, by: employees, cuts: [50, 250])
    let coverage = builder.rank("coverage", size, by: currencies, cuts: [3, 6])
    builder.decision(
      "invoice_profile", .first,
      [
        .init(
          name: "steady",
          when: .all([.compare(amount, .equal, sizes), .compare(sizes, .equal, coverage)]),
          then: "Steady Customers"),
        .init(
          name: "under",
          when: .all([.compare(sizes, .less, coverage), .compare(amount, .less, coverage)]),
          then: "Under-performing Customers"),
      ], otherwise: "Developed Customers")
    return builder.build()
  }

  @Test func `19 of 27 rank combinations end in otherwise, and nothing else is found`() {
    let findings = RulesetAnalysis(invoiceProfile()).findings()
    #expect(findings.map(\.code) == ["S1"])
    #expect(findings.first?.message == "19 of 27 rank combinations end in otherwise")
    #expect(findings.first?.severity == .note)
    let listed = RulesetAnalysis(invoiceProfile(), isListing: true).findings()
    #expect(listed.first?.notes.count == 19)
    #expect(listed.first?.notes.first == "amount = S, size = M, coverage = S")
  }

  @Test func `a quotient with an operand of its own is independent of the ranks beside it`() {
    let question = DecisionQuestion(invoiceProfile(), decision: 0)
    #expect(question.doubts == [])
    #expect(question.axes.map(\.cellCount) == [3, 3, 3])
  }

  @Test func `without otherwise the same rules leave a gap with a witness`() throws {
    var program = invoiceProfile()
    program.decisions[0].otherwise = nil
    let gaps = RulesetAnalysis(program).findings().filter { $0.code == "G1" }
    let first = try #require(gaps.first)
    #expect(first.severity == .error)
    #expect(
      first.message
        == "no rule covers per_head = 0 HUF/person, enterprise.employees = 50 person, currencies = 0"
    )
    #expect(first.notes.first == "gap: size >= M and coverage == S")
  }

  @Test func `nine combinations of two aligned scales are proved complete and disjoint`() {
    var builder = DecisionTableBuilder()
    let opened = builder.input("customer.opened", .date)
    let rate = builder.aggregate("rate", .mean, .quotient(scale: 2, .none))
    let life = builder.scale("Life", "New", "Moderate", "Mature")
    let rates = builder.scale("Rate", "Low", "Moderate", "High")
    let lifeRank = builder.rank(
      "life", life, by: opened, cuts: [5_995, 11_688], falling: true)
    let rateRank = builder.rank("activity_rate", rates, by: rate, cuts: [52_936_600, 102_950_000])
    builder.decision(
      "transfer_activity", .unique,
      [
        .init(name: "steady", when: .compare(lifeRank, .equal, rateRank), then: "Steady"),
        .init(name: "low", when: .compare(lifeRank, .greater, rateRank), then: "Low"),
        .init(name: "high", when: .compare(lifeRank, .less, rateRank), then: "High"),
      ])
    #expect(RulesetAnalysis(builder.build()).findings() == [])

    // The proof is what refuses an `otherwise` here.
    builder.decision(
      "with_default", .unique,
      [
        .init(name: "steady", when: .compare(lifeRank, .equal, rateRank), then: "Steady"),
        .init(name: "other", when: .compare(lifeRank, .notEqual, rateRank), then: "Other"),
      ], otherwise: "Nothing")
    let findings = RulesetAnalysis(builder.build()).findings()
    #expect(findings.map(\.code) == ["U2"])
    #expect(findings.first?.message == "`otherwise` never decides: the rules cover every case")
  }
}
