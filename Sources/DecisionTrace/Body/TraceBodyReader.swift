package import DataFields

/// How a field of a body goes back into a row.
package struct RestoredField: Sendable, Hashable {
  /// When the row takes the field as the body has it. What it does not take is read over: it is
  /// computed anew.
  package enum Use: UInt8, Sendable, Hashable {
    case always, ifSupplied, never
  }

  package var slot: Int
  package var form: TracedForm
  /// The words that values of its type have.
  package var words: ClosedRange<Int128>
  package var use: Use

  package init(slot: Int, form: TracedForm, words: ClosedRange<Int128>, use: Use) {
    self.slot = slot
    self.form = form
    self.words = words
    self.use = use
  }
}

/// Takes a body apart into what it was made from: the values of a row, and what stands beside it.
///
/// The counterpart of ``TraceBodyEncoder``: the parts are read in the order of the methods here. What
/// was concluded is passed over, and no ``Trace`` is made. Bytes may come from anywhere.
package struct TraceBodyReader: Sendable {
  private var input: ByteDecoder

  package init(_ body: [UInt8]) { input = ByteDecoder(body) }

  /// Where in the body the next part starts.
  package var offset: Int { input.offset }

  /// Whose decision a body is about and what it was made on; texts by where their UTF-8 stands.
  package struct Identity: Sendable, Hashable {
    package var source: Range<Int>
    package var record: Int
    package var index: Int
    package var subject: Range<Int>
    package var asOf: CalendarDate?
  }

  /// Whether a body is of this version and names a schema.
  package static func names(_ schema: Digest, body: [UInt8]) -> Bool {
    guard body.count > 32, body[0] == TraceBodyEncoder.version else { return false }
    let digest = schema.bytes
    for index in digest.indices where body[index + 1] != digest[index] { return false }
    return true
  }

  /// Part 1; that the schema is the right one was seen before.
  package mutating func identity() throws(TraceFault) -> Identity {
    let version = try input.byte()
    guard version == TraceBodyEncoder.version else {
      throw input.fault("trace version \(version) is not known")
    }
    try input.skip(32)
    return Identity(
      source: try input.utf8Range(), record: try input.number(), index: try input.number(),
      subject: try input.utf8Range(),
      asOf: try input.optional { (input) throws(TraceFault) in try input.date() })
  }

  /// Part 2.
  ///
  /// - Parameter body: the bytes that are read.
  package mutating func values(
    _ fields: [RestoredField], of body: [UInt8], into row: inout RuleRow,
    texts: inout TextInterner
  ) throws(TraceFault) {
    let fields = fields.span
    for index in fields.indices {
      let tag = try input.byte()
      guard let state = TracedValueTag.state(tag), let origin = TracedValueTag.origin(tag) else {
        throw input.fault("unknown state or origin")
      }
      let slot = fields[index].slot
      let isTaken =
        switch fields[index].use {
        case .always: true
        case .ifSupplied: origin == .supplied
        case .never: false
        }
      guard state == .present else {
        if isTaken { row.mark(slot, state, origin: origin) }
        continue
      }
      switch fields[index].form {
      case .word:
        let word = try input.signed()
        guard fields[index].words.contains(word) else { throw input.fault("no such value") }
        if isTaken { row.set(slot, to: word, origin: origin) }
      case .quotient:
        let numerator = try input.signed()
        let denominator = try input.signed()
        guard denominator > 0 else { throw input.fault("quotient over nothing above zero") }
        if isTaken { row.set(slot, to: numerator, over: denominator, origin: origin) }
      case .text:
        let range = try input.utf8Range()
        if isTaken {
          let code = texts.intern(body.span.extracting(range))
          row.set(slot, to: Int128(code), origin: origin)
        }
      case .double:
        let pattern = try input.double().bitPattern
        if isTaken { row.set(slot, to: Int128(pattern), origin: origin) }
      }
    }
  }

  /// Parts 3 to 7 are passed over: what was concluded.
  package mutating func passConclusions(
    ranks: Int, rules: Int, models: Int, outcome: TracedForm, isList: Bool
  ) throws(TraceFault) {
    try input.skip(ranks)
    for _ in 0..<rules {
      if try input.byte() != 0 { _ = try input.unsigned() }
    }
    for _ in 0..<models { try passModel() }
    switch try input.byte() {
    case 1:
      _ = try input.number()
      try passOutcome(outcome, isList: isList)
    case 2:
      _ = try input.byte()
      for _ in 0..<3 {
        if try input.flag() { _ = try input.unsigned() }
      }
    default: throw input.fault("unknown result")
    }
    if try input.flag() {
      _ = try input.number()
      try passOutcome(outcome, isList: isList)
    }
  }

  private mutating func passModel() throws(TraceFault) {
    let form = try input.byte()
    guard form <= 2 else { throw input.fault("unknown form of attributions") }
    guard form > 0 else { return }
    try input.skip(16)
    for _ in 0..<(try input.count()) {
      _ = try input.unsigned()
      try input.skip(8)
    }
    if try input.number() > 0 { try input.skip(8) }
    guard form == 2 else { return }
    try input.skip(32)
    _ = try input.number()
    let errors = try input.count()
    try input.skip(8 * errors)
    if errors > 0 { try input.skip(8) }
  }

  private mutating func passOutcome(_ form: TracedForm, isList: Bool) throws(TraceFault) {
    for _ in 0..<(isList ? try input.count() : 1) {
      switch form {
      case .word: _ = try input.signed()
      case .quotient:
        _ = try input.signed()
        _ = try input.signed()
      case .text: _ = try input.utf8Range()
      case .double: try input.skip(8)
      }
    }
  }

  /// Part 8: where the previous outcome's UTF-8 stands, if there was one.
  package mutating func previousOutcome() throws(TraceFault) -> Range<Int>? {
    try input.optional { (input) throws(TraceFault) in try input.utf8Range() }
  }

  package mutating func lineage() throws(TraceFault) -> (length: Int, head: Digest?) {
    let length = try input.number()
    return (length, length > 0 ? try input.digest() : nil)
  }

  /// A rate that converted the event; texts by where their UTF-8 stands.
  package struct Conversion: Sendable, Hashable {
    package var currency: Range<Int>
    package var target: Range<Int>
    package var date: CalendarDate
  }

  /// Part 9, the last: without the rates, which their tables hold.
  package mutating func conversions() throws(TraceFault) -> [Conversion] {
    let conversions = try input.list { (input) throws(TraceFault) -> Conversion in
      let currency = try input.utf8Range()
      let target = try input.utf8Range()
      _ = try input.signed()
      _ = try input.number()
      return Conversion(currency: currency, target: target, date: try input.date())
    }
    guard input.isAtEnd else { throw input.fault("bytes follow the trace") }
    return conversions
  }
}
