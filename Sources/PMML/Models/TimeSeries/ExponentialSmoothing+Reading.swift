internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readExponentialSmoothing(
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
    let kind: TimeSeriesModel.TrendKind = choice(.trend, of: element) ?? .additive
    if kind == .polynomialExponential {
      report(
        "P9",
        "a `polynomial_exponential` trend is not supported: its `Array` may hold smoothed values "
          + "or the coefficients of a polynomial, and no producer shows which", at: element)
    }
    let trend = TimeSeriesModel.Trend(
      kind: kind,
      smoothedValue: kind == .polynomialExponential
        ? 0 : requiredNumber(.smoothedValue, of: element),
      phi: number(.phi, of: element) ?? 1)
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
