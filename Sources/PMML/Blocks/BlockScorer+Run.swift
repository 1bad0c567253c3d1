internal import DataFields
internal import TreeEnsembles

extension BlockScorer {
  /// Scores the first `count` rows of the block; the others hold nothing of use.
  package func score(_ count: Int, _ space: BlockWorkspace) {
    let count = min(count, BlockWorkspace.rowCount)
    space.reset()
    run(0, count, space)
  }

  private func run(_ unit: Int, _ count: Int, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    let plan = model.program.units[unit]
    if case .rows = plans[unit] { return runRows(unit, count, space) }
    for preparation in plan.preparations { prepare(preparation, count, space) }
    for step in plan.derived {
      expressions.evaluate(step.expression, space, into: 0)
      for row in 0..<rows { space.slots[step.slot * rows + row] = space.columns[row] }
    }
    switch plans[unit] {
    case .rows: break
    case .forest(let forest): runForest(forest, unit, count, space)
    case .tree(let forest): runTree(forest, unit, count, space)
    case .regression(let regression): runRegression(regression, unit, count, space)
    case .neuralNetwork(let network): runNeuralNetwork(network, unit, count, space)
    case .supportVectorMachine(let machines): runVectors(machines, unit, count, space)
    case .clustering(let clustering): runClustering(clustering, unit, count, space)
    case .chain(let chain):
      for segment in chain.segments { run(segment.unit, count, space) }
      if let last = chain.segments.last { takeOver(last, unit, space) }
    }
    if let target = plan.target, plan.function == .regression, !plan.predictsText {
      for row in 0..<count {
        let value = space.predicted[unit * rows + row]
        space.predicted[unit * rows + row] =
          value.isNaN ? target.defaultValue : target.rescaled(value, isFloat: plan.isFloat)
      }
    }
    for row in 0..<rows {
      space.slots[plan.predictedSlot * rows + row] = space.predicted[unit * rows + row]
    }
    for output in plan.outputs { runOutput(output, space) }
  }

  /// What is not done in columns.
  func runRows(_ unit: Int, _ count: Int, _ space: BlockWorkspace) {
    for row in 0..<count where space.invalid >> UInt64(row) & 1 == 0 {
      space.load(row)
      model.program.run(unit, &space.row)
      space.store(row)
    }
  }

  // MARK: Fields

  private func prepare(_ plan: FieldPreparation, _ count: Int, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    let unparsable = plan.input.map { space.unparsable[$0] } ?? 0
    let isPlain = plan.isPlain
    let source = plan.input.map { space.inputs + $0 * rows } ?? space.slots + plan.source * rows
    for row in 0..<count {
      var value = source[row]
      let isUnparsable = unparsable >> UInt64(row) & 1 != 0
      if isPlain, !value.isNaN, !isUnparsable {
        if plan.isFloat { value = Double(Float(value)) }
      } else if !plan.treat(&value, isUnparsable: isUnparsable) {
        space.markInvalid(row, plan.input ?? 0)
      }
      space.slots[plan.slot * rows + row] = value
    }
  }

  // MARK: Chains

  /// A chain ends in the result of its last segment.
  private func takeOver(_ segment: MiningPlan.Segment, _ unit: Int, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    let program = model.program
    for row in 0..<rows {
      space.predicted[unit * rows + row] = space.predicted[segment.unit * rows + row]
      space.entity[unit * rows + row] = space.entity[segment.unit * rows + row]
    }
    guard program.units[unit].function == .classification else { return }
    space.hasRegion[unit] = space.hasRegion[segment.unit]
    let region = program.units[unit].region
    let source = program.units[segment.unit].region
    for place in program.units[unit].classes.indices {
      for row in 0..<rows {
        space.region[(region + place) * rows + row] = 0
        space.confidences[(region + place) * rows + row] = 0
      }
    }
    for (place, target) in segment.classMap.enumerated() where target >= 0 {
      for row in 0..<rows {
        space.region[(region + target) * rows + row] = space.region[(source + place) * rows + row]
        space.confidences[(region + target) * rows + row] =
          space.confidences[(source + place) * rows + row]
      }
    }
  }

  // MARK: Outputs

  private func runOutput(_ output: OutputStep, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    let source = model.program.units[output.unit]
    var from = output.dataType
    let first = output.slot * rows
    switch output.field.feature {
    case .probability, .affinity, .entityAffinity, .clusterAffinity:
      from = .double
      let place = (source.region + output.position) * rows
      let there = space.hasRegion[output.unit]
      for row in 0..<rows {
        space.slots[first + row] =
          there >> UInt64(row) & 1 != 0 ? space.region[place + row] : .nan
      }
    default:
      if output.expression >= 0 {
        expressions.evaluate(output.expression, space, into: 0)
        for row in 0..<rows { space.slots[first + row] = space.columns[row] }
      } else {
        from = source.predictedType
        for row in 0..<rows {
          space.slots[first + row] = space.predicted[output.unit * rows + row]
        }
      }
    }
    if from == output.dataType { return }
    for row in 0..<rows where !space.slots[first + row].isNaN {
      space.slots[first + row] = ExpressionTable.cast(
        space.slots[first + row], from, output.dataType, &space.row.texts)
    }
  }
}
