/// A state and how it moves on, laid flat.
struct StateSpaceForecast: Sendable {
  let size: Int
  let state: [Double]
  /// Row by row.
  let transition: [Double]
  let measurement: [[Double]]
  let stateIntercept: [Double]
  let observationIntercept: [Double]
  /// The covariance of the first state; nil where variances are not known.
  let covariance: [Double]?
  /// What each step adds to it, row by row.
  let noise: [Double]
  let observationVariance: [Double]

  /// The values of the targets so many steps ahead.
  ///
  /// - Complexity: O(steps times the square of the state).
  func forecast(_ steps: Int) -> [Double] {
    var state = state
    for _ in 1..<steps {
      var next = stateIntercept
      for row in 0..<size {
        var sum = next[row]
        for column in 0..<size { sum += transition[row * size + column] * state[column] }
        next[row] = sum
      }
      state = next
    }
    return measurement.enumerated().map { place, row in
      var sum = observationIntercept[place]
      for (weight, value) in zip(row, state) { sum += weight * value }
      return sum
    }
  }

  /// The variance of a target so many steps ahead:
  /// G F^(n-1) P (G F^(n-1))' + the sum of G F^j Q (G F^j)' for j < n - 1, and what observing adds.
  func variance(of target: Int, _ steps: Int) -> Double? {
    guard let covariance else { return nil }
    var weights = measurement[target]
    var sum = observationVariance[target]
    for step in 1...steps {
      sum += quadratic(weights, step == steps ? covariance : noise)
      if step == steps { break }
      var next = Array(repeating: 0.0, count: size)
      for row in 0..<size where weights[row] != 0 {
        for column in 0..<size { next[column] += weights[row] * transition[row * size + column] }
      }
      weights = next
    }
    return sum
  }

  private func quadratic(_ weights: [Double], _ matrix: [Double]) -> Double {
    var sum = 0.0
    for row in 0..<size where weights[row] != 0 {
      var inner = 0.0
      for column in 0..<size { inner += matrix[row * size + column] * weights[column] }
      sum += weights[row] * inner
    }
    return sum
  }
}

extension StateSpaceForecast {
  /// F P F' + Q
  static func moved(
    _ covariance: [Double], _ transition: [Double], _ noise: [Double], _ size: Int
  ) -> [Double] {
    var half = Array(repeating: 0.0, count: size * size)
    for row in 0..<size {
      for inner in 0..<size where transition[row * size + inner] != 0 {
        let factor = transition[row * size + inner]
        for column in 0..<size {
          half[row * size + column] += factor * covariance[inner * size + column]
        }
      }
    }
    var result = noise
    for row in 0..<size {
      for column in 0..<size {
        var sum = result[row * size + column]
        for inner in 0..<size {
          sum += half[row * size + inner] * transition[column * size + inner]
        }
        result[row * size + column] = sum
      }
    }
    return result
  }

  /// A series whose differences were filtered: the state of the filter, and beside it the last
  /// values, of which the next one is made.
  init(
    _ filtered: KalmanFilter.Result, size inner: Int, mean: Double, integration: [Double],
    values: [Double]
  ) {
    let size = inner + integration.count
    var transition = Array(repeating: 0.0, count: size * size)
    var covariance = transition
    var noise = transition
    for row in 0..<inner {
      for column in 0..<inner {
        transition[row * size + column] = filtered.transition[row * inner + column]
        covariance[row * size + column] = filtered.covariance[row * inner + column]
        noise[row * size + column] = filtered.noise[row * inner + column]
      }
    }
    var measurement = Array(repeating: 0.0, count: size)
    measurement[0] = 1
    for (lag, coefficient) in integration.enumerated() { measurement[inner + lag] = coefficient }
    var intercept = Array(repeating: 0.0, count: size)
    for row in inner..<size {
      if row == inner {
        intercept[row] = mean
        for column in 0..<size { transition[row * size + column] = measurement[column] }
      } else {
        transition[row * size + row - 1] = 1
      }
    }
    self.init(
      size: size, state: filtered.state + values.suffix(integration.count).reversed(),
      transition: transition, measurement: [measurement], stateIntercept: intercept,
      observationIntercept: [mean], covariance: covariance, noise: noise,
      observationVariance: [0])
  }
}
