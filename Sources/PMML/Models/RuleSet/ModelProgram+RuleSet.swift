internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  func runRuleSet(_ plan: RuleSetPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let region = units[unit].region
    for place in units[unit].classes.indices {
      space.region[region + place] = 0
      space.confidences[region + place] = 0
    }
    var fired = 0
    var chosen = -1
    var greatest = -Double.infinity
    for (index, rule) in plan.rules.enumerated() {
      let holds = rule.predicates.allSatisfy {
        predicates.evaluate($0, space.slots.span) == .isTrue
      }
      guard holds, rule.position >= 0 else { continue }
      fired += 1
      switch plan.criterion {
      case .firstHit: chosen = index
      case .weightedSum: space.region[region + rule.position] += rule.weight
      case .weightedMax:
        if chosen < 0 || rule.weight > greatest {
          greatest = rule.weight
          chosen = index
        }
      }
      if plan.criterion == .firstHit { break }
    }
    if fired == 0 { return takeDefault(plan, unit, &space) }
    if plan.criterion == .weightedSum {
      let best = winner(unit, space)
      guard best >= 0 else { return }
      // "The confidence is the total weight of the winner over the number of rules that fired."
      for place in units[unit].classes.indices {
        space.region[region + place] /= Double(fired)
        space.confidences[region + place] = space.region[region + place]
      }
      space.predicted[unit] = units[unit].classes[best].value
    } else {
      let rule = plan.rules[chosen]
      space.entity[unit] = Int32(chosen)
      space.confidences[region + rule.position] = rule.confidence
      space.region[region + rule.position] = rule.confidence
      space.predicted[unit] = units[unit].classes[rule.position].value
    }
    space.hasRegion[unit] = true
  }

  private func takeDefault(_ plan: RuleSetPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    guard plan.defaultPosition >= 0 else { return }
    let place = units[unit].region + plan.defaultPosition
    space.predicted[unit] = units[unit].classes[plan.defaultPosition].value
    space.confidences[place] = plan.defaultConfidence
    space.region[place] = plan.defaultConfidence
    space.hasRegion[unit] = !plan.defaultConfidence.isNaN
  }
}
