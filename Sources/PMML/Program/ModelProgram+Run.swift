internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  /// Scores the inputs that were set; false if the row cannot be scored
  /// (``ScoringWorkspace/invalidInput`` says for which field's sake).
  ///
  /// Fixed-order arithmetic throughout: the same inputs give the same bits.
  func run(_ space: inout ScoringWorkspace) -> Bool {
    reset(&space)
    run(0, &space)
    if !expressions.lags.isEmpty { remember(&space) }
    return space.invalidInput < 0
  }

  /// Keeps the values of a row for the lags of the rows after it.
  private func remember(_ space: inout ScoringWorkspace) {
    for (place, plan) in expressions.lags.enumerated() {
      let key = plan.blocks.map { $0.value(space.slots, space.texts) }
      space.histories[place].append(plan.field.value(space.slots, space.texts), plan, key)
    }
  }

  /// Scores the transaction that the workspace holds: a model of rules without a row of its own.
  func runJoined(_ space: inout ScoringWorkspace) {
    reset(&space)
    conclude(0, &space)
  }

  private func reset(_ space: inout ScoringWorkspace) {
    for slot in space.slots.indices { space.slots[slot] = .nan }
    for unit in space.predicted.indices {
      space.predicted[unit] = .nan
      space.entity[unit] = -1
      space.hasRegion[unit] = false
    }
    space.invalidInput = -1
    space.differsInGroup = false
  }

  /// Runs one unit: fields, derived fields, model, target, outputs.
  func run(_ unit: Int, _ space: inout ScoringWorkspace) {
    let plan = rowPlans[unit]
    if let invalid = prepareFields(unit, plan, &space) {
      if !expressions.lags.isEmpty { prepareForLags(unit, from: invalid + 1, &space) }
      return
    }
    if let derived = plan.derived {
      run(derived, derived.indices, &space)
    } else {
      for step in units[unit].derived {
        space.slots[step.slot] = expressions.evaluate(step.expression, &space)
      }
    }
    // Rows of a group are scored together, once all of them are known.
    if unit == 0, !expressions.aggregates.isEmpty, case .collected = space.rowUse { return }
    conclude(unit, &space)
  }

  /// A row with an invalid value is a row before others all the same: its other values are prepared.
  private func prepareForLags(_ unit: Int, from place: Int, _ space: inout ScoringWorkspace) {
    let invalid = space.invalidInput
    for place in units[unit].preparations.indices.dropFirst(place) {
      _ = prepare(unit, place, &space)
    }
    space.invalidInput = invalid
  }

  /// The model itself, target and outputs.
  private func conclude(_ unit: Int, _ space: inout ScoringWorkspace) {
    switch units[unit].content {
    case .tree(let plan): runTree(plan, unit, &space)
    case .forest(let plan): runForest(plan, unit, &space)
    case .regression(let plan): runRegression(plan, unit, &space)
    case .clustering(let plan): runClustering(plan, unit, &space)
    case .generalRegression(let plan): runGeneralRegression(plan, unit, &space)
    case .neuralNetwork(let plan): runNeuralNetwork(plan, unit, &space)
    case .supportVectorMachine(let plan): runSupportVectorMachine(plan, unit, &space)
    case .naiveBayes(let plan): runNaiveBayes(plan, unit, &space)
    case .nearestNeighbor(let plan): runNearestNeighbor(plan, unit, &space)
    case .scorecard(let plan): runScorecard(plan, unit, &space)
    case .ruleSet(let plan): runRuleSet(plan, unit, &space)
    case .anomalyDetection(let plan):
      runAnomalyDetection(plan, unit, &space)
      if space.invalidInput >= 0 { return }
    case .association(let plan): runAssociation(plan, unit, &space)
    case .bayesianNetwork(let plan): runBayesianNetwork(plan, unit, &space)
    case .gaussianProcess(let plan): runGaussianProcess(plan, unit, &space)
    case .baseline(let plan): runBaseline(plan, unit, &space)
    case .timeSeries(let plan): runTimeSeries(plan, unit, &space)
    case .sequence(let plan): runSequence(plan, unit, &space)
    case .text(let plan): runText(plan, unit, &space)
    case .mining(let plan):
      runMining(plan, unit, &space)
      if space.invalidInput >= 0 { return }
    }
    applyTarget(unit, &space)
    space.slots[units[unit].predictedSlot] = space.predicted[unit]
    runOutputs(unit, &space)
  }

  // MARK: Fields

  func prepare(_ unit: Int, _ place: Int, _ space: inout ScoringWorkspace) -> Bool {
    let input = units[unit].preparations[place].input
    let source = units[unit].preparations[place].source
    var value = input.map { space.inputs[$0] } ?? space.slots[source]
    let isUnparsable = input.map { space.unparsable[$0] } ?? false
    // The plain case, without looking at the rest.
    if units[unit].preparations[place].isPlain, !value.isNaN, !isUnparsable {
      space.slots[units[unit].preparations[place].slot] =
        units[unit].preparations[place].isFloat ? Double(Float(value)) : value
      return true
    }
    let plan = units[unit].preparations[place]
    guard plan.treat(&value, isUnparsable: isUnparsable) else {
      space.invalidInput = input ?? 0
      return false
    }
    space.slots[plan.slot] = value
    return true
  }

  // MARK: Targets

  private func applyTarget(_ unit: Int, _ space: inout ScoringWorkspace) {
    // A list of predictions is no number to rescale.
    guard let target = units[unit].target,
      units[unit].function == .classification || !units[unit].predictsText
    else { return }
    if units[unit].function == .classification {
      guard space.predicted[unit].isNaN else { return }
      var best = -1
      for place in target.priors.indices where !target.priors[place].isNaN {
        if best < 0 || target.priors[place] > target.priors[best] { best = place }
        space.region[units[unit].region + place] = target.priors[place]
      }
      guard best >= 0 else { return }
      space.predicted[unit] = units[unit].classes[best].value
      space.hasRegion[unit] = target.priors.allSatisfy { !$0.isNaN }
      return
    }
    guard units[unit].function == .regression else { return }
    let value = space.predicted[unit]
    if value.isNaN {
      space.predicted[unit] = target.defaultValue
      return
    }
    space.predicted[unit] = target.rescaled(value, isFloat: units[unit].isFloat)
  }

  /// The first of the greatest numbers in a unit's region; -1 if there is none.
  func winner(_ unit: Int, _ space: ScoringWorkspace) -> Int {
    let first = units[unit].region
    var best = -1
    for place in units[unit].classes.indices where !space.region[first + place].isNaN {
      if best < 0 || space.region[first + place] > space.region[first + best] { best = place }
    }
    return best
  }
}

extension TargetPlan {
  /// min and max, then the factor, then the constant, then the cast.
  func rescaled(_ number: Double, isFloat: Bool) -> Double {
    var value = number
    if let minimum, value < minimum { value = minimum }
    if let maximum, value > maximum { value = maximum }
    if isFloat {
      let scaled = Float(value) * Float(factor)
      value = Double(scaled + Float(constant))
    } else {
      let scaled = value * factor
      value = scaled + constant
    }
    switch cast {
    case nil: return value
    case .round: return (value + 0.5).rounded(.down)
    case .ceiling: return value.rounded(.up)
    case .floor: return value.rounded(.down)
    }
  }
}

extension FieldPreparation {
  /// Does to a value what the mining schema says of missing, invalid and extreme ones.
  ///
  /// - Returns: false if the value is invalid, and no result is to be given then.
  func treat(_ value: inout Double, isUnparsable: Bool) -> Bool {
    if isFloat { value = Double(Float(value)) }
    if missingValues.contains(value) { value = .nan }
    if isUnparsable || (!value.isNaN && checksValidity && !isValid(value)) {
      switch invalidTreatment {
      case .returnInvalid: return false
      // A text that is no number has no value to take as it is.
      case .asIs: if isUnparsable { return false }
      case .asMissing: value = .nan
      case .asValue: value = invalidReplacement
      }
    }
    switch outliers {
    case .asIs: break
    // "asMissingValues" comes before the replacement of missing values.
    case .asMissingValues: if value < low || value > high { value = .nan }
    case .asExtremeValues:
      if value < low { value = low }
      if value > high { value = high }
    }
    if value.isNaN {
      if missingIsInvalid { return false }
      value = missingReplacement
    }
    return true
  }

  /// Whether a value that is there goes through as it is.
  var isPlain: Bool {
    missingValues.isEmpty && outliers == .asIs
      && (!checksValidity || invalidTreatment == .asIs
        || (validValues.isEmpty && intervals.isEmpty && invalidValues.isEmpty))
  }

  func isValid(_ value: Double) -> Bool {
    if invalidValues.contains(value) { return false }
    if validValues.isEmpty, intervals.isEmpty { return true }
    if holdsValid(value) { return true }
    for interval in intervals where interval.contains(value) { return true }
    return false
  }

  private func holdsValid(_ value: Double) -> Bool {
    // The codes of a field's texts mostly follow each other.
    if let first = validValues.first, value >= first, value - first < Double(validValues.count),
      validValues[Int(value - first)] == value
    {
      return true
    }
    var (low, high) = (0, validValues.count)
    while low < high {
      let middle = (low + high) / 2
      if validValues[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < validValues.count && validValues[low] == value
  }
}
