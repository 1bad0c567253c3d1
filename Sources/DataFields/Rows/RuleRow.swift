/// Where each named value of a rule row stands.
///
/// The first ``constantCount`` slots hold constants; they are filled once and never cleared.
package struct RowLayout: Sendable {
  package private(set) var slots: [Slot] = []
  package private(set) var constants: [Quotient] = []

  package struct Slot: Sendable, Hashable {
    /// The name as rules write it: `enterprise.employees`, `per_head`; empty for a nameless one.
    package let name: String
    package let type: ValueType

    package init(name: String, type: ValueType) {
      self.name = name
      self.type = type
    }
  }

  package init() {}

  package var constantCount: Int { constants.count }

  /// Lays out a row: constants first, then the other slots in order.
  ///
  /// A constant's numerator is the word of its type: a scaled integer, days, a text's code, a
  /// rank's position, a double's bit pattern.
  package init(constants: [(slot: Slot, value: Quotient)], slots: [Slot]) {
    self.slots = constants.map(\.slot) + slots
    self.constants = constants.map(\.value)
  }

  /// The slot with this name; for load time only.
  package func slot(named name: String) -> Int? {
    slots.firstIndex { $0.name == name }
  }
}

/// The values that one decision is made on, each with a state and an origin.
///
/// Slots are indices of a ``RowLayout``, resolved when rules load. A row is scratch: it is made
/// once and filled again for each decision, so that deciding allocates nothing.
package struct RuleRow: Sendable {
  /// One word a slot: see ``ValueType``.
  @usableFromInline package var values: [Int128]
  /// What a quotient is divided by; 1 for every other type.
  @usableFromInline package var denominators: [Int128]
  @usableFromInline package var states: [UInt8]
  @usableFromInline package var origins: [UInt8]
  private let constantCount: Int

  package init(_ layout: RowLayout) {
    values = Array(repeating: 0, count: layout.slots.count)
    denominators = Array(repeating: 1, count: layout.slots.count)
    states = Array(repeating: ValueState.missing.rawValue, count: layout.slots.count)
    origins = Array(repeating: ValueOrigin.derived.rawValue, count: layout.slots.count)
    constantCount = layout.constantCount
    for (slot, constant) in layout.constants.enumerated() {
      set(slot, to: constant.numerator, over: constant.denominator, origin: .derived)
    }
  }

  /// Makes every value but the constants missing.
  @inlinable
  package mutating func clear() {
    for slot in clearableSlots {
      states[slot] = ValueState.missing.rawValue
      origins[slot] = ValueOrigin.derived.rawValue
    }
  }

  @usableFromInline
  package var clearableSlots: Range<Int> { constantCount..<states.count }

  package var slotCount: Int { states.count }

  @inlinable
  package func value(_ slot: Int) -> Int128 { values[slot] }

  @inlinable
  package func denominator(_ slot: Int) -> Int128 { denominators[slot] }

  @inlinable
  package func isPresent(_ slot: Int) -> Bool { states[slot] == ValueState.present.rawValue }

  @inlinable
  package func state(_ slot: Int) -> ValueState { ValueState(rawValue: states[slot]) ?? .missing }

  @inlinable
  package func origin(_ slot: Int) -> ValueOrigin {
    ValueOrigin(rawValue: origins[slot]) ?? .derived
  }

  /// The value as a quotient; nil if it is not present.
  package func quotient(_ slot: Int) -> Quotient? {
    isPresent(slot) ? Quotient(values[slot], over: denominators[slot]) : nil
  }

  @inlinable
  package mutating func set(_ slot: Int, to value: Int128, origin: ValueOrigin) {
    values[slot] = value
    denominators[slot] = 1
    states[slot] = ValueState.present.rawValue
    origins[slot] = origin.rawValue
  }

  /// Sets a quotient; the denominator is positive.
  @inlinable
  package mutating func set(
    _ slot: Int, to numerator: Int128, over denominator: Int128, origin: ValueOrigin
  ) {
    values[slot] = numerator
    denominators[slot] = denominator
    states[slot] = ValueState.present.rawValue
    origins[slot] = origin.rawValue
  }

  @inlinable
  package mutating func mark(_ slot: Int, _ state: ValueState, origin: ValueOrigin) {
    states[slot] = state.rawValue
    origins[slot] = origin.rawValue
  }
}
