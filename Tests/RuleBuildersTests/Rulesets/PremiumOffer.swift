import DataFields
import RuleBuilders

enum Band: String, RuleScale {
  case low = "Low"
  case middle = "Middle"
  case high = "High"
}

enum Offer: String, Codable, TextChoice {
  case call, mail, none
}

/// `rules/premium-offer.rules` in Swift: its inputs, values, ranks and decisions are those of
/// `InvoiceProfile`.
enum PremiumOffer {
  static let invoices = Let("invoices", InvoiceProfile.kept.count())

  static let premium = Model(
    "premium",
    from: FileReference(
      "../models/premium.pmml",
      sha256: "0deda1fd178ccdd7816b6a4b353393675c5116991399bd2d2d6b345364c1300e")
  ) {
    Feed("INVOICE_COUNT", invoices)
    Feed("SIZE", InvoiceProfile.enterprise.employees)
    Feed("CURRENCIES", InvoiceProfile.currencies)
    ModelScore("p", .probability("1"), in: 0...1)
    ModelExplanation(
      by: "tree shap", top: 5,
      against: FileReference(
        "../models/premium.background.csv",
        sha256: "e1643ff3d58154407fa62ac3e3b1dca9c79ff6612f7e76ee22246493a425ae28"))
  }

  static let prospect = Rank("prospect", of: Band.self, by: premium["p"]) {
    Band.low.below(.decimal("0.20"))
    Band.middle.below(.decimal("0.50"))
    Band.high.otherwise
  }

  static let offer = RuleDecision(
    "offer", of: Offer.self, hit: .priority(.call, .mail, .none)
  ) {
    Table(prospect, InvoiceProfile.profile) {
      Row(prospect.is(.high), then: .call, reason: "PO-01")
      Row(
        prospect.is(.middle), InvoiceProfile.profile.is("Developed Customers"), then: .call,
        reason: "PO-02")
      Row(prospect.is(.middle), then: .mail, reason: "PO-03")
      Row(prospect.is(.low), then: .none, reason: "PO-04")
    }
  }

  static let doNotContact = FileReference(
    "reference/do-not-contact.csv",
    sha256: "1d5087c37cf651de3fdea5bc0cd8d00b19eef5d5c17594b5042755c3f6109668")

  static let ruleset = Ruleset(
    "premium-offer", version: 1,
    summary:
      "A model beside the ranks: the score becomes a rank, and rule and model meet in one table.",
    owner: "Customer analytics", effective: .from(CalendarDate(daysSinceEpoch: 18_628))
  ) {
    Use(InvoiceProfile.ruleset)
    invoices
    premium
    Scale(Band.self)
    prospect
    offer

    Override(
      "do_not_contact", of: offer, reason: "PO-09", by: "data protection",
      until: CalendarDate(year: 2026, month: 12, day: 31),
      when: InvoiceProfile.enterprise.id.isIn(list: doNotContact), set: .none)

    TestTable("score and profile meet") {
      for (p, profile, expected, row) in [
        (Value<Score>.decimal("0.60"), "Steady Customers", Offer.call, "PO-01"),
        (.decimal("0.50"), "Under-performing Customers", .call, "PO-01"),
        (.decimal("0.30"), "Developed Customers", .call, "PO-02"),
        (.decimal("0.30"), "Steady Customers", .mail, "PO-03"),
        (.decimal("0.10"), "Developed Customers", .none, "PO-04"),
      ] {
        TestRow(
          premium["p"].is(p), InvoiceProfile.profile.is(.text(profile)),
          expect: offer.is(expected, by: row))
      }
    }
  }
}
