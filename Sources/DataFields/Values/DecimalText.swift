/// Why a text is not the number that its field declares.
package enum NumberFault: Error, Sendable, Hashable {
  case empty
  case malformed
  /// More digits after the point than the field has, and they are not zeros.
  case tooManyDecimals(allowed: Int)
  case overflow

  /// What to tell the person who wrote the number.
  package var reason: String {
    switch self {
    case .empty: "is empty"
    case .malformed: "is not a number"
    case .tooManyDecimals(0): "is not a whole number"
    case .tooManyDecimals(let allowed): "has more than \(allowed) digits after the point"
    case .overflow: "is too large"
    }
  }
}

/// A decimal number as it was written: `coefficient` x 10^-`scale`.
package struct DecimalText: Sendable, Hashable {
  package var coefficient: Int128
  /// Digits after the point, 0 to 38.
  package var scale: Int

  package init(coefficient: Int128, scale: Int) {
    self.coefficient = coefficient
    self.scale = scale
  }

  /// Reads `-12`, `+3.50`, `.5`, `1e6`, `2.5E-3`: digits with at most one point, a sign, an
  /// exponent. No spaces, no group separators, no `NaN`.
  ///
  /// - Throws: `NumberFault` if the text is something else or does not fit 38 digits.
  package init(parsing text: Span<UInt8>) throws(NumberFault) {
    var index = 0
    let count = text.count
    guard count > 0 else { throw .empty }
    var negative = false
    if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      negative = text[0] == UInt8(ascii: "-")
      index = 1
    }
    var magnitude: UInt64 = 0
    var wide: Int128?
    var digits = 0
    var scale = 0
    var seenPoint = false
    // Trailing zeros after the point are kept apart, so that 1.000…0 fits whatever its length.
    var pendingZeros = 0
    func append(_ digit: UInt8, _ magnitude: inout UInt64, _ wide: inout Int128?) -> Bool {
      if wide == nil {
        if magnitude <= (UInt64.max - 9) / 10 {
          magnitude = magnitude * 10 + UInt64(digit)
          return true
        }
        wide = Int128(magnitude)
      }
      let (product, o1) = (wide ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, o2) = product.addingReportingOverflow(Int128(digit))
      wide = sum
      return !o1 && !o2
    }
    scan: while index < count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        let digit = byte - UInt8(ascii: "0")
        if seenPoint {
          if digit == 0 {
            pendingZeros += 1
          } else {
            while pendingZeros > 0 {
              guard append(0, &magnitude, &wide) else { throw .overflow }
              scale += 1
              pendingZeros -= 1
            }
            guard append(digit, &magnitude, &wide) else { throw .overflow }
            scale += 1
          }
        } else {
          guard append(digit, &magnitude, &wide) else { throw .overflow }
        }
      case UInt8(ascii: "."):
        if seenPoint { throw .malformed }
        seenPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        break scan
      default:
        throw .malformed
      }
      index += 1
    }
    guard digits > 0 else { throw .malformed }
    var exponent = 0
    if index < count {
      index += 1
      var negativeExponent = false
      if index < count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
        negativeExponent = text[index] == UInt8(ascii: "-")
        index += 1
      }
      guard index < count else { throw .malformed }
      while index < count {
        let byte = text[index]
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .malformed }
        exponent = min(exponent * 10 + Int(byte - UInt8(ascii: "0")), 10_000)
        index += 1
      }
      if negativeExponent { exponent = -exponent }
    }
    var coefficient = wide ?? Int128(magnitude)
    if negative { coefficient = -coefficient }
    scale -= exponent
    if coefficient == 0 {
      scale = 0
    } else if scale < 0 {
      guard let scaled = ExactArithmetic.scaled(coefficient, byDigits: -scale) else {
        throw .overflow
      }
      coefficient = scaled
      scale = 0
    }
    guard scale <= ExactArithmetic.maximumDigits else { throw .overflow }
    self.coefficient = coefficient
    self.scale = scale
  }

  package init(parsing text: String) throws(NumberFault) {
    let bytes = Array(text.utf8)
    self = try DecimalText(parsing: bytes.span)
  }

  /// The value as an integer scaled by 10^`target`, exactly.
  ///
  /// - Throws: `NumberFault.tooManyDecimals` if digits would be lost, `.overflow`.
  package func scaled(to target: Int) throws(NumberFault) -> Int128 {
    if scale <= target {
      guard let value = ExactArithmetic.scaled(coefficient, byDigits: target - scale) else {
        throw .overflow
      }
      return value
    }
    guard let power = ExactArithmetic.powerOfTen(scale - target) else { throw .overflow }
    let (value, remainder) = coefficient.quotientAndRemainder(dividingBy: power)
    guard remainder == 0 else { throw .tooManyDecimals(allowed: target) }
    return value
  }
}
