internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readTimeSeriesModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    let algorithm: TimeSeriesModel.Algorithm? = requiredChoice(.bestFit, of: element)
    var fit: TimeSeriesModel.Fit?
    var series: [TimeSeriesModel.Series] = []
    while let child = try nextChild(of: element) {
      switch (child.name, algorithm) {
      case (.timeSeries, _): series.append(try readTimeSeries(child))
      case (.exponentialSmoothing, .exponentialSmoothing):
        fit = .exponentialSmoothing(try readExponentialSmoothing(child))
      case (.arima, .arima): fit = .arima(try readARIMA(child))
      case (.garch, .garch): fit = .garch(try readGARCH(child))
      case (.stateSpaceModel, .stateSpaceModel):
        fit = .stateSpace(try readStateSpaceModel(child))
      // Fits that are not the best.
      case (.exponentialSmoothing, _), (.arima, _), (.garch, _), (.stateSpaceModel, _),
        (.seasonalTrendDecomposition, _), (.spectralAnalysis, _):
        continue
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if header.function != .timeSeries {
      report("P14", "`TimeSeriesModel` gives a time series", at: element)
    }
    switch algorithm {
    case .seasonalTrendDecomposition?, .spectralAnalysis?:
      report(
        "P9",
        "`\(algorithm?.rawValue ?? "")` is not supported as `bestFit`: PMML leaves it empty, for "
          + "versions to come", at: element)
    case let algorithm? where fit == nil:
      report("P3", "`TimeSeriesModel` has no `\(algorithm.rawValue)`", at: element)
    default: break
    }
    guard let fit else { return nil }
    var model = TimeSeriesModel(fit: fit, series: series)
    let regressors = model.regressors.map(\.field)
    // The steps ahead are what a row asks for, and so its input.
    let fields = header.miningSchema.indices.filter {
      !regressors.contains(header.miningSchema[$0].name)
    }
    let place =
      fields.first { header.miningSchema[$0].usage == .supplementary }
      ?? fields.first { header.miningSchema[$0].usage == .active }
    if let place {
      header.miningSchema[place].usage = .active
      model.horizon = header.miningSchema[place].name
    }
    for place in header.miningSchema.indices
    where header.miningSchema[place].usage == .supplementary
      && regressors.contains(header.miningSchema[place].name)
    {
      header.miningSchema[place].usage = .active
    }
    return ModelElement(header: header, content: .timeSeries(model))
  }

  /// The values of a `TimeSeries`, one step after the other.
  func readTimeSeries(_ element: Element) throws(DiagnosticsError) -> TimeSeriesModel.Series {
    var series = TimeSeriesModel.Series(
      usage: choice(.usage, of: element) ?? .original, field: string(.field, of: element),
      line: element.line)
    var values: [(time: Double, value: Double)] = []
    // By `index`, or by `time` where there is none, or as they stand.
    var isNumbered = true
    while let child = try nextChild(of: element) {
      switch child.name {
      case .timeAnchor: continue
      case .timeValue:
        let time = number(.index, of: child) ?? number(.time, of: child)
        if time == nil { isNumbered = false }
        values.append((time ?? 0, requiredNumber(.value, of: child)))
      default: unexpected(child, in: element)
      }
    }
    if values.isEmpty { report("P3", "`TimeSeries` has no `TimeValue`", at: element) }
    if isNumbered, !values.isEmpty {
      values.sort { $0.time < $1.time }
      series.first = values[0].time
      series.step = values.count > 1 ? values[1].time - values[0].time : 1
      series.isEven =
        series.step > 0
        && zip(values, values.dropFirst()).allSatisfy { $1.time - $0.time == series.step }
    }
    series.values = values.map(\.value)
    return series
  }
}
