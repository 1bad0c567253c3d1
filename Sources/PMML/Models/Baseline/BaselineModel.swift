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

  /// How often values, or combinations of values, are seen.
  struct CountTable: Sendable {
    struct Cell: Sendable {
      /// The fields and their values, from the outer ones in.
      var values: [(field: String, value: String)]
      var count: Double
      var line: Int
    }

    /// Whether counts are shares, of a sample of this size.
    var isNormalized = false
    var sample: Double?
    var cells: [Cell] = []
    var line = 0
  }

  /// How the product of counts is scaled.
  enum NormalizationScheme: String, Sendable, CaseIterable {
    case independent = "Independent"
    case sizeWeighted = "SizeWeighted"
  }

  var field = ""
  var statistic = Statistic.zValue
  var resetValue = 0.0
  /// How many events count; 0 is all of them.
  var windowSize = 0
  var weightField: String?
  var normalization: NormalizationScheme?
  var table: CountTable?
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

extension BaselineModel.Statistic {
  /// Whether it compares how often values are seen.
  var counts: Bool { self == .chiSquareDistribution || self == .scalarProduct }
}
