/// How a series goes on by its past values and residuals.
struct ARMAForecast: Sendable {
  /// What the last values are multiplied by, the latest first.
  let autoregression: [Double]
  /// What the last residuals are multiplied by, the latest first.
  let movingAverage: [Double]
  /// How values are made of differences: what the last values are multiplied by, the latest first.
  let integration: [Double]
  /// What every value of the differenced series begins with.
  let constant: Double
  /// The last values of the differenced series, the latest last.
  let differences: [Double]
  /// The last residuals, the latest last.
  let residuals: [Double]
  /// The last values, the latest last.
  let values: [Double]
  /// What the last values are multiplied by in the recursion of the values themselves.
  let whole: [Double]

  init(
    autoregression: LagPolynomial, movingAverage: LagPolynomial, integration: LagPolynomial,
    constant: Double, differences: [Double], residuals: [Double], values: [Double]
  ) {
    self.autoregression = autoregression.recursion
    self.movingAverage = Array(movingAverage.coefficients.dropFirst())
    self.integration = integration.recursion
    self.constant = constant
    self.differences = differences
    self.residuals = residuals
    self.values = values
    whole = autoregression.product(integration).recursion
  }

  /// The value so many steps after the last known one: residuals to come are expected to be 0.
  ///
  /// - Complexity: O(steps times lags).
  func forecast(_ steps: Int) -> Double {
    var differences = differences
    var values = values
    for step in 1...steps {
      var next = constant
      for (lag, coefficient) in autoregression.enumerated() {
        next += coefficient * differences[differences.count - 1 - lag]
      }
      for lag in stride(from: step, through: movingAverage.count, by: 1) {
        next += movingAverage[lag - 1] * residuals[residuals.count + step - 1 - lag]
      }
      differences.append(next)
      for (lag, coefficient) in integration.enumerated() {
        next += coefficient * values[values.count - 1 - lag]
      }
      values.append(next)
    }
    return values[values.count - 1]
  }

  /// The weights that the errors of the steps have in a forecast: psi0 = 1, psi1, ...
  ///
  /// - Complexity: O(steps times lags).
  func psi(_ count: Int) -> [Double] {
    var weights: [Double] = []
    for place in 0..<count {
      var weight = place == 0 ? 1 : place <= movingAverage.count ? movingAverage[place - 1] : 0
      for (lag, coefficient) in whole.enumerated() where lag < place {
        weight += coefficient * weights[place - 1 - lag]
      }
      weights.append(weight)
    }
    return weights
  }
}

/// Variances that go on by the residuals and variances before them.
struct VarianceForecast: Sendable {
  var constant: Double
  /// What the last squares of residuals are multiplied by, the latest first.
  var squareCoefficients: [Double]
  /// What the last variances are multiplied by, the latest first.
  var varianceCoefficients: [Double]
  /// The latest last.
  var squares: [Double]
  /// The latest last.
  var variances: [Double]

  /// The variances of the steps ahead: the square of a residual to come is expected to be its
  /// variance.
  func forecast(_ steps: Int) -> [Double] {
    var squares = squares
    var variances = variances
    for _ in 0..<steps {
      var next = constant
      for (lag, coefficient) in squareCoefficients.enumerated() {
        next += coefficient * squares[squares.count - 1 - lag]
      }
      for (lag, coefficient) in varianceCoefficients.enumerated() {
        next += coefficient * variances[variances.count - 1 - lag]
      }
      squares.append(next)
      variances.append(next)
    }
    return Array(variances.suffix(steps))
  }
}
