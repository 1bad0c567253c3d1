import DataFields
package import ThresholdCells

/// Where each value of the row comes from: what computes it, what it rests on, what it can be.
package struct ValueOrigins: Sendable {
  private let program: Program
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
        // A range that is declared computes nothing.
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
  }

  package func isConstant(_ slot: Int) -> Bool { slot < program.code.layout.constantCount }

  /// The value of a constant slot.
  func constant(at slot: Int) -> Quotient? {
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

  private func plan(at slot: Int) -> LetPlan? { letOfSlot[slot].map { program.lets[$0] } }

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

extension ValueOrigins {
  /// The values that a slot can have, as far as declarations and signs tell.
  ///
  /// - Complexity: O(definitions that the value rests on).
  package func domain(of slot: Int) -> ValueDomain {
    var known: [Int: ValueDomain] = [:]
    return domain(of: slot, depth: 0, &known)
  }

  /// - Parameter known: what was found already; shared operands would be walked once for each use.
  private func domain(
    of slot: Int, depth: Int, _ known: inout [Int: ValueDomain]
  ) -> ValueDomain {
    if let domain = known[slot] { return domain }
    var domain = withStandIn(computedDomain(of: slot, depth: depth, &known), of: slot)
    if let plan = plan(at: slot) {
      // What lies outside is refused, whether it was supplied or computed.
      domain.lower = [domain.lower, plan.lowerBound].compactMap(\.self).max()
      domain.upper = [domain.upper, plan.upperBound].compactMap(\.self).min()
    }
    known[slot] = domain
    return domain
  }

  /// The same, but for what stands in for a missing value.
  func ownDomain(of slot: Int) -> ValueDomain {
    var known: [Int: ValueDomain] = [:]
    return computedDomain(of: slot, depth: 0, &known)
  }

  private func withStandIn(_ computed: ValueDomain, of slot: Int) -> ValueDomain {
    var domain = computed
    guard case .value(let constant) = missingPolicy(of: slot), isConstant(constant) else {
      return domain
    }
    // What stands in for a missing value need not lie within the bounds of those that are given.
    var standIn = program.code.layout.constants[constant]
    if case .double = program.code.layout.slots[slot].type {
      standIn = Quotient(DoubleOrder.place(ofBits: standIn.numerator))
    }
    domain.lower = domain.lower.map { min($0, standIn) }
    domain.upper = domain.upper.map { max($0, standIn) }
    return domain
  }

  private func computedDomain(
    of slot: Int, depth: Int, _ known: inout [Int: ValueDomain]
  ) -> ValueDomain {
    let type = program.code.layout.slots[slot].type
    if isConstant(slot) {
      let value = program.code.layout.constants[slot]
      return ValueDomain(lower: value, upper: value)
    }
    if case .double = type { return doubleDomain(slot) }
    if let field = field(at: slot) { return declaredDomain(field) }
    if let aggregate = aggregate(at: slot) { return domain(of: aggregate) }
    if let decision = decision(at: slot) { return domain(ofDecision: program.decisions[decision]) }
    guard depth < 64, let instruction = computation(of: slot) else {
      return type == .date ? Self.calendar : .everything
    }
    let left = Int(instruction.left)
    let right = Int(instruction.right)
    switch instruction.operation {
    case .copy:
      return domain(of: left, depth: depth + 1, &known)
    case .add, .addQuotient:
      let (a, b) = (
        domain(of: left, depth: depth + 1, &known), domain(of: right, depth: depth + 1, &known)
      )
      return ValueDomain(
        lower: combine(a.lower, b.lower) { $0.adding($1) },
        upper: combine(a.upper, b.upper) { $0.adding($1) })
    case .scaleUp:
      let a = domain(of: left, depth: depth + 1, &known)
      guard let digits = domain(of: right, depth: depth + 1, &known).lower,
        let power = ExactArithmetic.powerOfTen(Int(truncatingIfNeeded: digits.numerator))
      else { return .everything }
      return ValueDomain(
        lower: combine(a.lower, Quotient(power)) { $0.multiplied(by: $1) },
        upper: combine(a.upper, Quotient(power)) { $0.multiplied(by: $1) })
    case .multiply, .multiplyQuotient, .divideQuotient:
      // Only the sign is followed: what is not negative stays so.
      let (a, b) = (
        domain(of: left, depth: depth + 1, &known), domain(of: right, depth: depth + 1, &known)
      )
      guard let x = a.lower, let y = b.lower, x >= Quotient(0), y >= Quotient(0) else {
        return .everything
      }
      return ValueDomain(lower: Quotient(0))
    default:
      return .everything
    }
  }

  private func combine(
    _ left: Quotient?, _ right: Quotient?, _ operation: (Quotient, Quotient) -> Quotient?
  ) -> Quotient? {
    guard let left, let right else { return nil }
    return operation(left, right)
  }

  private static let calendar = ValueDomain(
    lower: CalendarDate(year: 0, month: 1, day: 1).map { Quotient(Int128($0.daysSinceEpoch)) },
    upper: CalendarDate(year: 9999, month: 12, day: 31).map { Quotient(Int128($0.daysSinceEpoch)) })

  private func declaredDomain(_ field: FieldPlan) -> ValueDomain {
    var domain = field.type == .date ? Self.calendar : .everything
    if let lower = field.lowerBound { domain.lower = Quotient(lower) }
    if let upper = field.upperBound { domain.upper = Quotient(upper) }
    return domain
  }

  /// Scores lie in their declared range, as places among the doubles.
  private func doubleDomain(_ slot: Int) -> ValueDomain {
    let score = score(at: slot)
    let field = field(at: slot)
    let lower =
      score?.lowerBound.map { DoubleOrder.place(of: $0) }
      ?? field?.lowerBound.map { DoubleOrder.place(ofBits: $0) }
    let upper =
      score?.upperBound.map { DoubleOrder.place(of: $0) }
      ?? field?.upperBound.map { DoubleOrder.place(ofBits: $0) }
    return ValueDomain(
      lower: Quotient(lower ?? DoubleOrder.place(of: -Double.greatestFiniteMagnitude)),
      upper: Quotient(upper ?? DoubleOrder.place(of: Double.greatestFiniteMagnitude)))
  }

  /// What outcomes can add up to.
  private func domain(ofDecision plan: DecisionPlan) -> ValueDomain {
    guard plan.addsUp else { return .everything }
    var (lower, upper) = (Quotient(0), Quotient(0))
    for rule in plan.rules {
      let outcome = program.rules[rule].outcome
      guard outcome < program.code.layout.constantCount else { return .everything }
      var value = program.code.layout.constants[outcome]
      if plan.aggregator == .count { value = Quotient(1) }
      if value < Quotient(0) {
        lower = lower.adding(value) ?? lower
      } else {
        upper = upper.adding(value) ?? upper
      }
    }
    let others =
      plan.otherwise.map { [program.code.layout.constants[program.rules[$0].outcome]] } ?? []
    let replacing = plan.overrides.map {
      program.code.layout.constants[program.overrides[$0].outcome]
    }
    let given = others + replacing
    return ValueDomain(
      lower: ([lower] + given).min(), upper: ([upper] + given).max())
  }

  /// Whether the values that an aggregate is taken over have bounds other than 0: their number then
  /// bounds their sum.
  func hasBoundedValues(_ aggregate: AggregatePlan) -> Bool {
    guard let slot = aggregate.valueSlot else { return false }
    let event = program.events[aggregate.event]
    let fields = event.fields + event.lists.flatMap(\.fields)
    guard let field = fields.first(where: { $0.slot == slot }) else { return false }
    return field.upperBound != nil || (field.lowerBound ?? 0) != 0
  }

  private func domain(of aggregate: AggregatePlan) -> ValueDomain {
    let event = program.events[aggregate.event]
    switch aggregate.function {
    case .count, .countDistinct: return ValueDomain(lower: Quotient(0))
    case .sum, .mean, .minimum, .maximum, .first, .last: break
    }
    guard let slot = aggregate.valueSlot else { return .everything }
    let fields = event.fields + event.lists.flatMap(\.fields)
    var domain = fields.first { $0.slot == slot }.map(declaredDomain) ?? .everything
    var source = slot
    for instruction in event.code.instructions[aggregate.valueCode]
    where Int(instruction.destination) == slot && instruction.operation == .convert {
      source = event.conversions[Int(instruction.right)].amountSlot
    }
    // Rates are positive: an amount that is not negative stays so in another currency.
    if source != slot { domain = .everything }
    let declared = fields.first { $0.slot == source }.map(declaredDomain)
    if isNotNegative(source, where: aggregate.condition, in: event.code)
      || (declared?.lower.map { $0 >= Quotient(0) } ?? false)
    {
      domain.lower = max(domain.lower ?? Quotient(0), Quotient(0))
    }
    // A sum of several values leaves the bounds of one, but for its sign.
    if aggregate.function == .sum {
      let keepsSign = domain.lower.map { $0 >= Quotient(0) } ?? false
      domain = ValueDomain(lower: keepsSign ? Quotient(0) : nil)
    }
    return domain
  }

  /// Whether a `where` demands `slot >= 0` (or more) of every event that counts.
  private func isNotNegative(_ slot: Int, where root: Int?, in code: RowCode) -> Bool {
    guard let root else { return false }
    let node = code.conditions[root]
    switch node.kind {
    case .all:
      var child = root + 1
      while child < node.end {
        if isNotNegative(slot, where: child, in: code) { return true }
        child = Int(code.conditions[child].end)
      }
      return false
    case .compareWords, .compareQuotients:
      let right = Int(node.right)
      guard Int(node.left) == slot, right < code.layout.constantCount,
        code.layout.constants[right] >= Quotient(0)
      else { return false }
      return node.comparison == .greaterOrEqual || node.comparison == .greater
        || node.comparison == .equal
    default:
      return false
    }
  }
}
