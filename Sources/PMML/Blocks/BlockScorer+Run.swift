internal import DataFields
internal import TreeEnsembles

extension BlockScorer {
  /// Scores the first `count` rows of the block; the others hold nothing of use.
  package func score(_ count: Int, _ space: BlockWorkspace) {
    let count = min(count, BlockWorkspace.rowCount)
    space.reset(slots: clearsSlots)
    run(0, count, space)
  }

  /// Works out fields and derived fields of the first `count` rows, and not the model itself; for a model
  /// that is done in columns.
  func prepare(_ count: Int, _ space: BlockWorkspace) {
    let count = min(count, BlockWorkspace.rowCount)
    space.reset(slots: clearsSlots)
    let columns = space.units[0]
    prepare(columns, 0, count, space)
    for piece in columns.derived { run(piece, space) }
  }

  private func run(_ unit: Int, _ count: Int, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    if case .rows = plans[unit] { return runRows(unit, count, space) }
    let columns = space.units[unit]
    prepare(columns, unit, count, space)
    for piece in columns.derived { run(piece, space) }
    switch plans[unit] {
    case .rows: break
    case .forest(let forest): runForest(forest, unit, count, space)
    case .tree(let forest): runTree(forest, unit, count, space)
    case .regression(let regression, let isOneToOne):
      runRegression(regression, isOneToOne: isOneToOne, unit, count, space)
    case .neuralNetwork(let network): runNeuralNetwork(network, unit, count, space)
    case .supportVectorMachine(let machines): runVectors(machines, unit, count, space)
    case .clustering(let clustering): runClustering(clustering, unit, count, space)
    case .scorecard(let card, let tables): runScorecard(card, tables, unit, count, space)
    case .chain(let chain):
      for segment in chain.segments { run(segment.unit, count, space) }
      if let last = chain.segments.last { takeOver(last, unit, space) }
    }
    if let target = model.program.units[unit].target { apply(target, unit, count, space) }
    (space.slots + model.program.units[unit].predictedSlot * rows).update(
      from: space.predicted + unit * rows, count: rows)
    for piece in columns.outputs { run(piece, space) }
  }

  private func apply(_ target: TargetPlan, _ unit: Int, _ count: Int, _ space: BlockWorkspace) {
    guard model.program.units[unit].function == .regression,
      !model.program.units[unit].predictsText
    else { return }
    let isFloat = model.program.units[unit].isFloat
    let predicted = space.predicted + unit * BlockWorkspace.rowCount
    for row in 0..<count {
      predicted[row] =
        predicted[row].isNaN
        ? target.defaultValue : target.rescaled(predicted[row], isFloat: isFloat)
    }
  }

  /// What is not done in columns.
  func runRows(_ unit: Int, _ count: Int, _ space: BlockWorkspace) {
    for row in 0..<count where space.invalid >> UInt64(row) & 1 == 0 {
      space.load(row)
      model.program.run(unit, &space.row)
      space.store(row)
    }
  }

  // MARK: Chains

  /// A chain ends in the result of its last segment.
  private func takeOver(_ segment: MiningPlan.Segment, _ unit: Int, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    let program = model.program
    (space.predicted + unit * rows).update(
      from: space.predicted + segment.unit * rows, count: rows)
    (space.entity + unit * rows).update(from: space.entity + segment.unit * rows, count: rows)
    guard program.units[unit].function == .classification else { return }
    space.hasRegion[unit] = space.hasRegion[segment.unit]
    let region = program.units[unit].region
    let source = program.units[segment.unit].region
    let classCount = program.units[unit].classes.count
    (space.region + region * rows).update(repeating: 0, count: classCount * rows)
    (space.confidences + region * rows).update(repeating: 0, count: classCount * rows)
    for (place, target) in segment.classMap.enumerated() where target >= 0 {
      (space.region + (region + target) * rows).update(
        from: space.region + (source + place) * rows, count: rows)
      (space.confidences + (region + target) * rows).update(
        from: space.confidences + (source + place) * rows, count: rows)
    }
  }
}
