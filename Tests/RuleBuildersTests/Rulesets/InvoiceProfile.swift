import DataFields
import RuleBuilders

enum Size: String, RuleScale {
  case small = "S"
  case medium = "M"
  case large = "L"

  var title: String? { "\(self)" }
}

/// `rules/invoice-profile.rules` in Swift.
enum InvoiceProfile {
  static let person = RuleUnit("person")
  static let huf = RuleUnit.currency("HUF")

  static let rates = Rates(
    "huf",
    from: FileReference(
      "reference/huf-rates.csv",
      sha256: "a97fd0949f1d9d32b836fd4c9dc461f8af4f0214a1964f13d6a42621e930c5c8"),
    date: "date", currency: "currency", rate: "huf", digits: 4, previousWithin: 7)

  static let enterprise = Input("enterprise", of: Enterprise.self, from: "static") {
    Field(\.id, "id", .text).column("PARTY_ID").key().masked(keep: 4)
    Field(\.employees, "employees", .int(person)).column("SIZE").in(1...1_000_000)
      .missing(as: "", "Ismeretlen", "0").actionable(.yes, step: 1)
  }

  static let invoice = Event(
    "invoice", of: Invoice.self, from: "invoices", by: \.party, in: enterprise
  ) {
    Field(\.party, "party", .text).column("party_id")
    Field(\.currency, "currency", .code).column("currency")
    Field(\.payable, "payable", .decimal(2)).column("payableamount").in(currencyOf: \.currency)
    Field(\.issued, "issued", .date).column("issuedate").time()
  }

  // A cancelled invoice carries a minus.
  static let kept = Selection("kept", invoice.where { $0.payable >= 0 })
  static let average = Let(
    "average", kept.payable.converted(to: huf, by: rates, at: \.issued).mean(),
    missing: .refuse)
  static let perHead = Let("per_head", average / enterprise.employees)
  static let currencies = Let(
    "currencies", kept.where { $0.currency != huf }.currency.countDistinct())

  static let amount = Rank("amount", of: Size.self, by: perHead) {
    Size.small.below((huf / person)(10_000))
    Size.medium.below((huf / person)(100_000))
    Size.large.otherwise
  }
  static let size = Rank("size", of: Size.self, by: enterprise.employees) {
    Size.small.below(person(50))
    Size.medium.below(person(250))
    Size.large.otherwise
  }
  static let coverage = Rank("coverage", of: Size.self, by: currencies) {
    Size.small.below(3)
    Size.medium.below(6)
    Size.large.otherwise
  }

  static let profile = RuleDecision("invoice_profile", hit: .first) {
    Rule(
      "steady", reason: "IP-01", "Amount, size and coverage are all \(size).",
      when: allEqual(amount, size, coverage), then: "Steady Customers")
    Rule(
      "under", reason: "IP-02",
      "Coverage \(coverage) is above size \(size) and above amount \(amount).",
      when: size < coverage && amount < coverage, then: "Under-performing Customers")
    Otherwise(
      reason: "IP-03",
      "Neither steady nor under-performing: amount \(amount), size \(size), coverage \(coverage).",
      then: "Developed Customers")
  }

  static let ruleset = Ruleset(
    "invoice-profile", version: 1,
    summary:
      "Profile of an enterprise from the invoices it issues, in the reading of the published report.",
    owner: "Customer analytics", effective: .from(CalendarDate(daysSinceEpoch: 18_628)),
    source: "Customer Profiling, streaming part proposal, 2021-01-27, section 2"
  ) {
    person
    huf
    rates
    enterprise
    invoice
    kept
    average
    perHead
    currencies
    Scale(Size.self)
    amount
    size
    coverage
    profile

    TestCase("customer 334628087") {
      Given(
        enterprise.employees.is(person(4)), average.is(huf(285_792_976) / 230), currencies.is(1))
      Expect(
        amount.is(.large), size.is(.small), coverage.is(.small),
        profile.is("Developed Customers", by: "otherwise"))
    }
    TestCase("on a cut point the higher rank wins") {
      Given(enterprise.employees.is(person(50)), average.is(huf(500_000)), currencies.is(3))
      Expect(
        size.is(.medium), amount.is(.medium), coverage.is(.medium),
        profile.is("Steady Customers", by: "steady"))
    }
    TestTable("one row per rule") {
      TestRow(
        enterprise.employees.is(10), average.is(huf(99_999)), currencies.is(2),
        expect: profile.is("Steady Customers", by: "steady"))
      TestRow(
        enterprise.employees.is(10), average.is(huf(99_999)), currencies.is(4),
        expect: profile.is("Under-performing Customers", by: "under"))
      TestRow(
        enterprise.employees.is(300), average.is(huf(75_000_000)), currencies.is(1),
        expect: profile.is("Developed Customers", by: "otherwise"))
    }
    Property("more employees never lower the size") { size.rises(with: enterprise.employees) }
  }
}
