import DataFields
package import DecisionTrace

extension Trace.Content {
  /// The value for a report: as it is printed everywhere, in words that read well.
  package var reportText: String {
    switch self {
    case .number(_, _, _, let unit) where !unit.isNone:
      let text = NumberForm.minus(displayText)
      let number = text.prefix { $0 != " " }
      guard number.count < text.count else { return text }
      return number + " " + UnitWords.text(unit, isOne: number == "1")
    case .double(let number) where number.isWholeAndExact:
      return NumberForm.fixed(number, digits: 0)
    case .number, .double: return NumberForm.minus(displayText)
    case .boolean(let flag): return flag ? "yes" : "no"
    case .date, .text: return displayText
    case .list(let items): return items.map(\.reportText).joined(separator: ", ")
    }
  }

  /// The number without its unit, and without a fraction of nothing but zeros: `100,000`.
  package var bareText: String {
    switch self {
    case .number(let quotient, let scale, let digits, _):
      let bare = Trace.Content.number(quotient, scale: scale, digits: digits, unit: .none)
      return NumberForm.minus(Self.withoutZeroFraction(bare.displayText))
    default: return reportText
    }
  }

  /// The same with its unit: `100,000 HUF/person`.
  var plainValue: String {
    guard case .number(_, _, _, let unit) = self, !unit.isNone else { return bareText }
    let number = bareText
    return number + " " + UnitWords.text(unit, isOne: number == "1")
  }

  private static func withoutZeroFraction(_ text: String) -> String {
    guard let point = text.lastIndex(of: "."), text[point...].dropFirst().allSatisfy({ $0 == "0" })
    else { return text }
    return String(text[..<point])
  }

  /// The value as a double for drawing; nil if it is not a number or a date.
  var position: Double? {
    switch self {
    case .number(let quotient, let scale, _, _):
      guard let power = ExactArithmetic.powerOfTen(scale) else { return nil }
      return quotient.nearestDouble / Double(power)
    case .date(let date): return Double(date.daysSinceEpoch)
    case .double(let number): return number.isFinite ? number : nil
    case .boolean, .text, .list: return nil
    }
  }
}

extension Double {
  /// Whether the number is a count that crossed into a model, which reads better without `.0`.
  var isWholeAndExact: Bool { self == rounded() && magnitude < 9_007_199_254_740_992 }
}

/// Units in words. Rulesets name units as they like; only names that plainly are English words
/// with an irregular plural, or symbols of the language itself, are turned into others.
enum UnitWords {
  private static let plurals = ["person": "people", "child": "children", "day": "days"]

  static func text(_ unit: MeasurementUnit, isOne: Bool) -> String {
    let name = unit.description
    if name == "d" { return isOne ? "day" : "days" }
    return isOne ? name : plurals[name] ?? name
  }
}

extension Trace.Value {
  /// The value, or why there is none; a masked one shows no more than its last characters.
  package var reportText: String {
    guard visibility == .open else { return visibility.rawValue }
    guard let content else {
      switch state {
      case .missing, .present: return "missing"
      case .outOfRange: return "out of range"
      case .overflow: return "too large to compute"
      }
    }
    guard let keeps = field.maskKeeps else { return content.reportText }
    return Masking.masked(content.plainText, keeps: keeps)
  }

  /// Whether no more of the value is shown than its last characters.
  package var isMasked: Bool { field.maskKeeps != nil }

  /// Where the value came from, in a word.
  package var originText: String {
    switch origin {
    case .input: "static"
    case .events: "events"
    case .supplied: "supplied"
    case .defaulted: "default"
    case .derived: field.kind == .score ? "model" : "derived"
    }
  }
}
