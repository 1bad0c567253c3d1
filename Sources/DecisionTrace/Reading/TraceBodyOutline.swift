package import DataFields

/// Finds in bodies of one schema what tells whom a decision is about and how it ended, and passes
/// over everything else.
///
/// Values are skipped and not read, margins are not computed: a tenth of what decoding takes. Bytes
/// may come from anywhere; a body that can be decoded has the summary that its trace would give,
/// and one that cannot may have one nevertheless.
package struct TraceBodyOutline: Sendable {
  package let schema: TraceSchema
  package let digest: Digest
  /// Whether every rule that holds is part of the outcome.
  package let takesInAllRules: Bool
  private let forms: [TracedForm]
  /// Whether each field and each model is left out of a body without what belongs to a person.
  private let keptApart: [Bool]
  private let keptApartModels: [Bool]
  private let outcomeForm: TracedForm
  private let isList: Bool
  private let rankCount: Int
  private let ruleCount: Int
  private let modelCount: Int

  /// Where the parts lie that a summary is made of.
  package struct Parts: Sendable, Hashable {
    /// The bytes of the subject's text; nil where it is kept apart.
    package var subject: Range<Int>?
    package var asOf: CalendarDate?
    /// Part 4 of the body: what became of each rule.
    package var rules: Range<Int>
    /// Part 6 of the body: the outcome with the rule that decided, or the refusal.
    package var result: Range<Int>
    /// Which of the schema's overrides is in force.
    package var override: Int?
    /// How many events contributed to the subject's state.
    package var lineageLength = 0
    /// The 32 bytes of the head of the hash chain over them; nil where there are none.
    package var lineageHead: Range<Int>?
  }

  package init(_ schema: TraceSchema, digest: Digest) {
    self.schema = schema
    self.digest = digest
    takesInAllRules = schema.takesInAllRules
    forms = schema.fields.map { TracedForm($0.type) }
    keptApart = schema.fields.map(\.isKeptApart)
    keptApartModels = schema.models.map { schema.isKeptApart($0) }
    outcomeForm = TracedForm(schema.outcomeType)
    isList = schema.outcomeIsList
    rankCount = schema.ranks.count
    ruleCount = schema.rules.count
    modelCount = schema.models.count
  }

  /// - Parameter isOpen: whether it is a whole body, or one without what belongs to a person.
  /// - Throws: `TraceFault` if the bytes do not start like a body of this schema.
  /// - Complexity: O(fields + rules + models), whatever the lengths of texts.
  package func parts(of body: [UInt8], isOpen: Bool = true) throws(TraceFault) -> Parts {
    var input = ByteDecoder(body)
    let version = try input.byte()
    guard version == TraceBodyEncoder.version else {
      throw input.fault("trace version \(version) is not known")
    }
    guard try input.raw(digest.bytes.count).elementsEqual(digest.bytes) else {
      throw input.fault("the body names another schema")
    }
    _ = try input.textRange()
    try input.skipNumber()
    try input.skipNumber()
    let subject = isOpen ? try input.textRange() : nil
    let asOf = try input.optional { (input) throws(TraceFault) in try input.date() }
    for (place, form) in forms.enumerated() where isOpen || !keptApart[place] {
      let tag = try input.byte()
      if TracedValueTag.state(tag) == .present { try input.skip(form) }
    }
    try input.skip(rankCount)
    let rules = input.offset
    for _ in 0..<ruleCount {
      if try input.byte() != Trace.Rule.State.notReached.rawValue { try input.skipNumber() }
    }
    let models = input.offset
    for place in 0..<modelCount where isOpen || !keptApartModels[place] {
      try input.skipModel()
    }
    let result = input.offset
    try skipResult(&input)
    let override = input.offset
    var parts = Parts(
      subject: subject, asOf: asOf, rules: rules..<models, result: result..<override)
    if try input.flag() {
      let index = try input.number()
      guard schema.overrides.indices.contains(index) else {
        throw input.fault("no such override")
      }
      parts.override = index
      let count = isList ? try input.count() : 1
      for _ in 0..<count { try input.skip(outcomeForm) }
    }
    if try input.flag() { _ = try input.textRange() }
    guard isOpen else { return parts }
    parts.lineageLength = try input.number()
    if parts.lineageLength > 0 {
      parts.lineageHead = input.offset..<(input.offset + digest.bytes.count)
      try input.skip(digest.bytes.count)
    }
    return parts
  }

  private func skipResult(_ input: inout ByteDecoder) throws(TraceFault) {
    switch try input.byte() {
    case 1:
      try input.skipNumber()
      let count = isList ? try input.count() : 1
      for _ in 0..<count { try input.skip(outcomeForm) }
    case 2:
      try input.skip(1)
      for _ in 0..<3 {
        if try input.flag() { try input.skipNumber() }
      }
    default: throw input.fault("unknown result")
    }
  }

  /// How the decision ended, by names.
  package func ending(of body: [UInt8], _ parts: Parts) throws(TraceFault) -> TraceEnding {
    var input = ByteDecoder(body)
    try input.skip(parts.result.lowerBound)
    let override = parts.override.map { schema.overrides[$0] }
    var ending = TraceEnding(
      decision: schema.decision, outcome: nil, collected: [], refusal: nil, field: nil, rules: [],
      reasonCodes: [], override: override?.name)
    switch try input.result(schema) {
    case .decided(let outcome, let rule):
      ending.outcome = outcome.plainText
      if case .list(let items) = outcome { ending.collected = items.map(\.plainText) }
      let deciding = takesInAllRules ? try rulesThatHeld(body, parts) : [rule]
      ending.rules = deciding.map { schema.rules[$0].name }
      let codes = deciding.map { schema.rules[$0].reasonCode } + [override?.reasonCode]
      for case let code? in codes where !ending.reasonCodes.contains(code) {
        ending.reasonCodes.append(code)
      }
    case .refused(let refusal, let field, let rules):
      ending.refusal = refusal
      ending.field = field
      ending.rules = rules.map { schema.rules[$0].name }
      if let code = override?.reasonCode { ending.reasonCodes = [code] }
    }
    return ending
  }

  private func rulesThatHeld(_ body: [UInt8], _ parts: Parts) throws(TraceFault) -> [Int] {
    var input = ByteDecoder(body)
    try input.skip(parts.rules.lowerBound)
    var held: [Int] = []
    for index in schema.rules.indices {
      let state = try input.byte()
      guard state != Trace.Rule.State.notReached.rawValue else { continue }
      if state == Trace.Rule.State.held.rawValue { held.append(index) }
      try input.skipNumber()
    }
    return held
  }

  /// - Parameter isOpen: whether it is a whole body, or one without what belongs to a person, of which
  ///   the summary's subject is empty.
  /// - Throws: `TraceFault` if the bytes do not start like a body of this schema.
  package func summary(
    of body: [UInt8], isOpen: Bool = true
  ) throws(TraceFault) -> TraceBodySummary {
    let parts = try parts(of: body, isOpen: isOpen)
    var input = ByteDecoder(body)
    try input.skip(1 + digest.bytes.count)
    return TraceBodySummary(
      id: Trace.Identifier(
        source: try input.text(), record: try input.number(), index: try input.number(),
        decision: schema.decision),
      subject: isOpen ? try input.text() : "", asOf: parts.asOf, ending: try ending(of: body, parts)
    )
  }
}

/// What a list says of a decision.
package struct TraceBodySummary: Sendable, Hashable {
  package var id: Trace.Identifier
  package var subject: String
  package var asOf: CalendarDate?
  package var ending: TraceEnding

  package init(
    id: Trace.Identifier, subject: String, asOf: CalendarDate?, ending: TraceEnding
  ) {
    self.id = id
    self.subject = subject
    self.asOf = asOf
    self.ending = ending
  }
}

extension ByteDecoder {
  fileprivate mutating func skip(_ form: TracedForm) throws(TraceFault) {
    switch form {
    case .word: try skipNumber()
    case .quotient:
      try skipNumber()
      try skipNumber()
    case .text: _ = try textRange()
    case .double: try skip(8)
    }
  }

  fileprivate mutating func skipModel() throws(TraceFault) {
    let form = try byte()
    if form == 0 { return }
    guard form <= 2 else { throw fault("unknown form of attributions") }
    try skip(16)
    let attributions = try count()
    for _ in 0..<attributions {
      try skipNumber()
      try skip(8)
    }
    if try number() > 0 { try skip(8) }
    guard form == 2 else { return }
    try skip(32)
    try skipNumber()
    let errors = try count()
    for _ in 0..<errors { try skip(8) }
    if errors > 0 { try skip(8) }
  }
}
