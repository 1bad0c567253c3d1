internal import DataFields

extension ModelProgram {
  func runNearestNeighbor(
    _ plan: NearestNeighborPlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    let count = plan.neighborCount
    let neighbors = units[unit].region + units[unit].classes.count
    let measures = neighbors + count
    var found = 0
    let start = space.scratch.count
    defer { space.scratch.removeLast(space.scratch.count - start) }
    plan.instances.appendMeasures(space.slots, to: &space.scratch)
    for instance in 0..<plan.instances.clusterCount {
      let measure = space.scratch[start + instance]
      if measure.isNaN { continue }
      // Kept in order, the earlier instance first where two are as near.
      var place = found
      while place > 0,
        plan.instances.isDistance
          ? space.region[measures + place - 1] > measure
          : space.region[measures + place - 1] < measure
      {
        place -= 1
      }
      guard place < count else { continue }
      found = min(found + 1, count)
      var last = found - 1
      while last > place {
        space.region[neighbors + last] = space.region[neighbors + last - 1]
        space.region[measures + last] = space.region[measures + last - 1]
        last -= 1
      }
      space.region[neighbors + place] = Double(instance)
      space.region[measures + place] = measure
    }
    guard found == count else { return }
    space.hasRegion[unit] = true
    space.entity[unit] = Int32(space.region[neighbors])
    for target in plan.targets {
      let value =
        target.isContinuous
        ? plan.number(target, space.region, neighbors)
        : category(plan, target, unit, &space)
      if target.slot < 0 {
        space.predicted[unit] = value
      } else {
        space.slots[target.slot] = value
      }
    }
  }

  private func category(
    _ plan: NearestNeighborPlan, _ target: NearestNeighborPlan.Target, _ unit: Int,
    _ space: inout ScoringWorkspace
  ) -> Double {
    let neighbors = units[unit].region + units[unit].classes.count
    var votes = [Double](repeating: 0, count: target.preference.count)
    var total = 0.0
    for place in 0..<plan.neighborCount {
      let value = target.values[Int(space.region[neighbors + place])]
      guard let position = target.preference.firstIndex(of: value) else { continue }
      let weight =
        plan.categoricalMethod == .majorityVote
        ? 1 : plan.weight(space.region[neighbors + plan.neighborCount + place])
      votes[position] += weight
      total += weight
    }
    guard total > 0 else { return .nan }
    var best = 0
    for place in votes.indices where votes[place] > votes[best] { best = place }
    if target.slot < 0 {
      let region = units[unit].region
      for (place, label) in units[unit].classes.enumerated() {
        let position = target.preference.firstIndex(of: label.value)
        let share = position.map { votes[$0] / total } ?? 0
        space.region[region + place] = share
        space.confidences[region + place] = share
      }
    }
    return target.preference[best]
  }
}

extension NearestNeighborPlan {
  /// How much a neighbour counts where the nearer counts more.
  func weight(_ measure: Double) -> Double {
    instances.isDistance ? 1 / (measure + threshold) : measure
  }

  func number(_ target: Target, _ region: [Double], _ neighbors: Int) -> Double {
    var values: [Double] = []
    var weights: [Double] = []
    for place in 0..<neighborCount {
      let value = target.values[Int(region[neighbors + place])]
      if value.isNaN { return .nan }
      values.append(value)
      weights.append(weight(region[neighbors + neighborCount + place]))
    }
    switch continuousMethod {
    case .median: return ModelProgram.combine(.median, values, weights, isFloat: false)
    case .average: return ModelProgram.combine(.average, values, weights, isFloat: false)
    case .weightedAverage:
      return ModelProgram.combine(.weightedAverage, values, weights, isFloat: false)
    }
  }
}
