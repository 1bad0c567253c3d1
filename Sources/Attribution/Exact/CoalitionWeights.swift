/// The weights with which Shapley's formula counts coalitions.
enum CoalitionWeights {
  /// `a! b! / (a + b + 1)!`: how often, among all orders of `a + b + 1` players, one of them comes
  /// after `a` given players and before the other `b`.
  ///
  /// Worked out as `1 / ((a + b + 1) C(a + b, a))`; the binomials are exact to 2^53, and beyond that
  /// each factor rounds once.
  static func weight(_ a: Int, _ b: Int) -> Double {
    var binomial = 1.0
    let small = min(a, b)
    for step in 0..<small {
      binomial = binomial * Double(a + b - step) / Double(step + 1)
    }
    return 1 / (Double(a + b + 1) * binomial)
  }

  /// The weights for all `a` and `b` below `size`, row by row.
  static func table(size: Int) -> [Double] {
    var weights: [Double] = []
    weights.reserveCapacity(size * size)
    for a in 0..<size {
      for b in 0..<size { weights.append(weight(a, b)) }
    }
    return weights
  }
}
