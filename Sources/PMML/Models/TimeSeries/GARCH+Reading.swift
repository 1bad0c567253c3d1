internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readGARCH(_ element: Element) throws(DiagnosticsError) -> TimeSeriesModel.GARCH {
    var model = TimeSeriesModel.GARCH(line: element.line)
    var parts: Set<ElementName> = []
    while let child = try nextChild(of: element) {
      switch child.name {
      case .armaPart: try readARMAPart(child, into: &model)
      case .garchPart: try readGARCHPart(child, into: &model)
      default: unexpected(child, in: element)
      }
      if let name = child.name { parts.insert(name) }
    }
    for part in [ElementName.armaPart, .garchPart] where !parts.contains(part) {
      report("P3", "`GARCH` has no `\(part.rawValue)`", at: element)
    }
    return model
  }

  private func readARMAPart(
    _ element: Element, into model: inout TimeSeriesModel.GARCH
  ) throws(DiagnosticsError) {
    model.constant = number(.constant, of: element) ?? 0
    let orders = (integer(.p, of: element) ?? 0, integer(.q, of: element) ?? 0)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .autoregression: model.autoregression = try readOnlyArray(child)
      case .movingAverage:
        (model.movingAverage, model.residuals) = try readMovingAverage(child)
      default: unexpected(child, in: element)
      }
    }
    checkOrder(orders.0, .p, model.autoregression, element)
    checkOrder(orders.1, .q, model.movingAverage, element)
  }

  private func readGARCHPart(
    _ element: Element, into model: inout TimeSeriesModel.GARCH
  ) throws(DiagnosticsError) {
    model.varianceConstant = number(.constant, of: element) ?? 0
    let orders = [integer(.gp, of: element) ?? 0, integer(.gq, of: element) ?? 0]
    while let child = try nextChild(of: element) {
      switch child.name {
      case .residualSquareCoefficients:
        (model.squareCoefficients, model.squaredResiduals) = try readMovingAverage(child)
      case .varianceCoefficients:
        while let part = try nextChild(of: child) {
          switch part.name {
          case .movingAverageCoefficients:
            model.varianceCoefficients = try readOnlyArray(part)
          case .pastVariances: model.pastVariances = try readOnlyArray(part)
          default: unexpected(part, in: child)
          }
        }
      default: unexpected(child, in: element)
      }
    }
    // Books differ on which of the two orders is whose; the coefficients say it themselves.
    let counts = [model.squareCoefficients.count, model.varianceCoefficients.count]
    if orders.sorted() != counts.sorted() {
      report(
        "P13",
        "`GARCHPart` says gp=\(orders[0]), gq=\(orders[1]), and holds \(counts[0]) coefficients "
          + "of residuals and \(counts[1]) of variances", at: element)
    }
    let all = model.squareCoefficients + model.varianceCoefficients + [model.varianceConstant]
    let isNegative = (all + (model.pastVariances ?? [])).contains { !($0 >= 0) }
    if isNegative { report("P4", "a variance would be negative", at: element) }
  }
}
