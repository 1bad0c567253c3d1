internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readBaselineModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model: BaselineModel?
    while let child = try nextChild(of: element) {
      if child.name == .testDistributions {
        model = try readTestDistributions(child)
      } else if !(try readCommon(child, into: &header)) {
        unexpected(child, in: element)
      }
    }
    checkCommon(header, element)
    if header.function != .regression {
      report("P14", "`BaselineModel` gives a number: it is a regression", at: element)
    }
    guard let model else {
      report("P3", "`BaselineModel` has no `TestDistributions`", at: element)
      return nil
    }
    return ModelElement(header: header, content: .baseline(model))
  }

  private func readTestDistributions(
    _ element: Element
  ) throws(DiagnosticsError) -> BaselineModel {
    let statistic: BaselineModel.Statistic? = requiredChoice(.testStatistic, of: element)
    var model = BaselineModel(
      field: required(.field, of: element), statistic: statistic ?? .zValue,
      resetValue: number(.resetValue, of: element) ?? 0, line: element.line)
    if let statistic, statistic != .zValue, statistic != .cusum {
      report("P9", "the statistic `\(statistic.rawValue)` is not supported", at: element)
    }
    if (integer(.windowSize, of: element) ?? 0) != 0 {
      report("P9", "a `windowSize` is not supported", at: element)
    }
    if string(.weightField, of: element) != nil {
      report("P9", "a `weightField` is not supported", at: element)
    }
    while let child = try nextChild(of: element) {
      switch child.name {
      case .baseline: model.baseline = try readBaselineDistribution(child)
      case .alternate: model.alternate = try readBaselineDistribution(child)
      default: unexpected(child, in: element)
      }
    }
    if hasErrors { return model }
    guard let baseline = model.baseline else {
      report("P3", "`TestDistributions` has no `Baseline` distribution", at: element)
      return model
    }
    if model.statistic == .zValue, baseline.meanAndVariance.1 <= 0 {
      report("P4", "a `zValue` needs a variance above 0", at: element)
    }
    guard model.statistic == .cusum else { return model }
    guard let alternate = model.alternate else {
      report("P3", "`CUSUM` needs an `Alternate` distribution", at: element)
      return model
    }
    for distribution in [baseline, alternate] {
      if case .any = distribution {
        report(
          "P9", "`AnyDistribution` has no density, which `CUSUM` compares", at: element)
      }
    }
    return model
  }

  private func readBaselineDistribution(
    _ element: Element
  ) throws(DiagnosticsError) -> BaselineModel.Distribution? {
    var distribution: BaselineModel.Distribution?
    while let child = try nextChild(of: element) {
      switch child.name {
      case .anyDistribution:
        distribution = .any(
          mean: requiredNumber(.mean, of: child), variance: requiredNumber(.variance, of: child))
      case .gaussianDistribution:
        let variance = requiredNumber(.variance, of: child)
        if variance <= 0 { report("P4", "`variance` is not above 0", at: child) }
        distribution = .density(
          .gaussian(mean: requiredNumber(.mean, of: child), variance: variance))
      case .poissonDistribution:
        let mean = requiredNumber(.mean, of: child)
        if mean <= 0 { report("P4", "`mean` is not above 0", at: child) }
        distribution = .density(.poisson(mean: mean))
      case .uniformDistribution:
        let lower = requiredNumber(.lower, of: child)
        let upper = requiredNumber(.upper, of: child)
        if lower >= upper { report("P4", "`lower` is not below `upper`", at: child) }
        distribution = .density(.uniform(lower: lower, upper: upper))
      case .countTable, .normalizedCountTable:
        unsupported(child, "counts belong to statistics that are not evaluated")
      default: unexpected(child, in: element)
      }
    }
    return distribution
  }
}
