internal import DataFields

/// Models that add up functions of single fields, or products of them.
extension AdditiveForm {
  // MARK: Scorecards

  /// The initial score, and the points of each characteristic.
  static func form(_ plan: ScorecardPlan, unit: Int) throws(Refusal) -> AdditiveForm {
    guard let tables = plan.tables else {
      throw Refusal("a characteristic looks at several fields, or its points are computed")
    }
    var form = AdditiveForm()
    form.constant = plan.initialScore
    for characteristic in tables.characteristics {
      form.terms.append(
        Term(
          coefficient: 1,
          factors: [
            .function(slot: characteristic.slot) { value in
              characteristic.cells[characteristic.cell(of: value)].points
            }
          ]))
    }
    form.source = .predicted(unit: unit)
    return form
  }

  // MARK: General regressions

  /// The linear predictor, or of two classes its log-odds.
  static func form(
    _ plan: GeneralRegressionPlan, classes: Int, place: Int?
  ) throws(Refusal) -> AdditiveForm {
    switch plan.kind {
    case .coxRegression:
      throw Refusal("a cumulative hazard rests on the end time beside the linear predictor")
    case .ordinalMultinomial:
      throw Refusal("probabilities of an ordinal target are differences of links")
    default: break
    }
    guard plan.trialsSlot < 0 else {
      throw Refusal("the number of trials is a field, which multiplies what the link gave")
    }
    guard let place else {
      guard let table = plan.tables.first else { throw Refusal("the model has no parameters") }
      var form = try predictor(table, plan)
      if plan.kind == .generalizedLinear, plan.link != .identity || plan.trials != 1 {
        form.link = plan.link.rawValue
      }
      return form
    }
    return try form(plan, classes: classes, ofClass: place)
  }

  private static func form(
    _ plan: GeneralRegressionPlan, classes: Int, ofClass place: Int
  ) throws(Refusal) -> AdditiveForm {
    let isLogit =
      plan.kind == .multinomialLogistic
      || (plan.kind == .generalizedLinear && plan.link == .logit)
    guard let table = plan.tables.first(where: { $0.position == place }) else {
      // The reference category has what the others leave.
      guard place == plan.reference, classes == 2, isLogit, let other = plan.tables.first else {
        throw Refusal("the class has what the other classes leave; attribute one of those")
      }
      var form = try predictor(other, plan)
      form.scale(by: -1)
      form.link = "logit"
      return form
    }
    var form = try predictor(table, plan)
    if plan.kind == .multinomialLogistic, classes > 2 {
      form.link = "softmax"
    } else {
      form.link = isLogit ? "logit" : plan.link.rawValue
    }
    return form
  }

  private static func predictor(
    _ table: GeneralRegressionPlan.Table, _ plan: GeneralRegressionPlan
  ) throws(Refusal) -> AdditiveForm {
    var form = AdditiveForm()
    if plan.offsetSlot >= 0 {
      form.terms.append(
        Term(coefficient: 1, factors: [.power(slot: plan.offsetSlot, exponent: 1)]))
    } else {
      form.constant = plan.offset
    }
    for term in table.terms {
      let factors = term.factors.map { factor(plan.factors[$0]) }
      if factors.isEmpty {
        form.constant += term.beta
      } else {
        form.terms.append(Term(coefficient: term.beta, factors: factors))
      }
    }
    return form
  }

  private static func factor(_ factor: GeneralRegressionPlan.Factor) -> Factor {
    switch factor {
    case .power(let slot, let exponent): .power(slot: slot, exponent: exponent)
    // Of a missing value nothing is known, unlike in a RegressionModel.
    case .indicator(let slot, let sought):
      .function(slot: slot) { $0.isNaN ? .nan : $0 == sought ? 1 : 0 }
    case .contrast(let slot, let values, let entries):
      .function(slot: slot) { value in
        values.firstIndex(of: value).map { entries[$0] } ?? .nan
      }
    }
  }

  // MARK: Naive Bayes

  /// The logarithm of the class's likelihood; of two classes, of the ratio of theirs.
  static func form(_ plan: NaiveBayesPlan, place: Int?) throws(Refusal) -> AdditiveForm {
    guard let place else {
      throw Refusal("a predicted class is no number; attribute the probability of a class")
    }
    let count = plan.priors.count
    let other = count == 2 ? 1 - place : nil
    var form = AdditiveForm()
    form.constant = plan.priors[place] - (other.map { plan.priors[$0] } ?? 0)
    form.link = other == nil ? "softmax" : "logit"
    for input in plan.inputs {
      guard input.expression < 0 else {
        throw Refusal("an input is discretised by the model itself")
      }
      form.terms.append(
        Term(
          coefficient: 1,
          factors: [
            .function(slot: input.slot) { value in
              let own = plan.logarithm(input, value, place)
              return other.map { own - plan.logarithm(input, value, $0) } ?? own
            }
          ]))
    }
    return form
  }
}
