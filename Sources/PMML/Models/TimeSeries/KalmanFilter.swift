/// The exact prediction of a stationary ARMA series from all of its known values.
///
/// The state is that of A. C. Harvey, Time Series Models (1993), 4.1: its first number is the
/// series, and row i moves on by phi_i of the first and by the number after it. It starts from the
/// stationary distribution.
enum KalmanFilter {
  /// The work grows with the cube of the state once, and with its square for each value.
  static let stateLimit = 160
  static let workLimit = 1 << 30

  struct Result {
    /// Of the first step ahead.
    var state: [Double]
    /// In units of the variance of the residuals, row by row.
    var covariance: [Double]
    var noise: [Double]
    /// Row by row.
    var transition: [Double]
  }

  /// - Parameter values: less their mean.
  /// - Returns: nil where the series is not stationary.
  static func predict(
    _ values: [Double], autoregression: [Double], movingAverage: [Double]
  ) -> Result? {
    let size = max(autoregression.count, movingAverage.count + 1)
    var transition = Array(repeating: 0.0, count: size * size)
    for row in 0..<size {
      if row < autoregression.count { transition[row * size] = autoregression[row] }
      if row + 1 < size { transition[row * size + row + 1] = 1 }
    }
    let loading = [1] + movingAverage + Array(repeating: 0, count: size - 1 - movingAverage.count)
    var noise = Array(repeating: 0.0, count: size * size)
    for row in 0..<size {
      for column in 0..<size { noise[row * size + column] = loading[row] * loading[column] }
    }
    guard var covariance = stationary(transition, noise, size) else { return nil }
    var state = Array(repeating: 0.0, count: size)
    for value in values {
      let variance = covariance[0]
      guard variance > 0, variance.isFinite else { return nil }
      let error = value - state[0]
      let gain = (0..<size).map { covariance[$0 * size] / variance }
      for row in 0..<size { state[row] += gain[row] * error }
      let first = Array(covariance[..<size])
      for row in 0..<size {
        for column in 0..<size { covariance[row * size + column] -= gain[row] * first[column] }
      }
      state = moved(state, autoregression)
      covariance = moved(covariance, autoregression, size)
      for place in covariance.indices { covariance[place] += noise[place] }
    }
    return Result(
      state: state, covariance: covariance, noise: noise, transition: transition)
  }

  /// F x
  private static func moved(_ state: [Double], _ phi: [Double]) -> [Double] {
    state.indices.map { row in
      (row < phi.count ? phi[row] * state[0] : 0) + (row + 1 < state.count ? state[row + 1] : 0)
    }
  }

  /// F P F'
  private static func moved(_ matrix: [Double], _ phi: [Double], _ size: Int) -> [Double] {
    func at(_ row: Int, _ column: Int) -> Double {
      row < size && column < size ? matrix[row * size + column] : 0
    }
    var result: [Double] = []
    result.reserveCapacity(size * size)
    for row in 0..<size {
      let left = row < phi.count ? phi[row] : 0
      for column in 0..<size {
        let right = column < phi.count ? phi[column] : 0
        let corner = left * right * at(0, 0)
        let sides = left * at(0, column + 1) + right * at(row + 1, 0)
        result.append(corner + sides + at(row + 1, column + 1))
      }
    }
    return result
  }

  /// The P of P = F P F' + Q, by doubling: P is the sum of F^j Q F^j'.
  private static func stationary(
    _ transition: [Double], _ noise: [Double], _ size: Int
  ) -> [Double]? {
    var power = transition
    var sum = noise
    for _ in 0..<64 {
      let step = product(product(power, sum, size), transposed(power, size), size)
      var isSettled = true
      for place in sum.indices {
        let next = sum[place] + step[place]
        guard next.isFinite, next.magnitude < 1e100 else { return nil }
        if (next - sum[place]).magnitude > 1e-18 * next.magnitude { isSettled = false }
        sum[place] = next
      }
      if isSettled { return sum }
      power = product(power, power, size)
    }
    return nil
  }

  private static func product(_ left: [Double], _ right: [Double], _ size: Int) -> [Double] {
    var result = Array(repeating: 0.0, count: size * size)
    for row in 0..<size {
      for inner in 0..<size where left[row * size + inner] != 0 {
        let factor = left[row * size + inner]
        for column in 0..<size {
          result[row * size + column] += factor * right[inner * size + column]
        }
      }
    }
    return result
  }

  private static func transposed(_ matrix: [Double], _ size: Int) -> [Double] {
    (0..<size * size).map { matrix[$0 % size * size + $0 / size] }
  }
}
