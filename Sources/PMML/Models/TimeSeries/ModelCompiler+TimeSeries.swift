internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileTimeSeries(
    _ model: TimeSeriesModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    guard let name = model.horizon,
      let field = header.miningSchema.first(where: { $0.name == name })
    else {
      reader.report(
        "P3", "`TimeSeriesModel` needs a supplementary field that says how many steps ahead",
        line: header.line)
      return
    }
    guard let binding = lookUp(name, in: scope, line: field.line) else { return }
    if binding.dataType == .string {
      reader.report("P21", "`\(name)` is a text where a number is needed", line: field.line)
    }
    let targets = header.miningSchema.filter(\.isTarget)
    let needsVariance = header.outputs.contains {
      switch $0.feature {
      case .standardError, .standardDeviation, .confidenceIntervalLower, .confidenceIntervalUpper:
        true
      default: false
      }
    }
    var plan: TimeSeriesPlan?
    var targetCount = 1
    switch model.fit {
    case .exponentialSmoothing(let smoothing):
      plan = TimeSeriesPlan(fit: .smoothing(smoothing), slot: binding.slot)
    case .arima(let arima):
      plan = self.plan(
        arima, history(of: targets.first?.name, model), scope, binding.slot, needsVariance)
    case .garch(let garch):
      plan = self.plan(
        garch, history(of: targets.first?.name, model), binding.slot, needsVariance)
    case .stateSpace(let space):
      targetCount = space.measurement.count
      if targetCount == max(1, targets.count), !reader.hasErrors {
        plan = self.plan(space, targets.map(\.name), unit, binding.slot, needsVariance)
      }
    }
    if targetCount != max(1, targets.count) {
      reader.report(
        "P13", "the model gives \(targetCount) series for \(targets.count) targets",
        line: header.line)
    }
    reserveRegion(2 * targetCount, unit: unit)
    if let plan { program.units[unit].content = .timeSeries(plan) }
  }

  /// The values that were known of a target: `logical` ones are those that were fitted to, where
  /// the document has both.
  private func history(of target: String?, _ model: TimeSeriesModel) -> TimeSeriesModel.Series? {
    let known = model.series.filter {
      $0.usage != .prediction && ($0.field == nil || $0.field == target)
    }
    return known.first { $0.usage == .logical } ?? known.first
  }

  /// The last values of a series, transformed; reports a series that is too short or has gaps.
  func known(
    _ series: TimeSeriesModel.Series?, _ transformation: TimeSeriesModel.Transformation,
    count: Int, line: Int
  ) -> [Double]? {
    if count == 0 { return [] }
    guard let series else {
      reader.report("P3", "the model goes on from values, and has no `TimeSeries`", line: line)
      return nil
    }
    guard series.isEven else {
      reader.report(
        "P13", "the values of the series are not numbered one after the other", line: series.line)
      return nil
    }
    guard series.values.count >= count else {
      reader.report(
        "P13", "the series has \(series.values.count) values, and the model goes on from \(count)",
        line: series.line)
      return nil
    }
    let values = series.values.suffix(count).map(transformation.apply)
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      let place = series.values.count - count + bad
      reader.report(
        "P4",
        "the value \(series.values[place]) of the series has no "
          + "\(transformation == .logarithmic ? "logarithm" : "root")", line: series.line)
      return nil
    }
    return values
  }

  /// As many residuals as a model looks back at; reports where there are fewer.
  func residuals(_ given: [Double]?, count: Int, line: Int) -> [Double]? {
    if count == 0 { return [] }
    guard let given else {
      reader.report(
        "P3", "the moving average has no `Residuals`: what it goes on from is not known",
        line: line)
      return nil
    }
    guard given.count >= count else {
      reader.report(
        "P13",
        "`Residuals` holds \(given.count) values, and the moving average looks back at \(count)",
        line: line)
      return nil
    }
    return Array(given.suffix(count))
  }

  func reportTooLong(line: Int) {
    reader.report(
      "P13", "the model looks back more than \(LagPolynomial.limit) steps", line: line)
  }

  // MARK: GARCH

  private func plan(
    _ garch: TimeSeriesModel.GARCH, _ history: TimeSeriesModel.Series?, _ slot: Int,
    _ needsVariance: Bool
  ) -> TimeSeriesPlan? {
    guard let autoregression = LagPolynomial(garch.autoregression, sign: -1),
      let movingAverage = LagPolynomial(garch.movingAverage, sign: 1),
      let none = LagPolynomial([], sign: 1)
    else {
      reportTooLong(line: garch.line)
      return nil
    }
    let values = known(history, .none, count: autoregression.degree, line: garch.line)
    let residuals = residuals(garch.residuals, count: movingAverage.degree, line: garch.line)
    let squares = self.residuals(
      garch.squaredResiduals ?? garch.residuals, count: garch.squareCoefficients.count,
      line: garch.line)
    let count = garch.varianceCoefficients.count
    let variances = garch.pastVariances ?? []
    if variances.count < count {
      reader.report(
        "P13",
        "`PastVariances` holds \(variances.count) values, and the variances look back at \(count)",
        line: garch.line)
      return nil
    }
    guard let values, let residuals, let squares else { return nil }
    let forecast = ARMAForecast(
      autoregression: autoregression, movingAverage: movingAverage, integration: none,
      constant: garch.constant, differences: values, residuals: residuals, values: values)
    return TimeSeriesPlan(
      fit: .recursion(
        forecast,
        variances: VarianceForecast(
          constant: garch.varianceConstant, squareCoefficients: garch.squareCoefficients,
          varianceCoefficients: garch.varianceCoefficients, squares: squares.map { $0 * $0 },
          variances: variances)),
      slot: slot, needsVariance: needsVariance)
  }

  // MARK: State spaces

  private func plan(
    _ model: TimeSeriesModel.StateSpaceModel, _ targets: [String], _ unit: Int, _ slot: Int,
    _ needsVariance: Bool
  ) -> TimeSeriesPlan? {
    let size = model.state.count
    let transition = model.transition.flatMap { $0 }
    let noise = model.selectedCovariance?.flatMap { $0 }
    var covariance = model.predictedCovariance?.flatMap { $0 }
    if let noise, let known = covariance {
      // A prediction is never surer than what its step adds. A matrix that is smaller is that of
      // the last known value, as R writes it, and moves on by one step.
      let isPredicted = (0..<size).allSatisfy {
        known[$0 * size + $0] >= noise[$0 * size + $0] * (1 - 1e-6)
      }
      if !isPredicted {
        covariance = StateSpaceForecast.moved(known, transition, noise, size)
      }
    } else {
      // Without both, it is not known how far forecasts may be off.
      covariance = nil
    }
    let observationVariances = model.observationVariance ?? []
    let forecast = StateSpaceForecast(
      size: size, state: model.state, transition: transition, measurement: model.measurement,
      stateIntercept: model.stateIntercept, observationIntercept: model.observationIntercept,
      covariance: covariance, noise: noise ?? [],
      observationVariance: model.measurement.indices.map {
        // Empty where it is faulty, which was reported.
        observationVariances.isEmpty ? 0 : observationVariances[$0][$0]
      })
    var slots = [-1]
    for name in targets.dropFirst() {
      guard let field = dataFields[name] else { continue }
      let slot = newSlot()
      slots.append(slot)
      program.units[unit].furtherTargets.append(
        ModelUnit.FurtherTarget(name: field.name, slot: slot, dataType: .double))
    }
    var psi: [[Double]] = model.measurement.map { _ in [] }
    var variances: [Double] = model.measurement.map { _ in .nan }
    for entry in model.psi {
      guard let place = entry.target.map({ targets.firstIndex(of: $0) }) ?? 0 else {
        reader.report(
          "P16", "`\(entry.target ?? "")` is not among the targets", line: entry.line)
        continue
      }
      psi[place] = entry.weights
      variances[place] = entry.variance ?? model.variance
    }
    // Where there are covariances they say it for any number of steps.
    let usesPsi = covariance == nil && !model.psi.isEmpty
    return TimeSeriesPlan(
      fit: .stateSpace(forecast), slot: slot, variance: model.variance,
      psi: usesPsi ? psi : [], psiVariances: variances, targetSlots: slots,
      needsVariance: needsVariance)
  }
}
