import DataFields

/// Floating-point numbers as people read them, with the typographic minus.
///
/// For display alone: what decides is compared at full precision, and printed so under *Inputs*.
package enum NumberForm {
  /// `digits` after the point, with separators: `−1,234.50`.
  package static func fixed(_ number: Double, digits: Int) -> String {
    guard let power = ExactArithmetic.powerOfTen(digits), number.magnitude < 1e15, digits <= 15
    else { return minus(number.description) }
    let scaled = (number.magnitude * Double(power)).rounded(.toNearestOrEven)
    guard let value = Int128(exactly: scaled) else { return minus(number.description) }
    return (number < 0 && value != 0 ? "−" : "") + NumberText.grouped(value, scale: digits)
  }

  /// The same with a sign in any case: `+0.989`.
  package static func signed(_ number: Double, digits: Int) -> String {
    let text = fixed(number, digits: digits)
    return text.hasPrefix("−") ? text : "+" + text
  }

  /// How many digits after the point show at least three significant ones of the largest number.
  package static func digits(for numbers: [Double]) -> Int {
    let largest = numbers.filter(\.isFinite).map(\.magnitude).max() ?? 0
    guard largest > 0, largest < 1000 else { return largest == 0 ? 3 : 1 }
    if largest >= 100 { return 2 }
    var digits = 3
    var bound = 0.1
    while largest < bound, digits < 12 {
      digits += 1
      bound /= 10
    }
    return digits
  }

  /// A number that is tiny or zero, by its order of magnitude: `2e−16`.
  package static func order(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return minus(number == 0 ? "0" : "\(number)") }
    var mantissa = number.magnitude
    var exponent = 0
    while mantissa >= 9.5, exponent < 400 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 0.95, exponent > -400 {
      mantissa *= 10
      exponent -= 1
    }
    let digit = Int(mantissa.rounded())
    let sign = number < 0 ? "−" : ""
    return exponent == 0 ? "\(sign)\(digit)" : minus("\(sign)\(digit)e\(exponent)")
  }

  /// A share as a percentage with its sign: `−67.8 %`; small ones keep two significant digits.
  package static func percent(_ share: Double) -> String {
    let value = share * 100
    var digits = 1
    var bound = 1.0
    while value != 0, value.magnitude < bound, digits < 9 {
      digits += 1
      bound /= 10
    }
    return signed(value, digits: digits) + " %"
  }

  /// A text of a number with the typographic minus.
  package static func minus(_ text: String) -> String {
    String(text.map { $0 == "-" ? "−" : $0 })
  }
}
