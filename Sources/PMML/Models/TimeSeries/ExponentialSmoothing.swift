extension TimeSeriesModel {
  enum TrendKind: String, Sendable, CaseIterable {
    case additive, multiplicative
    case dampedAdditive = "damped_additive"
    case dampedMultiplicative = "damped_multiplicative"
    case polynomialExponential = "polynomial_exponential"
  }

  struct Trend: Sendable {
    var kind: TrendKind
    var smoothedValue: Double
    var phi: Double
  }

  struct Seasonality: Sendable {
    enum Kind: String, Sendable, CaseIterable { case additive, multiplicative }

    var kind: Kind
    /// The place of the last known value in the season, from 1 on; 0 where the season begins with
    /// the first forecast.
    var phase: Int
    var factors: [Double]
  }

  struct ExponentialSmoothing: Sendable {
    var transformation: Transformation
    var level = 0.0
    var trend: Trend?
    var seasonality: Seasonality?
  }
}

extension TimeSeriesModel.ExponentialSmoothing {
  /// The value so many steps after the last known one.
  func forecast(_ steps: Int) -> Double {
    var value = level
    if let trend {
      switch trend.kind {
      case .additive: value += Double(steps) * trend.smoothedValue
      case .dampedAdditive: value += trend.damping(steps) * trend.smoothedValue
      case .multiplicative: value *= MathFunctions.pow(trend.smoothedValue, Double(steps))
      case .dampedMultiplicative:
        value *= MathFunctions.pow(trend.smoothedValue, trend.damping(steps))
      case .polynomialExponential: return .nan
      }
    }
    if let seasonality {
      let factor = seasonality.factors[
        (seasonality.phase + steps - 1) % seasonality.factors.count]
      switch seasonality.kind {
      case .additive: value += factor
      case .multiplicative: value *= factor
      }
    }
    return transformation.undo(value)
  }
}

extension TimeSeriesModel.Trend {
  /// phi + phi^2 + ... + phi^steps
  func damping(_ steps: Int) -> Double {
    if phi == 1 { return Double(steps) }
    return phi * (1 - MathFunctions.pow(phi, Double(steps))) / (1 - phi)
  }
}
