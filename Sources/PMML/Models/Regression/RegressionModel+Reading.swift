internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readRegressionModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = RegressionModel(
      normalization: choice(.normalizationMethod, of: element) ?? .none, tables: [])
    while let child = try nextChild(of: element) {
      if child.name == .regressionTable {
        model.tables.append(try readRegressionTable(child))
      } else if !(try readCommon(child, into: &header)) {
        unexpected(child, in: element)
      }
    }
    checkCommon(header, element)
    if model.tables.isEmpty {
      report("P3", "`RegressionModel` has no `RegressionTable`", at: element)
    }
    if header.function == .regression, model.tables.count > 1 {
      report(
        "P14", "a regression has one `RegressionTable`, not \(model.tables.count)", at: element)
    }
    return ModelElement(header: header, content: .regression(model))
  }

  private func readRegressionTable(
    _ element: Element
  ) throws(DiagnosticsError) -> RegressionModel.Table {
    var table = RegressionModel.Table(
      intercept: requiredNumber(.intercept, of: element),
      targetCategory: string(.targetCategory, of: element), line: element.line)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .numericPredictor:
        table.numeric.append(
          RegressionModel.NumericPredictor(
            field: required(.name, of: child), exponent: number(.exponent, of: child) ?? 1,
            coefficient: requiredNumber(.coefficient, of: child), line: child.line))
      case .categoricalPredictor:
        table.categorical.append(
          RegressionModel.CategoricalPredictor(
            field: required(.name, of: child), value: required(.value, of: child),
            coefficient: requiredNumber(.coefficient, of: child), line: child.line))
      case .predictorTerm:
        var term = RegressionModel.PredictorTerm(
          coefficient: requiredNumber(.coefficient, of: child), fields: [], line: child.line)
        while let reference = try nextChild(of: child) {
          if reference.name == .fieldRef {
            term.fields.append(required(.field, of: reference))
          } else {
            unexpected(reference, in: child)
          }
        }
        table.terms.append(term)
      default: unexpected(child, in: element)
      }
    }
    return table
  }
}
