internal import DataFields
internal import TreeEnsembles

extension TreePlan {
  /// Fetches the features of a row, rounded as the ensemble compares them.
  package func gather(_ slots: [Double], into features: inout [Double]) {
    if ensemble.isFloat {
      for place in featureSlots.indices {
        let value = slots[featureSlots[place]]
        features[place] = isCategorical[place] ? value : Double(Float(value))
      }
    } else {
      for place in featureSlots.indices { features[place] = slots[featureSlots[place]] }
    }
  }

  /// Fetches the features of a block's rows: that of `feature` in `row` goes to
  /// `feature * 64 + row`.
  package func gather(_ space: BlockWorkspace, into columns: inout [Double]) {
    let rows = BlockWorkspace.rowCount
    for (feature, slot) in featureSlots.enumerated() {
      let isRounded = ensemble.isFloat && !isCategorical[feature]
      for row in 0..<rows {
        let value = space.slots[slot * rows + row]
        columns[feature * rows + row] = isRounded ? Double(Float(value)) : value
      }
    }
  }
}

extension ModelProgram {
  func runTree(_ plan: TreePlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    plan.gather(space.slots, into: &space.features)
    let ensemble = plan.ensemble
    let destination = ensemble.walk(0, space.features.span)
    guard destination.node >= 0 else { return }
    space.entity[unit] = Int32(destination.node)
    guard units[unit].function == .classification else {
      space.predicted[unit] = ensemble.scores[destination.node]
      return
    }
    let count = units[unit].classes.count
    let region = units[unit].region
    if destination.mustAggregate {
      // Rare: a value is missing where the tree says to weigh all branches.
      var weights = [Double](repeating: 0, count: count)
      space.entity[unit] = -1
      guard ensemble.aggregate(0, at: destination.node, space.features.span, into: &weights) else {
        return
      }
      for place in 0..<count {
        space.region[region + place] = weights[place]
        space.confidences[region + place] = weights[place]
      }
      space.hasRegion[unit] = true
      let best = winner(unit, space)
      if best >= 0 { space.predicted[unit] = units[unit].classes[best].value }
      return
    }
    let score = ensemble.scores[destination.node]
    if !score.isNaN { space.predicted[unit] = units[unit].classes[Int(score)].value }
    let start = Int(ensemble.distributions[destination.node])
    guard start >= 0 else { return }
    // "missingValuePenalty" multiplies the confidence once per default child.
    var penalty = 1.0
    for _ in 0..<destination.defaultHops { penalty *= ensemble.trees[0].missingValuePenalty }
    for place in 0..<count {
      space.region[region + place] = ensemble.probabilities[start + place]
      space.confidences[region + place] = ensemble.confidences[start + place] * penalty
    }
    space.hasRegion[unit] = true
  }
}
