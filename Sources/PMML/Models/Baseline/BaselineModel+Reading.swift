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
    model.windowSize = integer(.windowSize, of: element) ?? 0
    if !(0...BaselineStream.windowLimit).contains(model.windowSize) {
      report(
        "P13",
        "a `windowSize` of \(model.windowSize) is not supported: it is from 0 to "
          + "\(BaselineStream.windowLimit)", at: element)
    } else if model.windowSize > 0, model.statistic == .zValue {
      report(
        "P9", "a `windowSize` of a `zValue`, which is of one event, is not supported", at: element)
    }
    model.weightField = string(.weightField, of: element)
    if model.weightField != nil, !model.statistic.counts {
      report(
        "P9",
        "a `weightField` is supported where events are counted: it has no place in "
          + "`\(model.statistic.rawValue)`", at: element)
    }
    if model.statistic == .scalarProduct {
      model.normalization = choice(.normalizationScheme, of: element)
    }
    while let child = try nextChild(of: element) {
      switch child.name {
      case .baseline: (model.baseline, model.table) = try readBaselineDistribution(child)
      case .alternate: (model.alternate, _) = try readBaselineDistribution(child)
      default: unexpected(child, in: element)
      }
    }
    if hasErrors { return model }
    if model.statistic.counts || model.statistic == .chiSquareIndependence {
      if model.table == nil {
        report("P3", "`\(model.statistic.rawValue)` needs a `Baseline` of counts", at: element)
      }
      return model
    }
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
  ) throws(DiagnosticsError) -> (BaselineModel.Distribution?, BaselineModel.CountTable?) {
    var distribution: BaselineModel.Distribution?
    var table: BaselineModel.CountTable?
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
        var counts = BaselineModel.CountTable(
          isNormalized: child.name == .normalizedCountTable, sample: number(.sample, of: child),
          line: child.line)
        try readCounts(child, [], into: &counts)
        if counts.cells.isEmpty { report("P3", "the table has no counts", at: child) }
        table = counts
      default: unexpected(child, in: element)
      }
    }
    return (distribution, table)
  }

  private func readCounts(
    _ element: Element, _ outer: [(field: String, value: String)],
    into table: inout BaselineModel.CountTable
  ) throws(DiagnosticsError) {
    while let child = try nextChild(of: element) {
      let place = (field: required(.field, of: child), value: required(.value, of: child))
      switch child.name {
      case .fieldValue:
        // Combinations of two fields are compared; more are refused when they are.
        guard outer.count < 8 else {
          report("P13", "a table of counts over more than 8 fields is not supported", at: child)
          return
        }
        try readCounts(child, outer + [place], into: &table)
      case .fieldValueCount:
        let count = requiredNumber(.count, of: child)
        if !(count >= 0 && count.isFinite) { report("P4", "`count` is not a count", at: child) }
        table.cells.append(
          BaselineModel.CountTable.Cell(
            values: outer + [place], count: count, line: child.line))
      default: unexpected(child, in: element)
      }
    }
  }
}
