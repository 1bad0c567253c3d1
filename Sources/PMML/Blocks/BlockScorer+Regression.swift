internal import DataFields
internal import DenseKernels

extension BlockScorer {
  func runRegression(
    _ plan: RegressionPlan, isOneToOne: Bool, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    let isFloat = model.program.units[unit].isFloat
    let isClassification = model.program.units[unit].function == .classification
    for place in plan.tables.indices where isClassification || place == 0 {
      if isFloat {
        sumFloats(plan.tables[place], space, into: place * rows)
      } else {
        plan.columns[place].sum(space.slots, into: space.columns + place * rows)
      }
    }
    let isDone =
      isClassification
      ? isOneToOne && runClassLinks(plan, unit, isFloat: isFloat, space)
      : !isFloat && runLink(plan, unit, space)
    if !isDone { runRegressionByRow(plan, unit, count, space) }
  }

  /// The links that kernels have, of sums in columns; false if the link is another.
  private func runLink(_ plan: RegressionPlan, _ unit: Int, _ space: BlockWorkspace) -> Bool {
    let rows = BlockWorkspace.rowCount
    switch plan.normalization {
    case .none, .simplemax: break
    case .softmax, .logit: DenseKernel.fastest.map(.logistic, space.columns, count: rows)
    case .exp: DenseKernel.fastest.map(.exp, space.columns, count: rows)
    default: return false
    }
    (space.predicted + unit * rows).update(from: space.columns, count: rows)
    return true
  }

  /// The same of classes, each of which has a sum of its own.
  private func runClassLinks(
    _ plan: RegressionPlan, _ unit: Int, isFloat: Bool, _ space: BlockWorkspace
  ) -> Bool {
    let rows = BlockWorkspace.rowCount
    let tableCount = plan.tables.count
    let missing = DenseKernel.fastest.missing(space.columns, count: tableCount)
    switch plan.normalization {
    case .softmax where !isFloat:
      DenseKernel.fastest.softmax(space.columns, tableCount, rows: rows)
    case .logit where tableCount == 2 && !plan.isOrdinal:
      // Of two classes, the second has what the first leaves.
      let (first, second) = (space.columns, space.columns + rows)
      if isFloat {
        for row in 0..<rows {
          first[row] = plan.link(first[row], isFloat: true)
          second[row] = Double(1 - Float(first[row]))
        }
      } else {
        DenseKernel.fastest.map(.logistic, first, count: rows)
        for row in 0..<rows { second[row] = 1 - first[row] }
      }
    default: return false
    }
    let region = model.program.units[unit].region
    for place in plan.tables.indices {
      let values = space.columns + place * rows
      let target = (region + plan.tables[place].position) * rows
      (space.region + target).update(from: values, count: rows)
      (space.confidences + target).update(from: values, count: rows)
    }
    space.hasRegion[unit] = ~missing
    predictWinners(unit, space, givesEntity: false)
    return true
  }

  private func runRegressionByRow(
    _ plan: RegressionPlan, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    let isFloat = model.program.units[unit].isFloat
    let classCount = model.program.units[unit].classes.count
    let region = model.program.units[unit].region
    guard model.program.units[unit].function == .classification else {
      for row in 0..<count {
        let sum = space.columns[row]
        space.predicted[unit * rows + row] = sum.isNaN ? .nan : plan.link(sum, isFloat: isFloat)
      }
      return
    }
    if space.scratch.count < classCount {
      space.scratch += Array(repeating: 0, count: classCount - space.scratch.count)
    }
    for row in 0..<count {
      for place in 0..<classCount { space.scratch[place] = 0 }
      var isMissing = false
      for (place, table) in plan.tables.enumerated() {
        let sum = space.columns[place * rows + row]
        if sum.isNaN { isMissing = true }
        space.scratch[table.position] = sum
      }
      if isMissing { continue }
      plan.normalise(&space.scratch, 0, isFloat: isFloat)
      space.setRegion(unit, row, true)
      var best = -1
      for place in 0..<classCount {
        let value = space.scratch[place]
        space.region[(region + place) * rows + row] = value
        space.confidences[(region + place) * rows + row] = value
        if !value.isNaN, best < 0 || value > space.scratch[best] { best = place }
      }
      if best >= 0 {
        space.predicted[unit * rows + row] = model.program.units[unit].classes[best].value
      }
    }
  }

  private func sumFloats(_ table: RegressionPlan.Table, _ space: BlockWorkspace, into first: Int) {
    let rows = BlockWorkspace.rowCount
    for row in 0..<rows { space.columns[first + row] = Double(Float(table.intercept)) }
    func add(_ row: Int, _ term: Float) {
      space.columns[first + row] = Double(Float(space.columns[first + row]) + term)
    }
    for predictor in table.numeric {
      let slot = predictor.slot * rows
      for row in 0..<rows {
        let value = Float(
          RegressionPlan.power(Double(Float(space.slots[slot + row])), predictor.exponent))
        add(row, Float(predictor.coefficient) * value)
      }
    }
    for predictor in table.categorical {
      let slot = predictor.slot * rows
      for row in 0..<rows where space.slots[slot + row] == predictor.value {
        add(row, Float(predictor.coefficient))
      }
    }
    for term in table.terms {
      for row in 0..<rows {
        var product = Float(term.coefficient)
        for slot in term.slots { product *= Float(space.slots[slot * rows + row]) }
        add(row, product)
      }
    }
  }
}
