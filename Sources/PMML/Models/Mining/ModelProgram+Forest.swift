internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  func runForest(_ plan: ForestPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    plan.trees.gather(space.slots, into: &space.features)
    if let forest = plan.forRows, runQuickly(forest, plan, unit, &space) { return }
    let ensemble = plan.trees.ensemble
    if units[unit].function == .classification {
      return runForestClasses(plan, unit, &space)
    }
    // The common case: all trees answer, none is weighted.
    if plan.method == .sum || plan.method == .average {
      let (sum, missing) = ensemble.sum(space.features.span)
      if missing == 0 {
        let count = Double(ensemble.trees.count)
        space.predicted[unit] =
          plan.method == .sum
          ? sum : ensemble.isFloat ? Double(Float(sum) / Float(count)) : sum / count
        return
      }
    }
    var votes = Votes(plan.missingPrediction, plan.missingThreshold, plan.method)
    var values: [Double] = []
    var weights: [Double] = []
    for tree in ensemble.trees.indices {
      let node = ensemble.walk(tree, space.features.span).node
      if node < 0 || ensemble.scores[node].isNaN {
        votes.addMissing(plan.weights[tree])
      } else {
        votes.add(plan.weights[tree])
        values.append(ensemble.scores[node])
        weights.append(plan.weights[tree])
      }
    }
    guard votes.yieldsResult else { return }
    space.predicted[unit] = Self.combine(
      plan.method, values, weights, isFloat: ensemble.isFloat)
  }

  /// Scores a row by the form for rows; false where a tree gives no prediction, and nothing has come of
  /// it.
  private func runQuickly(
    _ forest: RowForest, _ plan: ForestPlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) -> Bool {
    if space.forestWords.count < forest.wordCount {
      space.forestWords = Array(repeating: 0, count: forest.wordCount)
    }
    let count = Double(plan.trees.ensemble.trees.count)
    guard units[unit].function == .classification else {
      forest.score(space.features, &space.forestWords, into: &space.predicted, from: unit)
      let sum = space.predicted[unit]
      guard !sum.isNaN else { return false }
      if plan.method != .sum {
        space.predicted[unit] = forest.isFloat ? Double(Float(sum) / Float(count)) : sum / count
      }
      return true
    }
    let region = units[unit].region
    forest.score(space.features, &space.forestWords, into: &space.region, from: region)
    let classCount = forest.outputCount
    for place in region..<region + classCount where space.region[place].isNaN { return false }
    for place in region..<region + classCount {
      if plan.method != .sum { space.region[place] /= count }
      space.confidences[place] = space.region[place]
    }
    let best = winner(unit, space)
    guard best >= 0 else { return true }
    space.hasRegion[unit] = true
    space.predicted[unit] = units[unit].classes[best].value
    return true
  }

  private func runForestClasses(
    _ plan: ForestPlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    let ensemble = plan.trees.ensemble
    let region = units[unit].region
    let count = units[unit].classes.count
    let isVote = plan.method == .majorityVote || plan.method == .weightedMajorityVote
    let isWeighted =
      plan.method == .weightedAverage || plan.method == .weightedMajorityVote
      || plan.method == .weightedSum
    for place in 0..<count { space.region[region + place] = 0 }
    var votes = Votes(plan.missingPrediction, plan.missingThreshold, plan.method)
    var total = 0.0
    for tree in ensemble.trees.indices {
      let node = ensemble.walk(tree, space.features.span).node
      let weight = isWeighted ? plan.weights[tree] : 1
      if node < 0 || ensemble.scores[node].isNaN {
        votes.addMissing(plan.weights[tree])
        continue
      }
      votes.add(plan.weights[tree])
      total += weight
      let start = Int(ensemble.distributions[node])
      if isVote || start < 0 {
        space.region[region + Int(ensemble.scores[node])] += weight
      } else {
        for place in 0..<count {
          let share = weight * ensemble.probabilities[start + place]
          space.region[region + place] += share
        }
      }
    }
    guard votes.yieldsResult else { return }
    let isShare = plan.method != .sum && plan.method != .weightedSum
    for place in 0..<count {
      if isShare { space.region[region + place] /= total }
      space.confidences[region + place] = space.region[region + place]
    }
    let best = winner(unit, space)
    guard best >= 0 else { return }
    if votes.treatment == .continue, isVote,
      Double(votes.missingCount) > space.region[region + best] * total
    {
      return
    }
    space.hasRegion[unit] = true
    space.predicted[unit] = units[unit].classes[best].value
  }
}
