package import DataFields

extension TraceSchema {
  /// The version of the schema's own byte form.
  package static let codingVersion: UInt8 = 1
  /// Stands before the type of the outcomes of a list; no type begins with it.
  private static let listMark: UInt8 = 8
  /// Stands before the models whose attributions are worked out on reading, at the end.
  private static let onReadMark: UInt8 = 1
  // "RTS", then the version.
  private static let magic: [UInt8] = [0x52, 0x54, 0x53]

  /// The bytes whose SHA-256 names the schema.
  package func encoded() -> [UInt8] {
    var out = ByteEncoder()
    out.raw(Self.magic)
    out.byte(Self.codingVersion)
    out.text(decision)
    out.text(ruleset)
    out.count(version)
    out.text(path)
    out.digest(rulesetDigest)
    out.text(hitPolicy)
    if outcomeIsList { out.byte(Self.listMark) }
    out.type(outcomeType)
    out.list(fields) { out, field in
      out.text(field.name)
      out.byte(field.kind.rawValue)
      out.type(field.type)
      out.text(field.definition)
      out.count(field.line)
      out.byte(field.isPersonal ? 1 : 0)
      out.optional(field.maskKeeps) { $0.count($1) }
    }
    out.list(ranks) { out, rank in
      out.text(rank.name)
      out.count(rank.field)
      out.text(rank.scale)
      out.list(rank.levels) { $0.text($1) }
      out.list(rank.levelTexts) { $0.text($1) }
      out.list(rank.cutPoints) { $0.signed($1) }
      out.list(rank.cutPointNames) { $0.text($1) }
      out.list(rank.belongsBelow) { $0.byte($1 ? 1 : 0) }
      out.list(rank.intervalLevels) { $0.count($1) }
      out.count(rank.line)
    }
    out.list(rules) { out, rule in
      out.text(rule.name)
      out.byte(rule.isOtherwise ? 1 : 0)
      out.optional(rule.reasonCode) { $0.text($1) }
      out.list(rule.reason) { out, piece in
        switch piece {
        case .text(let text):
          out.byte(0)
          out.text(text)
        case .operand(let operand):
          out.byte(1)
          out.operand(operand)
        }
      }
      out.text(rule.text)
      out.list(rule.clauses) { out, clause in
        out.text(clause.text)
        out.operand(clause.left)
        out.operand(clause.right)
        out.text(clause.symbol)
      }
      out.count(rule.line)
    }
    out.list(models) { out, model in
      out.text(model.name)
      out.text(model.path)
      out.digest(model.digest)
      out.list(model.features) { $0.text($1) }
      out.list(model.featureFields) { $0.count($1) }
      out.list(model.scoreFields) { $0.count($1) }
      out.text(model.method)
      out.text(model.attributed)
    }
    out.list(overrides) { out, plan in
      out.text(plan.name)
      out.optional(plan.reasonCode) { $0.text($1) }
      out.text(plan.authority)
      out.optional(plan.until) { $0.signed(Int128($1.daysSinceEpoch)) }
      out.text(plan.text)
      out.count(plan.line)
    }
    out.list(artefacts) { out, artefact in
      out.text(artefact.role)
      out.text(artefact.path)
      out.digest(artefact.digest)
    }
    // Absent where every attribution is in the bodies: such a schema has the bytes it always had.
    let onRead = models.indices.filter { models[$0].isAttributedOnRead }
    if !onRead.isEmpty {
      out.byte(Self.onReadMark)
      out.list(onRead) { $0.count($1) }
    }
    return out.bytes
  }

  /// Reads a schema; every index in it is checked.
  ///
  /// - Throws: `TraceFault` if the bytes are not a schema of a known version.
  package init(decoding bytes: [UInt8]) throws(TraceFault) {
    var input = ByteDecoder(bytes)
    guard Array(try input.raw(3)) == Self.magic else { throw input.fault("not a trace schema") }
    let version = try input.byte()
    guard version == Self.codingVersion else {
      throw input.fault("trace schema version \(version) is not known")
    }
    self.decision = try input.text()
    self.ruleset = try input.text()
    self.version = try input.number()
    self.path = try input.text()
    self.rulesetDigest = try input.digest()
    self.hitPolicy = try input.text()
    outcomeIsList = input.nextByte == Self.listMark
    if outcomeIsList { _ = try input.byte() }
    outcomeType = try input.type()
    self.fields = try input.list { (input) throws(TraceFault) -> Field in
      let name = try input.text()
      guard let kind = Field.Kind(rawValue: try input.byte()) else {
        throw input.fault("unknown kind of field")
      }
      return Field(
        name: name, kind: kind, type: try input.type(), definition: try input.text(),
        line: try input.number(), isPersonal: try input.flag(),
        maskKeeps: try input.optional { (input) throws(TraceFault) in try input.number() })
    }
    self.ranks = try input.list { (input) throws(TraceFault) -> Rank in
      try Rank(from: &input)
    }
    self.rules = try input.list { (input) throws(TraceFault) -> Rule in
      try Rule(from: &input)
    }
    self.models = try input.list { (input) throws(TraceFault) -> Model in
      Model(
        name: try input.text(), path: try input.text(), digest: try input.digest(),
        features: try input.list { (input) throws(TraceFault) in try input.text() },
        featureFields: try input.list { (input) throws(TraceFault) in try input.number() },
        scoreFields: try input.list { (input) throws(TraceFault) in try input.number() },
        method: try input.text(), attributed: try input.text())
    }
    self.overrides = try input.list { (input) throws(TraceFault) -> Override in
      Override(
        name: try input.text(),
        reasonCode: try input.optional { (input) throws(TraceFault) in try input.text() },
        authority: try input.text(),
        until: try input.optional { (input) throws(TraceFault) in try input.date() },
        text: try input.text(), line: try input.number())
    }
    self.artefacts = try input.list { (input) throws(TraceFault) -> Artefact in
      Artefact(role: try input.text(), path: try input.text(), digest: try input.digest())
    }
    if !input.isAtEnd {
      guard try input.byte() == Self.onReadMark else {
        throw input.fault("bytes follow the schema")
      }
      for model in try input.list({ (input) throws(TraceFault) in try input.number() }) {
        guard models.indices.contains(model) else { throw input.fault("no such model") }
        models[model].isAttributedOnRead = true
      }
    }
    guard input.isAtEnd else { throw input.fault("bytes follow the schema") }
    try checkIndices(input)
  }

  private func checkIndices(_ input: ByteDecoder) throws(TraceFault) {
    let operands =
      rules.flatMap { rule in
        rule.clauses.flatMap { [$0.left, $0.right] }
          + rule.reason.compactMap { if case .operand(let operand) = $0 { operand } else { nil } }
      }
    for operand in operands {
      switch operand {
      case .field(let index) where !fields.indices.contains(index),
        .rank(let index) where !ranks.indices.contains(index):
        throw input.fault("an operand names nothing")
      default: break
      }
    }
    let references = models.flatMap { $0.featureFields + $0.scoreFields } + ranks.map(\.field)
    guard references.allSatisfy(fields.indices.contains) else {
      throw input.fault("a field index is out of range")
    }
    for rank in ranks {
      let count = rank.cutPoints.count
      guard rank.cutPointNames.count == count, rank.belongsBelow.count == count,
        rank.intervalLevels.count == count + 1, rank.levelTexts.count == rank.levels.count,
        rank.intervalLevels.allSatisfy(rank.levels.indices.contains)
      else { throw input.fault("rank `\(rank.name)` is not whole") }
    }
    for model in models where model.features.count != model.featureFields.count {
      throw input.fault("model `\(model.name)` is not whole")
    }
  }
}

extension TraceSchema.Rank {
  fileprivate init(from input: inout ByteDecoder) throws(TraceFault) {
    let text = { (input: inout ByteDecoder) throws(TraceFault) in try input.text() }
    self.init(
      name: try input.text(), field: try input.number(), scale: try input.text(),
      levels: try input.list(text), levelTexts: try input.list(text),
      cutPoints: try input.list { (input) throws(TraceFault) in try input.signed() },
      cutPointNames: try input.list(text),
      belongsBelow: try input.list { (input) throws(TraceFault) in try input.flag() },
      intervalLevels: try input.list { (input) throws(TraceFault) in try input.number() },
      line: try input.number())
  }
}

extension TraceSchema.Rule {
  fileprivate init(from input: inout ByteDecoder) throws(TraceFault) {
    self.init(
      name: try input.text(), isOtherwise: try input.flag(),
      reasonCode: try input.optional { (input) throws(TraceFault) in try input.text() },
      reason: try input.list { (input) throws(TraceFault) -> TraceSchema.ReasonPiece in
        try input.flag() ? .operand(try input.operand()) : .text(try input.text())
      },
      text: try input.text(),
      clauses: try input.list { (input) throws(TraceFault) -> TraceSchema.Clause in
        TraceSchema.Clause(
          text: try input.text(), left: try input.operand(), right: try input.operand(),
          symbol: try input.text())
      },
      line: try input.number())
  }
}

extension ByteEncoder {
  fileprivate mutating func type(_ type: ValueType) {
    switch type {
    case .boolean: byte(0)
    case .integer(let unit):
      byte(1)
      self.unit(unit)
    case .decimal(let scale, let unit):
      byte(2)
      count(scale)
      self.unit(unit)
    case .quotient(let scale, let unit):
      byte(3)
      count(scale)
      self.unit(unit)
    case .date: byte(4)
    case .text: byte(5)
    case .rank(let scale):
      byte(6)
      count(scale)
    case .double: byte(7)
    }
  }

  private mutating func unit(_ unit: MeasurementUnit) {
    list(unit.factors) { out, factor in
      out.text(factor.name)
      out.signed(Int128(factor.exponent))
      out.optional(factor.minorDigits) { $0.count($1) }
    }
  }

  fileprivate mutating func operand(_ operand: TraceSchema.Operand) {
    switch operand {
    case .unnamed: byte(0)
    case .field(let index):
      byte(1)
      count(index)
    case .rank(let index):
      byte(2)
      count(index)
    }
  }
}

extension ByteDecoder {
  package mutating func flag() throws(TraceFault) -> Bool {
    switch try byte() {
    case 0: return false
    case 1: return true
    default: throw fault("neither true nor false")
    }
  }

  package mutating func date() throws(TraceFault) -> CalendarDate {
    guard let days = Int32(exactly: try signed()) else { throw fault("date out of range") }
    return CalendarDate(daysSinceEpoch: days)
  }

  fileprivate mutating func type() throws(TraceFault) -> ValueType {
    switch try byte() {
    case 0: return .boolean
    case 1: return .integer(try unit())
    case 2: return .decimal(scale: try scale(), try unit())
    case 3: return .quotient(scale: try scale(), try unit())
    case 4: return .date
    case 5: return .text
    case 6: return .rank(scale: try number())
    case 7: return .double
    default: throw fault("unknown type")
    }
  }

  private mutating func scale() throws(TraceFault) -> Int {
    let scale = try number()
    guard scale <= ExactArithmetic.maximumDigits else { throw fault("too many digits") }
    return scale
  }

  private mutating func unit() throws(TraceFault) -> MeasurementUnit {
    let factors = try list { (input) throws(TraceFault) -> MeasurementUnit.Factor in
      let name = try input.text()
      guard let exponent = Int(exactly: try input.signed()), exponent.magnitude < 100 else {
        throw input.fault("exponent of a unit out of range")
      }
      let digits = try input.optional { (input) throws(TraceFault) in try input.scale() }
      return MeasurementUnit.Factor(name: name, exponent: exponent, minorDigits: digits)
    }
    return MeasurementUnit(sortedFactors: factors)
  }

  fileprivate mutating func operand() throws(TraceFault) -> TraceSchema.Operand {
    switch try byte() {
    case 0: return .unnamed
    case 1: return .field(try number())
    case 2: return .rank(try number())
    default: throw fault("unknown operand")
    }
  }
}
