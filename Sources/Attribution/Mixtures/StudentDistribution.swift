/// Student's distribution of means of few samples.
enum StudentDistribution {
  /// The number that 97.5 % of values are below: what half of a 95 % interval is, in standard errors.
  ///
  /// Tabulated up to 10 degrees of freedom, then by the expansion about the normal distribution
  /// (Abramowitz and Stegun, 26.7.5), which is right to five digits.
  static func quantile975(_ degrees: Int) -> Double {
    if degrees < 1 { return .infinity }
    if degrees <= table.count { return table[degrees - 1] }
    let z = 1.959963984540054
    let v = Double(degrees)
    let (z2, z4) = (z * z, z * z * z * z)
    let z8 = z4 * z4
    let first = (z2 + 1) / 4
    let second = (5 * z4 + 16 * z2 + 3) / 96
    let third = (3 * z4 * z2 + 19 * z4 + 17 * z2 - 15) / 384
    let fourth = (79 * z8 + 776 * z4 * z2 + 1_482 * z4 - 1_920 * z2 - 945) / 92_160
    return z * (1 + (first + (second + (third + fourth / v) / v) / v) / v)
  }

  private static let table = [
    12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252,
    2.306004135, 2.262157163, 2.228138852,
  ]
}
