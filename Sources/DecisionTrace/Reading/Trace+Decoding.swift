package import DataFields

extension Trace {
  /// Reads a body with its schema.
  ///
  /// - Parameter digest: the digest of `schema`'s bytes, which the body must name.
  /// - Throws: `TraceFault` if the bytes are not such a body.
  /// - Complexity: O(bytes).
  package init(body: [UInt8], schema: TraceSchema, digest: Digest) throws(TraceFault) {
    try self.init(bytes: body, schema: schema, digest: digest, visibility: .open)
  }

  /// Reads what is left of a body when all that belongs to a person is kept apart.
  ///
  /// - Parameter visibility: why the rest was not read: *sealed* or *erased*.
  package init(
    publicPart: [UInt8], schema: TraceSchema, digest: Digest, visibility: Visibility
  ) throws(TraceFault) {
    try self.init(bytes: publicPart, schema: schema, digest: digest, visibility: visibility)
  }

  private init(
    bytes: [UInt8], schema: TraceSchema, digest: Digest, visibility: Visibility
  ) throws(TraceFault) {
    let isOpen = visibility == .open
    var input = ByteDecoder(bytes)
    let version = try input.byte()
    guard version == TraceBodyEncoder.version else {
      throw input.fault("trace version \(version) is not known")
    }
    guard try input.digest() == digest else {
      throw input.fault("the body names another schema")
    }
    self.schema = schema
    self.schemaDigest = digest
    self.visibility = visibility
    body = bytes
    id = Identifier(
      source: try input.text(), record: try input.number(), index: try input.number(),
      decision: schema.decision)
    subject = isOpen ? try input.text() : ""
    asOf = try input.optional { (input) throws(TraceFault) in try input.date() }
    values = []
    for field in schema.fields {
      if !isOpen, field.isKeptApart {
        values.append(
          Value(field: field, state: .missing, origin: .derived, visibility: visibility))
        continue
      }
      values.append(try input.value(field))
    }
    ranks = []
    for rank in schema.ranks {
      let level = try input.byte()
      guard level == 255 || Int(level) < rank.levels.count else {
        throw input.fault("rank `\(rank.name)` has no level \(level)")
      }
      ranks.append(
        Rank(
          schema: rank, value: rank.field, level: level == 255 ? nil : Int(level),
          margins: Self.margins(rank, values[rank.field])))
    }
    rules = []
    for rule in schema.rules {
      guard let state = Rule.State(rawValue: try input.byte()) else {
        throw input.fault("unknown state of a rule")
      }
      var clause: TraceSchema.Clause?
      if state != .notReached {
        let number = try input.number()
        guard number <= rule.clauses.count else { throw input.fault("no such clause") }
        clause = number == 0 ? nil : rule.clauses[number - 1]
      }
      rules.append(Rule(schema: rule, state: state, decidingClause: clause))
    }
    models = []
    for model in schema.models {
      if !isOpen, schema.isKeptApart(model) {
        models.append(.withoutAttributions(model, visibility))
      } else {
        models.append(try input.model(model, values))
      }
    }
    result = try input.result(schema)
    override = nil
    if try input.flag() {
      let index = try input.number()
      guard schema.overrides.indices.contains(index) else {
        throw input.fault("no such override")
      }
      override = OverrideRecord(
        schema: schema.overrides[index], replaced: try input.outcome(schema))
    }
    previousOutcome = try input.optional { (input) throws(TraceFault) in try input.text() }
    lineageLength = isOpen ? try input.number() : 0
    lineageHead = lineageLength > 0 ? try input.digest() : nil
    conversions = try input.list { (input) throws(TraceFault) -> Conversion in
      try input.conversion()
    }
    guard input.isAtEnd else { throw input.fault("bytes follow the trace") }
  }

  /// The digest of the schema that a body names: its 2nd to 33rd byte.
  package static func schemaDigest(ofBody body: some Collection<UInt8>) -> Digest? {
    Digest(bytes: Array(body.dropFirst().prefix(32)))
  }
}

extension Trace.Value {
  /// Reads the bytes that a body has of one value.
  package init(bytes: [UInt8], field: TraceSchema.Field) throws(TraceFault) {
    var input = ByteDecoder(bytes)
    self = try input.value(field)
    guard input.isAtEnd else { throw input.fault("bytes follow the value") }
  }
}

extension Trace.Model {
  /// Reads the bytes that a body has of one model, without what was fed to it.
  package init(bytes: [UInt8], model: TraceSchema.Model) throws(TraceFault) {
    var input = ByteDecoder(bytes)
    self = try input.model(model, [])
    guard input.isAtEnd else { throw input.fault("bytes follow the model") }
  }

  fileprivate static func withoutAttributions(
    _ schema: TraceSchema.Model, _ visibility: Visibility
  ) -> Self {
    Self(
      schema: schema, attributions: [], rest: 0, restCount: 0, baseValue: 0, output: 0,
      hasAttributions: false, visibility: visibility)
  }
}

extension ByteDecoder {
  fileprivate mutating func value(_ field: TraceSchema.Field) throws(TraceFault) -> Trace.Value {
    let tag = try byte()
    guard let state = TracedValueTag.state(tag), let origin = TracedValueTag.origin(tag) else {
      throw fault("unknown state or origin")
    }
    let content = state == .present ? try content(field.type) : nil
    return Trace.Value(field: field, state: state, origin: origin, content: content)
  }

  mutating func content(_ type: ValueType) throws(TraceFault) -> Trace.Content {
    switch type {
    case .boolean:
      switch try signed() {
      case 0: return .boolean(false)
      case 1: return .boolean(true)
      default: throw fault("neither true nor false")
      }
    case .integer, .decimal, .rank:
      return .number(
        Quotient(try signed()), scale: type.scale, digits: type.printedDigits, unit: type.unit)
    case .quotient:
      guard let quotient = Quotient(try signed(), over: try signed()) else {
        throw fault("quotient over zero")
      }
      return .number(
        quotient, scale: type.scale, digits: type.printedDigits, unit: type.unit)
    case .date:
      return .date(try date())
    case .text:
      return .text(try text())
    case .double:
      return .double(try double())
    }
  }

  /// What a decision came to: a value, or a list of them.
  fileprivate mutating func outcome(_ schema: TraceSchema) throws(TraceFault) -> Trace.Content {
    guard schema.outcomeIsList else { return try content(schema.outcomeType) }
    return .list(
      try list { (input) throws(TraceFault) in try input.content(schema.outcomeType) })
  }

  fileprivate mutating func model(
    _ schema: TraceSchema.Model, _ values: [Trace.Value]
  ) throws(TraceFault) -> Trace.Model {
    let form = try byte()
    guard form > 0 else { return .withoutAttributions(schema, .open) }
    guard form <= 2 else { throw fault("unknown form of attributions") }
    let baseValue = try double()
    let output = try double()
    let attributions = try list { (input) throws(TraceFault) -> Trace.Attribution in
      let index = try input.number()
      guard schema.features.indices.contains(index) else { throw input.fault("no such feature") }
      return Trace.Attribution(
        feature: schema.features[index], value: try input.double(),
        input: values.isEmpty ? nil : values[schema.featureFields[index]].content)
    }
    let restCount = try number()
    let rest = restCount > 0 ? try double() : 0
    let check = form == 2 ? try attributionCheck(of: attributions.count) : nil
    return Trace.Model(
      schema: schema, attributions: attributions, rest: rest, restCount: restCount,
      baseValue: baseValue, output: output, hasAttributions: true, check: check)
  }

  private mutating func attributionCheck(
    of count: Int
  ) throws(TraceFault) -> Trace.AttributionCheck {
    var check = Trace.AttributionCheck(
      residual: try double(), floatRounding: try double(), tolerance: try double(),
      floatTolerance: try double())
    check.evaluationCount = try number()
    check.errors = try list { (input) throws(TraceFault) in try input.double() }
    guard check.errors.isEmpty || check.errors.count == count else {
      throw fault("an error for each attribution, or for none")
    }
    if !check.errors.isEmpty { check.restError = try double() }
    return check
  }

  fileprivate mutating func conversion() throws(TraceFault) -> Trace.Conversion {
    let currency = try text()
    let target = try text()
    let rate = try signed()
    let digits = try number()
    guard digits <= ExactArithmetic.maximumDigits else { throw fault("too many digits") }
    return Trace.Conversion(
      currency: currency, target: target,
      rate: .number(Quotient(rate), scale: digits, digits: digits, unit: .none),
      date: try date())
  }

  mutating func result(_ schema: TraceSchema) throws(TraceFault) -> Trace.Result {
    func ruleIndex(_ index: Int) throws(TraceFault) -> Int {
      guard schema.rules.indices.contains(index) else { throw fault("no such rule") }
      return index
    }
    switch try byte() {
    case 1:
      let rule = try ruleIndex(try number())
      return .decided(outcome: try outcome(schema), rule: rule)
    case 2:
      guard let refusal = Trace.Refusal(rawValue: try byte()) else {
        throw fault("unknown refusal")
      }
      let index = try optional { (input) throws(TraceFault) in try input.number() }
      if let index, !schema.fields.indices.contains(index) { throw fault("no such field") }
      var rules: [Int] = []
      for _ in 0..<2 {
        if let rule = try optional({ (input) throws(TraceFault) in try input.number() }) {
          rules.append(try ruleIndex(rule))
        }
      }
      return .refused(refusal, field: index.map { schema.fields[$0].name }, rules: rules)
    default:
      throw fault("unknown result")
    }
  }
}
