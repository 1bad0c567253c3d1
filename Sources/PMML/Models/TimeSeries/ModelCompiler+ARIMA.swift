internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  /// The polynomials of an ARIMA model.
  private struct Polynomials {
    /// 1 - phi1 B - ..., times the seasonal one.
    var autoregression: LagPolynomial
    /// 1 + theta1 B + ..., times the seasonal one.
    var movingAverage: LagPolynomial
    /// (1 - B)^d (1 - B^s)^D
    var integration: LagPolynomial

    init?(_ model: TimeSeriesModel.ARIMA) {
      let (near, far) = (model.nonseasonal, model.seasonal)
      guard let phi = LagPolynomial(near.autoregression, sign: -1),
        let seasonalPhi = LagPolynomial(far.autoregression, sign: -1, period: far.period),
        let theta = LagPolynomial(near.movingAverage, sign: 1),
        let seasonalTheta = LagPolynomial(far.movingAverage, sign: 1, period: far.period),
        let differences = LagPolynomial(differences: near.differences, period: 1),
        let seasonalDifferences = LagPolynomial(
          differences: far.differences, period: far.period),
        let autoregression = phi.multiplied(by: seasonalPhi),
        let movingAverage = theta.multiplied(by: seasonalTheta),
        let integration = differences.multiplied(by: seasonalDifferences)
      else { return nil }
      self.autoregression = autoregression
      self.movingAverage = movingAverage
      self.integration = integration
    }
  }

  func plan(
    _ model: TimeSeriesModel.ARIMA, _ history: TimeSeriesModel.Series?, _ scope: FieldScope,
    _ slot: Int, _ needsVariance: Bool
  ) -> TimeSeriesPlan? {
    guard let polynomials = Polynomials(model) else {
      reportTooLong(line: model.line)
      return nil
    }
    let isExact = model.method == .exactLeastSquares
    let lags = polynomials.autoregression.degree + polynomials.integration.degree
    let count = isExact ? history?.values.count ?? 1 : lags
    guard var values = known(history, model.transformation, count: count, line: model.line)
    else { return nil }
    guard let (additions, addedValues) = additions(model, polynomials, history, count, scope),
      let outliers = outliers(model, polynomials, history)
    else { return nil }
    for place in values.indices {
      values[place] -= addedValues[place]
      for outlier in outliers { values[place] -= outlier.effect(place + 1 - values.count) }
    }
    let fit =
      isExact
      ? exactFit(model, polynomials, values) : conditionalFit(model, polynomials, values)
    guard let fit else { return nil }
    return TimeSeriesPlan(
      fit: fit, slot: slot, transformation: model.transformation,
      variance: model.rmse.map { $0 * $0 } ?? .nan, additions: additions, outliers: outliers,
      needsVariance: needsVariance)
  }

  /// Past residuals are as the document has them.
  private func conditionalFit(
    _ model: TimeSeriesModel.ARIMA, _ polynomials: Polynomials, _ values: [Double]
  ) -> TimeSeriesPlan.Fit? {
    var given = model.nonseasonal.residuals
    if let seasonal = model.seasonal.residuals {
      // Both end with the last known value; the longer one is what both look back at.
      let short = min(seasonal.count, given?.count ?? 0)
      if let near = given, near.suffix(short) != seasonal.suffix(short) {
        reader.report(
          "P13", "the residuals of the two components are not those of one series",
          line: model.line)
        return nil
      }
      if seasonal.count > given?.count ?? 0 { given = seasonal }
    }
    let residuals = residuals(given, count: polynomials.movingAverage.degree, line: model.line)
    guard let residuals else { return nil }
    // The mean of a series that goes on by 1 - phi1 B - ... times its deviation from the mean.
    var share = 0.0
    for coefficient in polynomials.autoregression.coefficients { share += coefficient }
    return .recursion(
      ARMAForecast(
        autoregression: polynomials.autoregression, movingAverage: polynomials.movingAverage,
        integration: polynomials.integration, constant: model.constantTerm * share,
        differences: polynomials.integration.applied(to: values), residuals: residuals,
        values: Array(values.suffix(polynomials.integration.degree))),
      variances: nil)
  }

  /// Past residuals are worked out of the whole series.
  private func exactFit(
    _ model: TimeSeriesModel.ARIMA, _ polynomials: Polynomials, _ values: [Double]
  ) -> TimeSeriesPlan.Fit? {
    let phi = polynomials.autoregression.recursion
    let theta = Array(polynomials.movingAverage.coefficients.dropFirst())
    let differences = polynomials.integration.applied(to: values)
    let size = max(phi.count, theta.count + 1)
    guard !differences.isEmpty else {
      reader.report(
        "P13", "the series has \(values.count) values, too few to be differenced",
        line: model.line)
      return nil
    }
    guard size <= KalmanFilter.stateLimit,
      size * size <= KalmanFilter.workLimit / differences.count
    else {
      reader.report(
        "P13",
        "`exactLeastSquares` of \(differences.count) values that look back \(size) steps takes "
          + "too long", line: model.line)
      return nil
    }
    guard
      let filtered = KalmanFilter.predict(
        differences.map { $0 - model.constantTerm }, autoregression: phi, movingAverage: theta)
    else {
      reader.report(
        "P4",
        "the autoregression is not stationary, so that `exactLeastSquares` has nothing to begin "
          + "with", line: model.line)
      return nil
    }
    return .stateSpace(
      StateSpaceForecast(
        filtered, size: size, mean: model.constantTerm,
        integration: polynomials.integration.recursion, values: values))
  }

  // MARK: What a series rests on beside itself

  private func additions(
    _ model: TimeSeriesModel.ARIMA, _ polynomials: Polynomials,
    _ history: TimeSeriesModel.Series?, _ count: Int, _ scope: FieldScope
  ) -> (additions: [TimeSeriesPlan.Addition], past: [Double])? {
    var additions: [TimeSeriesPlan.Addition] = []
    var past = Array(repeating: 0.0, count: count)
    for regressor in model.regressors {
      if polynomials.integration.degree > 0 {
        reader.report(
          "P9",
          "a `DynamicRegressor` of a series that is differenced is not supported: whether it is "
            + "differenced too is not said", line: regressor.line)
        return nil
      }
      guard
        let addition = addition(regressor, history, count, scope, into: &past)
      else { return nil }
      additions.append(addition)
    }
    return (additions, past)
  }

  private func addition(
    _ regressor: TimeSeriesModel.DynamicRegressor, _ history: TimeSeriesModel.Series?,
    _ count: Int, _ scope: FieldScope, into past: inout [Double]
  ) -> TimeSeriesPlan.Addition? {
    func fault(_ code: String, _ message: String) {
      reader.report(code, message, line: regressor.line)
    }
    // Refused where it was read.
    if [.trend, .otherModel].contains(regressor.futureValues) { return nil }
    var addition = TimeSeriesPlan.Addition(
      coefficient: regressor.coefficient, values: [], future: .stored)
    if regressor.futureValues == .userSupplied {
      if regressor.delay > 0 {
        fault("P9", "a `userSupplied` regressor with a `delay` is not supported")
        return nil
      }
      guard let binding = lookUp(regressor.field, in: scope, line: regressor.line) else {
        return nil
      }
      if binding.dataType == .string {
        fault("P21", "`\(regressor.field)` is a text where a number is needed")
        return nil
      }
      addition.future = .slot(binding.slot, regressor.transformation)
      if count == 0 { return addition }
    }
    guard let history, let series = regressor.series, history.isEven, series.isEven,
      series.step == history.step || series.values.count == 1
    else {
      fault(
        "P3",
        "what `\(regressor.field)` was in the steps of the series is not known: `RegressorValues` "
          + "and the series need values that are numbered alike")
      return nil
    }
    let values = series.values.map(regressor.transformation.apply)
    // The place, among the regressor's values, that bears on the last known value of the series.
    let end = history.first + Double(history.values.count - 1) * history.step
    guard let last = Int(exactly: series.place(of: end)) else {
      fault("P13", "the values of `\(regressor.field)` are not numbered like those of the series")
      return nil
    }
    let now = last - regressor.delay
    for place in 0..<count {
      let source = now - (count - 1 - place)
      guard values.indices.contains(source), values[source].isFinite else {
        fault(
          "P13", "`\(regressor.field)` has no value for some steps that forecasts go on from")
        return nil
      }
      past[place] += regressor.coefficient * values[source]
    }
    if case .slot = addition.future { return addition }
    addition.values = now + 1 < values.count ? Array(values[max(0, now + 1)...]) : []
    if now + 1 < 0 { addition.values = [] }
    if regressor.futureValues == .constant {
      addition.future = .constant
      if addition.values.isEmpty, let final = values.last { addition.values = [final] }
    }
    if addition.values.isEmpty || addition.values.contains(where: { !$0.isFinite }) {
      fault("P13", "`\(regressor.field)` has no values for steps to come")
      return nil
    }
    return addition
  }

  private func outliers(
    _ model: TimeSeriesModel.ARIMA, _ polynomials: Polynomials,
    _ history: TimeSeriesModel.Series?
  ) -> [OutlierEffect]? {
    var effects: [OutlierEffect] = []
    let ageLimit = 100_000
    for outlier in model.outliers {
      guard let history, history.isEven,
        let place = Int(exactly: history.place(of: outlier.startTime)),
        place.magnitude < Int.max / 2
      else {
        reader.report(
          "P13", "the time \(outlier.startTime) of an `OutlierEffect` is none of the series",
          line: outlier.line)
        return nil
      }
      let age = history.values.count - place
      let kind: OutlierEffect.Kind
      switch outlier.kind {
      case .additive: kind = .additive
      case .level: kind = .level
      case .trend: kind = .trend
      case .transient: kind = .transient(damping: outlier.damping)
      case .seasonalAdditive: kind = .seasonalAdditive(period: model.seasonal.period)
      case .innovational:
        guard age <= ageLimit else {
          reader.report(
            "P13", "an innovational outlier more than \(ageLimit) steps ago is not supported",
            line: outlier.line)
          return nil
        }
        let weights = ARMAForecast(
          autoregression: polynomials.autoregression, movingAverage: polynomials.movingAverage,
          integration: polynomials.integration, constant: 0, differences: [], residuals: [],
          values: [])
        kind = .innovational(weights.psi(max(0, age) + 10_000))
      }
      effects.append(OutlierEffect(kind: kind, magnitude: outlier.magnitude, age: age))
    }
    return effects
  }
}
