/// Linear predictors over a design matrix of products of factors and covariates.
struct GeneralRegressionModel: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case regression, generalLinear, multinomialLogistic, ordinalMultinomial, generalizedLinear
    case coxRegression = "CoxRegression"
  }

  enum Link: String, Sendable, CaseIterable {
    case cloglog, identity, log, logc, logit, loglog, negbin, oddspower, power, probit
  }

  enum CumulativeLink: String, Sendable, CaseIterable {
    case logit, probit, cloglog, loglog, cauchit
  }

  struct Parameter: Sendable {
    var name: String
    var referencePoint: Double
  }

  /// A factor or a covariate; a factor may bring a contrast matrix over its categories.
  struct Predictor: Sendable {
    var field: String
    var isFactor: Bool
    var categories: [String] = []
    var contrasts: [[Double]] = []
    var line: Int
  }

  /// How a predictor takes part in a parameter: the category of a factor, the exponent of a
  /// covariate.
  struct PredictorCell: Sendable {
    var predictor: String
    var parameter: String
    var value: String
    var targetCategory: String?
    var line: Int
  }

  struct ParameterCell: Sendable {
    var parameter: String
    var beta: Double
    var targetCategory: String?
    var line: Int
  }

  /// `PCovCell`: how the estimates of two parameters vary together.
  struct CovarianceCell: Sendable {
    var row: String
    var column: String
    var value: Double
    var line: Int
  }

  struct Stratum: Sendable {
    /// nil where there are no strata.
    var value: String?
    var maximumTime: Double
    var cells: [(time: Double, cumulativeHazard: Double)] = []
    var line: Int
  }

  var kind: Kind
  var link: Link?
  var linkParameter: Double?
  var cumulativeLink: CumulativeLink?
  var distributionParameter: Double?
  var referenceCategory: String?
  var offsetField: String?
  var offset: Double?
  var trialsField: String?
  var trials: Double?
  var endTimeField: String?
  var strataField: String?
  var parameters: [Parameter] = []
  var predictors: [Predictor] = []
  var predictorCells: [PredictorCell] = []
  var parameterCells: [ParameterCell] = []
  var covarianceCells: [CovarianceCell] = []
  var strata: [Stratum] = []
}
