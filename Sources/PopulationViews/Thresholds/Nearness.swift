internal import DataFields

/// How near to a cut point is near: within a share of it, or, of dates, within days.
package enum Nearness: Sendable, Hashable {
  /// Millionths of the cut point, from 1 to 999,999: a percentage with up to four decimals.
  case share(millionths: Int128)
  case days(Int32)

  /// What is asked where nobody says otherwise: 1, 5 and 10 %; of dates 7, 30 and 90 days.
  package static let standard: [Nearness] = [
    .share(millionths: 10_000), .share(millionths: 50_000), .share(millionths: 100_000),
    .days(7), .days(30), .days(90),
  ]

  /// Reads `5%`, `0.5 %`, `30d` or `30 d`.
  ///
  /// - Returns: nil for anything else: a share is more than 0 and less than 100 %, with no more than
  ///   four decimals; days are from 1 to 36,500.
  package init?(parsing text: String) {
    var number = Substring(text)
    guard let unit = number.popLast(), unit == "%" || unit == "d" else { return nil }
    while number.last == " " { number.removeLast() }
    let digits = Array(number.utf8)
    guard let decimal = try? DecimalText(parsing: digits.span) else { return nil }
    if unit == "d" {
      guard decimal.scale == 0, (1...36_500).contains(decimal.coefficient) else { return nil }
      self = .days(Int32(decimal.coefficient))
      return
    }
    guard decimal.scale <= 4,
      let millionths = ExactArithmetic.scaled(decimal.coefficient, byDigits: 4 - decimal.scale),
      (1..<Self.whole).contains(millionths)
    else { return nil }
    self = .share(millionths: millionths)
  }

  static let whole: Int128 = 1_000_000
}

extension Nearness: CustomStringConvertible {
  /// `5%`, `0.5%`, `30d`.
  package var description: String {
    switch self {
    case .days(let days): return "\(days)d"
    case .share(let millionths):
      var digits = NumberText.plain(millionths, scale: 4)
      while digits.last == "0" { digits.removeLast() }
      if digits.last == "." { digits.removeLast() }
      return digits + "%"
    }
  }
}
