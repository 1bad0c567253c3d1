internal import DataFields
internal import SourceDiagnostics

/// The instances, and what was worked out of them once.
package final class GaussianProcessPlan: Sendable {
  let kernel: GaussianProcessModel.Kernel
  let slots: [Int]
  /// A length for each input.
  let lambdas: [Double]
  /// Instance by instance, one number an input.
  let points: [Double]
  /// (K + noise I)^-1 y
  let weights: [Double]
  /// The Cholesky factor of K + noise I, row by row; empty where no output needs it.
  let factor: [[Double]]
  package var instanceCount: Int { weights.count }

  init(
    kernel: GaussianProcessModel.Kernel, slots: [Int], lambdas: [Double], points: [Double],
    weights: [Double], factor: [[Double]]
  ) {
    self.kernel = kernel
    self.slots = slots
    self.lambdas = lambdas
    self.points = points
    self.weights = weights
    self.factor = factor
  }
}

extension GaussianProcessModel.Kernel {
  /// The covariance of two points, of which the first begins at a place among others.
  func covariance(
    _ points: [Double], _ start: Int, _ x: ArraySlice<Double>, _ lambdas: [Double]
  ) -> Double {
    var sum = 0.0
    for (place, value) in x.enumerated() {
      let scaled = abs(points[start + place] - value) / lambdas[place]
      switch kind {
      case .radialBasis, .ardSquaredExponential: sum += scaled * scaled
      case .absoluteExponential: sum += scaled
      case .generalizedExponential: sum += MathFunctions.pow(scaled, degree)
      }
    }
    switch kind {
    case .radialBasis, .ardSquaredExponential: sum *= 0.5
    default: break
    }
    return gamma * MathFunctions.exp(-sum)
  }
}

/// Lower triangles, in a fixed order of operations.
enum Cholesky {
  /// The factor of a symmetric matrix; nil if it is not positive definite.
  static func factor(_ matrix: [[Double]]) -> [[Double]]? {
    var rows: [[Double]] = []
    for (place, given) in matrix.enumerated() {
      var row: [Double] = []
      for column in 0..<place {
        var sum = given[column]
        for inner in 0..<column { sum -= row[inner] * rows[column][inner] }
        row.append(sum / rows[column][column])
      }
      var rest = given[place]
      for entry in row { rest -= entry * entry }
      guard rest > 0, rest.isFinite else { return nil }
      row.append(rest.squareRoot())
      rows.append(row)
    }
    return rows
  }

  /// L^-1 b
  static func forward(_ rows: [[Double]], _ vector: [Double]) -> [Double] {
    var solution: [Double] = []
    for (place, row) in rows.enumerated() {
      var sum = vector[place]
      for inner in 0..<place { sum -= row[inner] * solution[inner] }
      solution.append(sum / row[place])
    }
    return solution
  }

  /// L^-T b
  static func backward(_ rows: [[Double]], _ vector: [Double]) -> [Double] {
    var solution = vector
    for place in rows.indices.reversed() {
      solution[place] /= rows[place][place]
      for inner in 0..<place { solution[inner] -= rows[place][inner] * solution[place] }
    }
    return solution
  }
}
