internal import DataFields

extension ModelProgram {
  func runSupportVectorMachine(
    _ plan: SupportVectorMachinePlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    let start = space.scratch.count
    defer { space.scratch.removeLast(space.scratch.count - start) }
    for coordinate in plan.coordinates {
      let value = space.slots[coordinate.slot]
      if value.isNaN { return }
      space.scratch.append(
        coordinate.category.isNaN
          ? value : value == coordinate.category ? coordinate.coefficient : 0)
    }
    let isClassification = units[unit].function == .classification
    let region = units[unit].region
    if isClassification {
      for place in units[unit].classes.indices { space.region[region + place] = .nan }
    }
    for machine in plan.machines {
      let sum = plan.sum(machine, space.scratch, from: start)
      guard isClassification else {
        space.predicted[unit] = sum
        return
      }
      if plan.machines.count == 1 || plan.method == .oneAgainstOne {
        // Below the threshold the target category is chosen (above it with `maxWins`), else the
        // alternate.
        let isTarget = plan.maxWins ? sum > machine.threshold : sum < machine.threshold
        let chosen = isTarget ? machine.category : machine.alternate
        let other = isTarget ? machine.alternate : machine.category
        if other >= 0, space.region[region + other].isNaN { space.region[region + other] = 0 }
        guard chosen >= 0 else { continue }
        let votes = space.region[region + chosen]
        space.region[region + chosen] = votes.isNaN ? 1 : votes + 1
      } else if machine.category >= 0 {
        space.region[region + machine.category] = plan.maxWins ? sum : -sum
      }
    }
    let best = winner(unit, space)
    if best >= 0 { space.predicted[unit] = units[unit].classes[best].value }
    let isVote = plan.machines.count == 1 || plan.method == .oneAgainstOne
    for place in region..<region + units[unit].classes.count {
      // Shares of the votes; one against all, the machines' own values.
      if isVote {
        space.region[place] /= Double(plan.machines.count)
      } else if !plan.maxWins {
        space.region[place].negate()
      }
      space.confidences[place] = space.region[place]
    }
    space.hasRegion[unit] = true
  }
}

extension SupportVectorMachinePlan {
  /// The machine's value: kernels in the order of its vectors, then the absolute value.
  func sum(_ machine: Machine, _ point: [Double], from start: Int) -> Double {
    var sum = 0.0
    if machine.vectors.isEmpty {
      for place in coordinates.indices {
        let product = machine.coefficients[place] * point[start + place]
        sum += product
      }
    } else {
      for (place, vector) in machine.vectors.enumerated() {
        let product = machine.coefficients[place] * value(of: vector, point, from: start)
        sum += product
      }
    }
    return sum + machine.absoluteValue
  }

  @inline(__always)
  private func value(of vector: Int, _ point: [Double], from start: Int) -> Double {
    let first = vector * coordinates.count
    switch kernel {
    case .linear: return dot(first, point, start)
    case .polynomial(let gamma, let coefficient, let degree):
      return RegressionPlan.power(gamma * dot(first, point, start) + coefficient, degree)
    case .sigmoid(let gamma, let coefficient):
      return MathFunctions.tanh(gamma * dot(first, point, start) + coefficient)
    case .radialBasis(let gamma):
      var sum = 0.0
      for place in coordinates.indices {
        let difference = point[start + place] - entries[first + place]
        let square = difference * difference
        sum += square
      }
      return MathFunctions.exp(-gamma * sum)
    }
  }

  @inline(__always)
  private func dot(_ first: Int, _ point: [Double], _ start: Int) -> Double {
    var sum = 0.0
    for place in coordinates.indices {
      let product = entries[first + place] * point[start + place]
      sum += product
    }
    return sum
  }
}
