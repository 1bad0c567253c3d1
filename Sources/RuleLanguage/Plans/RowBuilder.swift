import DataFields

/// Collects the slots and the code of one row: the rule row, or an event's.
struct RowBuilder {
  /// How many constants there will be; 0 on the pass that counts them.
  let constantCount: Int
  private(set) var constants: [(slot: RowLayout.Slot, value: Quotient)] = []
  private var constantSlots: [ConstantKey: Int] = [:]
  private(set) var others: [RowLayout.Slot] = []
  private(set) var instructions: [Instruction] = []
  var conditions: [ConditionNode] = []
  var clauses: [ClauseLabel] = []

  private struct ConstantKey: Hashable {
    var type: ValueType
    var numerator: Int128
    var denominator: Int128
  }

  init(constantCount: Int) { self.constantCount = constantCount }

  mutating func constant(_ type: ValueType, _ value: Quotient) -> Int {
    let key = ConstantKey(
      type: type, numerator: value.numerator, denominator: value.denominator)
    if let known = constantSlots[key] { return known }
    let slot = constants.count
    constantSlots[key] = slot
    constants.append((RowLayout.Slot(name: "", type: type), value))
    return slot
  }

  mutating func slot(_ name: String, _ type: ValueType) -> Int {
    others.append(RowLayout.Slot(name: name, type: type))
    return constantCount + others.count - 1
  }

  mutating func emit(
    _ operation: Instruction.Operation, _ left: Int, _ right: Int, to destination: Int
  ) {
    instructions.append(Instruction(operation, left, right, to: destination))
  }

  func code() -> RowCode {
    RowCode(
      layout: RowLayout(constants: constants, slots: others), instructions: instructions,
      conditions: conditions, clauses: clauses)
  }
}
