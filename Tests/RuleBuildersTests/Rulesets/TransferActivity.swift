import DataFields
import RuleBuilders

enum Life: String, RuleScale {
  case new = "New"
  case moderate = "Moderate"
  case mature = "Mature"
}

enum Rate: String, RuleScale {
  /// Levels of both scales compare by position, which `Align` declares.
  typealias AlignedWith = Life

  case low = "Low"
  case moderate = "Moderate"
  case high = "High"
}

/// `rules/transfer-activity.rules` in Swift.
enum TransferActivity {
  static let huf = RuleUnit.currency("HUF")

  static let customer = Input("customer", of: Customer.self, from: "static") {
    Field(\.id, "id", .text).column("PARTY_ID").key().masked(keep: 4)
    Field(\.opened, "opened", .date).column("CREATED_ON").missing(.refuse).actionable(.no)
  }

  static let transfer = Event(
    "transfer", of: Transfer.self, from: "transfers", by: \.party, in: customer
  ) {
    Field(\.party, "party", .text).column("PARTY_ID")
    Field(\.amount, "amount", .decimal(2, huf)).column("AMOUNT").in(0...1_000_000_000_000)
    Field(\.at, "at", .date).column("VALUE_DATE").time()
  }

  static let rate = Let("rate", transfer.amount.mean(), missing: .refuse)

  // An earlier date is a longer life: levels may fall, but only all of them.
  static let life = Rank("life", of: Life.self, by: customer.opened) {
    Life.mature.before("1986-06-01")
    Life.moderate.before("2002-01-01")
    Life.new.otherwise
  }
  static let activityRate = Rank("activity_rate", of: Rate.self, by: rate) {
    Rate.low.below(huf(529_366))
    Rate.moderate.below(huf(1_029_500))
    Rate.high.otherwise
  }

  static let activity = RuleDecision("transfer_activity", hit: .unique) {
    Rule(
      "steady", reason: "TA-01", "Account life \(life) matches transfer rate \(activityRate).",
      when: life == activityRate, then: "Steady Activity")
    Rule(
      "low", reason: "TA-02", "Account life \(life) is above transfer rate \(activityRate).",
      when: life > activityRate, then: "Low Activity")
    Rule(
      "high", reason: "TA-03", "Transfer rate \(activityRate) is above account life \(life).",
      when: life < activityRate, then: "High Activity")
  }

  static let ruleset = Ruleset(
    "transfer-activity", version: 1,
    summary: """
      Transfer activity: how long the account has lived against how much it moves, in the reading \
      of the published report.
      """,
    owner: "Customer analytics", effective: .from(CalendarDate(daysSinceEpoch: 18_628)),
    source: "Customer Profiling, streaming part proposal, 2021-01-27, section 1"
  ) {
    huf
    customer
    transfer
    rate
    Scale(Life.self)
    Scale(Rate.self)
    Align(Life.self, with: Rate.self)
    life
    activityRate
    Comment(
      """
      the checker proves that the three rules cover each of the nine combinations once, so \
      `otherwise` would be refused
      """)
    activity

    TestTable("corners") {
      TestRow(
        customer.opened.is("1980-01-01"), rate.is(huf(100_000)),
        expect: activity.is("Low Activity", by: "low"))
      TestRow(
        customer.opened.is("1986-06-01"), rate.is(huf(529_366)),
        expect: activity.is("Steady Activity", by: "steady"))
      TestRow(
        customer.opened.is("2010-01-01"), rate.is(huf(2_000_000)),
        expect: activity.is("High Activity", by: "high"))
    }
  }
}
