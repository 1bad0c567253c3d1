internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readGeneralRegressionModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = GeneralRegressionModel(
      kind: requiredChoice(.modelType, of: element) ?? .regression,
      link: choice(.linkFunction, of: element), linkParameter: number(.linkParameter, of: element),
      cumulativeLink: choice(.cumulativeLink, of: element),
      distributionParameter: number(.distParameter, of: element),
      referenceCategory: string(.targetReferenceCategory, of: element),
      offsetField: string(.offsetVariable, of: element), offset: number(.offsetValue, of: element),
      trialsField: string(.trialsVariable, of: element), trials: number(.trialsValue, of: element),
      endTimeField: string(.endTimeVariable, of: element),
      strataField: string(.baselineStrataVariable, of: element))
    while let child = try nextChild(of: element) {
      switch child.name {
      case .parameterList: try readParameters(child, into: &model)
      case .factorList: try readPredictors(child, isFactor: true, into: &model)
      case .covariateList: try readPredictors(child, isFactor: false, into: &model)
      case .ppMatrix:
        while let cell = try nextChild(of: child) {
          guard cell.name == .ppCell else {
            unexpected(cell, in: child)
            continue
          }
          model.predictorCells.append(
            GeneralRegressionModel.PredictorCell(
              predictor: required(.predictorName, of: cell),
              parameter: required(.parameterName, of: cell), value: required(.value, of: cell),
              targetCategory: string(.targetCategory, of: cell), line: cell.line))
        }
      case .paramMatrix:
        while let cell = try nextChild(of: child) {
          guard cell.name == .pCell else {
            unexpected(cell, in: child)
            continue
          }
          model.parameterCells.append(
            GeneralRegressionModel.ParameterCell(
              parameter: required(.parameterName, of: cell), beta: requiredNumber(.beta, of: cell),
              targetCategory: string(.targetCategory, of: cell), line: cell.line))
        }
      case .baseCumHazardTables: try readHazards(child, into: &model)
      case .pCovMatrix: try readCovariances(child, into: &model)
      case .eventValues: break
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if model.parameterCells.isEmpty {
      report("P3", "`GeneralRegressionModel` has no `PCell`", at: element)
    }
    return ModelElement(header: header, content: .generalRegression(model))
  }

  private func readParameters(
    _ element: Element, into model: inout GeneralRegressionModel
  ) throws(DiagnosticsError) {
    while let child = try nextChild(of: element) {
      guard child.name == .parameter else {
        unexpected(child, in: element)
        continue
      }
      model.parameters.append(
        GeneralRegressionModel.Parameter(
          name: required(.name, of: child),
          referencePoint: number(.referencePoint, of: child) ?? 0))
    }
  }

  private func readCovariances(
    _ element: Element, into model: inout GeneralRegressionModel
  ) throws(DiagnosticsError) {
    while let child = try nextChild(of: element) {
      guard child.name == .pCovCell else {
        unexpected(child, in: element)
        continue
      }
      model.covarianceCells.append(
        GeneralRegressionModel.CovarianceCell(
          row: required(.pRow, of: child), column: required(.pCol, of: child),
          value: requiredNumber(.value, of: child), line: child.line))
    }
  }

  private func readPredictors(
    _ element: Element, isFactor: Bool, into model: inout GeneralRegressionModel
  ) throws(DiagnosticsError) {
    while let child = try nextChild(of: element) {
      guard child.name == .predictor else {
        unexpected(child, in: element)
        continue
      }
      var predictor = GeneralRegressionModel.Predictor(
        field: required(.name, of: child), isFactor: isFactor, line: child.line)
      while let part = try nextChild(of: child) {
        switch part.name {
        case .categories:
          while let category = try nextChild(of: part) {
            if category.name == .category {
              predictor.categories.append(required(.value, of: category))
            } else {
              unexpected(category, in: part)
            }
          }
        case .matrix: predictor.contrasts = try readMatrix(part)
        default: unexpected(part, in: child)
        }
      }
      model.predictors.append(predictor)
    }
  }

  private func readHazards(
    _ element: Element, into model: inout GeneralRegressionModel
  ) throws(DiagnosticsError) {
    var whole = GeneralRegressionModel.Stratum(
      value: nil, maximumTime: number(.maxTime, of: element) ?? .infinity, line: element.line)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .baselineCell: readHazard(child, into: &whole)
      case .baselineStratum:
        var stratum = GeneralRegressionModel.Stratum(
          value: required(.value, of: child), maximumTime: requiredNumber(.maxTime, of: child),
          line: child.line)
        while let cell = try nextChild(of: child) {
          if cell.name == .baselineCell {
            readHazard(cell, into: &stratum)
          } else {
            unexpected(cell, in: child)
          }
        }
        model.strata.append(stratum)
      default: unexpected(child, in: element)
      }
    }
    if !whole.cells.isEmpty { model.strata.append(whole) }
  }

  private func readHazard(
    _ element: Element, into stratum: inout GeneralRegressionModel.Stratum
  ) {
    let cell = (
      time: requiredNumber(.time, of: element),
      cumulativeHazard: requiredNumber(.cumHazard, of: element)
    )
    if let last = stratum.cells.last, last.time >= cell.time {
      report("P11", "`BaselineCell` elements do not rise by `time`", at: element)
    }
    stratum.cells.append(cell)
  }
}
