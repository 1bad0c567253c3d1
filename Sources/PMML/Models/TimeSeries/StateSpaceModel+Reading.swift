internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  /// The steps of a forecast cost the square of this.
  private static let stateLimit = 1_024

  func readStateSpaceModel(
    _ element: Element
  ) throws(DiagnosticsError) -> TimeSeriesModel.StateSpaceModel {
    enum InterceptType: String, CaseIterable { case state, observation }
    var model = TimeSeriesModel.StateSpaceModel(line: element.line)
    let variance = number(.variance, of: element)
    if let variance, !(variance >= 0 && variance.isFinite) {
      report("P4", "`variance` is \(variance); it is 0 or more", at: element)
    }
    model.variance = variance ?? 1
    let intercept = number(.intercept, of: element) ?? 0
    var hasVector = false
    while let child = try nextChild(of: element) {
      switch child.name {
      case .stateVector: model.state = try readOnlyArray(child)
      case .transitionMatrix: model.transition = try readOnlyMatrix(child)
      case .measurementMatrix: model.measurement = try readOnlyMatrix(child)
      case .interceptVector:
        hasVector = true
        let isState =
          choice(.type, of: child, as: InterceptType.self) ?? .state == .state
        let numbers = try readOnlyArray(child)
        if isState {
          model.stateIntercept = numbers
        } else {
          model.observationIntercept = numbers
        }
      case .predictedStateCovarianceMatrix:
        model.predictedCovariance = try readOnlyMatrix(child)
      case .selectedStateCovarianceMatrix:
        model.selectedCovariance = try readOnlyMatrix(child)
      case .observationVarianceMatrix:
        model.observationVariance = try readOnlyMatrix(child)
      case .psiVector: model.psi.append(try readPsiVector(child))
      case .dynamicRegressor:
        unsupported(child, "where in a state space it would come in is not said")
      default: unexpected(child, in: element)
      }
    }
    if hasVector, intercept != 0 {
      report("P13", "`StateSpaceModel` has an `intercept` and an `InterceptVector`", at: element)
    }
    if !hasVector {
      model.observationIntercept = Array(repeating: intercept, count: model.measurement.count)
    }
    checkShapes(&model, element)
    return model
  }

  private func checkShapes(
    _ model: inout TimeSeriesModel.StateSpaceModel, _ element: Element
  ) {
    let size = model.state.count
    let count = model.measurement.count
    if size == 0 { report("P3", "`StateSpaceModel` has no `StateVector`", at: element) }
    if count == 0 { report("P3", "`StateSpaceModel` has no `MeasurementMatrix`", at: element) }
    if size > Self.stateLimit {
      report(
        "P13", "a state of \(size) numbers is too large: the limit is \(Self.stateLimit)",
        at: element)
    }
    if model.transition.isEmpty {
      report("P3", "`StateSpaceModel` has no `TransitionMatrix`", at: element)
    }
    if model.stateIntercept.isEmpty { model.stateIntercept = Array(repeating: 0, count: size) }
    if model.observationIntercept.isEmpty {
      model.observationIntercept = Array(repeating: 0, count: count)
    }
    func check(_ matrix: [[Double]]?, _ rows: Int, _ columns: Int, _ name: String) {
      guard let matrix, !matrix.isEmpty, size > 0, count > 0 else { return }
      if matrix.count != rows || matrix.contains(where: { $0.count != columns }) {
        report("P13", "`\(name)` is not \(rows) by \(columns), as the state asks", at: element)
      }
    }
    check(model.transition, size, size, "TransitionMatrix")
    check(model.measurement, count, size, "MeasurementMatrix")
    check([model.stateIntercept], 1, size, "InterceptVector")
    check([model.observationIntercept], 1, count, "InterceptVector")
    check(model.predictedCovariance, size, size, "PredictedStateCovarianceMatrix")
    check(model.selectedCovariance, size, size, "SelectedStateCovarianceMatrix")
    check(model.observationVariance, count, count, "ObservationVarianceMatrix")
  }

  /// The one matrix that an element holds.
  private func readOnlyMatrix(_ element: Element) throws(DiagnosticsError) -> [[Double]] {
    var matrix: [[Double]]?
    while let child = try nextChild(of: element) {
      if child.name == .matrix {
        matrix = try readMatrix(child)
      } else {
        unexpected(child, in: element)
      }
    }
    if matrix == nil {
      report("P3", "`\(xml.elementName(element.event))` has no `Matrix`", at: element)
    }
    return matrix ?? []
  }

  private func readPsiVector(
    _ element: Element
  ) throws(DiagnosticsError) -> TimeSeriesModel.Psi {
    var psi = TimeSeriesModel.Psi(
      target: string(.targetField, of: element), variance: number(.variance, of: element),
      weights: [], line: element.line)
    psi.weights = try readOnlyArray(element)
    if psi.weights.first != 1 {
      report(
        "P13", "`PsiVector` does not begin with 1, the weight that an error has in its own step",
        at: element)
    }
    return psi
  }
}
