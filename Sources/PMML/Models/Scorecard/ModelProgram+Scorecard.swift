internal import DataFields
internal import DenseKernels
internal import TreeEnsembles

extension ModelProgram {
  /// The initial score and, of each characteristic, the points of the first attribute that holds.
  func runScorecard(_ plan: ScorecardPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    guard let tables = plan.tables else { return runPredicates(plan, unit, &space) }
    let region = units[unit].region
    for place in 0..<plan.reasonCount { space.region[region + place] = .nan }
    if let kernels = tables.kernels {
      let sum = space.region.withUnsafeMutableBufferPointer { numbers in
        space.slots.withUnsafeBufferPointer { slots -> Double? in
          guard let numbers = numbers.baseAddress, let slots = slots.baseAddress else {
            return plan.initialScore
          }
          return kernels.sum(plan.initialScore, slots, numbers: numbers + region)
        }
      }
      guard let sum else { return }
      space.predicted[unit] = sum
      space.hasRegion[unit] = true
      return rankReasons(plan, unit, &space)
    }
    var score = plan.initialScore
    let characteristics = tables.characteristics
    for place in characteristics.indices {
      let number = characteristics[place].cell(of: space.slots[characteristics[place].slot])
      let cell = characteristics[place].cells[number]
      if cell.points.isNaN { return }
      score += cell.points
      if cell.reason >= 0 { add(cell.difference, to: region + cell.reason, &space) }
    }
    space.predicted[unit] = score
    space.hasRegion[unit] = true
    rankReasons(plan, unit, &space)
  }

  /// The same by asking the predicates.
  func runPredicates(_ plan: ScorecardPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let region = units[unit].region
    for place in 0..<plan.reasonCount { space.region[region + place] = .nan }
    var score = plan.initialScore
    for characteristic in plan.characteristics {
      guard
        let place = characteristic.attributes.first(where: {
          predicates.evaluate(plan.attributes[$0].predicate, space.slots.span) == .isTrue
        })
      else { return }
      let attribute = plan.attributes[place]
      let points =
        attribute.expression < 0
        ? attribute.partialScore : expressions.evaluate(attribute.expression, &space)
      if points.isNaN { return }
      score += points
      guard plan.usesReasonCodes, attribute.reason >= 0 else { continue }
      add(
        plan.algorithm.difference(points, baseline: characteristic.baselineScore),
        to: region + attribute.reason, &space)
    }
    space.predicted[unit] = score
    space.hasRegion[unit] = true
    rankReasons(plan, unit, &space)
  }

  /// The positions of the reasons that outputs ask for stand where a classifier has confidences.
  private func rankReasons(_ plan: ScorecardPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let rankCount = units[unit].reasonRankCount
    if rankCount == 0 { return }
    let region = units[unit].region
    space.region.withUnsafeBufferPointer { numbers in
      space.confidences.withUnsafeMutableBufferPointer { ranks in
        guard let numbers = numbers.baseAddress, let ranks = ranks.baseAddress else { return }
        ReasonRanking.rank(
          numbers + region, count: plan.reasonCount, ranks + region, rankCount: rankCount,
          stride: 1)
      }
    }
  }

  private func add(_ difference: Double, to place: Int, _ space: inout ScoringWorkspace) {
    let before = space.region[place]
    space.region[place] = before.isNaN ? difference : before + difference
  }

  /// The reason of a rank, by the points that it took away; ties go in the order of the document.
  func reason(_ unit: Int, rank: Int, _ space: inout ScoringWorkspace) -> Double {
    let region = units[unit].region
    if (1...ReasonRanking.rankLimit).contains(rank) {
      guard rank <= units[unit].reasonRankCount else { return .nan }
      let place = Int(space.confidences[region + rank - 1])
      return place < 0 ? .nan : Double(units[unit].reasonCodes[place])
    }
    let codes = units[unit].reasonCodes
    let order = codes.indices.filter { space.region[region + $0] >= 0 }.sorted {
      let left = space.region[region + $0]
      let right = space.region[region + $1]
      return left == right ? $0 < $1 : left > right
    }
    return order.indices.contains(rank - 1) ? Double(codes[order[rank - 1]]) : .nan
  }
}
