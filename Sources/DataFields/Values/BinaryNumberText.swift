/// Decimal numbers read into binary floating point, rounded correctly.
///
/// The method is that of D. Lemire, "Number Parsing at a Gigabyte per Second" (Software: Practice and
/// Experience 51, 2021): up to 19 digits are one whole number, which is multiplied with a power of five
/// of 128 bits. What it does not settle is left to the standard library.
package enum BinaryNumberText {
  /// The number that a text of digits, a point and an exponent stands for: the double closest to it,
  /// the even one of two that are.
  ///
  /// - Returns: nil for any other text, and for numbers of more than 19 digits, with decimal exponents
  ///   beyond 55, or too small or large for a normal double; those may be numbers all the same.
  /// - Complexity: O(n) in the bytes; nothing is allocated.
  package static func double(_ bytes: Span<UInt8>) -> Double? {
    if let short = short(bytes) { return short }
    guard let decimal = Decimal(bytes) else { return nil }
    return decimal.double
  }

  /// As ``double(_:)``, rounded once to single precision.
  package static func float(_ bytes: Span<UInt8>) -> Float? {
    guard let value = double(bytes) else { return nil }
    return float(value)
  }

  /// What a text that is close to `value` rounds to in single precision.
  ///
  /// Between two neighbours of single precision, only a double on their very middle may stand for
  /// texts on both sides of it.
  static func float(_ value: Double) -> Float? {
    let isMiddle = value.bitPattern & 0x1FFF_FFFF == 0x1000_0000
    let isNormal = value.magnitude > 0x1p-125 && value.magnitude < 0x1p127
    guard value == 0 || isNormal && !isMiddle else { return nil }
    return Float(value)
  }

  /// `digits` times ten to the power of `exponent`.
  struct Decimal {
    var isNegative = false
    var digits: UInt64 = 0
    var exponent = 0

    init?(_ bytes: Span<UInt8>) {
      let count = bytes.count
      var place = 0
      if place < count, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
        isNegative = bytes[place] == UInt8(ascii: "-")
        place += 1
      }
      let start = place
      // Leading zeros are no digits of the whole number.
      Self.skipZeros(bytes, &place)
      var first = place
      read(bytes, &place)
      var significant = place - first
      var digitCount = place - start
      if place < count, bytes[place] == UInt8(ascii: ".") {
        place += 1
        let point = place
        if significant == 0 { Self.skipZeros(bytes, &place) }
        first = place
        read(bytes, &place)
        significant += place - first
        exponent = point - place
        digitCount += place - point
      }
      guard digitCount > 0, significant <= 19 else { return nil }
      if place < count, bytes[place] | 0x20 == UInt8(ascii: "e") {
        place += 1
        var isBelow = false
        if place < count, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
          isBelow = bytes[place] == UInt8(ascii: "-")
          place += 1
        }
        first = place
        var power = 0
        while place < count, bytes[place] &- UInt8(ascii: "0") < 10 {
          power = min(power * 10 + Int(bytes[place] &- UInt8(ascii: "0")), 100_000)
          place += 1
        }
        guard place > first else { return nil }
        exponent += isBelow ? -power : power
      }
      guard place == count else { return nil }
    }

    private static func skipZeros(_ bytes: Span<UInt8>, _ place: inout Int) {
      while place < bytes.count, bytes[place] == UInt8(ascii: "0") { place += 1 }
    }

    /// Appends digits to the whole number, eight at a time while there are; it may wrap around.
    private mutating func read(_ bytes: Span<UInt8>, _ place: inout Int) {
      while place + 8 <= bytes.count {
        let raw = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        guard let eight = Self.eightDigits(UInt64(littleEndian: raw)) else { break }
        digits = digits &* 100_000_000 &+ eight
        place += 8
      }
      while place < bytes.count, bytes[place] &- UInt8(ascii: "0") < 10 {
        digits = digits &* 10 &+ UInt64(bytes[place] &- UInt8(ascii: "0"))
        place += 1
      }
    }

    /// The number that eight bytes write, the first one lowest; nil if one is no digit.
    ///
    /// Neighbours are joined, first to two digits, then to four, then to eight.
    @inline(__always)
    static func eightDigits(_ bytes: UInt64) -> UInt64? {
      let isUnder = bytes & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030
      let isNotOver = (bytes &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0
      guard isUnder, isNotOver == 0x3030_3030_3030_3030 else { return nil }
      let pairs = ((bytes & 0x0F0F_0F0F_0F0F_0F0F) &* (10 << 8 + 1)) >> 8
      let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* (100 << 16 + 1)) >> 16
      return ((fours & 0x0000_FFFF_0000_FFFF) &* (10_000 << 32 + 1)) >> 32
    }

    var double: Double? {
      // Whole numbers and powers of ten up to these are doubles, and one operation rounds once
      // (W. D. Clinger, "How to Read Floating Point Numbers Accurately", 1990).
      if digits <= 1 << 53, exponent >= -22, exponent <= 22 {
        let number = Double(digits)
        let scaled =
          exponent < 0 ? number / Powers.ofTen[-exponent] : number * Powers.ofTen[exponent]
        return isNegative ? -scaled : scaled
      }
      guard digits != 0, Powers.range.contains(exponent) else { return nil }
      return product
    }

    private var product: Double? {
      let shift = digits.leadingZeroBitCount
      let whole = digits << UInt64(shift)
      let power = Powers.ofFive[exponent - Powers.range.lowerBound]
      var (high, low) = whole.multipliedFullWidth(by: power.high)
      // The bits below those that count are all ones: the rest of the power may carry into them.
      if high & 0x1FF == 0x1FF {
        let rest = whole.multipliedFullWidth(by: power.low).high
        let (sum, isOver) = low.addingReportingOverflow(rest)
        low = sum
        if isOver { high &+= 1 }
        if low == .max, high & 0x1FF == 0x1FF { return nil }
      }
      let upper = Int(high >> 63)
      var mantissa = high >> UInt64(upper + 9)
      // Exactly between two doubles, as only these exponents allow: down, if that is even.
      if low <= 1, exponent >= -4, exponent <= 23, mantissa & 3 == 1,
        mantissa << UInt64(upper + 9) == high
      {
        mantissa &= ~1
      }
      mantissa += mantissa & 1
      mantissa >>= 1
      // The exponent of two of ten's power, from the logarithm: 217706 / 2^16 is log2(10).
      var binary = ((217_706 * exponent) >> 16) + 63 + upper - shift + 1_023
      if mantissa >= 1 << 53 {
        mantissa = 1 << 52
        binary += 1
      }
      guard binary > 0, binary < 0x7FF else { return nil }
      let sign: UInt64 = isNegative ? 1 << 63 : 0
      return Double(bitPattern: sign | UInt64(binary) << 52 | mantissa & (1 << 52 - 1))
    }
  }

  enum Powers {
    static let ofTen: [Double] = [
      1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
      1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The exponents for which a power of five fits 128 bits, and their negatives.
    static let range = -55...55

    /// For each exponent of `range` the first 128 bits of five to its power.
    static let ofFive: [(high: UInt64, low: UInt64)] = range.map { exponent in
      let whole = (0..<abs(exponent)).reduce(UInt128(1)) { power, _ in power * 5 }
      var bits = whole << UInt128(whole.leadingZeroBitCount)
      if exponent < 0 {
        // 2^(z + 127) / 5^n, where z is the bit count of 5^n: between 2^127 and 2^128.
        let top = UInt128(1) << UInt128(127 - whole.leadingZeroBitCount)
        bits = whole.dividingFullWidth((high: top, low: 0)).quotient
        // Rounded up where the product is exact otherwise.
        if exponent >= -27 { bits += 1 }
      }
      return (UInt64(bits >> 64), UInt64(truncatingIfNeeded: bits))
    }
  }
}
