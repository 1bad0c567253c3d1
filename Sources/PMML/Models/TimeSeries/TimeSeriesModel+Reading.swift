internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readTimeSeriesModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    let algorithm: TimeSeriesModel.Algorithm? = requiredChoice(.bestFit, of: element)
    if let algorithm, algorithm != .exponentialSmoothing {
      report("P9", "`\(algorithm.rawValue)` is not supported as `bestFit`", at: element)
    }
    var smoothing: TimeSeriesModel.ExponentialSmoothing?
    while let child = try nextChild(of: element) {
      switch child.name {
      case .exponentialSmoothing: smoothing = try readExponentialSmoothing(child)
      // The values that it was fitted to, and fits that are not the best.
      case .timeSeries, .arima, .seasonalTrendDecomposition, .spectralAnalysis, .stateSpaceModel,
        .garch:
        continue
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if header.function != .timeSeries {
      report("P14", "`TimeSeriesModel` gives a time series", at: element)
    }
    if algorithm == .exponentialSmoothing, smoothing == nil {
      report("P3", "`TimeSeriesModel` has no `ExponentialSmoothing`", at: element)
    }
    // The steps ahead are what a row asks for, and so its input.
    if !header.miningSchema.contains(where: { $0.usage == .active }),
      let place = header.miningSchema.firstIndex(where: { $0.usage == .supplementary })
    {
      header.miningSchema[place].usage = .active
    }
    guard let smoothing else { return nil }
    return ModelElement(
      header: header, content: .timeSeries(TimeSeriesModel(smoothing: smoothing)))
  }

  private func readExponentialSmoothing(
    _ element: Element
  ) throws(DiagnosticsError) -> TimeSeriesModel.ExponentialSmoothing {
    var model = TimeSeriesModel.ExponentialSmoothing(
      transformation: choice(.transformation, of: element) ?? .none)
    var hasLevel = false
    while let child = try nextChild(of: element) {
      switch child.name {
      case .level:
        model.level = requiredNumber(.smoothedValue, of: child)
        hasLevel = true
      case .trendExpoSmooth: model.trend = try readTrend(child)
      case .seasonalityExpoSmooth: model.seasonality = try readSeasonality(child)
      case .timeValue: continue
      default: unexpected(child, in: element)
      }
    }
    if !hasLevel { report("P3", "`ExponentialSmoothing` has no `Level`", at: element) }
    return model
  }

  private func readTrend(_ element: Element) throws(DiagnosticsError) -> TimeSeriesModel.Trend {
    let trend = TimeSeriesModel.Trend(
      kind: choice(.trend, of: element) ?? .additive,
      smoothedValue: requiredNumber(.smoothedValue, of: element),
      phi: number(.phi, of: element) ?? 1)
    if trend.kind == .polynomialExponential {
      report("P9", "a `polynomial_exponential` trend is not supported", at: element)
    }
    if trend.phi < 0 { report("P4", "`phi` is negative", at: element) }
    while let child = try nextChild(of: element) {
      // The course of the trend while it was fitted.
      if child.name != .array { unexpected(child, in: element) }
    }
    return trend
  }

  private func readSeasonality(
    _ element: Element
  ) throws(DiagnosticsError) -> TimeSeriesModel.Seasonality {
    if string(.period, of: element) == nil { _ = required(.period, of: element) }
    let period = integer(.period, of: element) ?? 1
    var seasonality = TimeSeriesModel.Seasonality(
      kind: requiredChoice(.type, of: element) ?? .additive,
      phase: integer(.phase, of: element) ?? 0, factors: [])
    while let child = try nextChild(of: element) {
      if child.name == .array {
        seasonality.factors = try readNumberArray(child)
      } else {
        unexpected(child, in: element)
      }
    }
    if period < 1 || seasonality.factors.count != period {
      report(
        "P13",
        "the season has a period of \(period), and \(seasonality.factors.count) factors",
        at: element)
    } else if !(0...period).contains(seasonality.phase) {
      report(
        "P4", "`phase` is \(seasonality.phase); it is from 0 to the period, \(period)",
        at: element)
    }
    return seasonality
  }
}
