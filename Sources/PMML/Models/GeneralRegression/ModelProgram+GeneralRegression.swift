internal import DataFields

extension ModelProgram {
  func runGeneralRegression(
    _ plan: GeneralRegressionPlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    let offset = plan.offsetSlot >= 0 ? space.slots[plan.offsetSlot] : plan.offset
    guard units[unit].function == .classification else {
      guard let table = plan.tables.first else { return }
      let sum = plan.predictor(table, space.slots) + offset
      if plan.kind == .coxRegression {
        space.predicted[unit] = plan.cumulativeHazard(sum, space.slots)
      } else if plan.kind == .generalizedLinear {
        let trials = plan.trialsSlot >= 0 ? space.slots[plan.trialsSlot] : plan.trials
        space.predicted[unit] = plan.inverseLink(sum) * trials
      } else {
        space.predicted[unit] = sum
      }
      return
    }
    let region = units[unit].region
    var last = 1.0
    var before = 0.0
    for table in plan.tables {
      let sum = plan.predictor(table, space.slots) + offset
      if sum.isNaN { return }
      let place = region + table.position
      switch plan.kind {
      case .multinomialLogistic: space.region[place] = sum
      case .ordinalMultinomial:
        // "The inverse link gives cumulative probabilities": a class has the difference of two.
        let cumulative = plan.inverseCumulativeLink(sum)
        space.region[place] = cumulative - before
        before = cumulative
        last = 1 - cumulative
      default:
        space.region[place] = plan.inverseLink(sum)
        last -= space.region[place]
      }
    }
    if plan.reference >= 0 {
      space.region[region + plan.reference] = plan.kind == .multinomialLogistic ? 0 : last
    }
    let places = region..<region + units[unit].classes.count
    if plan.kind == .multinomialLogistic { Self.softmax(&space.region, places) }
    for place in places { space.confidences[place] = space.region[place] }
    space.hasRegion[unit] = true
    let best = winner(unit, space)
    if best >= 0 { space.predicted[unit] = units[unit].classes[best].value }
  }

  static func softmax(_ values: inout [Double], _ range: Range<Int>) {
    var greatest = -Double.infinity
    for place in range { greatest = max(greatest, values[place]) }
    var sum = 0.0
    for place in range {
      values[place] = MathFunctions.exp(values[place] - greatest)
      sum += values[place]
    }
    for place in range { values[place] /= sum }
  }
}

extension GeneralRegressionPlan {
  /// The linear predictor of a table; NaN if a value that it needs is missing.
  func predictor(_ table: Table, _ slots: [Double]) -> Double {
    var sum = 0.0
    for term in table.terms {
      let product = entry(term, slots, times: term.beta)
      if product.isNaN { return .nan }
      sum += product
    }
    return sum
  }

  /// What a term comes to in the design matrix, times a number.
  func entry(_ term: Term, _ slots: [Double], times number: Double = 1) -> Double {
    var product = number
    for place in term.factors {
      switch factors[place] {
      case .indicator(let slot, let value):
        let given = slots[slot]
        if given.isNaN { return .nan }
        if given != value { product *= 0 }
      case .power(let slot, let exponent):
        product *= RegressionPlan.power(slots[slot], exponent)
      case .contrast(let slot, let values, let entries):
        guard let row = values.firstIndex(of: slots[slot]) else { return .nan }
        product *= entries[row]
      }
    }
    return product
  }

  /// The inverse of a generalised linear model's link.
  func inverseLink(_ y: Double) -> Double {
    switch link {
    case .identity: y
    case .log: MathFunctions.exp(y)
    case .logc: 1 - MathFunctions.exp(y)
    case .logit: 1 / (1 + MathFunctions.exp(-y))
    case .probit: MathFunctions.normalCDF(y)
    case .cloglog: 1 - MathFunctions.exp(-MathFunctions.exp(y))
    case .loglog: MathFunctions.exp(-MathFunctions.exp(-y))
    case .negbin: 1 / (distributionParameter * (MathFunctions.exp(-y) - 1))
    case .power:
      linkParameter == 0 ? MathFunctions.exp(y) : MathFunctions.pow(y, 1 / linkParameter)
    case .oddspower:
      linkParameter == 0
        ? 1 / (1 + MathFunctions.exp(-y))
        : 1 / (1 + MathFunctions.pow(1 + linkParameter * y, -1 / linkParameter))
    }
  }

  func inverseCumulativeLink(_ y: Double) -> Double {
    switch cumulativeLink {
    case .logit: 1 / (1 + MathFunctions.exp(-y))
    case .probit: MathFunctions.normalCDF(y)
    case .cloglog: 1 - MathFunctions.exp(-MathFunctions.exp(y))
    case .loglog: MathFunctions.exp(-MathFunctions.exp(-y))
    case .cauchit: 0.5 + MathFunctions.atan(y) / .pi
    }
  }

  /// The cumulative hazard up to the end time: the baseline's of the last event before it, times
  /// what the row has beyond the reference point.
  ///
  /// Missing after the last time of the baseline; 0 before its first.
  func cumulativeHazard(_ sum: Double, _ slots: [Double]) -> Double {
    let end = slots[endTimeSlot]
    let value = strataSlot >= 0 ? slots[strataSlot] : .nan
    guard !end.isNaN,
      let stratum = strata.first(where: { strataSlot < 0 || $0.value == value }),
      end <= stratum.maximumTime
    else { return .nan }
    let place = stratum.times.lastIndex { $0 <= end }
    let baseline = place.map { stratum.hazards[$0] } ?? 0
    return baseline * MathFunctions.exp(sum - referencePredictor)
  }
}
