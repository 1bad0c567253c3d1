import Crypto
import DataFields
import DecisionTrace
import RationaleTestSupport

/// Schemas and bodies by chance, of every form that a body can have.
struct RandomTraces {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  struct Made {
    var schema: TraceSchema
    var digest: DataFields.Digest
    var body: [UInt8]
    var subject: String
  }

  mutating func next() -> Made {
    let schema = schema()
    let digest = Self.digest(of: schema)
    let subject = text()
    return Made(
      schema: schema, digest: digest, body: body(schema, digest, subject: subject),
      subject: subject)
  }

  static func digest(of schema: TraceSchema) -> DataFields.Digest {
    DataFields.Digest(bytes: Array(SHA256.hash(data: schema.encoded()))) ?? .zero
  }

  private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &generator) == 0 }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  private mutating func text() -> String {
    let letters = Array("abcxyz 0123456789-áőű€漢")
    let length = chance(12) ? number(100...400) : number(0...14)
    return String((0..<length).map { _ in letters.randomElement(using: &generator) ?? "a" })
  }

  private mutating func type() -> ValueType {
    switch number(0...7) {
    case 0: .boolean
    case 1: .integer(.none)
    case 2: .decimal(scale: number(0...6), .none)
    case 3: .quotient(scale: number(0...6), .none)
    case 4: .date
    case 5: .text
    case 6: .rank(scale: 0)
    default: .double
    }
  }

  mutating func schema() -> TraceSchema {
    let fields = (0..<number(0...12)).map { index in
      TraceSchema.Field(
        name: "field \(index)", kind: .input, type: type(), definition: "", line: 1,
        isPersonal: chance(2), maskKeeps: chance(5) ? 2 : nil)
    }
    let models = fields.isEmpty ? 0 : number(0...3)
    let features = (0..<models).map { _ in
      (0..<number(0...4)).map { _ in number(0...max(0, fields.count - 1)) }
    }
    return TraceSchema(
      decision: "decision", ruleset: "ruleset", version: 1, path: "r.rules",
      rulesetDigest: TraceFixtures.digest(7), hitPolicy: "first", fields: fields,
      ranks: fields.isEmpty
        ? []
        : (0..<number(0...3)).map {
          TraceFixtures.sizeRank("rank\($0)", field: 0, cutPoints: [3, 6], line: 2)
        },
      rules: (0..<number(1...5)).map { index in
        TraceSchema.Rule(
          name: "rule \(index)", isOtherwise: false, reasonCode: nil, reason: [], text: "",
          clauses: (0..<number(0...3)).map { _ in
            TraceSchema.Clause(text: "", left: .unnamed, right: .unnamed, symbol: "")
          }, line: 3)
      },
      models: features.enumerated().map { index, features in
        TraceSchema.Model(
          name: "model \(index)", path: "m.pmml", digest: TraceFixtures.digest(8),
          features: features.indices.map { "f\($0)" }, featureFields: features, scoreFields: [],
          method: "", attributed: "")
      },
      overrides: (0..<number(0...2)).map {
        TraceSchema.Override(
          name: "override \($0)", reasonCode: nil, authority: "", until: nil, text: "", line: 4)
      },
      artefacts: [], outcomeType: type(), outcomeIsList: chance(3))
  }

  mutating func body(
    _ schema: TraceSchema, _ digest: DataFields.Digest, subject: String
  ) -> [UInt8] {
    var texts = TextInterner()
    var encoder = TraceBodyEncoder()
    encoder.begin(
      schema: digest, source: text(), record: number(0...1 << 40), index: number(0...300),
      subject: subject,
      asOf: chance(2) ? nil : CalendarDate(daysSinceEpoch: Int32(number(-90_000...90_000))))
    for field in schema.fields {
      let state = chance(3) ? UInt8(number(1...3)) : 0
      let (value, denominator) = value(field.type, &texts)
      encoder.value(
        TracedForm(field.type), state: state, origin: UInt8(number(0...4)), value: value,
        denominator: denominator, texts: texts)
    }
    for rank in schema.ranks {
      encoder.rank(level: chance(4) ? nil : number(0...rank.levels.count - 1))
    }
    for rule in schema.rules {
      encoder.rule(
        state: UInt8(number(0...2)), decidingClause: number(-1...rule.clauses.count - 1))
    }
    for model in schema.models { attributions(model, &encoder) }
    result(schema, &encoder, &texts)
    if schema.overrides.isEmpty || chance(2) {
      encoder.noOverride()
    } else if schema.outcomeIsList {
      let count = number(0...4)
      encoder.override(number(0...schema.overrides.count - 1), replacedCount: count)
      for _ in 0..<count { listed(schema, &encoder, &texts) }
    } else {
      let index = number(0...schema.overrides.count - 1)
      // A quotient is replaced whole: over one.
      let (value, _) = value(schema.outcomeType, &texts)
      encoder.override(index, TracedForm(schema.outcomeType), replaced: value, texts: texts)
    }
    encoder.previous(chance(2) ? nil : ArraySlice(text().utf8))
    let length = chance(3) ? 0 : number(1...1 << 20)
    encoder.lineage(length: length, head: TraceFixtures.digest(UInt8(number(0...255))))
    let conversions = chance(2) ? 0 : number(1...4)
    encoder.conversions(count: conversions)
    for _ in 0..<conversions {
      encoder.conversion(
        from: ArraySlice("EUR".utf8), to: ArraySlice("HUF".utf8), rate: Int128(number(1...1 << 40)),
        digits: number(0...6), date: CalendarDate(daysSinceEpoch: Int32(number(0...20_000))))
    }
    return encoder.bytes
  }

  private mutating func value(_ type: ValueType, _ texts: inout TextInterner) -> (Int128, Int128) {
    switch type {
    case .boolean: return (Int128(number(0...1)), 1)
    case .text: return (Int128(texts.intern(text())), 1)
    case .date: return (Int128(number(-90_000...90_000)), 1)
    case .double: return (Int128(Double(number(-1000...1000)).bitPattern), 1)
    case .quotient: return (whole(), Int128(number(1...1 << 40)))
    case .integer, .decimal, .rank: return (whole(), 1)
    }
  }

  /// Numbers of every length, to the largest.
  private mutating func whole() -> Int128 {
    let bits = UInt128.random(in: .min ... .max, using: &generator) >> UInt128(number(0...127))
    return Int128(truncatingIfNeeded: bits)
  }

  private mutating func attributions(
    _ model: TraceSchema.Model, _ encoder: inout TraceBodyEncoder
  ) {
    if chance(3) { return encoder.attributionsAbsent() }
    let listed = model.features.isEmpty ? 0 : number(0...model.features.count)
    let features = (0..<listed).map { _ in
      (index: number(0...model.features.count - 1), value: Double(number(-99...99)))
    }
    var check: Trace.AttributionCheck?
    if chance(2) {
      check = Trace.AttributionCheck(
        residual: 1e-16, floatRounding: 0, tolerance: 1e-9, floatTolerance: 0)
      if chance(2), listed > 0 {
        check?.errors = features.map(\.value)
        check?.restError = 1
        check?.evaluationCount = 1000
      }
    }
    encoder.attributions(
      baseValue: 0.5, output: 1.5, features: features, rest: 0.25, restCount: number(0...2),
      check: check)
  }

  private mutating func result(
    _ schema: TraceSchema, _ encoder: inout TraceBodyEncoder, _ texts: inout TextInterner
  ) {
    let rule = number(0...schema.rules.count - 1)
    if chance(4) {
      return encoder.refused(
        UInt8(number(0...6)), field: chance(2) || schema.fields.isEmpty ? nil : 0,
        rule: chance(2) ? nil : rule, conflicting: chance(2) ? nil : rule)
    }
    if schema.outcomeIsList {
      let count = number(0...4)
      encoder.decided(rule: rule, count: count)
      for _ in 0..<count { listed(schema, &encoder, &texts) }
    } else {
      let (value, denominator) = value(schema.outcomeType, &texts)
      encoder.decided(
        rule: rule, TracedForm(schema.outcomeType), value: value, denominator: denominator,
        texts: texts)
    }
  }

  private mutating func listed(
    _ schema: TraceSchema, _ encoder: inout TraceBodyEncoder, _ texts: inout TextInterner
  ) {
    let (value, _) = value(schema.outcomeType, &texts)
    encoder.listed(TracedForm(schema.outcomeType), value: value, texts: texts)
  }
}
