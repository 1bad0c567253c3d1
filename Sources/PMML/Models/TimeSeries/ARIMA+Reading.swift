internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  func readARIMA(_ element: Element) throws(DiagnosticsError) -> TimeSeriesModel.ARIMA {
    var model = TimeSeriesModel.ARIMA(
      transformation: choice(.transformation, of: element) ?? .none,
      constantTerm: number(.constantTerm, of: element) ?? 0, rmse: number(.rmse, of: element),
      method: choice(.predictionMethod, of: element) ?? .conditionalLeastSquares,
      line: element.line)
    if let rmse = model.rmse, !(rmse >= 0 && rmse.isFinite) {
      report("P4", "`RMSE` is \(rmse); it is 0 or more", at: element)
    }
    while let child = try nextChild(of: element) {
      switch child.name {
      case .nonseasonalComponent:
        model.nonseasonal = try readComponent(child, .p, .d, .q, period: 1)
      case .seasonalComponent:
        if string(.period, of: child) == nil { _ = required(.period, of: child) }
        let period = integer(.period, of: child) ?? 1
        if period < 1 { report("P4", "`period` is \(period); it is 1 or more", at: child) }
        model.seasonal = try readComponent(
          child, .seasonalP, .seasonalD, .seasonalQ, period: max(1, period))
      case .dynamicRegressor: model.regressors.append(try readDynamicRegressor(child))
      case .maximumLikelihoodStat:
        // What `exactLeastSquares` had come to at the end of the series, which is worked out of
        // the series here.
        if (integer(.periodDeficit, of: child) ?? 0) != 0 {
          report(
            "P9", "a `periodDeficit` is not supported: the series ends where forecasts begin",
            at: child)
        }
      case .outlierEffect:
        let kind: TimeSeriesModel.ARIMA.Outlier.Kind? = requiredChoice(.type, of: child)
        let damping = number(.dampingCoefficient, of: child)
        if kind == .transient, damping == nil { _ = required(.dampingCoefficient, of: child) }
        model.outliers.append(
          TimeSeriesModel.ARIMA.Outlier(
            kind: kind ?? .additive, startTime: requiredNumber(.startTime, of: child),
            magnitude: requiredNumber(.magnitude, of: child), damping: damping ?? 1,
            line: child.line))
      default: unexpected(child, in: element)
      }
    }
    return model
  }

  private func readComponent(
    _ element: Element, _ p: AttributeName, _ d: AttributeName, _ q: AttributeName, period: Int
  ) throws(DiagnosticsError) -> TimeSeriesModel.ARIMA.Component {
    var component = TimeSeriesModel.ARIMA.Component(period: period)
    let orders = (integer(p, of: element) ?? 0, integer(q, of: element) ?? 0)
    component.differences = integer(d, of: element) ?? 0
    if component.differences < 0 {
      report("P4", "`\(d.rawValue)` is negative", at: element)
      component.differences = 0
    }
    while let child = try nextChild(of: element) {
      switch child.name {
      case .autoregression: component.autoregression = try readOnlyArray(child)
      case .movingAverage:
        (component.movingAverage, component.residuals) = try readMovingAverage(child)
      default: unexpected(child, in: element)
      }
    }
    checkOrder(orders.0, p, component.autoregression, element)
    checkOrder(orders.1, q, component.movingAverage, element)
    return component
  }

  func checkOrder(
    _ order: Int, _ name: AttributeName, _ coefficients: [Double], _ element: Element
  ) {
    if order != coefficients.count {
      report(
        "P13",
        "`\(xml.elementName(element.event))` says \(name.rawValue)=\(order), and holds "
          + "\(coefficients.count) coefficients", at: element)
    }
  }

  func readMovingAverage(
    _ element: Element
  ) throws(DiagnosticsError) -> (coefficients: [Double], residuals: [Double]?) {
    var coefficients: [Double] = []
    var residuals: [Double]?
    while let child = try nextChild(of: element) {
      switch child.name {
      case .movingAverageCoefficients: coefficients = try readOnlyArray(child)
      case .residuals: residuals = try readOnlyArray(child)
      default: unexpected(child, in: element)
      }
    }
    return (coefficients, residuals)
  }

  /// The one array that an element holds.
  func readOnlyArray(_ element: Element) throws(DiagnosticsError) -> [Double] {
    var numbers: [Double]?
    while let child = try nextChild(of: element) {
      if child.name == .array {
        numbers = try readNumberArray(child)
      } else {
        unexpected(child, in: element)
      }
    }
    if numbers == nil {
      report("P3", "`\(xml.elementName(element.event))` has no `Array`", at: element)
    }
    return numbers ?? []
  }

  private func readDynamicRegressor(
    _ element: Element
  ) throws(DiagnosticsError) -> TimeSeriesModel.DynamicRegressor {
    var regressor = TimeSeriesModel.DynamicRegressor(
      field: required(.field, of: element),
      transformation: choice(.transformation, of: element) ?? .none,
      delay: integer(.delay, of: element) ?? 0,
      futureValues: choice(.futureValuesMethod, of: element) ?? .constant, line: element.line)
    if regressor.delay < 0 { report("P4", "`delay` is negative", at: element) }
    switch regressor.futureValues {
    case .constant, .stored, .userSupplied: break
    case .trend, .otherModel:
      report(
        "P9",
        "future values by `\(regressor.futureValues.rawValue)` are not supported: give them as "
          + "`stored` or `userSupplied`", at: element)
    }
    while let child = try nextChild(of: element) {
      switch child.name {
      case .numerator: regressor.coefficient = try readNumerator(child)
      case .denominator:
        if try readFactors(child).contains(where: { !$0.isEmpty }) {
          report(
            "P9",
            "a `Denominator` with coefficients is not supported: no producer shows their signs",
            at: child)
        }
      case .regressorValues: regressor.series = try readRegressorValues(child)
      default: unexpected(child, in: element)
      }
    }
    return regressor
  }

  private func readNumerator(_ element: Element) throws(DiagnosticsError) -> Double {
    let factors = try readFactors(element)
    if factors[0].count != 1 || !factors[1].isEmpty {
      report(
        "P9",
        "a `Numerator` is supported with one coefficient: no producer shows the signs of more",
        at: element)
    }
    return factors[0].first ?? 1
  }

  /// The coefficients of the nonseasonal factor, and of the seasonal one.
  private func readFactors(_ element: Element) throws(DiagnosticsError) -> [[Double]] {
    var factors: [[Double]] = [[], []]
    while let child = try nextChild(of: element) {
      guard child.name == .nonseasonalFactor || child.name == .seasonalFactor else {
        unexpected(child, in: element)
        continue
      }
      if (integer(.difference, of: child) ?? 0) != 0 {
        report("P9", "a regressor that is differenced is not supported", at: child)
      }
      factors[child.name == .nonseasonalFactor ? 0 : 1] = try readOnlyArray(child)
    }
    return factors
  }

  private func readRegressorValues(
    _ element: Element
  ) throws(DiagnosticsError) -> TimeSeriesModel.Series? {
    var series: TimeSeriesModel.Series?
    while let child = try nextChild(of: element) {
      switch child.name {
      case .timeSeries: series = try readTimeSeries(child)
      // They belong to ways of knowing the future, and to filters, that are refused.
      case .trendCoefficients, .transferFunctionValues: continue
      default: unexpected(child, in: element)
      }
    }
    return series
  }
}
