internal import DataFields
internal import TreeEnsembles

/// Scores rows of a model in blocks of 64: the same results, bit for bit, as row by row, and much
/// faster where the model's parts are done in columns.
///
///     let scorer = BlockScorer(model)
///     let space = scorer.makeWorkspace()
///     scorer.set(number: 230, input: 0, row: 17, in: space)
///     scorer.score(64, space)
///     print(scorer.value(result, row: 17, in: space))
///
/// A part that is not done in columns is done row by row, within the block.
package struct BlockScorer: Sendable {
  /// How a unit is scored.
  enum UnitPlan: Sendable {
    /// Row by row, with everything in it.
    case rows
    case forest(QuantisedForest)
    case tree(QuantisedForest)
    /// With whether each class has the sum of one table.
    case regression(RegressionPlan, isOneToOne: Bool)
    case neuralNetwork(NeuralNetworkPlan)
    case supportVectorMachine(SupportVectorMachinePlan)
    case clustering(ClusteringPlan)
    case scorecard(ScorecardPlan, ScorecardTables)
    case chain(MiningPlan)
  }

  let model: CompiledModel
  let plans: [UnitPlan]
  let steps: [BlockSteps]
  /// Whether what slots held before may be seen.
  let clearsSlots: Bool
  let expressions: BlockExpressions

  package init(_ model: CompiledModel) {
    self.model = model
    let program = model.program
    expressions = BlockExpressions(program.expressions)
    var plans = Array(repeating: UnitPlan.rows, count: program.units.count)
    // A unit's parts come after it; what rests on rows before is scored one by one.
    if model.needsOtherRows == nil {
      for unit in program.units.indices.reversed() {
        plans[unit] = Self.plan(unit, program, expressions)
      }
    }
    self.plans = plans
    steps = program.units.map { BlockSteps($0, program) }
    clearsSlots = plans.contains { if case .rows = $0 { true } else { false } }
  }

  package func makeWorkspace() -> BlockWorkspace {
    let columnCounts = model.program.units.map { unit in
      let expressions = unit.derived.map(\.expression) + unit.outputs.map(\.expression)
      let depth = expressions.map { $0 < 0 ? 0 : self.expressions.depth($0) }.max() ?? 0
      return max(depth, denseColumnCount(unit))
    }
    let space = BlockWorkspace(
      model.program, forests: plans.map(\.forest), columnCount: columnCounts.max() ?? 0)
    space.units = model.program.units.indices.map {
      UnitColumns($0, steps[$0], model.program, space)
    }
    return space
  }

  private static func plan(_ unit: Int, _ program: ModelProgram, _ expressions: BlockExpressions)
    -> UnitPlan
  {
    let plan = program.units[unit]
    guard plan.derived.allSatisfy({ expressions.isInColumns($0.expression) }),
      plan.furtherTargets.isEmpty, plan.target.map({ $0.priors.isEmpty }) ?? true,
      plan.outputs.allSatisfy({ isInColumns($0, program, expressions) })
    else { return .rows }
    switch plan.content {
    case .forest(let forest):
      return QuantisedForest(forest, program.units[unit]).map { .forest($0) } ?? .rows
    case .tree(let tree):
      return QuantisedForest(tree, program.units[unit]).map { .tree($0) } ?? .rows
    case .regression(let regression):
      return .regression(
        regression,
        isOneToOne: regression.tables.count == plan.classes.count
          && Set(regression.tables.map(\.position)).count == plan.classes.count)
    case .neuralNetwork(let network):
      guard network.inputs.allSatisfy(expressions.isInColumns) else { return .rows }
      return .neuralNetwork(network)
    case .supportVectorMachine(let machines):
      return machines.isInOrder ? .supportVectorMachine(machines) : .rows
    case .clustering(let clustering):
      return clustering.squares == nil ? .rows : .clustering(clustering)
    case .scorecard(let card): return card.tables.map { .scorecard(card, $0) } ?? .rows
    case .mining(let mining):
      guard mining.method == .modelChain, mining.segments.allSatisfy(\.isAlwaysTrue) else {
        return .rows
      }
      return .chain(mining)
    default: return .rows
    }
  }

  private static func isInColumns(
    _ output: OutputStep, _ program: ModelProgram, _ expressions: BlockExpressions
  ) -> Bool {
    if output.rules != nil { return false }
    let to = output.dataType
    switch output.field.feature {
    case .predictedValue:
      // Classes are ranked row by row.
      if output.field.rank > 1 { return false }
      if output.expression >= 0 { return expressions.isInColumns(output.expression) }
      let from = program.units[output.unit].predictedType
      return from == to || BlockExpressions.isNumeric(from) && BlockExpressions.isNumeric(to)
    case .probability:
      return output.position >= 0 && BlockExpressions.isNumeric(to)
    case .affinity, .entityAffinity, .clusterAffinity:
      guard case .clustering = program.units[output.unit].content else { return false }
      return output.position >= 0 && BlockExpressions.isNumeric(to)
    case .reasonCode:
      return to == .string && (1...ReasonRanking.rankLimit).contains(output.field.rank)
    case .transformedValue, .decision:
      return output.expression >= 0 && expressions.isInColumns(output.expression)
    default: return false
    }
  }

  // MARK: Inputs (positions of `signature.inputs`)

  /// Makes every input of every row missing.
  package func clear(_ space: BlockWorkspace) {
    space.clearInputs()
    // Texts that rows brought along are forgotten now and then, so that memory stays flat.
    if space.row.texts.count > model.program.texts.count + 65_536 {
      space.row.texts = model.program.texts
    }
  }

  package func set(number: Double, input: Int, row: Int, in space: BlockWorkspace) {
    space.inputs[model.activeInputs[input] * BlockWorkspace.rowCount + row] = number
  }

  /// Sets all inputs of up to 64 rows, which lie side by side in the columns of a table.
  ///
  /// - Parameters:
  ///   - first: the first row's first input.
  ///   - stride: how far one input's numbers are from the next one's.
  package func set(
    columns first: UnsafePointer<Double>, stride: Int, count: Int, in space: BlockWorkspace
  ) {
    let count = min(count, BlockWorkspace.rowCount)
    for (input, place) in model.activeInputs.enumerated() {
      (space.inputs + place * BlockWorkspace.rowCount).update(
        from: first + input * stride, count: count)
    }
  }

  // MARK: Results

  /// Whether a row was scored; ``BlockWorkspace/invalidInput`` says for which input's sake not.
  package func isScored(_ row: Int, _ space: BlockWorkspace) -> Bool {
    space.invalid >> UInt64(row) & 1 == 0
  }

  /// Whether each of the first rows was scored.
  package func areScored(_ count: Int, _ space: BlockWorkspace) -> Bool {
    space.invalid == 0
      || (0..<min(count, BlockWorkspace.rowCount)).allSatisfy { isScored($0, space) }
  }

  /// The values of a result for all rows of a block, as ``value(_:row:in:)`` gives them.
  package func values(
    _ result: CompiledModel.ResolvedResult, in space: BlockWorkspace,
    into values: UnsafeMutableBufferPointer<Double>
  ) {
    let rows = min(values.count, BlockWorkspace.rowCount)
    if case .slot(let slot) = result.source {
      let column = space.slots + slot * BlockWorkspace.rowCount
      for row in 0..<rows { values[row] = column[row] }
    } else {
      for row in 0..<rows { values[row] = value(result, row: row, in: space) }
    }
  }

  /// The value of a result after scoring: a number or a text's code; NaN is missing.
  package func value(
    _ result: CompiledModel.ResolvedResult, row: Int, in space: BlockWorkspace
  ) -> Double {
    let rows = BlockWorkspace.rowCount
    let top = model.program.units[0]
    let hasRegion = space.hasRegion[0] >> UInt64(row) & 1 != 0
    switch result.source {
    case .slot(let slot): return space.slots[slot * rows + row]
    case .firstOf(let slots):
      for slot in slots where !space.slots[slot * rows + row].isNaN {
        return space.slots[slot * rows + row]
      }
      return .nan
    case .probability(let place):
      return hasRegion ? space.region[(top.region + place) * rows + row] : .nan
    case .confidence(let place):
      return hasRegion ? space.confidences[(top.region + place) * rows + row] : .nan
    case .entity:
      let entity = Int(space.entity[row])
      return top.entityCodes.indices.contains(entity) ? Double(top.entityCodes[entity]) : .nan
    case .affinity:
      let entity = Int(space.entity[row])
      return hasRegion && entity >= 0 ? space.region[(top.region + entity) * rows + row] : .nan
    }
  }
}

extension BlockScorer.UnitPlan {
  var forest: QuantisedForest? {
    switch self {
    case .forest(let forest), .tree(let forest): forest
    default: nil
    }
  }
}
