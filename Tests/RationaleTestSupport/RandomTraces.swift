package import DataFields
package import DecisionTrace

/// Traces of three small decisions, drawn at random: a profile by the first rule that holds, a limit
/// whose outcome is an amount and may be overridden, and offers that are collected with a model's
/// score. Together they have a value of every form.
package struct RandomTraces {
  package static let schemas: [(schema: TraceSchema, digest: Digest)] = [
    (profile, TraceFixtures.digest(0xA1)), (limit, TraceFixtures.digest(0xA2)),
    (offers, TraceFixtures.digest(0xA3)),
  ]

  /// One trace, with what a log wants beside its body.
  package struct Drawn {
    package var body: [UInt8]
    package var subject: String
    package var decision: String
  }

  private var generator: SeededGenerator
  private let subjects: Int
  private var record = 0

  /// - Parameter subjects: how many subjects the traces are about.
  package init(seed: UInt64, subjects: Int = 20) {
    generator = SeededGenerator(seed: seed)
    self.subjects = subjects
  }

  private static let fields = [
    TraceFixtures.field("client.id", .key, .text),
    TraceFixtures.field("client.size", .input, .integer(TraceFixtures.person)),
    TraceFixtures.field("average", .aggregate, .quotient(scale: 2, TraceFixtures.huf)),
    TraceFixtures.field("since", .input, .date),
    TraceFixtures.field("score", .score, .double),
  ]

  private static func rule(_ name: String, code: String?) -> TraceSchema.Rule {
    TraceSchema.Rule(
      name: name, isOtherwise: name == "otherwise", reasonCode: code, reason: [], text: "true",
      clauses: [
        TraceSchema.Clause(text: "true", left: .unnamed, right: .unnamed, symbol: "")
      ], line: 1)
  }

  private static func schema(
    _ decision: String, _ hitPolicy: String, _ outcome: ValueType, isList: Bool = false,
    overrides: [TraceSchema.Override] = [], models: [TraceSchema.Model] = []
  ) -> TraceSchema {
    TraceSchema(
      decision: decision, ruleset: "random", version: 1, path: "random.rules",
      rulesetDigest: TraceFixtures.digest(0xA0), hitPolicy: hitPolicy, fields: fields,
      ranks: [TraceFixtures.sizeRank("size", field: 1, cutPoints: [50, 250], line: 1)],
      rules: [
        rule("small", code: "R-1"), rule("large", code: nil), rule("otherwise", code: "R-3"),
      ],
      models: models, overrides: overrides, artefacts: [], outcomeType: outcome,
      outcomeIsList: isList)
  }

  private static let profile = schema("profile", "first", .text)
  private static let limit = schema(
    "limit", "first", .decimal(scale: 2, TraceFixtures.huf),
    overrides: [
      TraceSchema.Override(
        name: "frozen", reasonCode: "O-1", authority: "Risk", until: nil, text: "true", line: 9)
    ])
  private static let offers = schema(
    "offers", "collect", .text, isList: true,
    models: [
      TraceSchema.Model(
        name: "m", path: "m.pmml", digest: TraceFixtures.digest(0xA9),
        features: ["SIZE", "AVERAGE"], featureFields: [1, 2], scoreFields: [4], method: "exact",
        attributed: "raw score")
    ])

  package mutating func next() -> Drawn {
    record += 1
    let kind = number(3)
    let subject = "client-\(number(subjects))"
    let (schema, digest) = Self.schemas[kind]
    let day = CalendarDate(daysSinceEpoch: Int32(18_600 + record / 4 + number(10)))
    var encoder = TraceBodyEncoder()
    encoder.begin(
      schema: digest, source: "source-\(number(3))", record: record, index: number(2),
      subject: subject, asOf: number(8) == 0 ? nil : day)
    var texts = TextInterner()
    values(&encoder, &texts, subject)
    encoder.rank(level: number(4) == 3 ? nil : number(3))
    let isRefused = number(6) == 0
    let states = isRefused ? [0, 0, 0] : (0..<3).map { _ in number(3) }
    for state in states { encoder.rule(state: UInt8(state), decidingClause: number(2) - 1) }
    if kind == 2 { attributions(&encoder) }
    let deciding = states.firstIndex(of: 1) ?? 2
    if isRefused {
      encoder.refused(
        UInt8(number(Trace.Refusal.allCases.count)), field: optional(5), rule: optional(3),
        conflicting: optional(3))
    } else if kind == 2 {
      let count = number(3)
      encoder.decided(rule: deciding, count: count)
      for _ in 0..<count {
        encoder.listed(.text, value: Int128(texts.intern("offer \(number(3))")), texts: texts)
      }
    } else {
      let form: TracedForm = kind == 0 ? .text : .word
      encoder.decided(
        rule: deciding, form, value: outcome(kind, &texts), denominator: 1, texts: texts)
    }
    if kind == 1, number(4) == 0 {
      encoder.override(0, .word, replaced: outcome(kind, &texts), texts: texts)
    } else {
      encoder.noOverride()
    }
    encoder.previous(number(2) == 0 ? nil : ArraySlice("before".utf8))
    encoder.lineage(length: number(2), head: TraceFixtures.digest(0x5A))
    encoder.conversions(count: 0)
    return Drawn(body: encoder.bytes, subject: subject, decision: schema.decision)
  }

  /// A trace of the profile, decided by `otherwise`.
  package static func profileBody(subject: String, outcome: String) -> [UInt8] {
    var texts = TextInterner()
    var encoder = TraceBodyEncoder()
    encoder.begin(
      schema: schemas[0].digest, source: "source", record: 1, index: 0, subject: subject, asOf: nil)
    for field in fields {
      encoder.value(
        TracedForm(field.type), state: 1, origin: 0, value: 0, denominator: 1, texts: texts)
    }
    encoder.rank(level: nil)
    for state in [2, 2, 1] { encoder.rule(state: UInt8(state), decidingClause: -1) }
    encoder.decided(
      rule: 2, .text, value: Int128(texts.intern(outcome)), denominator: 1, texts: texts)
    encoder.noOverride()
    encoder.previous(nil)
    encoder.lineage(length: 0, head: nil)
    encoder.conversions(count: 0)
    return encoder.bytes
  }

  private mutating func outcome(_ kind: Int, _ texts: inout TextInterner) -> Int128 {
    kind == 0
      ? Int128(texts.intern(["Steady", "Développé", "", "With \"quotes\"\n"][number(4)]))
      : Int128(number(40) * 2_505)
  }

  private mutating func values(
    _ encoder: inout TraceBodyEncoder, _ texts: inout TextInterner, _ subject: String
  ) {
    let score = Double(number(1_000)) / 1_000
    let words: [(Int128, Int128)] = [
      (Int128(texts.intern(subject)), 1), (Int128(number(400)) - 100, 1),
      (Int128(number(1 << 40)) * 1_000_003, Int128(number(300) + 1)),
      (Int128(number(20_000)), 1), (Int128(score.bitPattern), 1),
    ]
    for (field, word) in zip(Self.fields, words) {
      let state = field.kind == .key ? 0 : max(0, number(8) - 4)
      encoder.value(
        TracedForm(field.type), state: UInt8(min(state, 3)), origin: UInt8(number(5)),
        value: word.0, denominator: word.1, texts: texts)
    }
  }

  private mutating func attributions(_ encoder: inout TraceBodyEncoder) {
    guard number(3) > 0 else { return encoder.attributionsAbsent() }
    var check: Trace.AttributionCheck?
    if number(2) == 0 {
      check = Trace.AttributionCheck(
        residual: 1e-16, floatRounding: 0, tolerance: 1e-12, floatTolerance: 0,
        evaluationCount: 300, errors: number(2) == 0 ? [] : [0.1, 0.2], restError: 0.5)
    }
    encoder.attributions(
      baseValue: 0.1, output: 0.7, features: [(0, 0.5), (1, 0.1)], rest: 0, restCount: number(2),
      check: check)
  }

  private mutating func number(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  private mutating func optional(_ bound: Int) -> Int? {
    number(2) == 0 ? nil : number(bound)
  }
}
