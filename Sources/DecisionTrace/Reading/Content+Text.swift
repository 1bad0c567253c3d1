import DataFields

extension Trace.Content {
  /// The value alone, as plain text that parses back: `310644.54`, `2021-01-27`.
  public var plainText: String {
    switch self {
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let quotient, let scale, let digits, _):
      Self.rounded(quotient, scale: scale, digits: digits).map {
        NumberText.plain($0, scale: digits)
      } ?? "\(quotient.numerator)/\(quotient.denominator)"
    case .date(let date): date.description
    case .text(let text): text
    case .double(let number): number.description
    case .list(let items): items.map(\.plainText).joined(separator: ", ")
    }
  }

  /// The value for people, with separators and unit: `310,644.54 HUF/person`.
  public var displayText: String {
    guard case .number(let quotient, let scale, let digits, let unit) = self,
      let rounded = Self.rounded(quotient, scale: scale, digits: digits)
    else { return plainText }
    let number = NumberText.grouped(rounded, scale: digits)
    return unit.isNone ? number : "\(number) \(unit)"
  }

  /// The quotient, whose numerator is scaled by 10^`scale`, at `digits` after the point.
  private static func rounded(_ quotient: Quotient, scale: Int, digits: Int) -> Int128? {
    if digits >= scale { return quotient.rounded(toDigits: digits - scale) }
    guard let power = ExactArithmetic.powerOfTen(scale - digits) else { return nil }
    return quotient.divided(by: Quotient(power))?.rounded(toDigits: 0)
  }
}

extension Trace {
  /// What an operand of a clause or a reason was in this decision: a rank by its level.
  package func text(of operand: TraceSchema.Operand, inReason: Bool = false) -> String? {
    switch operand {
    case .unnamed: nil
    case .field(let index):
      values[index].content?.displayText ?? values[index].absence
    case .rank(let index):
      ranks[index].level.map {
        inReason ? ranks[index].schema.levelTexts[$0] : ranks[index].schema.levels[$0]
      } ?? "missing"
    }
  }

  /// The reason of the rule that decided, with its names filled in; nil without a decision.
  public var reason: (code: String?, text: String)? {
    guard case .decided(_, let rule) = result else { return nil }
    return reason(ofRule: rule)
  }

  /// The rules whose outcomes a decision of `hit collect` took in, as indices of ``rules``; the rule
  /// that decided for any other.
  public var contributingRules: [Int] {
    guard case .decided(_, let rule) = result else { return [] }
    guard schema.takesInAllRules else { return [rule] }
    return rules.indices.filter { rules[$0].state == .held }
  }

  /// The reason of a rule, with its names filled in.
  public func reason(ofRule rule: Int) -> (code: String?, text: String) {
    let schema = rules[rule].schema
    var text = ""
    for piece in schema.reason {
      switch piece {
      case .text(let fixed): text += fixed
      case .operand(let operand): text += self.text(of: operand, inReason: true) ?? "?"
      }
    }
    return (schema.reasonCode, text)
  }
}

extension Trace.Value {
  /// Why there is no content, in a word.
  fileprivate var absence: String {
    visibility == .open ? "\(state)" : visibility.rawValue
  }
}
