import DataFields

/// How a value is kept from those whom it does not concern: what is computed from a value that is
/// personal or masked is so as well, for it would tell what that one is.
package struct ValueProtection: Sendable, Hashable {
  /// It belongs to a person and can be erased: `personal`, and keys.
  package var isPersonal = false
  /// `masked keep n`: how many characters a page shows; nil if it is not masked. Nothing is shown of
  /// what is computed from a masked value.
  package var maskKeeps: Int?

  /// For each slot of the rule row.
  ///
  /// Conditions, ranks and counts show too little of what they rest on; what a model makes of
  /// personal values belongs to the person, but shows none of them.
  /// - Complexity: O(size of the program).
  package static func ofSlots(_ program: Program) -> [ValueProtection] {
    var slots = Array(repeating: ValueProtection(), count: program.code.layout.slots.count)
    for input in program.inputs {
      for (index, field) in input.fields.enumerated() where slots.indices.contains(field.slot) {
        slots[field.slot] = ValueProtection(field, isKey: index == input.key)
      }
    }
    for aggregate in program.aggregates where slots.indices.contains(aggregate.resultSlot) {
      slots[aggregate.resultSlot] = protection(of: aggregate, program)
    }
    for step in program.steps {
      if case .model(let model) = step { score(program.models[model], &slots) }
      guard case .compute(let range, let destination) = step else { continue }
      for instruction in program.code.instructions[range] { run(instruction, &slots) }
      if let plan = program.lets.first(where: { $0.slot == destination }), plan.isPersonal {
        slots[destination].isPersonal = true
      }
    }
    for plan in program.lets where plan.isPersonal && slots.indices.contains(plan.slot) {
      slots[plan.slot].isPersonal = true
    }
    return slots
  }

  private init() {}

  private init(_ field: FieldPlan, isKey: Bool) {
    isPersonal = field.isPersonal || isKey
    maskKeeps = field.maskKeeps
  }

  /// What is computed from two values.
  private func joined(with other: Self) -> ValueProtection {
    var joined = ValueProtection()
    joined.isPersonal = isPersonal || other.isPersonal
    joined.maskKeeps = maskKeeps == nil && other.maskKeeps == nil ? nil : 0
    return joined
  }

  private static func run(_ instruction: Instruction, _ slots: inout [ValueProtection]) {
    let (left, destination) = (Int(instruction.left), Int(instruction.destination))
    switch instruction.operation {
    // A stand-in is part of the ruleset.
    case .copy, .coalesce, .atLeast, .atMost: slots[destination] = slots[left]
    case .condition, .require: break
    case .negate, .scaleUp: slots[destination] = slots[left].joined(with: slots[left])
    case .convert: break
    case .add, .subtract, .multiply, .addQuotient, .subtractQuotient, .multiplyQuotient,
      .divideQuotient:
      slots[destination] = slots[left].joined(with: slots[Int(instruction.right)])
    }
  }

  private static func score(_ model: ModelPlan, _ slots: inout [ValueProtection]) {
    guard model.feeds.contains(where: { slots[$0.slot].isPersonal }) else { return }
    for score in model.scores { slots[score.slot].isPersonal = true }
  }

  /// What is picked or added up from what events say.
  private static func protection(of aggregate: AggregatePlan, _ program: Program) -> ValueProtection
  {
    guard aggregate.function != .count, aggregate.function != .countDistinct,
      let value = aggregate.valueSlot
    else { return ValueProtection() }
    let event = program.events[aggregate.event]
    var slots = Array(repeating: ValueProtection(), count: event.code.layout.slots.count)
    for field in event.fields + event.lists.flatMap(\.fields)
    where slots.indices.contains(field.slot) {
      slots[field.slot] = ValueProtection(field, isKey: false)
    }
    for instruction in event.code.instructions[aggregate.valueCode] {
      if instruction.operation == .convert {
        let amount = event.conversions[Int(instruction.right)].amountSlot
        slots[Int(instruction.destination)] = slots[amount].joined(with: slots[amount])
      } else {
        run(instruction, &slots)
      }
    }
    switch aggregate.function {
    case .first, .last, .minimum, .maximum: return slots[value]
    default: return slots[value].joined(with: slots[value])
    }
  }
}
