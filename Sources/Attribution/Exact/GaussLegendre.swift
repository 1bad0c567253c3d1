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
  static func rules(upTo largest: Int) -> [GaussLegendre] { (0...largest).map { rule($0) } }

  /// The rule with `count` nodes.
  ///
  /// - Complexity: O(count^2), with a factor of about 30 for the bisections.
  static func rule(_ count: Int) -> GaussLegendre {
    // The roots above 0 on [-1, 1], falling: by x = 1 - 2 s^2 they lie more than 1 / count apart in s.
    var roots: [Double] = []
    var place = 0
    var high = 1.0
    while roots.count < count / 2, high > 0 {
      place += 1
      let s = Double(place) / Double(4 * count)
      let low = max(1 - 2 * s * s, 0)
      if (legendre(count, low).value < 0) != (legendre(count, high).value < 0) {
        roots.append(root(count, between: low, and: high))
      }
      high = low
    }
    let middle = count % 2 == 0 ? [] : [0.0]
    let all = roots.map { -$0 } + middle + roots.reversed()
    var weights: [Double] = []
    for x in all {
      // w = 2 (1 - x^2) / (n P_{n-1}(x))^2
      let before = Double(count) * legendre(count, x).before
      weights.append(2 * ((1 - x) * (1 + x)) / (before * before))
    }
    return GaussLegendre(nodes: all.map { (1 + $0) / 2 }, weights: weights.map { $0 / 2 })
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
