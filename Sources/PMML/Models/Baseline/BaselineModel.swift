/// Says how far events are from what they usually are.
struct BaselineModel: Sendable {
  enum Statistic: String, Sendable, CaseIterable {
    case zValue, chiSquareIndependence, chiSquareDistribution, scalarProduct
    case cusum = "CUSUM"
  }

  enum Distribution: Sendable {
    /// Only its mean and variance are known.
    case any(mean: Double, variance: Double)
    case density(NaiveBayesModel.Distribution)
  }

  var field = ""
  var statistic = Statistic.zValue
  var resetValue = 0.0
  var baseline: Distribution?
  var alternate: Distribution?
  var line = 0
}

extension BaselineModel.Distribution {
  var meanAndVariance: (Double, Double) {
    switch self {
    case .any(let mean, let variance): (mean, variance)
    case .density(.gaussian(let mean, let variance)): (mean, variance)
    case .density(.poisson(let mean)): (mean, mean)
    case .density(.uniform(let lower, let upper)):
      ((lower + upper) / 2, (upper - lower) * (upper - lower) / 12)
    }
  }
}
