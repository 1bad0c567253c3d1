/// The text of a reason, which shows values: `"Coverage \(coverage) is above size \(size)."`.
public struct ReasonText: Sendable, ExpressibleByStringInterpolation {
  let text: String

  public init(stringLiteral value: String) { text = Spelling.quoted(value) }

  public init(stringInterpolation: StringInterpolation) {
    text = Spelling.quoted(stringInterpolation.text)
  }

  /// Collects texts, and the names of values in braces.
  public struct StringInterpolation: StringInterpolationProtocol {
    var text = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    public mutating func appendLiteral(_ literal: String) { text += literal }

    /// Shows a value that has a name.
    public mutating func appendInterpolation<Kind: RuleType>(_ value: Value<Kind>) {
      text += "{\(value.text)}"
    }
  }
}

/// A reason's code and text, as rule text spells them; empty without a code.
func reasonClause(_ code: String?, _ text: ReasonText?) -> String {
  guard let code else { return "" }
  return " reason \(Spelling.dashed(code))" + (text.map { " \($0.text)" } ?? "")
}
