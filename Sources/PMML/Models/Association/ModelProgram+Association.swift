internal import DataFields

extension ModelProgram {
  func runAssociation(_ plan: AssociationPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let items: [Int32]
    switch space.rowUse {
    case .scored: items = plan.items.items(space.slots)
    case .collected:
      space.collected.items = plan.items.items(space.slots)
      return
    case .joined(let transaction): items = transaction.events.first?.items ?? []
    }
    var isThere = Array(repeating: false, count: plan.items.names.count)
    for item in items { isThere[Int(item)] = true }
    let contains = plan.itemsets.map { set in set.allSatisfy { isThere[Int($0)] } }
    let region = units[unit].region
    for (place, rule) in (units[unit].rules?.rules ?? []).enumerated() {
      space.region[region + place] =
        !contains[rule.antecedent]
        ? RulePlan.State.nothing
        : contains[rule.consequent] ? RulePlan.State.both : RulePlan.State.antecedent
    }
    space.hasRegion[unit] = true
    space.predicted[unit] = ruleValue(plan.prediction, unit, &space)
  }
}
