package import DataFields
package import DecisionTrace

/// A model in the loop with a table, an override and negative attributions; and ranks by date.
extension TraceFixtures {
  package static let premiumOffer = TraceSchema(
    decision: "offer", ruleset: "premium-offer", version: 1, path: "rules/model-in-the-loop.rules",
    rulesetDigest: digest(0x3B), hitPolicy: "priority",
    fields: [
      field("enterprise.id", .key, .text, line: 18, keeps: 4),
      field("enterprise.employees", .input, .integer(person), line: 19),
      field("currencies", .aggregate, .integer(.none), "count distinct(kept.currency)", line: 32),
      field("invoices", .aggregate, .integer(.none), "count(kept) over all time", line: 9),
      field("premium.p", .score, .double, line: 13),
      field("invoice_profile", .outcome, .text, line: 50),
    ],
    ranks: [
      TraceSchema.Rank(
        name: "prospect", field: 4, scale: "Band", levels: ["Low", "Middle", "High"],
        levelTexts: ["Low", "Middle", "High"],
        cutPoints: [Int128((0.2).bitPattern), Int128((0.5).bitPattern)],
        cutPointNames: ["prospect.Middle", "prospect.High"], belongsBelow: [false, false],
        intervalLevels: [0, 1, 2], line: 18)
    ],
    rules: [
      row(1, "High | *", "PO-01", [("prospect == High", .rank(0), "==", .unnamed)]),
      row(
        2, "Middle | \"Developed Customers\"", "PO-02",
        [
          ("prospect == Middle", .rank(0), "==", .unnamed),
          ("invoice_profile == \"Developed Customers\"", .field(5), "==", .unnamed),
        ]),
      row(3, "Middle | *", "PO-03", [("prospect == Middle", .rank(0), "==", .unnamed)]),
      row(4, "Low | *", "PO-04", [("prospect == Low", .rank(0), "==", .unnamed)]),
    ],
    models: [
      TraceSchema.Model(
        name: "premium", path: "models/premium.pmml", digest: digest(0x41),
        features: ["INVOICE_COUNT", "SIZE", "CURRENCIES"], featureFields: [3, 1, 2],
        scoreFields: [4], method: "interventional tree shap", attributed: "raw score")
    ],
    overrides: [
      TraceSchema.Override(
        name: "do_not_contact", reasonCode: "PO-09", authority: "data protection",
        until: CalendarDate(year: 2026, month: 12, day: 31),
        text: "enterprise.id in list \"reference/do-not-contact.csv\"", line: 32)
    ],
    artefacts: [
      TraceSchema.Artefact(
        role: "ruleset", path: "rules/model-in-the-loop.rules", digest: digest(0x3B)),
      TraceSchema.Artefact(role: "model", path: "models/premium.pmml", digest: digest(0x41)),
      TraceSchema.Artefact(
        role: "background", path: "models/premium.background.csv", digest: digest(0x42)),
      TraceSchema.Artefact(
        role: "list", path: "rules/reference/do-not-contact.csv", digest: digest(0x43)),
    ], outcomeType: .text)

  package static let premiumOfferDigest = digest(0x52)

  private static func row(
    _ number: Int, _ text: String, _ code: String,
    _ clauses: [(String, TraceSchema.Operand, String, TraceSchema.Operand)]
  ) -> TraceSchema.Rule {
    TraceSchema.Rule(
      name: "row \(number)", isOtherwise: false, reasonCode: code, reason: [], text: text,
      clauses: clauses.map {
        TraceSchema.Clause(text: $0.0, left: $0.1, right: $0.3, symbol: $0.2)
      }, line: 24 + number)
  }

  /// - Parameter check: how nearly the attributions add up, where there is something to be said.
  package static func premiumOfferBody(
    isOverridden: Bool = true, check: Trace.AttributionCheck? = nil
  ) -> [UInt8] {
    var texts = TextInterner()
    let codes = ["334628087", "Developed Customers", "call", "none"].map { texts.intern($0) }
    var encoder = TraceBodyEncoder()
    encoder.begin(
      schema: premiumOfferDigest, source: "invoices", record: 4812, index: 1,
      subject: "334628087", asOf: CalendarDate(year: 2021, month: 1, day: 27))
    let score = 0.8817326724529266
    let values: [(ValueOrigin, Int128)] = [
      (.input, Int128(codes[0])), (.input, 4), (.events, 1), (.events, 230),
      (.derived, Int128(score.bitPattern)), (.derived, Int128(codes[1])),
    ]
    for (field, value) in zip(premiumOffer.fields, values) {
      encoder.value(
        TracedForm(field.type), state: 0, origin: value.0.rawValue, value: value.1, denominator: 1,
        texts: texts)
    }
    encoder.rank(level: 2)
    encoder.rule(state: 1, decidingClause: 0)
    for _ in 0..<3 { encoder.rule(state: 2, decidingClause: 0) }
    encoder.attributions(
      baseValue: -0.413, output: 2.0103, features: [(0, 2.2043), (1, -0.087)], rest: 0.306,
      restCount: 1, check: check)
    encoder.decided(
      rule: 0, .text, value: Int128(codes[isOverridden ? 3 : 2]), denominator: 1, texts: texts)
    if isOverridden {
      encoder.override(0, .text, replaced: Int128(codes[2]), texts: texts)
    } else {
      encoder.noOverride()
    }
    encoder.previous(ArraySlice("call".utf8))
    encoder.lineage(length: 231, head: digest(0x5A))
    encoder.conversions(count: 1)
    encoder.conversion(
      from: ArraySlice("EUR".utf8), to: ArraySlice("HUF".utf8), rate: 3_573_412, digits: 4,
      date: CalendarDate(daysSinceEpoch: 18_653))
    return encoder.bytes
  }

  package static func premiumOfferTrace(
    isOverridden: Bool = true, check: Trace.AttributionCheck? = nil
  ) throws -> Trace {
    try Trace(
      body: premiumOfferBody(isOverridden: isOverridden, check: check), schema: premiumOffer,
      digest: premiumOfferDigest)
  }

  /// Ranks by date, whose levels fall along the axis, and money that lies on a cut point.
  package static let transferActivity = TraceSchema(
    decision: "transfer_activity", ruleset: "transfer-activity", version: 1,
    path: "rules/transfer-activity.rules", rulesetDigest: digest(0x77), hitPolicy: "unique",
    fields: [
      field("customer.id", .key, .text, line: 10, keeps: 4),
      field("customer.opened", .input, .date, line: 11),
      field("rate", .aggregate, .quotient(scale: 2, huf), "mean(transfer.amount) over all time"),
    ],
    ranks: [
      TraceSchema.Rank(
        name: "life", field: 1, scale: "Life", levels: ["New", "Moderate", "Mature"],
        levelTexts: ["New", "Moderate", "Mature"], cutPoints: [5995, 11688],
        cutPointNames: ["life.Moderate", "life.New"], belongsBelow: [false, false],
        intervalLevels: [2, 1, 0], line: 26),
      TraceSchema.Rank(
        name: "activity_rate", field: 2, scale: "Rate", levels: ["Low", "Moderate", "High"],
        levelTexts: ["Low", "Moderate", "High"], cutPoints: [52_936_600, 102_950_000],
        cutPointNames: ["activity_rate.Moderate", "activity_rate.High"],
        belongsBelow: [false, false], intervalLevels: [0, 1, 2], line: 31),
    ],
    rules: [
      TraceSchema.Rule(
        name: "steady", isOtherwise: false, reasonCode: "TA-01",
        reason: [
          .text("Account life "), .operand(.rank(0)), .text(" matches transfer rate "),
          .operand(.rank(1)), .text("."),
        ], text: "life == activity_rate",
        clauses: [
          TraceSchema.Clause(
            text: "life == activity_rate", left: .rank(0), right: .rank(1), symbol: "==")
        ], line: 39),
      TraceSchema.Rule(
        name: "low", isOtherwise: false, reasonCode: "TA-02", reason: [],
        text: "life > activity_rate",
        clauses: [
          TraceSchema.Clause(
            text: "life > activity_rate", left: .rank(0), right: .rank(1), symbol: ">")
        ], line: 42),
    ],
    models: [], overrides: [],
    artefacts: [
      TraceSchema.Artefact(
        role: "ruleset", path: "rules/transfer-activity.rules", digest: digest(0x77))
    ], outcomeType: .text)

  package static let transferActivityDigest = digest(0x53)

  /// - Parameter decidingRow: the rule that holds, of so many; those before it failed.
  package static func transferActivityBody(
    decidingRow: Int = 0, of count: Int = 2
  ) -> [UInt8] {
    var texts = TextInterner()
    let id = texts.intern("334628087")
    let outcome = texts.intern("Steady Activity")
    var encoder = TraceBodyEncoder()
    encoder.begin(
      schema: transferActivityDigest, source: "transfers", record: 7, index: 0,
      subject: "334628087", asOf: CalendarDate(year: 2021, month: 1, day: 26))
    let values: [(ValueOrigin, Int128, Int128)] = [
      (.input, Int128(id), 1), (.input, 6000, 1), (.events, 105_873_200, 2),
    ]
    for (field, value) in zip(transferActivity.fields, values) {
      encoder.value(
        TracedForm(field.type), state: 0, origin: value.0.rawValue, value: value.1,
        denominator: value.2,
        texts: texts)
    }
    encoder.rank(level: 1)
    encoder.rank(level: 1)
    for row in 0..<count {
      // `hit unique` looks at both rules of the example; a long table stands for `hit first`.
      let isReached = row <= decidingRow || count == 2
      encoder.rule(state: row == decidingRow ? 1 : isReached ? 2 : 0, decidingClause: 0)
    }
    encoder.decided(
      rule: decidingRow, .text, value: Int128(outcome), denominator: 1, texts: texts)
    encoder.noOverride()
    encoder.previous(nil)
    encoder.lineage(length: 1, head: digest(0x5B))
    encoder.conversions(count: 0)
    return encoder.bytes
  }

  package static func transferActivityTrace() throws -> Trace {
    try Trace(
      body: transferActivityBody(), schema: transferActivity, digest: transferActivityDigest)
  }
}
