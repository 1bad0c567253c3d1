internal import SourceDiagnostics

// "PCovMatrix: matrix of Parameter estimate covariances": what a linear predictor may be off for not
// knowing the parameters.

extension GeneralRegressionModel {
  /// Whether the prediction is the linear predictor itself, so that its error is exact.
  var isLinear: Bool {
    switch kind {
    case .regression, .generalLinear: true
    case .generalizedLinear: link == nil || link == .identity
    case .multinomialLogistic, .ordinalMultinomial, .coxRegression: false
    }
  }
}

extension ModelCompiler {
  private static var covarianceLimit: Int { 1 << 22 }

  /// The covariances of the parameters that have a coefficient, row by row; empty without any.
  ///
  /// "Note that the matrix is symmetric with respect to the main diagonal": half of it is enough.
  func covariances(_ model: GeneralRegressionModel) -> [Double] {
    let count = model.parameterCells.count
    guard let first = model.covarianceCells.first, model.isLinear,
      count * count <= Self.covarianceLimit
    else { return [] }
    var places: [String: Int] = [:]
    for (place, cell) in model.parameterCells.enumerated() {
      if places.updateValue(place, forKey: cell.parameter) != nil {
        reader.report(
          "P10", "parameter `\(cell.parameter)` has two coefficients, and one covariance",
          line: cell.line)
        return []
      }
    }
    let known = Set(model.parameters.map(\.name))
    var matrix = Array(repeating: Double.nan, count: count * count)
    for cell in model.covarianceCells {
      for name in [cell.row, cell.column] where places[name] == nil && !known.contains(name) {
        reader.report("P16", "no parameter is called `\(name)`", line: cell.line)
      }
      // A parameter without a coefficient was not estimated.
      guard let row = places[cell.row], let column = places[cell.column] else { continue }
      for place in [row * count + column, column * count + row] {
        if !matrix[place].isNaN, matrix[place] != cell.value {
          reader.report(
            "P13",
            "the covariance of `\(cell.row)` and `\(cell.column)` is given twice, and not the same",
            line: cell.line)
          return []
        }
        matrix[place] = cell.value
      }
    }
    if let missing = (0..<count).first(where: { matrix[$0 * count + $0].isNaN }) {
      reader.report(
        "P3",
        "`PCovMatrix` does not have the variance of `\(model.parameterCells[missing].parameter)`",
        line: first.line)
    }
    return matrix.map { $0.isNaN ? 0 : $0 }
  }
}

extension GeneralRegressionPlan {
  /// The variance of the prediction for not knowing the parameters: x^T C x, where x is the row of the
  /// design matrix, times what trials multiply.
  ///
  /// - Complexity: O(parameters squared).
  func variance(_ slots: [Double]) -> Double {
    guard let terms = tables.first?.terms else { return .nan }
    let row = terms.map { entry($0, slots) }
    var sum = 0.0
    for first in row.indices where row[first] != 0 {
      var part = 0.0
      for second in row.indices { part += covariances[first * row.count + second] * row[second] }
      sum += row[first] * part
    }
    guard kind == .generalizedLinear else { return sum }
    let trials = trialsSlot >= 0 ? slots[trialsSlot] : self.trials
    return sum * trials * trials
  }
}
