import DataFields
package import DecisionTrace

/// How a derived value came about, with the values in place of the names:
/// `285,792,976 HUF / 230 / 4 people`.
package enum Derivation {
  /// Nil where the definition is more than arithmetic on values of the trace.
  package static func text(of field: Int, in trace: Trace) -> String? {
    guard trace.values.indices.contains(field) else { return nil }
    let value = trace.values[field]
    if value.origin == .supplied { return mean(value) }
    if let mean = mean(value) { return mean }
    guard value.field.kind == .derived, value.content != nil,
      let tokens = tokens(value.field.definition)
    else { return nil }
    var out: [String] = []
    var hasName = false
    for (index, token) in tokens.enumerated() {
      switch token {
      case .name(let name):
        guard let operand = trace.values.first(where: { $0.field.name == name }),
          let content = operand.content
        else { return nil }
        hasName = true
        if let mean = mean(operand) {
          let standsAlone = index == 0 && !tokens.dropFirst().contains { $0.isWeakOperator }
          out.append(standsAlone ? mean : "(\(mean))")
        } else if operand.field.maskKeeps != nil {
          out.append(operand.reportText)
        } else {
          out.append(content.reportText)
        }
      case .number(let text): out.append(text)
      case .symbol(let symbol): out.append(NumberForm.minus(String(symbol)))
      }
    }
    return hasName ? joined(out) : nil
  }

  /// A mean as the sum over the count that it is. The quotient is kept unreduced for this.
  private static func mean(_ value: Trace.Value) -> String? {
    guard value.field.definition.hasPrefix("mean("), case .quotient = value.field.type,
      case .number(let quotient, let scale, _, let unit) = value.content,
      quotient.denominator > 1
    else { return nil }
    let sum = Trace.Content.number(
      Quotient(quotient.numerator), scale: scale, digits: scale, unit: .none)
    let count = NumberText.grouped(quotient.denominator, scale: 0)
    let name = unit.isNone ? "" : " " + UnitWords.text(unit, isOne: false)
    return "\(sum.bareText)\(name) / \(count)"
  }

  private enum Token {
    case name(String)
    case number(String)
    case symbol(Character)

    var isWeakOperator: Bool {
      if case .symbol(let symbol) = self { symbol == "+" || symbol == "-" } else { false }
    }
  }

  /// Names, numbers and `+ - * / ( )`; nil for anything else.
  private static func tokens(_ text: String) -> [Token]? {
    var tokens: [Token] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == " " {
        rest.removeFirst()
      } else if "+-*/()".contains(first) {
        tokens.append(.symbol(first))
        rest.removeFirst()
      } else if first.isLetter || first == "_" {
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        rest.removeFirst(name.count)
        // A call, or words of the language in a row: not plain arithmetic.
        if rest.first == "(" { return nil }
        if case .name = tokens.last { return nil }
        tokens.append(.name(String(name)))
      } else if first.isNumber {
        let number = rest.prefix { $0.isNumber || $0 == "." || $0 == "_" }
        rest.removeFirst(number.count)
        tokens.append(.number(number.map { $0 == "_" ? "," : String($0) }.joined()))
      } else {
        return nil
      }
    }
    return tokens
  }

  private static func joined(_ parts: [String]) -> String {
    var out = ""
    for part in parts {
      if out.isEmpty || out.hasSuffix("(") || part == ")" {
        out += part
      } else {
        out += " " + part
      }
    }
    return out
  }
}
