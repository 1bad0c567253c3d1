internal import DataFields

extension ModelProgram {
  func runOutput(_ unit: Int, _ place: Int, _ space: inout ScoringWorkspace) {
    let source = units[unit].outputs[place].unit
    let type = units[unit].outputs[place].dataType
    if let rules = units[unit].outputs[place].rules {
      space.slots[units[unit].outputs[place].slot] = ruleValue(rules, source, &space)
      return
    }
    var value = Double.nan
    var from = type
    switch units[unit].outputs[place].field.feature {
    case .predictedValue:
      let expression = units[unit].outputs[place].expression
      if expression >= 0 {
        value = expressions.evaluate(expression, &space)
      } else {
        value = prediction(unit, place, &space)
        from = units[source].predictedType
      }
    case .predictedDisplayValue:
      if units[source].classes.isEmpty, units[source].function != .clustering {
        // A number is shown as it is.
        value = prediction(unit, place, &space)
        from = units[source].predictedType
      } else {
        value = displayValue(unit, place, &space)
        from = .string
      }
    case .probability:
      from = .double
      if space.hasRegion[source] { value = number(unit, place, space.region, &space) }
    case .confidence:
      from = .double
      if space.hasRegion[source] {
        value = number(unit, place, space.confidences, &space)
        // Of a model that speaks of no confidence it is the probability.
        if value.isNaN { value = number(unit, place, space.region, &space) }
      }
    case .affinity, .entityAffinity, .clusterAffinity:
      from = .double
      if space.hasRegion[source] { value = affinity(unit, place, &space) }
    case .entityId, .clusterId:
      from = .string
      let entity = ranked(unit, place, &space)
      if units[source].entityCodes.indices.contains(entity) {
        value = Double(units[source].entityCodes[entity])
      } else if !space.predicted[source].isNaN, units[source].function == .clustering {
        value = space.predicted[source]
      }
    case .reasonCode:
      from = .string
      if space.hasRegion[source] {
        value = reason(source, rank: units[unit].outputs[place].field.rank, &space)
      }
    case .standardError, .standardDeviation:
      from = .double
      if case .generalRegression(let plan) = units[source].content {
        if !space.predicted[source].isNaN { value = plan.variance(space.slots).squareRoot() }
      } else if space.hasRegion[source] {
        let region = units[source].region
        if case .timeSeries = units[source].content {
          value = space.region[region + 2 * units[unit].outputs[place].position + 1].squareRoot()
        } else {
          value = space.region[region].squareRoot()
        }
      }
    case .confidenceIntervalLower, .confidenceIntervalUpper:
      from = .double
      let quantile = units[unit].outputs[place].quantile
      if space.hasRegion[source], case .timeSeries(let plan) = units[source].content {
        value = intervalEnd(
          plan, source, target: units[unit].outputs[place].position, quantile: quantile, space)
      } else if space.hasRegion[source] {
        let deviation = space.region[units[source].region].squareRoot()
        value = space.predicted[source] + quantile * deviation
      }
    case .ruleValue, .antecedent, .consequent, .rule, .ruleId, .support, .lift, .leverage: break
    case .residual:
      from = .double
      let input = units[unit].outputs[place].residualInput
      if input >= 0 { value = residual(unit, place, actual: space.inputs[input], &space) }
    case .transformedValue, .decision:
      let expression = units[unit].outputs[place].expression
      if expression >= 0 { value = expressions.evaluate(expression, &space) }
    }
    if from != type, !value.isNaN {
      value = ExpressionTable.cast(value, from, type, &space.texts)
    }
    space.slots[units[unit].outputs[place].slot] = value
  }

  /// The prediction, or the class of the rank that the output asks for.
  private func prediction(_ unit: Int, _ place: Int, _ space: inout ScoringWorkspace) -> Double {
    let source = units[unit].outputs[place].unit
    if units[unit].outputs[place].field.rank <= 1 { return space.predicted[source] }
    let position = rankedClass(unit, place, &space)
    return position < 0 ? .nan : units[source].classes[position].value
  }

  /// The class that has the rank that the output asks for, by probability; of equal ones the first.
  private func rankedClass(_ unit: Int, _ place: Int, _ space: inout ScoringWorkspace) -> Int {
    let source = units[unit].outputs[place].unit
    let rank = units[unit].outputs[place].field.rank
    guard rank > 1 else {
      let predicted = space.predicted[source]
      return units[source].classes.firstIndex { $0.value == predicted } ?? -1
    }
    guard space.hasRegion[source] else { return -1 }
    let region = units[source].region
    let order = units[source].classes.indices.filter { !space.region[region + $0].isNaN }.sorted {
      let (left, right) = (space.region[region + $0], space.region[region + $1])
      return left == right ? $0 < $1 : left > right
    }
    return rank <= order.count ? order[rank - 1] : -1
  }

  /// The actual value less the prediction; of a class, 1 or 0 less its probability: that of the
  /// predicted class where none is named.
  private func residual(
    _ unit: Int, _ place: Int, actual: Double, _ space: inout ScoringWorkspace
  ) -> Double {
    let source = units[unit].outputs[place].unit
    guard units[source].function == .classification else {
      return actual - space.predicted[source]
    }
    var position = units[unit].outputs[place].position
    if position < 0 { position = rankedClass(unit, place, &space) }
    guard space.hasRegion[source], position >= 0, !actual.isNaN else { return .nan }
    let indicator: Double = units[source].classes[position].value == actual ? 1 : 0
    return indicator - space.region[units[source].region + position]
  }

  /// A class's number; the predicted class's where no class is named.
  private func number(
    _ unit: Int, _ place: Int, _ numbers: [Double], _ space: inout ScoringWorkspace
  ) -> Double {
    let source = units[unit].outputs[place].unit
    var position = units[unit].outputs[place].position
    if position < 0 {
      if units[unit].outputs[place].field.value != nil { return .nan }
      position = rankedClass(unit, place, &space)
    }
    return position < 0 ? .nan : numbers[units[source].region + position]
  }

  private func affinity(_ unit: Int, _ place: Int, _ space: inout ScoringWorkspace) -> Double {
    let source = units[unit].outputs[place].unit
    if case .nearestNeighbor(let plan) = units[source].content {
      let rank = units[unit].outputs[place].field.rank
      guard (1...plan.neighborCount).contains(rank) else { return .nan }
      let first = units[source].region + units[source].classes.count
      return space.region[first + plan.neighborCount + rank - 1]
    }
    var position = units[unit].outputs[place].position
    if position < 0 { position = ranked(unit, place, &space) }
    return position < 0 ? .nan : space.region[units[source].region + position]
  }

  /// The entity of the rank that the output asks for; 1 is the winner.
  private func ranked(_ unit: Int, _ place: Int, _ space: inout ScoringWorkspace) -> Int {
    let source = units[unit].outputs[place].unit
    let rank = units[unit].outputs[place].field.rank
    if case .nearestNeighbor(let plan) = units[source].content {
      guard space.hasRegion[source], (1...plan.neighborCount).contains(rank) else { return -1 }
      return Int(space.region[units[source].region + units[source].classes.count + rank - 1])
    }
    guard rank > 1, space.hasRegion[source] else { return Int(space.entity[source]) }
    let count: Int
    let isDistance: Bool
    switch units[source].content {
    case .clustering(let plan): (count, isDistance) = (plan.clusterCount, plan.isDistance)
    case .text(let plan): (count, isDistance) = (plan.documentCount, plan.isDistance)
    default: return Int(space.entity[source])
    }
    let first = units[source].region
    // An entity without a measure has no rank.
    let order = (0..<count).filter { !space.region[first + $0].isNaN }.sorted {
      let left = space.region[first + $0]
      let right = space.region[first + $1]
      if left == right { return $0 < $1 }
      return isDistance ? left < right : left > right
    }
    return rank <= order.count ? order[rank - 1] : -1
  }

  private func displayValue(_ unit: Int, _ place: Int, _ space: inout ScoringWorkspace) -> Double {
    let source = units[unit].outputs[place].unit
    let codes = units[unit].outputs[place].displayCodes
    if units[source].function == .clustering {
      let entity = Int(space.entity[source])
      return codes.indices.contains(entity) ? codes[entity] : .nan
    }
    let position = rankedClass(unit, place, &space)
    return codes.indices.contains(position) ? codes[position] : .nan
  }
}
