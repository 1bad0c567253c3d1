internal import DataFields

/// A general regression laid flat: tables of terms, each a coefficient times a product.
package final class GeneralRegressionPlan: Sendable {
  /// One entry of the design matrix.
  enum Factor: Sendable {
    /// 1 for the category, 0 for any other.
    case indicator(slot: Int, value: Double)
    case power(slot: Int, exponent: Double)
    /// The entry of a contrast matrix for the value; the values rise.
    case contrast(slot: Int, values: [Double], entries: [Double])
  }

  struct Term: Sendable {
    var beta: Double
    var factors: Range<Int>
  }

  /// The terms of one target category, or of the number that is predicted.
  struct Table: Sendable {
    /// Position among the unit's classes.
    var position: Int
    var terms: [Term]
  }

  struct Stratum: Sendable {
    var value: Double
    var maximumTime: Double
    var times: [Double]
    var hazards: [Double]
  }

  let kind: GeneralRegressionModel.Kind
  let link: GeneralRegressionModel.Link
  let linkParameter: Double
  let cumulativeLink: GeneralRegressionModel.CumulativeLink
  let distributionParameter: Double
  let factors: [Factor]
  let tables: [Table]
  /// Position of the class whose predictor is 0; -1 if there is none.
  let reference: Int
  /// The covariances of the estimates of the terms of the only table, row by row; empty where they
  /// are not asked for.
  let covariances: [Double]
  /// A slot, or -1 for the number.
  let offsetSlot: Int
  let offset: Double
  let trialsSlot: Int
  let trials: Double
  /// The linear predictor of the reference point of a Cox regression.
  let referencePredictor: Double
  let endTimeSlot: Int
  let strataSlot: Int
  let strata: [Stratum]

  init(
    _ model: GeneralRegressionModel, factors: [Factor], tables: [Table], reference: Int,
    covariances: [Double], offsetSlot: Int, trialsSlot: Int, referencePredictor: Double,
    endTimeSlot: Int,
    strataSlot: Int, strata: [Stratum]
  ) {
    kind = model.kind
    link = model.link ?? .identity
    linkParameter = model.linkParameter ?? .nan
    cumulativeLink = model.cumulativeLink ?? .logit
    distributionParameter = model.distributionParameter ?? .nan
    offset = model.offset ?? 0
    trials = model.trials ?? 1
    self.factors = factors
    self.tables = tables
    self.reference = reference
    self.covariances = covariances
    self.offsetSlot = offsetSlot
    self.trialsSlot = trialsSlot
    self.referencePredictor = referencePredictor
    self.endTimeSlot = endTimeSlot
    self.strataSlot = strataSlot
    self.strata = strata
  }
}
