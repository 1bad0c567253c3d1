internal import DataFields

extension BlockScorer {
  func runRegression(
    _ plan: RegressionPlan, _ unit: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    let isFloat = model.program.units[unit].isFloat
    let classCount = model.program.units[unit].classes.count
    let region = model.program.units[unit].region
    let isClassification = model.program.units[unit].function == .classification
    let tables = isClassification ? plan.tables : Array(plan.tables.prefix(1))
    for (place, table) in tables.enumerated() {
      if isFloat {
        sumFloats(table, space, into: place * rows)
      } else {
        sum(table, space, into: place * rows)
      }
    }
    guard isClassification else {
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
      for (place, table) in tables.enumerated() {
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

  /// A table's linear predictor for all rows, term by term in the order of ``RegressionPlan/sum``.
  private func sum(_ table: RegressionPlan.Table, _ space: BlockWorkspace, into first: Int) {
    let rows = BlockWorkspace.rowCount
    for row in 0..<rows { space.columns[first + row] = table.intercept }
    for predictor in table.numeric {
      let slot = predictor.slot * rows
      for row in 0..<rows {
        let value = RegressionPlan.power(space.slots[slot + row], predictor.exponent)
        let product = predictor.coefficient * value
        space.columns[first + row] += product
      }
    }
    for predictor in table.categorical {
      let slot = predictor.slot * rows
      for row in 0..<rows where space.slots[slot + row] == predictor.value {
        space.columns[first + row] += predictor.coefficient
      }
    }
    for term in table.terms {
      for row in 0..<rows {
        var product = term.coefficient
        for slot in term.slots { product *= space.slots[slot * rows + row] }
        space.columns[first + row] += product
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
