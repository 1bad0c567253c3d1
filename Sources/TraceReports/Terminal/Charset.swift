/// Fits text to what can be printed: symbols to ASCII where that is all there is, and nothing that
/// would steer the terminal.
package struct Charset: Sendable, Hashable {
  package var usesUnicode: Bool

  package init(usesUnicode: Bool) { self.usesUnicode = usesUnicode }

  /// The text as it may be printed. Layout measures the result, since a fallback can be longer.
  ///
  /// Values come from outside: control characters and the marks that reverse the direction of
  /// text are shown by their numbers, so that no value can hide or forge part of a page.
  package func fitted(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var out = ""
    for scalar in text.unicodeScalars {
      if Self.isUnsafe(scalar) || scalar == "\u{7F}" {
        out += Self.number(scalar)
      } else if scalar.isASCII || usesUnicode {
        out.unicodeScalars.append(scalar)
      } else {
        out += Self.fallbacks[scalar] ?? Self.number(scalar)
      }
    }
    return out
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
    case .format: scalar != "\u{200D}"
    default: false
    }
  }

  private static func number(_ scalar: Unicode.Scalar) -> String {
    "\\u{" + String(scalar.value, radix: 16) + "}"
  }

  private static let fallbacks: [Unicode.Scalar: String] = [
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+",
    "✗": "x", "✓": "*", "·": "-", "●": "O", "•": "*",
    "█": "#", "▉": "#", "▊": "#", "▋": "#", "▌": "#", "▍": ":", "▎": ":", "▏": ":", "▒": "=",
    "−": "-", "±": "+-", "–": "-", "→": "->", "≠": "!=", "≥": ">=", "≤": "<=", "…": "..",
  ]
}
