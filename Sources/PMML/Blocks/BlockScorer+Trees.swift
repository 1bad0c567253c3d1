internal import DataFields
internal import TreeEnsembles

extension QuantisedForest {
  /// The trees of a mining model, if what it makes of them is one sum a class, or one.
  init?(_ plan: ForestPlan, _ unit: ModelUnit) {
    guard
      let outputs = ForestOutputs(plan.trees.ensemble, plan.method, unit.function)
    else { return nil }
    self.init(
      RoutingTable(plan.trees.ensemble), isCategorical: plan.trees.isCategorical,
      outputCount: outputs.count, isFloat: outputs.isFloat, values: outputs.values)
  }

  /// A single tree, with what ``TreeOutputs`` says of the node where a row ends.
  init?(_ plan: TreePlan, _ unit: ModelUnit) {
    let tree = plan.ensemble.trees[0]
    guard tree.missingValueStrategy != .weightedConfidence,
      tree.missingValueStrategy != .aggregateNodes,
      tree.missingValueStrategy != .defaultChild || tree.missingValuePenalty == 1,
      let outputs = TreeOutputs(plan.ensemble, unit)
    else { return nil }
    self.init(
      RoutingTable(plan.ensemble), isCategorical: plan.isCategorical, outputCount: outputs.count,
      isFloat: false, isSum: false, values: outputs.values)
  }
}

extension BlockScorer {
  /// Fills a forest's room with the features of all rows.
  private func gather(_ plan: TreePlan, _ space: BlockWorkspace, _ room: QuantisedRoom) {
    let rows = BlockWorkspace.rowCount
    for (feature, slot) in plan.featureSlots.enumerated() {
      let out = room.features + feature * rows
      let values = space.slots + slot * rows
      if plan.ensemble.isFloat, !plan.isCategorical[feature] {
        for row in 0..<rows { out[row] = Double(Float(values[row])) }
      } else {
        out.update(from: values, count: rows)
      }
    }
  }

  func runForest(
    _ forest: QuantisedForest, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    guard case .forest(let plan) = model.program.units[unit].content,
      let room = space.rooms[unit]
    else { return }
    let rows = BlockWorkspace.rowCount
    gather(plan.trees, space, room)
    forest.score(room)
    let predicted = space.predicted + unit * rows
    let total = Double(plan.trees.ensemble.trees.count)
    if model.program.units[unit].function == .classification {
      let region = model.program.units[unit].region
      for place in model.program.units[unit].classes.indices {
        let shares = space.region + (region + place) * rows
        room.copySums(output: place, into: shares)
        if plan.method != .sum {
          for row in 0..<rows { shares[row] /= total }
        }
        (space.confidences + (region + place) * rows).update(from: shares, count: rows)
      }
      space.hasRegion[unit] = .max
      predictWinners(unit, space, givesEntity: false)
      // Without a share, there is no winner.
      for row in 0..<count where predicted[row].isNaN { space.setRegion(unit, row, false) }
    } else {
      room.copySums(into: predicted)
      if plan.method != .sum {
        if plan.trees.ensemble.isFloat {
          for row in 0..<rows { predicted[row] = Double(Float(predicted[row]) / Float(total)) }
        } else {
          for row in 0..<rows { predicted[row] /= total }
        }
      }
    }
    // What becomes of missing predictions is said in one place.
    eachRow(room.missingRows | room.unsettled, unit, count, space) {
      model.program.runForest(plan, unit, &space.row)
    }
  }

  func runTree(
    _ forest: QuantisedForest, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    guard case .tree(let plan) = model.program.units[unit].content, let room = space.rooms[unit]
    else { return }
    let rows = BlockWorkspace.rowCount
    let predicted = space.predicted + unit * rows
    gather(plan, space, room)
    forest.score(room)
    room.copySums(output: TreeOutputs.node, into: predicted)
    let entities = space.entity + unit * rows
    for row in 0..<rows { entities[row] = Int32(predicted[row]) }
    room.copySums(output: TreeOutputs.prediction, into: predicted)
    if model.program.units[unit].function == .classification {
      let region = model.program.units[unit].region
      let classCount = model.program.units[unit].classes.count
      for place in 0..<classCount {
        room.copySums(
          output: TreeOutputs.firstShare + place, into: space.region + (region + place) * rows)
        room.copySums(
          output: TreeOutputs.firstShare + classCount + place,
          into: space.confidences + (region + place) * rows)
      }
      var there: UInt64 = 0
      plan.ensemble.distributions.withUnsafeBufferPointer { distributions in
        for row in 0..<rows {
          there |= (distributions[Int(entities[row])] >= 0 ? 1 : 0) << UInt64(row)
        }
      }
      space.hasRegion[unit] = there
    }
    eachRow(room.missingRows | room.unsettled, unit, count, space) {
      model.program.runTree(plan, unit, &space.row)
    }
  }

  /// Does some rows one by one, as if nothing had been done for them in columns.
  private func eachRow(
    _ open: UInt64, _ unit: Int, _ count: Int, _ space: BlockWorkspace, _ body: () -> Void
  ) {
    if open == 0 { return }
    let rows = BlockWorkspace.rowCount
    for row in 0..<count where open >> UInt64(row) & 1 != 0 {
      space.predicted[unit * rows + row] = .nan
      space.entity[unit * rows + row] = -1
      space.setRegion(unit, row, false)
      space.load(row)
      body()
      space.store(row)
    }
  }
}
