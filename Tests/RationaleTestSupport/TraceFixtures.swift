package import DataFields
package import DecisionTrace

/// Schemas and bodies made by hand: the traces of the three example rulesets, as an engine would
/// write them.
package enum TraceFixtures {
  /// A digest of one repeated byte: enough to be told apart.
  package static func digest(_ byte: UInt8) -> Digest {
    guard let digest = Digest(bytes: Array(repeating: byte, count: 32)) else {
      preconditionFailure("32 bytes are a digest")
    }
    return digest
  }

  package static let huf = MeasurementUnit("HUF", minorDigits: 2)
  package static let person = MeasurementUnit("person")

  package static func field(
    _ name: String, _ kind: TraceSchema.Field.Kind, _ type: ValueType, _ definition: String = "",
    line: Int = 1, keeps: Int? = nil
  ) -> TraceSchema.Field {
    TraceSchema.Field(
      name: name, kind: kind, type: type, definition: definition, line: line,
      isPersonal: kind == .key, maskKeeps: keeps)
  }

  package static func sizeRank(
    _ name: String, field: Int, cutPoints: [Int128], line: Int
  ) -> TraceSchema.Rank {
    TraceSchema.Rank(
      name: name, field: field, scale: "Size", levels: ["S", "M", "L"],
      levelTexts: ["small", "medium", "large"], cutPoints: cutPoints,
      cutPointNames: ["\(name).M", "\(name).L"], belongsBelow: [false, false],
      intervalLevels: [0, 1, 2], line: line)
  }

  private static func clause(
    _ text: String, _ left: TraceSchema.Operand, _ symbol: String, _ right: TraceSchema.Operand
  ) -> TraceSchema.Clause {
    TraceSchema.Clause(text: text, left: left, right: right, symbol: symbol)
  }

  /// The published SME profile from invoices.
  package static let invoiceProfile = TraceSchema(
    decision: "invoice_profile", ruleset: "invoice-profile", version: 1,
    path: "rules/invoice-profile.rules", rulesetDigest: digest(0x7C), hitPolicy: "first",
    fields: [
      field("enterprise.id", .key, .text, line: 18, keeps: 4),
      field("enterprise.employees", .input, .integer(person), line: 19),
      field(
        "average", .aggregate, .quotient(scale: 2, huf),
        "mean(kept.payable to HUF by huf at issued) over all time", line: 30),
      field(
        "per_head", .derived, .quotient(scale: 2, huf.divided(by: person)),
        "average / enterprise.employees", line: 31),
      field(
        "currencies", .aggregate, .integer(.none),
        "count distinct(kept.currency where currency != HUF) over all time", line: 32),
    ],
    ranks: [
      sizeRank("amount", field: 3, cutPoints: [1_000_000, 10_000_000], line: 36),
      sizeRank("size", field: 1, cutPoints: [50, 250], line: 41),
      sizeRank("coverage", field: 4, cutPoints: [3, 6], line: 46),
    ],
    rules: [
      TraceSchema.Rule(
        name: "steady", isOtherwise: false, reasonCode: "IP-01",
        reason: [
          .text("Amount, size and coverage are all "), .operand(.rank(1)), .text("."),
        ],
        text: "amount == size == coverage",
        clauses: [
          clause("amount == size", .rank(0), "==", .rank(1)),
          clause("size == coverage", .rank(1), "==", .rank(2)),
        ], line: 53),
      TraceSchema.Rule(
        name: "under", isOtherwise: false, reasonCode: "IP-02",
        reason: [
          .text("Coverage "), .operand(.rank(2)), .text(" is above size "), .operand(.rank(1)),
          .text(" and above amount "), .operand(.rank(0)), .text("."),
        ],
        text: "size < coverage and amount < coverage",
        clauses: [
          clause("size < coverage", .rank(1), "<", .rank(2)),
          clause("amount < coverage", .rank(0), "<", .rank(2)),
        ], line: 57),
      TraceSchema.Rule(
        name: "otherwise", isOtherwise: true, reasonCode: "IP-03",
        reason: [
          .text("Neither steady nor under-performing: amount "), .operand(.rank(0)),
          .text(", size "), .operand(.rank(1)), .text(", coverage "), .operand(.rank(2)),
          .text("."),
        ],
        text: "", clauses: [], line: 61),
    ],
    models: [], overrides: [],
    artefacts: [
      TraceSchema.Artefact(
        role: "ruleset", path: "rules/invoice-profile.rules", digest: digest(0x7C)),
      TraceSchema.Artefact(
        role: "rates", path: "rules/reference/huf-rates.csv", digest: digest(0xAB)),
    ], outcomeType: .text)

  package static let invoiceProfileDigest = digest(0x51)

  /// How one decision of ``invoiceProfile`` came out.
  package struct Profile {
    package var employees: Int128? = 4
    package var sum: Int128 = 28_579_297_600
    package var count: Int128 = 230
    package var currencies: Int128 = 1
    package var levels = [2, 0, 0]
    package var rule = 2
    package var outcome = "Developed Customers"
    package var previous: String? = "Developed Customers"
    package var origin = ValueOrigin.events
    package var employeesType: ValueType = .integer(person)
    package var hasPerHead = true

    package init() {}
  }

  /// Customer 334628087 with the published figures, unless `change` makes it another.
  package static func invoiceProfileBody(
    _ change: (inout Profile) -> Void = { _ in }
  ) -> [UInt8] {
    var profile = Profile()
    change(&profile)
    var texts = TextInterner()
    let id = texts.intern("334628087")
    let outcome = texts.intern(profile.outcome)
    var encoder = TraceBodyEncoder()
    encoder.begin(
      schema: invoiceProfileDigest, source: digest(0xE1).hexadecimal,
      record: 4812, index: 0, subject: "334628087",
      asOf: CalendarDate(year: 2021, month: 1, day: 27))
    var fields = invoiceProfile.fields
    fields[1].type = profile.employeesType
    func value(_ index: Int, _ origin: ValueOrigin, _ value: Int128?, over: Int128 = 1) {
      let state = value == nil ? ValueState.missing : .present
      encoder.value(
        TracedForm(fields[index].type), state: state.rawValue, origin: origin.rawValue,
        value: value ?? 0,
        denominator: over, texts: texts)
    }
    value(0, .input, Int128(id))
    value(1, .input, profile.employees)
    value(2, profile.origin, profile.sum, over: profile.count)
    value(
      3, .derived, profile.hasPerHead ? profile.employees.map { _ in profile.sum } : nil,
      over: profile.hasPerHead ? profile.count * (profile.employees ?? 1) : 1)
    value(4, .events, profile.currencies)
    for (index, level) in profile.levels.enumerated() {
      encoder.rank(level: index < 2 && profile.employees == nil ? nil : level)
    }
    if profile.employees == nil {
      for _ in 0..<3 { encoder.rule(state: 0, decidingClause: -1) }
      encoder.refused(Trace.Refusal.missing.rawValue, field: 1, rule: nil, conflicting: nil)
    } else {
      for index in 0..<2 {
        let state: UInt8 = index < profile.rule ? 2 : index == profile.rule ? 1 : 0
        encoder.rule(state: state, decidingClause: state == 1 ? 1 : 0)
      }
      encoder.rule(state: profile.rule == 2 ? 1 : 0, decidingClause: -1)
      encoder.decided(
        rule: profile.rule, .text, value: Int128(outcome), denominator: 1, texts: texts)
    }
    encoder.noOverride()
    encoder.previous(profile.previous.map { ArraySlice($0.utf8) })
    encoder.lineage(length: 231, head: digest(0x5A))
    encoder.conversions(count: 0)
    return encoder.bytes
  }

  /// The same with any number of employees, written as a value of another type; `per_head` is left
  /// out, so that only the number itself is extreme.
  package static func invoiceProfileBody(employees: Int128, as type: ValueType) -> [UInt8] {
    invoiceProfileBody {
      $0.employees = employees
      $0.employeesType = type
      $0.hasPerHead = false
    }
  }

  package static func invoiceProfileTrace(
    _ change: (inout Profile) -> Void = { _ in }
  ) throws -> Trace {
    try Trace(
      body: invoiceProfileBody(change), schema: invoiceProfile, digest: invoiceProfileDigest)
  }
}
