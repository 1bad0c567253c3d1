extension FormatPage {
  func kind(_ index: Int) -> TokenKind { source.file.tokens[index].kind }

  /// A token as it is written: a number with `_` every three digits.
  func word(_ index: Int) -> String { words[index] }

  static func words(of source: FormatSource) -> [String] {
    source.file.tokens.indices.map { index in
      let text = source.text(source.file.tokens[index].range)
      guard source.file.tokens[index].kind == .number, !source.isInHyphenatedName(index) else {
        return text
      }
      return grouped(text)
    }
  }

  /// `10000.5` as `10_000.5`; what stands after the point is left alone.
  static func grouped(_ number: String) -> String {
    let point = number.firstIndex(of: ".") ?? number.endIndex
    let digits = number[..<point].filter { $0 != "_" }
    guard let first = digits.first, first != "0" || digits.count == 1 else { return number }
    var result = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { result.append("_") }
      result.append(digit)
    }
    return result + number[point...]
  }

  /// Tokens on one line, with the spaces that belong between them.
  func text(_ tokens: Range<Int>) -> String {
    guard let first = tokens.first else { return "" }
    let lineWord = firstWord(of: first)
    var result = ""
    var depth = 0
    for index in tokens {
      if index > first {
        result += String(repeating: " ", count: gap(before: index, of: lineWord, depth: depth))
      }
      result += word(index)
      if kind(index) == .leftBrace { depth += 1 }
      if kind(index) == .rightBrace { depth -= 1 }
    }
    return result
  }

  /// The word that begins the line of a token.
  private func firstWord(of index: Int) -> String {
    var start = index
    while start > 0, !source.file.tokens[start].startsLine, index - start < 4096 { start -= 1 }
    return word(start)
  }

  private func gap(before index: Int, of line: String, depth: Int) -> Int {
    let left = kind(index - 1)
    let right = kind(index)
    switch (left, right) {
    case (.dot, _), (_, .dot), (.minus, _), (_, .minus), (.slash, _), (_, .slash):
      // `IP-01`, `-5`, `a - b`, `HUF/person`: the author's spaces mean something here.
      return source.isGlued(index) ? 0 : 1
    case (.name, .star)
    where source.isGlued(index) && isName(index + 1) && source.isGlued(index + 1),
      (.star, .name) where source.isGlued(index) && isName(index - 2) && source.isGlued(index - 1):
      // `metre*metre` is a unit: with spaces it would be a product.
      return 0
    case (.leftParenthesis, _), (.leftBracket, _), (_, .rightParenthesis), (_, .rightBracket),
      (_, .comma), (_, .colon):
      return 0
    case (.name, .leftParenthesis):
      return Self.wordsBeforeParentheses.contains(word(index - 1)) ? 1 : 0
    case (.name, .number), (.number, .name), (.name, .name), (.number, .number):
      if source.isGlued(index), source.isInHyphenatedName(index) { return 0 }
    default: break
    }
    if depth > 0, right == .name, left != .leftBrace, left != .comma {
      // `{ S "small"  M "medium" }`, `{ S below 5  M otherwise }`
      if line == "scale", left == .string { return 2 }
      if line == "rank", index + 1 < source.file.tokens.count,
        Self.wordsAfterLevels.contains(word(index + 1)),
        !Self.wordsAfterLevels.contains(word(index))
      {
        return 2
      }
    }
    return line == "feed" && left == .comma ? 2 : 1
  }

  private func isName(_ index: Int) -> Bool {
    source.file.tokens.indices.contains(index) && kind(index) == .name
  }

  static let wordsAfterLevels: Set<String> = ["below", "before", "up", "otherwise"]

  private static let wordsBeforeParentheses: Set<String> = [
    "and", "or", "not", "in", "is", "where", "when", "then", "otherwise", "over", "to", "as", "at",
    "by", "missing", "given", "expect", "set", "with", "step",
  ]
}
