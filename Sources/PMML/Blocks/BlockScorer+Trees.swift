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

  /// A single tree: its output is the number of the node where a row ends.
  init?(_ plan: TreePlan, _ unit: ModelUnit) {
    let tree = plan.ensemble.trees[0]
    guard tree.missingValueStrategy != .weightedConfidence,
      tree.missingValueStrategy != .aggregateNodes,
      tree.missingValueStrategy != .defaultChild || tree.missingValuePenalty == 1
    else { return nil }
    self.init(
      RoutingTable(plan.ensemble), isCategorical: plan.isCategorical, isFloat: false
    ) { ending in
      guard case .node(let node) = ending else { return nil }
      return [Double(node)]
    }
  }
}

extension BlockScorer {
  /// Fills a forest's room with the features of all rows.
  private func gather(_ plan: TreePlan, _ space: BlockWorkspace, _ room: QuantisedRoom) {
    let rows = BlockWorkspace.rowCount
    for (feature, slot) in plan.featureSlots.enumerated() {
      let out = room.features + feature * rows
      if plan.ensemble.isFloat, !plan.isCategorical[feature] {
        for row in 0..<rows { out[row] = Double(Float(space.slots[slot * rows + row])) }
      } else {
        for row in 0..<rows { out[row] = space.slots[slot * rows + row] }
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
    let treeCount = plan.trees.ensemble.trees.count
    let isFloat = plan.trees.ensemble.isFloat
    let isClassification = model.program.units[unit].function == .classification
    for row in 0..<count {
      if room.missingCount(row) > 0 || room.unsettled >> UInt64(row) & 1 != 0 {
        // What becomes of missing predictions is said in one place.
        space.load(row)
        model.program.runForest(plan, unit, &space.row)
        space.store(row)
      } else if isClassification {
        finish(plan, unit, row, Double(treeCount), space, room)
      } else {
        let sum = room.sum(row)
        space.predicted[unit * rows + row] =
          plan.method == .sum
          ? sum
          : isFloat ? Double(Float(sum) / Float(treeCount)) : sum / Double(treeCount)
      }
    }
  }

  private func finish(
    _ plan: ForestPlan, _ unit: Int, _ row: Int, _ total: Double, _ space: BlockWorkspace,
    _ room: QuantisedRoom
  ) {
    let rows = BlockWorkspace.rowCount
    let region = model.program.units[unit].region
    var best = -1
    var bestShare = 0.0
    for place in model.program.units[unit].classes.indices {
      var share = room.sum(row, output: place)
      if plan.method != .sum { share /= total }
      space.region[(region + place) * rows + row] = share
      space.confidences[(region + place) * rows + row] = share
      if !share.isNaN, best < 0 || share > bestShare { (best, bestShare) = (place, share) }
    }
    guard best >= 0 else { return }
    space.setRegion(unit, row, true)
    space.predicted[unit * rows + row] = model.program.units[unit].classes[best].value
  }

  func runTree(
    _ forest: QuantisedForest, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    guard case .tree(let plan) = model.program.units[unit].content, let room = space.rooms[unit]
    else { return }
    let rows = BlockWorkspace.rowCount
    let ensemble = plan.ensemble
    let isClassification = model.program.units[unit].function == .classification
    let classCount = model.program.units[unit].classes.count
    let region = model.program.units[unit].region
    gather(plan, space, room)
    forest.score(room)
    for row in 0..<count {
      if room.unsettled >> UInt64(row) & 1 != 0 {
        space.load(row)
        model.program.runTree(plan, unit, &space.row)
        space.store(row)
        continue
      }
      if room.missingCount(row) > 0 { continue }
      let node = Int(room.sum(row))
      space.entity[unit * rows + row] = Int32(node)
      let score = ensemble.scores[node]
      guard isClassification else {
        space.predicted[unit * rows + row] = score
        continue
      }
      if !score.isNaN {
        space.predicted[unit * rows + row] = model.program.units[unit].classes[Int(score)].value
      }
      let start = Int(ensemble.distributions[node])
      guard start >= 0 else { continue }
      for place in 0..<classCount {
        space.region[(region + place) * rows + row] = ensemble.probabilities[start + place]
        space.confidences[(region + place) * rows + row] = ensemble.confidences[start + place]
      }
      space.setRegion(unit, row, true)
    }
  }
}
