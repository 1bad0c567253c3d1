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
///
/// Public, as ``ExactArithmetic`` is, because the compiler inlines nothing else across modules; no
/// product offers this module.
public struct RuleRow: Sendable {
  /// What a slot holds. One beside the other, so that a value is one place of memory.
  @usableFromInline
  struct Cell: Sendable {
    /// See ``ValueType``.
    @usableFromInline var value: Int128
    /// What a quotient is divided by; 1 for every other type.
    @usableFromInline var denominator: Int128
    @usableFromInline var state: UInt8
    @usableFromInline var origin: UInt8

    @inlinable
    init(value: Int128, denominator: Int128, state: UInt8, origin: UInt8) {
      self.value = value
      self.denominator = denominator
      self.state = state
      self.origin = origin
    }
  }

  @usableFromInline var cells: [Cell]
  private let constantCount: Int

  package init(_ layout: RowLayout) {
    cells = Array(
      repeating: Cell(
        value: 0, denominator: 1, state: ValueState.missing.rawValue,
        origin: ValueOrigin.derived.rawValue),
      count: layout.slots.count)
    constantCount = layout.constantCount
    for (slot, constant) in layout.constants.enumerated() {
      set(slot, to: constant.numerator, over: constant.denominator, origin: .derived)
    }
  }

  /// Makes every value but the constants missing.
  @inlinable
  public mutating func clear() {
    for slot in clearableSlots {
      cells[slot].state = ValueState.missing.rawValue
      cells[slot].origin = ValueOrigin.derived.rawValue
    }
  }

  @usableFromInline
  var clearableSlots: Range<Int> { constantCount..<cells.count }

  package var slotCount: Int { cells.count }

  @inlinable
  @inline(__always)
  public func value(_ slot: Int) -> Int128 { cells[slot].value }

  @inlinable
  @inline(__always)
  public func denominator(_ slot: Int) -> Int128 { cells[slot].denominator }

  @inlinable
  @inline(__always)
  public func isPresent(_ slot: Int) -> Bool {
    cells[slot].state == ValueState.present.rawValue
  }

  /// The state and the origin as their raw values.
  @inlinable
  @inline(__always)
  public func tags(_ slot: Int) -> (state: UInt8, origin: UInt8) {
    (cells[slot].state, cells[slot].origin)
  }

  @inlinable
  public func state(_ slot: Int) -> ValueState {
    ValueState(rawValue: cells[slot].state) ?? .missing
  }

  @inlinable
  public func origin(_ slot: Int) -> ValueOrigin {
    ValueOrigin(rawValue: cells[slot].origin) ?? .derived
  }

  /// The value as a quotient; nil if it is not present.
  package func quotient(_ slot: Int) -> Quotient? {
    isPresent(slot) ? Quotient(cells[slot].value, over: cells[slot].denominator) : nil
  }

  @inlinable
  @inline(__always)
  public mutating func set(_ slot: Int, to value: Int128, origin: ValueOrigin) {
    set(slot, to: value, over: 1, origin: origin)
  }

  /// Sets a quotient; the denominator is positive.
  @inlinable
  @inline(__always)
  public mutating func set(
    _ slot: Int, to numerator: Int128, over denominator: Int128, origin: ValueOrigin
  ) {
    cells[slot] = Cell(
      value: numerator, denominator: denominator, state: ValueState.present.rawValue,
      origin: origin.rawValue)
  }

  /// Gives a slot no value, for a reason. What it held before is not read again.
  @inlinable
  @inline(__always)
  public mutating func mark(_ slot: Int, _ state: ValueState, origin: ValueOrigin) {
    mark(slot, state.rawValue, origin: origin)
  }

  @inlinable
  @inline(__always)
  public mutating func mark(_ slot: Int, _ state: UInt8, origin: ValueOrigin) {
    cells[slot].state = state
    cells[slot].origin = origin.rawValue
  }

  /// A word with its state and origin as their raw values, as ``tags(_:)`` gave them.
  @inlinable
  public mutating func restore(_ slot: Int, _ value: Int128, state: UInt8, origin: UInt8) {
    cells[slot] = Cell(value: value, denominator: 1, state: state, origin: origin)
  }

  /// The value of another slot with its state.
  @inlinable
  @inline(__always)
  public mutating func copy(_ source: Int, to slot: Int, origin: ValueOrigin) {
    var cell = cells[source]
    cell.origin = origin.rawValue
    cells[slot] = cell
  }
}
