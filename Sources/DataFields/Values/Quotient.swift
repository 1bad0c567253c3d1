/// An exact rational number: what a mean or a division is until it is printed.
///
/// The denominator is positive. The fraction is not reduced, so that sum and count stay readable;
/// two quotients are equal if their values are.
public struct Quotient: Sendable, Hashable, Comparable {
  /// Carries the sign.
  public let numerator: Int128
  /// Positive.
  public let denominator: Int128

  /// - Returns: nil if the denominator is zero or the sign cannot be moved to the numerator.
  public init?(_ numerator: Int128, over denominator: Int128) {
    guard denominator != 0, denominator != .min else { return nil }
    if denominator > 0 {
      self.numerator = numerator
      self.denominator = denominator
    } else {
      guard numerator != .min else { return nil }
      self.numerator = -numerator
      self.denominator = -denominator
    }
  }

  public init(_ integer: Int128) {
    self.numerator = integer
    self.denominator = 1
  }

  public static func == (left: Self, right: Self) -> Bool {
    order(left, right) == 0
  }

  public static func < (left: Self, right: Self) -> Bool {
    order(left, right) < 0
  }

  public func hash(into hasher: inout Hasher) {
    let reduced = reduced
    hasher.combine(reduced.numerator)
    hasher.combine(reduced.denominator)
  }

  private static func order(_ left: Self, _ right: Self) -> Int {
    ExactArithmetic.compareProducts(
      left.numerator, right.denominator, right.numerator, left.denominator)
  }

  /// The same value in lowest terms.
  public var reduced: Quotient {
    let divisor = ExactArithmetic.greatestCommonDivisor(numerator, denominator)
    return Quotient(numerator / divisor, over: denominator / divisor) ?? self
  }

  /// The sum, product or quotient of two, or nil on overflow or division by zero.
  package func adding(_ other: Quotient) -> Quotient? {
    if denominator == other.denominator {
      let (sum, overflow) = numerator.addingReportingOverflow(other.numerator)
      return overflow ? nil : Quotient(sum, over: denominator)
    }
    let (a, o1) = numerator.multipliedReportingOverflow(by: other.denominator)
    let (b, o2) = other.numerator.multipliedReportingOverflow(by: denominator)
    let (sum, o3) = a.addingReportingOverflow(b)
    let (under, o4) = denominator.multipliedReportingOverflow(by: other.denominator)
    return o1 || o2 || o3 || o4 ? nil : Quotient(sum, over: under)
  }

  package var negated: Quotient? {
    numerator == .min ? nil : Quotient(-numerator, over: denominator)
  }

  package func multiplied(by other: Quotient) -> Quotient? {
    let (over, o1) = numerator.multipliedReportingOverflow(by: other.numerator)
    let (under, o2) = denominator.multipliedReportingOverflow(by: other.denominator)
    if !o1 && !o2 { return Quotient(over, over: under) }
    let a = reduced
    let b = other.reduced
    let (over2, o3) = a.numerator.multipliedReportingOverflow(by: b.numerator)
    let (under2, o4) = a.denominator.multipliedReportingOverflow(by: b.denominator)
    return o3 || o4 ? nil : Quotient(over2, over: under2)
  }

  package func divided(by other: Quotient) -> Quotient? {
    guard let inverse = Quotient(other.denominator, over: other.numerator) else { return nil }
    return multiplied(by: inverse)
  }

  /// The value as an integer scaled by 10^`digits`, rounded half to even; nil on overflow.
  package func rounded(toDigits digits: Int) -> Int128? {
    if let scaled = ExactArithmetic.scaled(numerator, byDigits: digits) {
      return ExactArithmetic.dividedHalfEven(scaled, by: denominator)
    }
    let lowest = reduced
    guard let scaled = ExactArithmetic.scaled(lowest.numerator, byDigits: digits) else {
      return nil
    }
    return ExactArithmetic.dividedHalfEven(scaled, by: lowest.denominator)
  }

  /// The nearest double: correctly rounded, half to even.
  ///
  /// This is the crossing `as float` into models. It does not depend on the order of operations:
  /// the quotient is formed once with 64 significant bits and a sticky bit, then rounded once.
  package var nearestDouble: Double { nearest(significantBits: 53) }

  /// The nearest float, rounded once from the exact value (not by way of a double).
  package var nearestFloat: Float { Float(nearest(significantBits: 24)) }

  private func nearest(significantBits bits: Int) -> Double {
    if numerator == 0 { return 0 }
    let top = numerator.magnitude
    let bottom = denominator.magnitude
    // Shift so that the integer quotient has 64 or 65 bits; what is lost only decides ties.
    let topWidth = UInt128.bitWidth - top.leadingZeroBitCount
    let bottomWidth = UInt128.bitWidth - bottom.leadingZeroBitCount
    let shift = 64 - (topWidth - bottomWidth)
    var quotient: UInt128
    var remainder: UInt128
    if shift >= 0, topWidth + shift <= 128 {
      (quotient, remainder) = (top << UInt128(shift)).quotientAndRemainder(dividingBy: bottom)
    } else if shift >= 0 {
      // The shifted numerator exceeds 128 bits: long division, a bit at a time. The remainder is
      // below a divisor of at most 127 bits, so doubling it stays in range.
      (quotient, remainder) = top.quotientAndRemainder(dividingBy: bottom)
      for _ in 0..<shift {
        remainder <<= 1
        quotient <<= 1
        if remainder >= bottom {
          remainder -= bottom
          quotient |= 1
        }
      }
    } else {
      (quotient, remainder) = top.quotientAndRemainder(dividingBy: bottom)
      remainder |= quotient & ((UInt128(1) << UInt128(-shift)) - 1)
      quotient >>= UInt128(-shift)
    }
    let drop = UInt128.bitWidth - quotient.leadingZeroBitCount - bits - 1
    let isInexact = remainder != 0 || quotient & ((UInt128(1) << UInt128(drop)) - 1) != 0
    var significand = UInt64(truncatingIfNeeded: quotient >> UInt128(drop))
    let half = significand & 1 != 0
    significand >>= 1
    if half && (isInexact || significand & 1 != 0) { significand += 1 }
    return Double(
      sign: numerator < 0 ? .minus : .plus, exponent: drop + 1 - shift,
      significand: Double(significand))
  }
}

extension Quotient {
  /// Reads a plain decimal, or a quotient of two (`285792976/230`), as a value scaled by
  /// 10^`scale`; the operands may have any finite number of digits.
  ///
  /// - Throws: `NumberFault` if it is neither, divides by zero, or does not fit.
  package init(parsing text: Span<UInt8>, scale: Int) throws(NumberFault) {
    var slash = -1
    for index in 0..<text.count where text[index] == UInt8(ascii: "/") {
      if slash >= 0 { throw .malformed }
      slash = index
    }
    let top: DecimalText
    var bottom = DecimalText(coefficient: 1, scale: 0)
    if slash < 0 {
      top = try DecimalText(parsing: text)
    } else {
      top = try DecimalText(parsing: text.extracting(0..<slash))
      bottom = try DecimalText(parsing: text.extracting((slash + 1)..<text.count))
    }
    guard bottom.coefficient != 0 else { throw .malformed }
    // value = top / bottom x 10^(bottom.scale - top.scale + scale)
    let digits = bottom.scale - top.scale + scale
    var numerator = top.coefficient
    var denominator = bottom.coefficient
    if digits >= 0 {
      guard let scaled = ExactArithmetic.scaled(numerator, byDigits: digits) else {
        throw .overflow
      }
      numerator = scaled
    } else {
      guard let scaled = ExactArithmetic.scaled(denominator, byDigits: -digits) else {
        throw .overflow
      }
      denominator = scaled
    }
    guard let quotient = Quotient(numerator, over: denominator) else { throw .overflow }
    self = quotient
  }
}
