package import DataFields

/// Where each value of the row comes from: what computes it, what it rests on, what it can be.
package struct ValueOrigins: Sendable {
  let program: Program
  /// For each slot, the instruction that computes it; -1 where none does.
  private let definitions: [Int]
  /// For each instruction, the step that runs it.
  private let steps: [Int: Int]
  /// Of slots that hold another value where theirs is missing, the instruction that computes theirs.
  private let replaceable: [Int: Int]
  /// Slots for which the ruleset declares a range.
  private let bounded: Set<Int>
  private let rankOfSlot: [Int: Int]
  private let decisionOfSlot: [Int: Int]
  private let aggregateOfSlot: [Int: Int]
  private let letOfSlot: [Int: Int]
  private let fieldOfSlot: [Int: FieldPlan]
  private let tolerated: [Bool]

  package init(_ program: Program) {
    self.program = program
    var definitions = Array(repeating: -1, count: program.code.layout.slots.count)
    var steps: [Int: Int] = [:]
    var replaceable: [Int: Int] = [:]
    var bounded: Set<Int> = []
    for (number, step) in program.steps.enumerated() {
      guard case .compute(let range, _) = step else { continue }
      for index in range {
        let instruction = program.code.instructions[index]
        let slot = Int(instruction.destination)
        // Whether there is a value computes nothing, nor does a range that is declared.
        if instruction.operation == .require { continue }
        if instruction.operation == .atLeast || instruction.operation == .atMost {
          bounded.insert(slot)
          continue
        }
        if instruction.operation == .coalesce, instruction.left == instruction.destination {
          // Nothing computes an aggregate on the row, also where a value stands in for it.
          guard definitions[slot] >= 0 else { continue }
          replaceable[slot] = definitions[slot]
        }
        definitions[slot] = index
        steps[index] = number
      }
    }
    self.definitions = definitions
    self.steps = steps
    self.replaceable = replaceable
    self.bounded = bounded
    func places(_ slots: [Int]) -> [Int: Int] {
      Dictionary(slots.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }
    rankOfSlot = places(program.ranks.map(\.slot))
    decisionOfSlot = places(program.decisions.map(\.slot))
    aggregateOfSlot = places(program.aggregates.map(\.resultSlot))
    letOfSlot = places(program.lets.map(\.slot))
    fieldOfSlot = Dictionary(program.inputs.flatMap(\.fields).map { ($0.slot, $0) }) { first, _ in
      first
    }
    tolerated = ToleratedValues.ofSlots(program)
  }

  /// Whether a decision is asked although the value is missing.
  package func isTolerated(_ slot: Int) -> Bool {
    tolerated.indices.contains(slot) && tolerated[slot]
  }

  package func isConstant(_ slot: Int) -> Bool { slot < program.code.layout.constantCount }

  /// The value of a constant slot.
  package func constant(at slot: Int) -> Quotient? {
    isConstant(slot) && slot >= 0 ? program.code.layout.constants[slot] : nil
  }

  /// Whether a slot holds an exact number.
  func isNumber(_ slot: Int) -> Bool {
    guard program.code.layout.slots.indices.contains(slot) else { return false }
    switch program.code.layout.slots[slot].type {
    case .integer, .decimal, .quotient: return true
    case .boolean, .date, .text, .rank, .double: return false
    }
  }

  /// The instruction that computes a slot, and its step.
  package func definition(of slot: Int) -> (instruction: Instruction, step: Int)? {
    guard definitions.indices.contains(slot), definitions[slot] >= 0 else { return nil }
    return (program.code.instructions[definitions[slot]], steps[definitions[slot]] ?? 0)
  }

  /// The instruction that computes a slot, as part of the step that runs it.
  func work(of slot: Int) -> DecisionQuestion.Work? {
    guard definitions.indices.contains(slot), definitions[slot] >= 0 else { return nil }
    return DecisionQuestion.Work(
      step: steps[definitions[slot]] ?? 0, instruction: definitions[slot])
  }

  /// The instruction that computes a slot's own value, before another stands in for it.
  func computation(of slot: Int) -> Instruction? {
    replaceable[slot].map { program.code.instructions[$0] } ?? definition(of: slot)?.instruction
  }

  /// The same, where it is one that another value stands in for.
  package func ownComputation(of slot: Int) -> Instruction? {
    replaceable[slot].map { program.code.instructions[$0] }
  }

  /// Whether values outside a range that is declared are refused.
  func isBounded(_ slot: Int) -> Bool { bounded.contains(slot) }

  /// Whether another value stands in where the one that is computed is missing.
  func isReplaceable(_ slot: Int) -> Bool { replaceable[slot] != nil }

  package func rank(at slot: Int) -> Int? { rankOfSlot[slot] }
  package func decision(at slot: Int) -> Int? { decisionOfSlot[slot] }

  package func score(at slot: Int) -> ModelPlan.Score? {
    for model in program.models {
      if let score = model.scores.first(where: { $0.slot == slot }) { return score }
    }
    return nil
  }

  package func aggregate(at slot: Int) -> AggregatePlan? {
    aggregateOfSlot[slot].map { program.aggregates[$0] }
  }

  package func field(at slot: Int) -> FieldPlan? {
    fieldOfSlot[slot]
  }

  package func missingPolicy(of slot: Int) -> MissingPolicy {
    field(at: slot)?.missing ?? plan(at: slot)?.missing ?? .refuse
  }

  func plan(at slot: Int) -> LetPlan? { letOfSlot[slot].map { program.lets[$0] } }

  /// The leaves of a condition, as indices of its nodes.
  package func leaves(of root: Int) -> [Int] {
    (root..<Int(program.code.conditions[root].end)).filter {
      switch program.code.conditions[$0].kind {
      case .all, .any, .not: false
      default: true
      }
    }
  }

  /// The inputs, aggregates and scores that a value rests on, each with how often it is used.
  ///
  /// A score stands for itself and, unless it is taken as opaque, for what feeds its model.
  package func bases(of slot: Int, scoresAreOpaque: Bool = false) -> [Int: Int] {
    var uses: [Int: Int] = [:]
    // A list, not a recursion: chains of definitions may be long.
    var open: [Reached] = [Reached(slot: slot, decisions: [])]
    var visits = 0
    while let reached = open.popLast(), visits < Self.maximumVisits {
      visits += 1
      guard reached.slot >= 0, !isConstant(reached.slot) else { continue }
      guard let operands = operands(of: reached) else {
        uses[reached.slot, default: 0] += 1
        continue
      }
      if score(at: reached.slot) != nil {
        uses[reached.slot, default: 0] += 1
        if scoresAreOpaque { continue }
      }
      open += operands
    }
    return uses
  }

  /// Shared operands are walked once for each use, up to a limit.
  private static let maximumVisits = 10_000

  /// A slot on the way from a value to its bases, and the decisions on that way: an override may ask
  /// for the outcome that it replaces.
  private struct Reached {
    var slot: Int
    var decisions: [Int]
  }

  /// What a value is computed from; nil if it is a base.
  func operands(of slot: Int) -> [Int]? {
    operands(of: Reached(slot: slot, decisions: []))?.map(\.slot)
  }

  private func operands(of reached: Reached) -> [Reached]? {
    let slot = reached.slot
    func reach(_ slots: [Int]) -> [Reached] {
      slots.map { Reached(slot: $0, decisions: reached.decisions) }
    }
    if let rank = rank(at: slot) { return reach([program.ranks[rank].source]) }
    if let decision = program.decisions.firstIndex(where: { $0.isOutcome(slot) }) {
      if reached.decisions.contains(decision) { return [] }
      let plan = program.decisions[decision]
      let roots =
        plan.rules.compactMap { program.rules[$0].condition }
        + plan.overrides.map { program.overrides[$0].condition }
      return roots.flatMap(operands(ofCondition:)).map {
        Reached(slot: $0, decisions: reached.decisions + [decision])
      }
    }
    if let model = program.models.first(where: { $0.scores.contains { $0.slot == slot } }) {
      return reach(model.feeds.map(\.slot))
    }
    guard let instruction = computation(of: slot) else { return nil }
    switch instruction.operation {
    case .condition: return reach(operands(ofCondition: Int(instruction.right)))
    case .copy, .negate, .scaleUp: return reach([Int(instruction.left)])
    default: return reach([Int(instruction.left), Int(instruction.right)])
    }
  }

  private func operands(ofCondition root: Int) -> [Int] {
    leaves(of: root).flatMap { leaf in
      let node = program.code.conditions[leaf]
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles:
        return [Int(node.left), Int(node.right)]
      default: return [Int(node.left)]
      }
    }
  }
}
