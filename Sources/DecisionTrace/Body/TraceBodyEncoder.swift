package import DataFields

/// How the value of a field stands in a body: its state and its origin, in one byte.
package enum TracedValueTag {
  @inlinable
  package static func byte(state: UInt8, origin: UInt8) -> UInt8 { state | origin << 2 }
  package static func state(_ byte: UInt8) -> ValueState? { ValueState(rawValue: byte & 3) }
  package static func origin(_ byte: UInt8) -> ValueOrigin? { ValueOrigin(rawValue: byte >> 2) }
}

/// Writes the body of a trace, version 1. The parts are written in the order of the methods here;
/// `docs/trace.md` has the layout.
///
/// A body is a pure function of artefacts, inputs and keyed state: no clock, no randomness.
package struct TraceBodyEncoder: Sendable {
  package static let version: UInt8 = 1

  package var out = ByteEncoder()

  package init() {}

  /// The bytes so far.
  package var bytes: [UInt8] { out.bytes }

  /// Part 1: the schema and the decision's identity.
  package mutating func begin(
    schema: Digest, source: borrowing Span<UInt8>, record: Int, index: Int,
    subject: borrowing Span<UInt8>, asOf: CalendarDate?
  ) {
    out.reset()
    let numbers = 5 * OutputSpan<UInt8>.longestSigned
    out.reserving(2 + schema.bytes.count + source.count + subject.count + numbers) { out in
      out.append(Self.version)
      out.raw(schema.bytes.span)
      out.text(source)
      out.count(record)
      out.count(index)
      out.text(subject)
      if let asOf {
        out.append(1)
        out.signed(Int128(asOf.daysSinceEpoch))
      } else {
        out.append(0)
      }
    }
  }

  /// Part 2: each field of the schema, in order. Values that are not present have no more than
  /// their tag.
  ///
  /// - Parameters:
  ///   - slots: the slot of each field, and in `forms` how its values are written.
  ///   - texts: what the codes of texts in the row stand for.
  package mutating func values(
    of row: borrowing RuleRow, slots: [Int], forms: [TracedForm], texts: borrowing TextInterner
  ) {
    let slots = slots.span
    let forms = forms.span
    var room = slots.count * (1 + 2 * OutputSpan<UInt8>.longestSigned)
    for index in slots.indices where forms[index] == .text && row.isPresent(slots[index]) {
      room += texts.length(Int32(truncatingIfNeeded: row.value(slots[index])))
    }
    out.reserving(room) { out in
      for index in slots.indices {
        let slot = slots[index]
        let tags = row.tags(slot)
        out.append(TracedValueTag.byte(state: tags.state, origin: tags.origin))
        guard tags.state == ValueState.present.rawValue else { continue }
        Self.scalar(
          forms[index], value: row.value(slot), denominator: row.denominator(slot), texts: texts,
          into: &out)
      }
    }
  }

  private mutating func scalar(
    _ form: TracedForm, value: Int128, denominator: Int128, texts: borrowing TextInterner
  ) {
    var room = 2 * OutputSpan<UInt8>.longestSigned
    if form == .text { room += texts.length(Int32(truncatingIfNeeded: value)) }
    out.reserving(room) { out in
      Self.scalar(form, value: value, denominator: denominator, texts: texts, into: &out)
    }
  }

  @inline(__always)
  private static func scalar(
    _ form: TracedForm, value: Int128, denominator: Int128, texts: borrowing TextInterner,
    into out: inout OutputSpan<UInt8>
  ) {
    switch form {
    case .word: out.signed(value)
    case .quotient:
      out.signed(value)
      out.signed(denominator)
    case .text: texts.withUTF8(Int32(truncatingIfNeeded: value)) { out.text($0) }
    case .double: out.double(Double(bitPattern: UInt64(truncatingIfNeeded: value)))
    }
  }

  /// Part 3: the level of each rank, or 255 where the value is not present.
  package mutating func ranks(of row: borrowing RuleRow, slots: [Int]) {
    let slots = slots.span
    out.reserving(slots.count) { out in
      for index in slots.indices {
        let slot = slots[index]
        out.append(row.isPresent(slot) ? UInt8(truncatingIfNeeded: row.value(slot)) : 255)
      }
    }
  }

  /// Part 4, once for each rule of the schema: 0 not reached, 1 held, 2 failed; then, unless not
  /// reached, the deciding clause + 1, or 0 for none.
  ///
  /// - Parameters:
  ///   - rules: which of `states` and `decidingClauses` each rule has.
  ///   - clauseNumbers: the number within its rule of each clause.
  package mutating func rules(
    _ rules: [Int], states: [RuleState], decidingClauses: [Int32], clauseNumbers: [Int32]
  ) {
    let rules = rules.span
    let states = states.span
    let decidingClauses = decidingClauses.span
    let clauseNumbers = clauseNumbers.span
    out.reserving(rules.count * (1 + OutputSpan<UInt8>.longestUnsigned)) { out in
      for index in rules.indices {
        let rule = rules[index]
        out.append(states[rule].rawValue)
        guard states[rule] != .notReached else { continue }
        let clause = Int(decidingClauses[rule])
        out.unsigned(clause < 0 ? 0 : UInt64(clauseNumbers[clause] + 1))
      }
    }
  }

  /// Part 5, once for each model: its attributions, or their absence.
  package mutating func attributionsAbsent() { out.byte(0) }

  /// - Parameter check: how nearly they add up; nil where they do but for rounding of double precision.
  package mutating func attributions(
    baseValue: Double, output: Double, features: [(index: Int, value: Double)], rest: Double,
    restCount: Int, check: Trace.AttributionCheck? = nil
  ) {
    out.byte(check == nil ? 1 : 2)
    out.double(baseValue)
    out.double(output)
    out.list(features) { out, feature in
      out.count(feature.index)
      out.double(feature.value)
    }
    out.count(restCount)
    if restCount > 0 { out.double(rest) }
    guard let check else { return }
    out.double(check.residual)
    out.double(check.floatRounding)
    out.double(check.tolerance)
    out.double(check.floatTolerance)
    out.count(check.evaluationCount)
    out.list(check.errors) { out, error in out.double(error) }
    if !check.errors.isEmpty { out.double(check.restError) }
  }

  /// Part 6: how the decision ended: the outcome after any override, and the rule that decided, as
  /// an index of the schema's rules.
  package mutating func decided(
    rule: Int, _ form: TracedForm, value: Int128, denominator: Int128,
    texts: borrowing TextInterner
  ) {
    var room = 2 + 3 * OutputSpan<UInt8>.longestSigned
    if form == .text { room += texts.length(Int32(truncatingIfNeeded: value)) }
    out.reserving(room) { out in
      out.append(1)
      out.count(rule)
      Self.scalar(form, value: value, denominator: denominator, texts: texts, into: &out)
    }
  }

  /// The same where the outcome is a list: how many outcomes follow. Then ``listed(_:value:texts:)``
  /// is called for each.
  package mutating func decided(rule: Int, count: Int) {
    out.byte(1)
    out.count(rule)
    out.count(count)
  }

  package mutating func listed(
    _ form: TracedForm, value: Int128, texts: borrowing TextInterner
  ) {
    scalar(form, value: value, denominator: 1, texts: texts)
  }

  /// `field` indexes the schema's fields; nil if the refusal is for another reason than a value.
  package mutating func refused(_ refusal: UInt8, field: Int?, rule: Int?, conflicting: Int?) {
    out.byte(2)
    out.byte(refusal)
    out.optional(field) { $0.count($1) }
    out.optional(rule) { $0.count($1) }
    out.optional(conflicting) { $0.count($1) }
  }

  /// Part 7: the override in force with the value that it replaced, or its absence.
  package mutating func noOverride() { out.byte(0) }
  package mutating func override(
    _ index: Int, _ form: TracedForm, replaced: Int128, texts: borrowing TextInterner
  ) {
    out.byte(1)
    out.count(index)
    scalar(form, value: replaced, denominator: 1, texts: texts)
  }

  /// The same where the outcome is a list: how many outcomes were replaced, which follow.
  package mutating func override(_ index: Int, replacedCount: Int) {
    out.byte(1)
    out.count(index)
    out.count(replacedCount)
  }

  /// Part 8: the subject's previous outcome as it is printed, then the lineage.
  package mutating func previous(_ outcome: ArraySlice<UInt8>?) {
    if let outcome {
      out.byte(1)
      out.text(utf8: outcome)
    } else {
      out.byte(0)
    }
  }

  package mutating func lineage(length: Int, head: Digest?) {
    out.count(length)
    if length > 0, let head { out.digest(head) }
  }

  /// Part 9: how many rates converted the event that led to the decision, and then each.
  package mutating func conversions(count: Int) { out.count(count) }

  package mutating func conversion(
    from currency: ArraySlice<UInt8>, to target: ArraySlice<UInt8>, rate: Int128, digits: Int,
    date: CalendarDate
  ) {
    out.text(utf8: currency)
    out.text(utf8: target)
    out.signed(rate)
    out.count(digits)
    out.signed(Int128(date.daysSinceEpoch))
  }
}
