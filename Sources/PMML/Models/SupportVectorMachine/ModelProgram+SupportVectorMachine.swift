internal import DataFields
internal import DenseKernels

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
    let first = space.scratch.count
    space.scratch.append(contentsOf: repeatElement(0, count: plan.kernelCount))
    space.scratch.withUnsafeMutableBufferPointer { values in
      if let base = values.baseAddress { plan.runKernels(base + start, into: base + first) }
    }
    let sums = space.scratch.count
    for machine in plan.machines {
      let points = machine.vectors.isEmpty ? start : first
      space.scratch.append(machine.sum(space.scratch, from: points))
    }
    conclude(plan, unit, sums, &space)
  }

  /// The prediction from the machines' values, which are in the scratch memory from `first` on.
  func conclude(
    _ plan: SupportVectorMachinePlan, _ unit: Int, _ first: Int, _ space: inout ScoringWorkspace
  ) {
    guard units[unit].function == .classification else {
      if !plan.machines.isEmpty { space.predicted[unit] = space.scratch[first] }
      return
    }
    let region = units[unit].region
    for place in units[unit].classes.indices { space.region[region + place] = .nan }
    for (place, machine) in plan.machines.enumerated() {
      let sum = space.scratch[first + place]
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
  /// How many numbers the kernels of all vectors take, in whole tiles.
  var kernelCount: Int { (vectorCount + DenseLayer.tile - 1) / DenseLayer.tile * DenseLayer.tile }

  /// The kernel of each vector and a point.
  func runKernels(
    _ point: UnsafePointer<Double>, into values: UnsafeMutablePointer<Double>
  ) {
    for (place, part) in parts.enumerated() {
      let first = values + place * Self.partCount
      DenseKernel.fastest.single(part, point, into: first)
      finish(first, count: part.outputCount)
    }
  }

  /// Kernels from distances or products, in place.
  func finish(_ values: UnsafeMutablePointer<Double>, count: Int) {
    switch kernel {
    case .linear: break
    case .radialBasis(let gamma):
      DenseKernel.fastest.map(.exp, by: -gamma, values, count: count)
    case .sigmoid(let gamma, let coefficient):
      for place in 0..<count { values[place] = gamma * values[place] + coefficient }
      DenseKernel.fastest.map(.tanh, values, count: count)
    case .polynomial(let gamma, let coefficient, let degree):
      for place in 0..<count {
        values[place] = RegressionPlan.power(gamma * values[place] + coefficient, degree)
      }
    }
  }
}

extension SupportVectorMachinePlan.Machine {
  /// The machine's value: kernels in the order of its vectors (or its coordinates), then the
  /// absolute value.
  func sum(_ values: [Double], from start: Int) -> Double {
    var sum = 0.0
    if vectors.isEmpty {
      for (place, coefficient) in coefficients.enumerated() {
        let product = coefficient * values[start + place]
        sum += product
      }
    } else {
      for (place, vector) in vectors.enumerated() {
        let product = coefficients[place] * values[start + vector]
        sum += product
      }
    }
    return sum + absoluteValue
  }
}
