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
    let sums = space.scratch.count
    space.scratch.append(
      contentsOf: repeatElement(0, count: plan.machines.count + plan.kernelCount))
    space.scratch.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      plan.run(base + start, kernels: base + sums + plan.machines.count, into: base + sums)
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
  /// How many numbers the kernels take that are there at once, in whole tiles.
  var kernelCount: Int {
    isInOrder
      ? Self.partCount : (vectorCount + DenseLayer.tile - 1) / DenseLayer.tile * DenseLayer.tile
  }

  /// The machines' values for a point: kernels in the order of its vectors (or its coordinates), then
  /// the absolute value.
  func run(
    _ point: UnsafePointer<Double>, kernels: UnsafeMutablePointer<Double>,
    into sums: UnsafeMutablePointer<Double>
  ) {
    // Part by part, a machine's sum is added up while the next kernels are worked out.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: max(machines.count, 1)) { next in
      next.initialize(repeating: 0)
      for (place, part) in parts.enumerated() {
        let first = place * Self.partCount
        let values = isInOrder ? kernels : kernels + first
        DenseKernel.fastest.single(part, point, into: values)
        finish(values, count: part.outputCount)
        if !isInOrder { continue }
        for machine in machines.indices {
          machines[machine].add(
            first + part.outputCount, values, from: first, &next[machine], to: &sums[machine])
        }
      }
    }
    for (place, machine) in machines.enumerated() {
      if machine.vectors.isEmpty {
        for (coordinate, coefficient) in machine.coefficients.enumerated() {
          let product = coefficient * point[coordinate]
          sums[place] += product
        }
      } else if !isInOrder {
        for (vector, coefficient) in zip(machine.vectors, machine.coefficients) {
          let product = coefficient * kernels[vector]
          sums[place] += product
        }
      }
      sums[place] += machine.absoluteValue
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
  /// Adds up the machine's vectors from the place `next` on that are below `end`; the values are those
  /// of the vectors from `first` on.
  fileprivate func add(
    _ end: Int, _ values: UnsafePointer<Double>, from first: Int, _ next: inout Int,
    to sum: inout Double
  ) {
    let vectors = vectors.span
    let coefficients = coefficients.span
    let count = min(vectors.count, coefficients.count)
    var place = next
    var result = sum
    while place < count, vectors[place] < end {
      let product = coefficients[place] * values[vectors[place] - first]
      result += product
      place += 1
    }
    next = place
    sum = result
  }
}
