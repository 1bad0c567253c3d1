/// A Gauss-Legendre rule on [0, 1]: exact for polynomials of degree `2 x count - 1`.
///
/// The roots are bracketed by those of the polynomial before and bisected, so that nothing but
/// addition, multiplication and division is used and the bits are the same everywhere.
struct GaussLegendre: Sendable {
  let nodes: [Double]
  let weights: [Double]

  /// The rules with 0, 1, ... `largest` nodes.
  ///
  /// - Complexity: O(largest^3), with a factor of about 60 for the bisections.
  static func rules(upTo largest: Int) -> [GaussLegendre] {
    var rules = [GaussLegendre(nodes: [], weights: [])]
    // Roots on [-1, 1], rising.
    var roots: [Double] = []
    for count in stride(from: 1, through: largest, by: 1) {
      let bounds = [-1.0] + roots + [1.0]
      roots = (0..<count).map { root(count, between: bounds[$0], and: bounds[$0 + 1]) }
      var weights: [Double] = []
      for x in roots {
        // w = 2 (1 - x^2) / (n P_{n-1}(x))^2
        let before = Double(count) * legendre(count, x).before
        weights.append(2 * ((1 - x) * (1 + x)) / (before * before))
      }
      rules.append(
        GaussLegendre(nodes: roots.map { (1 + $0) / 2 }, weights: weights.map { $0 / 2 }))
    }
    return rules
  }

  private static func root(_ count: Int, between low: Double, and high: Double) -> Double {
    var low = low
    var high = high
    let sign = legendre(count, low).value < 0
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      let value = legendre(count, middle).value
      if value == 0 { return middle }
      if (value < 0) == sign { low = middle } else { high = middle }
    }
  }

  /// P_n and P_{n-1} at `x`, by (k + 1) P_{k+1} = (2k + 1) x P_k - k P_{k-1}.
  private static func legendre(_ count: Int, _ x: Double) -> (value: Double, before: Double) {
    var before = 1.0
    var value = x
    for k in stride(from: 1, to: count, by: 1) {
      let next = (Double(2 * k + 1) * x * value - Double(k) * before) / Double(k + 1)
      before = value
      value = next
    }
    return (value, before)
  }
}
