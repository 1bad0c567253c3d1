extension TimeSeriesModel {
  /// A state that moves on by a matrix, and what is seen of it:
  /// state(t + 1) = F state(t) + intercept, value(t) = G state(t) + intercept.
  struct StateSpaceModel: Sendable {
    /// The state of the first step ahead.
    var state: [Double] = []
    var transition: [[Double]] = []
    /// A row for each target.
    var measurement: [[Double]] = []
    var stateIntercept: [Double] = []
    var observationIntercept: [Double] = []
    var variance = 1.0
    /// The covariance of the state of the first step ahead.
    var predictedCovariance: [[Double]]?
    /// What each step adds to it.
    var selectedCovariance: [[Double]]?
    /// What observing adds.
    var observationVariance: [[Double]]?
    var psi: [Psi] = []
    var line: Int
  }

  /// The weights of the errors in forecasts, step by step.
  struct Psi: Sendable {
    var target: String?
    var variance: Double?
    var weights: [Double]
    var line: Int
  }
}
