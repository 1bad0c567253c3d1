/// A pattern of `formatNumber`, read with the model: "the same syntax as for the C function printf".
///
/// Numbers are printed by their exact value, rounded half to even, in the C locale.
struct NumberPattern: Sendable {
  /// What is wrong with a pattern.
  struct Fault: Error, Sendable {
    var reason: String
  }

  private struct Conversion: Sendable {
    var letter: UInt8
    var isLeft = false
    var showsPlus = false
    var showsSpace = false
    var isAlternate = false
    var padsZeros = false
    var width = 0
    var precision: Int?
  }

  private var before = ""
  private var after = ""
  private var conversion: Conversion?
  /// Neither a width nor a precision is larger.
  private static let limit = 1_000

  init(_ pattern: String) throws(Fault) {
    let bytes = Array(pattern.utf8)
    var literal: [UInt8] = []
    var place = 0
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "%") else {
        literal.append(bytes[place])
        place += 1
        continue
      }
      place += 1
      if place < bytes.count, bytes[place] == UInt8(ascii: "%") {
        literal.append(bytes[place])
        place += 1
        continue
      }
      if conversion != nil { throw Fault(reason: "it has several conversions for one number") }
      conversion = try Self.conversion(bytes, &place)
      before = String(decoding: literal, as: UTF8.self)
      literal = []
    }
    let rest = String(decoding: literal, as: UTF8.self)
    if conversion == nil { before = rest } else { after = rest }
  }

  private static func conversion(
    _ bytes: [UInt8], _ place: inout Int
  ) throws(Fault) -> Conversion {
    var conversion = Conversion(letter: 0)
    flags: while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "-"): conversion.isLeft = true
      case UInt8(ascii: "+"): conversion.showsPlus = true
      case UInt8(ascii: " "): conversion.showsSpace = true
      case UInt8(ascii: "#"): conversion.isAlternate = true
      case UInt8(ascii: "0"): conversion.padsZeros = true
      default: break flags
      }
      place += 1
    }
    conversion.width = try number(bytes, &place) ?? 0
    if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
      place += 1
      conversion.precision = try number(bytes, &place) ?? 0
    }
    // What a length modifier says of the size of a C type is of no use here.
    while place < bytes.count, "hlLqjzt".utf8.contains(bytes[place]) { place += 1 }
    guard place < bytes.count else { throw Fault(reason: "its conversion has no end") }
    let letter = bytes[place]
    guard "diouxXeEfFgG".utf8.contains(letter) else {
      throw Fault(
        reason: "`%\(String(decoding: [letter], as: UTF8.self))` is no conversion of a number")
    }
    place += 1
    conversion.letter = letter
    return conversion
  }

  private static func number(_ bytes: [UInt8], _ place: inout Int) throws(Fault) -> Int? {
    var number: Int?
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
      number = (number ?? 0) * 10 + Int(bytes[place] - UInt8(ascii: "0"))
      if let number, number > limit {
        throw Fault(reason: "a width or precision of more than \(limit) is not supported")
      }
      place += 1
    }
    return number
  }

  /// The text of a number; nil if the conversion has none for it.
  func text(_ value: Double) -> String? {
    guard let conversion else { return before }
    return Self.text(value, conversion).map { before + $0 + after }
  }

  private static func text(_ value: Double, _ conversion: Conversion) -> String? {
    var pads = conversion.padsZeros && !conversion.isLeft
    var prefix = value.sign == .minus ? "-" : ""
    if prefix.isEmpty { prefix = conversion.showsPlus ? "+" : conversion.showsSpace ? " " : "" }
    let body: String
    switch conversion.letter {
    case UInt8(ascii: "d"), UInt8(ascii: "i"):
      // As C makes an integer of a number, towards zero.
      guard let whole = Int64(exactly: value.rounded(.towardZero)) else { return nil }
      if whole == 0, prefix == "-" { prefix = conversion.showsPlus ? "+" : "" }
      body = digits(String(whole.magnitude), conversion)
      if conversion.precision != nil { pads = false }
    case UInt8(ascii: "o"), UInt8(ascii: "u"), UInt8(ascii: "x"), UInt8(ascii: "X"):
      guard let whole = UInt64(exactly: value.rounded(.towardZero)) else { return nil }
      prefix = ""
      if conversion.precision != nil { pads = false }
      let isUpper = conversion.letter == UInt8(ascii: "X")
      if conversion.letter == UInt8(ascii: "u") {
        body = digits(String(whole), conversion)
      } else if conversion.letter == UInt8(ascii: "o") {
        let octal = digits(String(whole, radix: 8), conversion)
        body = conversion.isAlternate && !octal.hasPrefix("0") ? "0" + octal : octal
      } else {
        body = digits(String(whole, radix: 16, uppercase: isUpper), conversion)
        if conversion.isAlternate, whole != 0 { prefix = isUpper ? "0X" : "0x" }
      }
    default:
      let isUpper = conversion.letter < UInt8(ascii: "a")
      guard value.isFinite else {
        body = isUpper ? "INF" : "inf"
        pads = false
        break
      }
      let text = decimal(value.magnitude, conversion)
      body = isUpper ? text.uppercased() : text
    }
    let missing = max(0, conversion.width - prefix.count - body.count)
    let padding = String(repeating: pads ? "0" : " ", count: missing)
    if conversion.isLeft { return prefix + body + padding }
    return pads ? prefix + padding + body : padding + prefix + body
  }

  /// The digits of an integer, as many as the precision asks for.
  private static func digits(_ text: String, _ conversion: Conversion) -> String {
    guard let precision = conversion.precision else { return text }
    if precision == 0, text == "0" { return "" }
    return String(repeating: "0", count: max(0, precision - text.utf8.count)) + text
  }

  private static func decimal(_ value: Double, _ conversion: Conversion) -> String {
    let precision = conversion.precision ?? 6
    switch conversion.letter | 0x20 {
    case UInt8(ascii: "f"):
      return fixed(value, precision, keepsPoint: conversion.isAlternate)
    case UInt8(ascii: "e"):
      return scientific(value, precision, keepsPoint: conversion.isAlternate)
    default:
      // "Let P be the precision, 1 if it is 0; X the exponent that e would give. If P > X >= -4,
      // f with precision P - 1 - X, else e with precision P - 1."
      let places = max(1, precision)
      var digits = DecimalDigits(value)
      digits.round(keeping: places)
      let exponent = digits.exponent
      let isFixed = exponent < places && exponent >= -4
      let text =
        isFixed
        ? fixed(value, places - 1 - exponent, keepsPoint: conversion.isAlternate)
        : scientific(value, places - 1, keepsPoint: conversion.isAlternate)
      return conversion.isAlternate ? text : withoutTrailingZeros(text)
    }
  }

  private static func fixed(_ value: Double, _ precision: Int, keepsPoint: Bool) -> String {
    var digits = DecimalDigits(value)
    digits.round(keeping: digits.point + precision)
    var text = digits.point <= 0 ? "0" : digits.text(0..<digits.point)
    if precision > 0 || keepsPoint { text += "." }
    return text + digits.text(digits.point..<(digits.point + precision))
  }

  private static func scientific(_ value: Double, _ precision: Int, keepsPoint: Bool) -> String {
    var digits = DecimalDigits(value)
    digits.round(keeping: precision + 1)
    var text = digits.text(0..<1)
    if precision > 0 || keepsPoint { text += "." }
    text += digits.text(1..<(precision + 1))
    let exponent = digits.exponent
    let size = String(exponent.magnitude)
    return text + (exponent < 0 ? "e-" : "e+") + (size.utf8.count < 2 ? "0" : "") + size
  }

  private static func withoutTrailingZeros(_ text: String) -> String {
    let cut = text.firstIndex(of: "e") ?? text.endIndex
    var number = text[..<cut]
    guard number.contains(".") else { return text }
    while number.hasSuffix("0") { number = number.dropLast() }
    if number.hasSuffix(".") { number = number.dropLast() }
    return String(number) + text[cut...]
  }
}

/// The exact decimal digits of a number that is finite and not negative.
struct DecimalDigits {
  /// From the first that is not 0 on; none for 0.
  private var digits: [UInt8] = []
  /// How many digits stand before the point; 0.01 has -1.
  private(set) var point = 0

  /// - Complexity: O(digits squared), with at most 767 digits.
  init(_ value: Double) {
    if value == 0 { return }
    let isSubnormal = value.exponentBitPattern == 0
    let exponent = isSubnormal ? -1_074 : Int(value.exponentBitPattern) - 1_075
    let mantissa = value.significandBitPattern | (isSubnormal ? 0 : 1 << 52)
    // Parts of nine digits, least first.
    var parts = [
      UInt32(mantissa % 1_000_000_000), UInt32(mantissa / 1_000_000_000),
    ]
    func multiply(by factor: UInt64) {
      var carry: UInt64 = 0
      for place in parts.indices {
        let product = UInt64(parts[place]) * factor + carry
        parts[place] = UInt32(product % 1_000_000_000)
        carry = product / 1_000_000_000
      }
      while carry > 0 {
        parts.append(UInt32(carry % 1_000_000_000))
        carry /= 1_000_000_000
      }
    }
    // Of a negative power of two: 2^-k = 5^k / 10^k.
    var left = exponent.magnitude
    while left > 0 {
      let step = min(left, exponent < 0 ? 12 : 29)
      var factor: UInt64 = 1
      for _ in 0..<step { factor *= exponent < 0 ? 5 : 2 }
      multiply(by: factor)
      left -= step
    }
    while parts.count > 1, parts.last == 0 { parts.removeLast() }
    for (place, part) in parts.reversed().enumerated() {
      let text = String(part)
      if place > 0 { digits += Array(repeating: 0, count: 9 - text.utf8.count) }
      digits += text.utf8.map { $0 - UInt8(ascii: "0") }
    }
    point = digits.count + min(0, exponent)
  }

  /// The exponent of the first digit.
  var exponent: Int { digits.isEmpty ? 0 : point - 1 }

  /// Rounds to the first digits, half to even.
  mutating func round(keeping count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      return
    }
    let next = digits[count]
    let hasMore = digits[(count + 1)...].contains { $0 != 0 }
    let isOdd = count > 0 && digits[count - 1] % 2 == 1
    digits.removeLast(digits.count - count)
    guard next > 5 || (next == 5 && (hasMore || isOdd)) else { return }
    var place = count - 1
    while place >= 0, digits[place] == 9 {
      digits[place] = 0
      place -= 1
    }
    if place >= 0 {
      digits[place] += 1
    } else {
      digits.insert(1, at: 0)
      point += 1
    }
  }

  /// Digits by their places from the first on; 0 where there are none.
  func text(_ places: Range<Int>) -> String {
    String(
      decoding: places.map { place in
        (digits.indices.contains(place) ? digits[place] : 0) + UInt8(ascii: "0")
      }, as: UTF8.self)
  }
}
