/// How names, texts and numbers are spelled in rule text.
///
/// What is no name is spelled as a text in quotes: no argument can then become more than the one
/// token that it stands for, and the parser says at its place that a name is expected.
enum Spelling {
  static func name(_ name: String) -> String {
    isName(name[...]) ? name : quoted(name)
  }

  /// A name with hyphens: a ruleset's, a reason code.
  static func dashed(_ name: String) -> String {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    let isDashed =
      isName(parts[0])
      && parts.dropFirst().allSatisfy { part in
        isName(part) || !part.isEmpty && part.utf8.allSatisfy(isDigit)
      }
    return isDashed ? name : quoted(name)
  }

  /// Names joined by points: `enterprise.employees`.
  static func path(_ names: String...) -> String { names.map(name).joined(separator: ".") }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A whole number with `_` every three digits.
  static func integer(_ value: Int) -> String {
    var result = ""
    let digits = value.magnitude.description
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { result.append("_") }
      result.append(digit)
    }
    return value < 0 ? "-" + result : result
  }

  /// A number as it is written, `0.20`; with anything else than digits in it a text.
  static func number(_ text: String) -> String {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let isNumber =
      parts.count <= 2
      && parts.allSatisfy { part in
        part.utf8.first.map(isDigit) == true
          && part.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
      }
    return isNumber ? text : quoted(text)
  }

  /// A date as `2021-01-27`; with another shape a text.
  static func date(_ text: String) -> String {
    let utf8 = Array(text.utf8)
    let isDate =
      utf8.count == 10
      && utf8.enumerated().allSatisfy { place, byte in
        place == 4 || place == 7 ? byte == UInt8(ascii: "-") : isDigit(byte)
      }
    return isDate ? text : quoted(text)
  }

  private static func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
