/// Integer arithmetic that never traps: money, rates and their comparisons in `Int128`.
public enum ExactArithmetic {
  /// The most decimal digits that every `Int128` of that many digits can hold.
  package static let maximumDigits = 38

  private static let powers: [Int128] = {
    var powers: [Int128] = [1]
    for _ in 0..<maximumDigits { powers.append(powers[powers.count - 1] * 10) }
    return powers
  }()

  /// 10 to the power of `exponent`, or nil past the 38 digits that an `Int128` holds.
  package static func powerOfTen(_ exponent: Int) -> Int128? {
    exponent >= 0 && exponent <= maximumDigits ? powers[exponent] : nil
  }

  /// `value` x 10^`digits`, or nil on overflow.
  package static func scaled(_ value: Int128, byDigits digits: Int) -> Int128? {
    if value == 0 { return 0 }
    guard let power = powerOfTen(digits) else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: power)
    return overflow ? nil : product
  }

  /// `numerator` / `denominator`, rounded half to even. The denominator is not zero.
  package static func dividedHalfEven(_ numerator: Int128, by denominator: Int128) -> Int128? {
    guard denominator != 0 else { return nil }
    let (division, overflow) = numerator.dividedReportingOverflow(by: denominator)
    if overflow { return nil }
    let remainder = numerator.remainderReportingOverflow(dividingBy: denominator).partialValue
    if remainder == 0 { return division }
    // Magnitudes, because twice a remainder near the limit would overflow a signed value.
    let rest = remainder.magnitude
    let half = denominator.magnitude - rest
    let away: Int128 = (numerator < 0) == (denominator < 0) ? 1 : -1
    if rest > half || (rest == half && division % 2 != 0) {
      let (rounded, overflow) = division.addingReportingOverflow(away)
      return overflow ? nil : rounded
    }
    return division
  }

  /// Compares a x b with c x d exactly, in 256 bits.
  ///
  /// - Returns: -1, 0 or 1.
  @inlinable
  @inline(__always)
  public static func compareProducts(_ a: Int128, _ b: Int128, _ c: Int128, _ d: Int128) -> Int {
    let (left, leftOverflow) = a.multipliedReportingOverflow(by: b)
    let (right, rightOverflow) = c.multipliedReportingOverflow(by: d)
    if !leftOverflow && !rightOverflow { return left < right ? -1 : left == right ? 0 : 1 }
    return compareWideProducts(a, b, c, d)
  }

  // Apart, so that the rare case does not weigh on where the other is inlined.
  @usableFromInline
  @inline(never)
  static func compareWideProducts(_ a: Int128, _ b: Int128, _ c: Int128, _ d: Int128) -> Int {
    let left = a.multipliedFullWidth(by: b)
    let right = c.multipliedFullWidth(by: d)
    if left.high != right.high { return left.high < right.high ? -1 : 1 }
    if left.low != right.low { return left.low < right.low ? -1 : 1 }
    return 0
  }

  /// The greatest common divisor of two magnitudes, at least 1.
  package static func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var x = a.magnitude
    var y = b.magnitude
    while y != 0 { (x, y) = (y, x % y) }
    return x == 0 ? 1 : Int128(exactly: x) ?? 1
  }
}
