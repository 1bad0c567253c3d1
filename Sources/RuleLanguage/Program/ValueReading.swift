package import DataFields

/// Why a text is not a value of its type.
package struct ValueFault: Error, Sendable, Hashable {
  /// What is wrong, to follow the text in a sentence: `is not a number`.
  package let reason: String

  package init(reason: String) { self.reason = reason }
}

extension ValueType {
  /// Reads a text as a value of this type into a slot.
  ///
  /// A number may be a quotient (`285792976/230`) where the type is one. A rank is a level's name.
  /// - Parameter scales: the program's scales, for ranks.
  /// - Throws: `ValueFault`; the slot is then untouched.
  package func read(
    _ text: Span<UInt8>, into slot: Int, of row: inout RuleRow, texts: inout TextInterner,
    scales: [RankScale], origin: ValueOrigin
  ) throws(ValueFault) {
    switch self {
    case .boolean:
      if text.spells("true") || text.spells("1") {
        row.set(slot, to: 1, origin: origin)
      } else if text.spells("false") || text.spells("0") {
        row.set(slot, to: 0, origin: origin)
      } else {
        throw ValueFault(reason: "is neither true nor false")
      }
    case .integer, .decimal:
      do {
        row.set(
          slot, to: try DecimalText(parsing: text).scaled(to: scale), origin: origin)
      } catch {
        throw ValueFault(reason: error.reason)
      }
    case .quotient(let scale, _):
      do {
        let value = try Quotient(parsing: text, scale: scale)
        row.set(slot, to: value.numerator, over: value.denominator, origin: origin)
      } catch {
        throw ValueFault(reason: error.reason)
      }
    case .date:
      do {
        row.set(slot, to: Int128(try CalendarDate(parsing: text).daysSinceEpoch), origin: origin)
      } catch {
        throw ValueFault(reason: error.reason)
      }
    case .text:
      row.set(slot, to: Int128(texts.intern(text)), origin: origin)
    case .rank(let scale):
      guard let level = scales[scale].levels.firstIndex(where: { text.spells($0) }) else {
        throw ValueFault(
          reason: "is no level of \(scales[scale].name) ("
            + scales[scale].levels.joined(separator: ", ") + ")")
      }
      row.set(slot, to: Int128(level), origin: origin)
    case .double:
      guard let value = Double(text.string), value.isFinite else {
        throw ValueFault(reason: "is not a finite number")
      }
      row.set(slot, to: Int128(value.bitPattern), origin: origin)
    }
  }
}

extension Span<UInt8> {
  package func spells(_ text: String) -> Bool {
    let utf8 = text.utf8
    guard utf8.count == count else { return false }
    var index = 0
    for byte in utf8 {
      if byte != self[index] { return false }
      index += 1
    }
    return true
  }

  /// The bytes as a text; what is not UTF-8 is replaced.
  package var string: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in indices { bytes.append(self[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension FieldPlan {
  /// What a field's text turned out to be.
  package enum Reading: Sendable, Hashable {
    case present
    case missing
    /// Read, but outside the field's bounds.
    case outOfRange
    case fault(ValueFault)
  }

  /// Reads the text of this field into its slot; a missing field takes its declared value, if it
  /// has one.
  ///
  /// - Parameter text: nil where the record has no such field.
  package func read(
    _ text: Span<UInt8>, into row: inout RuleRow, texts: inout TextInterner, scales: [RankScale]
  ) -> Reading {
    if missingTexts.contains(where: { text.isEqual(to: $0) }) { return readMissing(into: &row) }
    do throws(ValueFault) {
      try type.read(
        text, into: slot, of: &row, texts: &texts, scales: scales, origin: .input)
    } catch {
      return .fault(error)
    }
    return bound(&row) ? .present : .outOfRange
  }

  /// Marks a value that lies outside the field's bounds; whether it lies within.
  @discardableResult
  package func bound(_ row: inout RuleRow) -> Bool {
    if isWithinBounds(row) { return true }
    row.mark(slot, .outOfRange, origin: .input)
    return false
  }

  /// The field is absent from the record.
  package func readMissing(into row: inout RuleRow) -> Reading {
    if case .value(let constant) = missing {
      row.set(
        slot, to: row.value(constant), over: row.denominator(constant), origin: .defaulted)
      return .present
    }
    row.mark(slot, .missing, origin: .input)
    return .missing
  }

  private func isWithinBounds(_ row: RuleRow) -> Bool {
    guard lowerBound != nil || upperBound != nil else { return true }
    let value = row.value(slot)
    if case .double = type {
      // Bit patterns do not order doubles.
      let number = Double(bitPattern: UInt64(truncatingIfNeeded: value))
      let low = lowerBound.map { Double(bitPattern: UInt64(truncatingIfNeeded: $0)) }
      let high = upperBound.map { Double(bitPattern: UInt64(truncatingIfNeeded: $0)) }
      return number >= (low ?? -.infinity) && number <= (high ?? .infinity)
    }
    let denominator = row.denominator(slot)
    if let lowerBound, ExactArithmetic.compareProducts(value, 1, lowerBound, denominator) < 0 {
      return false
    }
    if let upperBound, ExactArithmetic.compareProducts(value, 1, upperBound, denominator) > 0 {
      return false
    }
    return true
  }
}

extension RuleRow {
  /// Marks a supplied value that lies outside its bounds: no decision may rest on it.
  package mutating func refuseSupplied(_ slot: Int, below lower: Quotient?, above upper: Quotient?)
  {
    guard lower != nil || upper != nil, let value = quotient(slot) else { return }
    if lower.map({ value < $0 }) == true || upper.map({ value > $0 }) == true {
      mark(slot, .outOfRange, origin: .supplied)
    }
  }
}

extension Span<UInt8> {
  fileprivate func isEqual(to bytes: [UInt8]) -> Bool {
    guard bytes.count == count else { return false }
    for index in indices where self[index] != bytes[index] { return false }
    return true
  }
}
