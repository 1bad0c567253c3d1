import DataFields
package import ThresholdCells

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
