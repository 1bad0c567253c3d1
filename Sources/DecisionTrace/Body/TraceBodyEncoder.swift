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
    schema: Digest, source: ArraySlice<UInt8>, record: Int, index: Int,
    subject: ArraySlice<UInt8>, asOf: CalendarDate?
  ) {
    out.reset()
    out.byte(Self.version)
    out.digest(schema)
    out.text(utf8: source)
    out.count(record)
    out.count(index)
    out.text(utf8: subject)
    if let asOf {
      out.byte(1)
      out.signed(Int128(asOf.daysSinceEpoch))
    } else {
      out.byte(0)
    }
  }

  /// Part 2, once for each field of the schema, in order. Values that are not present have no
  /// more than their tag.
  package mutating func value(
    _ form: TracedForm, state: UInt8, origin: UInt8, value: Int128, denominator: Int128,
    texts: borrowing TextInterner
  ) {
    out.byte(TracedValueTag.byte(state: state, origin: origin))
    guard state == ValueState.present.rawValue else { return }
    scalar(form, value: value, denominator: denominator, texts: texts)
  }

  private mutating func scalar(
    _ form: TracedForm, value: Int128, denominator: Int128, texts: borrowing TextInterner
  ) {
    switch form {
    case .quotient:
      out.signed(value)
      out.signed(denominator)
    case .text:
      out.text(utf8: texts.utf8(Int32(truncatingIfNeeded: value)))
    case .double:
      out.double(Double(bitPattern: UInt64(truncatingIfNeeded: value)))
    case .word:
      out.signed(value)
    }
  }

  /// Part 3, once for each rank: its level, or 255 where the value is not present.
  package mutating func rank(level: Int?) {
    out.byte(level.map { UInt8(truncatingIfNeeded: $0) } ?? 255)
  }

  /// Part 4, once for each rule: 0 not reached, 1 held, 2 failed; then, unless not reached, the
  /// deciding clause + 1, or 0 for none.
  package mutating func rule(state: UInt8, decidingClause: Int) {
    out.byte(state)
    if state != 0 { out.count(decidingClause + 1) }
  }

  /// Part 5, once for each model: its attributions, or their absence.
  package mutating func attributionsAbsent() { out.byte(0) }

  package mutating func attributions(
    baseValue: Double, output: Double, features: [(index: Int, value: Double)], rest: Double,
    restCount: Int
  ) {
    out.byte(1)
    out.double(baseValue)
    out.double(output)
    out.list(features) { out, feature in
      out.count(feature.index)
      out.double(feature.value)
    }
    out.count(restCount)
    if restCount > 0 { out.double(rest) }
  }

  /// Part 6: how the decision ended: the outcome after any override, and the rule that decided, as
  /// an index of the schema's rules.
  package mutating func decided(
    rule: Int, _ form: TracedForm, value: Int128, denominator: Int128,
    texts: borrowing TextInterner
  ) {
    out.byte(1)
    out.count(rule)
    scalar(form, value: value, denominator: denominator, texts: texts)
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
