/// A polynomial in the lag operator B, which takes a series one step back: c0 + c1 B + c2 B^2 ...
struct LagPolynomial: Sendable, Hashable {
  /// No model looks back further than this.
  static let limit = 4_096

  var coefficients: [Double] = [1]

  /// How far back it looks.
  var degree: Int { coefficients.count - 1 }

  /// 1 + sign (c1 B^period + c2 B^2period + ...); nil if it looks back too far.
  init?(_ terms: [Double], sign: Double, period: Int = 1) {
    let (length, isTooLong) = terms.count.multipliedReportingOverflow(by: period)
    guard !isTooLong, length <= Self.limit else { return nil }
    coefficients += Array(repeating: 0, count: length)
    for (place, term) in terms.enumerated() { coefficients[(place + 1) * period] = sign * term }
  }

  /// (1 - B^period)^order; nil if it looks back too far.
  init?(differences order: Int, period: Int) {
    guard order <= Self.limit, let step = LagPolynomial([1], sign: -1, period: period) else {
      return nil
    }
    for _ in 0..<order {
      guard let next = multiplied(by: step) else { return nil }
      self = next
    }
  }

  /// The product; nil if it looks back too far.
  func multiplied(by other: LagPolynomial) -> LagPolynomial? {
    degree + other.degree <= Self.limit ? product(other) : nil
  }

  func product(_ other: LagPolynomial) -> LagPolynomial {
    var product = self
    product.coefficients = Array(repeating: 0, count: degree + other.degree + 1)
    for (place, left) in coefficients.enumerated() where left != 0 {
      for (step, right) in other.coefficients.enumerated() where right != 0 {
        product.coefficients[place + step] += left * right
      }
    }
    return product
  }

  /// The polynomial applied to a series, where all that it looks back at is there.
  func applied(to values: [Double]) -> [Double] {
    guard values.count > degree else { return [] }
    return (degree..<values.count).map { place in
      var sum = 0.0
      for (lag, coefficient) in coefficients.enumerated() where coefficient != 0 {
        sum += coefficient * values[place - lag]
      }
      return sum
    }
  }

  /// What stands behind the 1, with the sign turned: x_t = these of the past + what is new.
  var recursion: [Double] { coefficients.dropFirst().map { -$0 } }
}
