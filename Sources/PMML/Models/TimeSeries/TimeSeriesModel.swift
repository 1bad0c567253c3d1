/// A series of values in time, and how it goes on.
struct TimeSeriesModel: Sendable {
  enum Algorithm: String, Sendable, CaseIterable {
    case arima = "ARIMA"
    case exponentialSmoothing = "ExponentialSmoothing"
    case seasonalTrendDecomposition = "SeasonalTrendDecomposition"
    case spectralAnalysis = "SpectralAnalysis"
    case stateSpaceModel = "StateSpaceModel"
    case garch = "GARCH"
  }

  enum Transformation: String, Sendable, CaseIterable { case none, logarithmic, squareroot }

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

  var smoothing = ExponentialSmoothing(transformation: .none)
}
