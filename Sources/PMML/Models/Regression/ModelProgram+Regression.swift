internal import DataFields
internal import DenseKernels

extension ModelProgram {
  func runRegression(_ plan: RegressionPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let isFloat = units[unit].isFloat
    if units[unit].function != .classification {
      let sum = plan.sum(0, space.slots, isFloat: isFloat)
      space.predicted[unit] = sum.isNaN ? .nan : plan.link(sum, isFloat: isFloat)
      return
    }
    let region = units[unit].region
    let count = units[unit].classes.count
    for place in 0..<count { space.region[region + place] = 0 }
    for place in plan.tables.indices {
      let sum = plan.sum(place, space.slots, isFloat: isFloat)
      if sum.isNaN { return }
      space.region[region + plan.tables[place].position] = sum
    }
    plan.normalise(&space.region, region, isFloat: isFloat)
    space.hasRegion[unit] = true
    for place in 0..<count { space.confidences[region + place] = space.region[region + place] }
    let best = winner(unit, space)
    if best >= 0 { space.predicted[unit] = units[unit].classes[best].value }
  }
}

extension RegressionPlan {
  /// The linear predictor of the table at a place, with the bits of ``sum(_:_:isFloat:)-(Table,_,_)``.
  func sum(_ place: Int, _ slots: [Double], isFloat: Bool) -> Double {
    if isFloat { return Double(floatSum(tables[place], slots)) }
    return slots.withUnsafeBufferPointer {
      // A program has a slot for each prediction, if for nothing else.
      $0.baseAddress.map { columns[place].sum($0) } ?? .nan
    }
  }

  /// A table's linear predictor; NaN if a number that it needs is missing.
  package func sum(_ table: Table, _ slots: [Double], isFloat: Bool) -> Double {
    if isFloat { return Double(floatSum(table, slots)) }
    var sum = table.intercept
    for predictor in table.numeric {
      let value = Self.power(slots[predictor.slot], predictor.exponent)
      let product = predictor.coefficient * value
      sum += product
    }
    // "If the value of a categorical field is missing, its term is ignored."
    for predictor in table.categorical where slots[predictor.slot] == predictor.value {
      sum += predictor.coefficient
    }
    for term in table.terms {
      var product = term.coefficient
      for slot in term.slots { product *= slots[slot] }
      sum += product
    }
    return sum
  }

  private func floatSum(_ table: Table, _ slots: [Double]) -> Float {
    var sum = Float(table.intercept)
    for predictor in table.numeric {
      let value = Float(Self.power(Double(Float(slots[predictor.slot])), predictor.exponent))
      let product = Float(predictor.coefficient) * value
      sum += product
    }
    for predictor in table.categorical where slots[predictor.slot] == predictor.value {
      sum += Float(predictor.coefficient)
    }
    for term in table.terms {
      var product = Float(term.coefficient)
      for slot in term.slots { product *= Float(slots[slot]) }
      sum += product
    }
    return sum
  }

  package static func power(_ value: Double, _ exponent: Double) -> Double {
    exponent == 1 ? value : exponent == 2 ? value * value : MathFunctions.pow(value, exponent)
  }

  /// The inverse link of a regression.
  func link(_ y: Double, isFloat: Bool) -> Double {
    if isFloat {
      switch normalization {
      case .none, .simplemax: return y
      // "softmax" of a regression is the logistic function.
      case .softmax, .logit: return Double(1 / (1 + MathFunctions.exp(-Float(y))))
      case .exp: return Double(MathFunctions.exp(Float(y)))
      default: return Double(Float(Self.inverseLink(normalization, y)))
      }
    }
    return Self.inverseLink(normalization, y)
  }

  static func inverseLink(_ link: RegressionModel.Normalization, _ y: Double) -> Double {
    switch link {
    case .none, .simplemax: y
    case .softmax, .logit: DenseFunctions.logistic(y)
    case .probit: MathFunctions.normalCDF(y)
    case .cloglog: 1 - DenseFunctions.exp(-DenseFunctions.exp(y))
    case .exp: DenseFunctions.exp(y)
    case .loglog: DenseFunctions.exp(-DenseFunctions.exp(-y))
    case .cauchit: 0.5 + MathFunctions.atan(y) / .pi
    }
  }

  /// Turns the predictors of the classes, in `values` from `first` on, into probabilities.
  func normalise(_ values: inout [Double], _ first: Int, isFloat: Bool) {
    if isOrdinal, normalization != .softmax, normalization != .simplemax {
      return normaliseOrdinal(&values, first)
    }
    switch normalization {
    case .softmax: softmax(&values, first, isFloat: isFloat)
    case .simplemax: simplemax(&values, first)
    default:
      if tables.count == 2 {
        // Of two classes, the second has what the first leaves.
        var p = link(values[first + tables[0].position], isFloat: isFloat)
        if normalization == .none { p = min(max(p, 0), 1) }
        values[first + tables[0].position] = p
        values[first + tables[1].position] = isFloat ? Double(1 - Float(p)) : 1 - p
        return
      }
      if normalization == .none {
        var sum = 0.0
        for table in tables.dropLast() { sum += values[first + table.position] }
        if let last = tables.last { values[first + last.position] = 1 - sum }
        return
      }
      for table in tables {
        values[first + table.position] = link(values[first + table.position], isFloat: isFloat)
      }
      simplemax(&values, first)
    }
  }

  private func softmax(_ values: inout [Double], _ first: Int, isFloat: Bool) {
    var greatest = -Double.infinity
    for table in tables { greatest = max(greatest, values[first + table.position]) }
    if isFloat {
      var sum: Float = 0
      for table in tables {
        let term = MathFunctions.exp(Float(values[first + table.position]) - Float(greatest))
        values[first + table.position] = Double(term)
        sum += term
      }
      for table in tables {
        let place = first + table.position
        values[place] = Double(Float(values[place]) / sum)
      }
      return
    }
    var sum = 0.0
    for table in tables {
      let place = first + table.position
      values[place] = DenseFunctions.exp(values[place] - greatest)
      sum += values[place]
    }
    for table in tables { values[first + table.position] /= sum }
  }

  private func simplemax(_ values: inout [Double], _ first: Int) {
    var sum = 0.0
    for table in tables { sum += values[first + table.position] }
    for table in tables { values[first + table.position] /= sum }
  }

  /// "The inverse link gives cumulative probabilities": a class has the difference of two.
  private func normaliseOrdinal(_ values: inout [Double], _ first: Int) {
    var before = 0.0
    for (place, table) in tables.enumerated() {
      let isLast = place == tables.count - 1
      let cumulative =
        isLast ? 1 : Self.inverseLink(normalization, values[first + table.position])
      values[first + table.position] = cumulative - before
      before = cumulative
    }
  }
}
