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

  enum Transformation: String, Sendable, CaseIterable {
    case none, logarithmic, squareroot

    func apply(_ value: Double) -> Double {
      switch self {
      case .none: value
      case .logarithmic: MathFunctions.ln(value)
      case .squareroot: value.squareRoot()
      }
    }

    func undo(_ value: Double) -> Double {
      switch self {
      case .none: value
      case .logarithmic: MathFunctions.exp(value)
      case .squareroot: value * value
      }
    }
  }

  /// Values that were known when the model was made.
  struct Series: Sendable {
    enum Usage: String, Sendable, CaseIterable { case original, logical, prediction }

    var usage: Usage
    /// The field whose values they are; nil where the document does not say.
    var field: String?
    /// When the first value was.
    var first = 1.0
    /// How far apart values are.
    var step = 1.0
    /// Whether every value is one step after the one before.
    var isEven = true
    /// In the order of time.
    var values: [Double] = []
    var line: Int

    /// The place of a time among the values: 0 is the first, and what is beyond is to come.
    func place(of time: Double) -> Double { (time - first) / step }
  }

  enum Fit: Sendable {
    case exponentialSmoothing(ExponentialSmoothing)
    case arima(ARIMA)
    case garch(GARCH)
    case stateSpace(StateSpaceModel)
  }

  var fit: Fit
  var series: [Series] = []
  /// The field that says how many steps ahead.
  var horizon: String?
}
