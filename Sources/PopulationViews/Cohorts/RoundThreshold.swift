internal import DataFields

/// The roundest threshold that parts two values: of all that have the first below and the second not
/// below, one that takes the fewest digits to write.
enum RoundThreshold {
  /// Between exact numbers that are scaled by 10^`scale`.
  ///
  /// - Returns: the threshold as a number so scaled, and its digits after the point; nil if there is
  ///   none of 38 digits.
  static func between(
    _ lower: Quotient, _ upper: Quotient, scale: Int
  ) -> (value: Quotient, digits: Int)? {
    var exponent = 30
    while exponent >= -12 {
      if let threshold = multiple(of: exponent, notAbove: upper), lower < threshold {
        return (threshold, max(0, scale - exponent))
      }
      exponent -= 1
    }
    return nil
  }

  /// The largest multiple of 10^`exponent` that is not above a number; nil on overflow.
  private static func multiple(of exponent: Int, notAbove number: Quotient) -> Quotient? {
    guard let power = ExactArithmetic.powerOfTen(abs(exponent)) else { return nil }
    if exponent < 0 {
      guard let scaled = ExactArithmetic.scaled(number.numerator, byDigits: -exponent) else {
        return nil
      }
      return Quotient(floor(scaled, number.denominator), over: power)
    }
    let (step, overflow) = power.multipliedReportingOverflow(by: number.denominator)
    // A step that is too large to write down is larger than the number.
    let count = overflow ? (number.numerator < 0 ? -1 : 0) : floor(number.numerator, step)
    let (multiple, isTooLarge) = count.multipliedReportingOverflow(by: power)
    return isTooLarge ? nil : Quotient(multiple)
  }

  private static func floor(_ top: Int128, _ bottom: Int128) -> Int128 {
    let (quotient, remainder) = top.quotientAndRemainder(dividingBy: bottom)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Between doubles: a decimal whose nearest double has the first below it, and is not above the
  /// second.
  static func between(_ lower: Double, _ upper: Double) -> (value: Double, text: String) {
    if lower < 0, upper >= 0 { return (0, "0") }
    let largest = max(lower.magnitude, upper.magnitude)
    guard largest > 0, largest < 1e18, largest > 1e-12 else { return (upper, "\(upper)") }
    var exponent = 18
    while exponent >= -30 {
      let step = Double("1e\(exponent)") ?? .nan
      // Off by one at most, which the comparison sorts out.
      let count = (upper / step).rounded(.down)
      if count.magnitude > 9e15 { break }
      for multiple in [count + 1, count, count - 1] {
        let text = decimal(Int128(multiple), exponent)
        if let value = Double(text), lower < value, value <= upper { return (value, text) }
      }
      exponent -= 1
    }
    return (upper, "\(upper)")
  }

  private static func decimal(_ multiple: Int128, _ exponent: Int) -> String {
    if exponent <= 0 { return NumberText.plain(multiple, scale: -exponent) }
    return multiple == 0 ? "0" : "\(multiple)" + String(repeating: "0", count: exponent)
  }

  /// Between days: the first of a year or of a month, or else the second day itself.
  static func between(_ lower: CalendarDate, _ upper: CalendarDate) -> CalendarDate {
    let (year, month, _) = upper.components
    for first in [1, month] {
      if let day = CalendarDate(year: year, month: first, day: 1), lower < day { return day }
    }
    return upper
  }
}
