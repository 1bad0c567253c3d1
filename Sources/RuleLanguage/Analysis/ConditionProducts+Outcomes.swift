import DataFields
import ThresholdCells

/// Decisions that are made on the way.
extension ConditionProducts {
  /// A leaf that asks for an outcome of another decision.
  mutating func outcome(
    _ index: Int, _ node: ConditionNode, of slot: Int, _ isPositive: Bool
  ) throws(Refusal) -> [CellProduct] {
    guard let decision = question.inlinedDecision(at: slot), decided.contains(decision)
    else { throw .notBoxes }
    let other = try inlinedOutcomes(decision)
    switch node.kind {
    case .isPresent, .isMissing:
      return (node.kind == .isPresent) == isPositive ? [CellProduct()] : []
    default: break
    }
    if let member = other.plan.members.first(where: { $0.slot == slot }) {
      guard node.kind == .isTrue else { throw .notBoxes }
      let wanted = question.program.code.layout.constants[member.outcome]
      let outcome = other.outcomes(question.program).first { $0.value == wanted }
      return try other.members(
        outcome?.rules ?? [], isOtherwise: outcome?.isOtherwise ?? false, holding: isPositive)
    }
    guard !other.plan.collectsList else { throw .notBoxes }
    let slots = (question.inlined[decision]?.slots ?? []).union([other.plan.slot])
    fixed.formUnion(slots)
    defer { fixed.subtract(slots) }
    if other.plan.addsUp {
      var region: [CellProduct] = []
      for (value, products) in try other.sums(question.program) {
        fix(decision, to: value)
        region += try Self.meet(products, try computed(index, node, isPositive), limit)
        guard region.count <= limit else { throw .tooMany }
      }
      return region
    }
    return try outcome(index, node, isPositive, of: decision, other)
  }

  /// Lets a decision come to an outcome, and computes what is computed from it.
  private mutating func fix(_ decision: Int, to value: Quotient) {
    let slot = question.program.decisions[decision].slot
    workspace.row.set(slot, to: value.numerator, origin: .derived)
    for work in (question.inlined[decision]?.work ?? []).sorted() {
      question.run(work, in: &workspace)
    }
  }

  /// Outcomes for which the rest of the leaf comes to the same are taken together.
  private mutating func outcome(
    _ index: Int, _ node: ConditionNode, _ isPositive: Bool, of decision: Int,
    _ other: InlinedOutcomes
  ) throws(Refusal) -> [CellProduct] {
    var groups: [[CellProduct]: (rules: Set<Int>, isOtherwise: Bool)] = [:]
    var order: [[CellProduct]] = []
    for outcome in other.outcomes(question.program) {
      fix(decision, to: outcome.value)
      let rest = try computed(index, node, isPositive)
      if rest.isEmpty { continue }
      if groups[rest] == nil { order.append(rest) }
      var group = groups[rest] ?? ([], false)
      group.rules.formUnion(outcome.rules)
      group.isOtherwise = group.isOtherwise || outcome.isOtherwise
      groups[rest] = group
    }
    var products: [CellProduct] = []
    for rest in order {
      guard let group = groups[rest] else { continue }
      let region = try other.region(of: group.rules, orOtherwise: group.isOtherwise)
      products += try Self.meet(region, rest, limit)
      guard products.count <= limit else { throw .tooMany }
    }
    return products
  }

  private mutating func inlinedOutcomes(_ decision: Int) throws(Refusal) -> InlinedOutcomes {
    if let known = inlined[decision] { return known }
    let plan = question.program.decisions[decision]
    // What its own conditions come to does not depend on what is fixed for the moment, and may fix
    // the same slots anew.
    let outer = fixed
    let values = outer.map { (slot: $0, value: workspace.row.value($0)) }
    fixed = []
    defer {
      fixed = outer
      for (slot, value) in values { workspace.row.set(slot, to: value, origin: .derived) }
    }
    var rules: [[CellProduct]] = []
    var count = 0
    for rule in plan.rules {
      guard let root = question.program.rules[rule].condition else { throw .notBoxes }
      rules.append(try products(root))
      count += rules[rules.count - 1].count
      guard count <= limit else { throw .tooMany }
    }
    let outcomes = try InlinedOutcomes(
      question, plan, rules: rules, within: everything, budget: budget)
    inlined[decision] = outcomes
    return outcomes
  }
}
