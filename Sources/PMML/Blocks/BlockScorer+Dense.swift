internal import DataFields
internal import DenseKernels

extension BlockScorer {
  /// How many columns a unit computes on the way.
  func denseColumnCount(_ unit: ModelUnit) -> Int {
    switch unit.content {
    case .regression(let plan): return plan.tables.count
    case .neuralNetwork(let plan):
      let depth = plan.inputs.map { expressions.isInColumns($0) ? expressions.depth($0) : 0 }
      return max(plan.activationCount, plan.inputs.count + (depth.max() ?? 0))
    case .supportVectorMachine(let plan):
      return plan.coordinates.count + SupportVectorMachinePlan.partCount + plan.machines.count
    default: return 0
    }
  }

  // MARK: Neural networks

  func runNeuralNetwork(
    _ plan: NeuralNetworkPlan, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    if let inputs = space.units[unit].inputs {
      inputs.run()
    } else {
      for (place, input) in plan.inputs.enumerated() {
        expressions.evaluate(input, space, into: place)
      }
    }
    // Without all of its inputs, a network gives no result.
    let missing = DenseKernel.fastest.missing(space.columns, count: plan.inputs.count)
    plan.runBlock(space.columns)
    let predicted = space.predicted + unit * rows
    let region = space.region + model.program.units[unit].region * rows
    let classCount = model.program.units[unit].classes.count
    let isClassification = model.program.units[unit].function == .classification
    if isClassification { region.update(repeating: 0, count: classCount * rows) }
    for output in plan.outputs {
      let value = space.columns + output.activation * rows
      switch output.result {
      case .probability(let place): (region + place * rows).update(from: value, count: rows)
      case .number: predicted.update(from: value, count: rows)
      case .denormalised(let origs, let norms):
        for row in 0..<rows {
          predicted[row] = NeuralNetworkPlan.inverse(value[row], origs: origs, norms: norms)
        }
      }
    }
    guard isClassification else {
      for row in 0..<rows where missing >> UInt64(row) & 1 != 0 { predicted[row] = .nan }
      return
    }
    let confidences = space.confidences + model.program.units[unit].region * rows
    confidences.update(from: region, count: classCount * rows)
    space.hasRegion[unit] = ~missing
    predictWinners(unit, space, givesEntity: true)
  }

  /// The first of the greatest numbers of each row that has some.
  func predictWinners(_ unit: Int, _ space: BlockWorkspace, givesEntity: Bool) {
    let rows = BlockWorkspace.rowCount
    let columns = space.units[unit]
    DenseKernel.fastest.pick(
      least: false, space.region + columns.region * rows, count: columns.winnerCount,
      into: space.places)
    DenseKernel.fastest.fetch(
      space.places, columns.winners, rows: space.hasRegion[unit],
      into: space.predicted + unit * rows,
      entities: givesEntity ? space.entity + unit * rows : nil)
  }

  // MARK: Support vector machines

  func runVectors(
    _ plan: SupportVectorMachinePlan, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    for (place, coordinate) in plan.coordinates.enumerated() {
      let values = space.slots + coordinate.slot * rows
      let column = space.columns + place * rows
      if coordinate.category.isNaN {
        column.update(from: values, count: rows)
        continue
      }
      for row in 0..<rows {
        let isThere = values[row] == coordinate.category
        column[row] = values[row].isNaN ? .nan : isThere ? coordinate.coefficient : 0
      }
    }
    let missing = DenseKernel.fastest.missing(space.columns, count: plan.coordinates.count)
    let kernels = space.columns + plan.coordinates.count * rows
    let sums = kernels + SupportVectorMachinePlan.partCount * rows
    plan.runBlock(space.columns, kernels, into: sums)
    for row in 0..<count where missing >> UInt64(row) & 1 == 0 {
      for machine in plan.machines.indices {
        space.row.scratch.append(sums[machine * rows + row])
      }
      let first = space.row.scratch.count - plan.machines.count
      space.row.predicted[unit] = .nan
      model.program.conclude(plan, unit, first, &space.row)
      space.row.scratch.removeLast(plan.machines.count)
      takeRow(unit, row, space)
    }
  }

  /// Takes a unit's prediction and region from the workspace of a single row.
  private func takeRow(_ unit: Int, _ row: Int, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    space.predicted[unit * rows + row] = space.row.predicted[unit]
    guard model.program.units[unit].function == .classification else { return }
    let region = model.program.units[unit].region
    for place in region..<region + model.program.units[unit].classes.count {
      space.region[place * rows + row] = space.row.region[place]
      space.confidences[place * rows + row] = space.row.confidences[place]
    }
    space.setRegion(unit, row, true)
  }

  // MARK: Clusters

  func runClustering(
    _ plan: ClusteringPlan, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    guard let squares = plan.squares else { return }
    let rows = BlockWorkspace.rowCount
    let region = space.region + model.program.units[unit].region * rows
    DenseKernel.fastest.block(squares, space.slots, into: region)
    if plan.measure == .euclidean {
      for place in 0..<plan.clusterCount * rows { region[place].formSquareRoot() }
    }
    let missing = DenseKernel.fastest.missing(squares, space.slots)
    for row in 0..<count where missing >> UInt64(row) & 1 != 0 {
      for field in plan.fields {
        space.row.slots[field.slot] = space.slots[field.slot * rows + row]
      }
      for cluster in 0..<plan.clusterCount {
        region[cluster * rows + row] = plan.measure(cluster, space.row.slots)
      }
    }
    predictNearest(plan, unit, space)
  }

  /// The first of the nearest clusters of each row; none where a measure is missing.
  private func predictNearest(_ plan: ClusteringPlan, _ unit: Int, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    let columns = space.units[unit]
    let region = space.region + columns.region * rows
    guard plan.clusterCount > 0 else { return }
    space.hasRegion[unit] = ~DenseKernel.fastest.missing(region, count: plan.clusterCount)
    DenseKernel.fastest.pick(
      least: plan.isDistance, region, count: plan.clusterCount, into: space.places)
    DenseKernel.fastest.fetch(
      space.places, columns.winners, rows: space.hasRegion[unit],
      into: space.predicted + unit * rows, entities: space.entity + unit * rows)
  }
}

extension SupportVectorMachinePlan {
  /// The machines' values for a block of rows: the vectors part by part, each machine adding up those
  /// that are its own, in their order.
  func runBlock(
    _ points: UnsafePointer<Double>, _ kernels: UnsafeMutablePointer<Double>,
    into sums: UnsafeMutablePointer<Double>
  ) {
    let rows = DenseKernel.rowCount
    sums.update(repeating: 0, count: machines.count * rows)
    for (place, part) in parts.enumerated() {
      DenseKernel.fastest.block(part, points, into: kernels)
      finish(kernels, count: part.outputCount * rows)
      let first = place * Self.partCount
      for (machine, sum) in zip(machines, stride(from: 0, to: machines.count * rows, by: rows)) {
        machine.add(first..<first + part.outputCount, kernels, to: sums + sum)
      }
    }
    for (place, machine) in machines.enumerated() {
      let sum = sums + place * rows
      if machine.vectors.isEmpty {
        DenseKernel.fastest.accumulate(
          machine.coefficients, points, count: machine.coefficients.count, into: sum)
      }
      for row in 0..<rows { sum[row] += machine.absoluteValue }
    }
  }
}

extension SupportVectorMachinePlan.Machine {
  /// Adds up the machine's vectors that are among some.
  fileprivate func add(
    _ part: Range<Int>, _ kernels: UnsafePointer<Double>,
    to sums: UnsafeMutablePointer<Double>
  ) {
    // Vectors rise: the part's are side by side.
    var place = vectors.partitioningIndex { $0 >= part.lowerBound }
    coefficients.withUnsafeBufferPointer { coefficients in
      guard let first = coefficients.baseAddress else { return }
      while place < vectors.count, vectors[place] < part.upperBound {
        // As many at once as follow each other without a gap.
        var end = place + 1
        while end < vectors.count, vectors[end] < part.upperBound,
          vectors[end] == vectors[end - 1] + 1
        {
          end += 1
        }
        DenseKernel.fastest.accumulate(
          first + place, kernels + (vectors[place] - part.lowerBound) * DenseKernel.rowCount,
          count: end - place, into: sums)
        place = end
      }
    }
  }
}

extension Array {
  /// The first position of which the predicate holds, if it holds from there on.
  fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
