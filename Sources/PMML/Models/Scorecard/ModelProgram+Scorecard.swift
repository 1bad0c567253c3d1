internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  /// The initial score and, of each characteristic, the points of the first attribute that holds.
  func runScorecard(_ plan: ScorecardPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let region = units[unit].region
    for place in units[unit].reasonCodes.indices { space.region[region + place] = .nan }
    var score = plan.initialScore
    for characteristic in plan.characteristics {
      guard
        let place = characteristic.attributes.first(where: {
          predicates.evaluate(plan.attributes[$0].predicate, space.slots.span) == .isTrue
        })
      else { return }
      let attribute = plan.attributes[place]
      let points =
        attribute.expression < 0
        ? attribute.partialScore : expressions.evaluate(attribute.expression, &space)
      if points.isNaN { return }
      score += points
      guard plan.usesReasonCodes, attribute.reason >= 0 else { continue }
      let difference =
        plan.algorithm == .pointsBelow
        ? characteristic.baselineScore - points : points - characteristic.baselineScore
      let before = space.region[region + attribute.reason]
      space.region[region + attribute.reason] = before.isNaN ? difference : before + difference
    }
    space.predicted[unit] = score
    space.hasRegion[unit] = true
  }

  /// The reason of a rank, by the points that it took away; ties go in the order of the document.
  func reason(_ unit: Int, rank: Int, _ space: ScoringWorkspace) -> Double {
    let region = units[unit].region
    let codes = units[unit].reasonCodes
    let order = codes.indices.filter { space.region[region + $0] >= 0 }.sorted {
      let left = space.region[region + $0]
      let right = space.region[region + $1]
      return left == right ? $0 < $1 : left > right
    }
    return order.indices.contains(rank - 1) ? Double(codes[order[rank - 1]]) : .nan
  }
}
