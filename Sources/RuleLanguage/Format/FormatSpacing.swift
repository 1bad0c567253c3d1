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
    let lineWord = word(lineStarts[first])
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

  /// For each token, the one that begins its line.
  static func lineStarts(of source: FormatSource) -> [Int] {
    var start = 0
    return source.file.tokens.indices.map { index in
      if source.file.tokens[index].startsLine { start = index }
      return start
    }
  }

  private func gap(before index: Int, of line: String, depth: Int) -> Int {
    let left = kind(index - 1)
    let right = kind(index)
    switch (left, right) {
    case (.dot, _), (_, .dot): return source.isGlued(index) ? 0 : 1
    case (.slash, _), (.star, _): return isTight(index - 1) ? 0 : 1
    case (_, .slash), (_, .star): return isTight(index) ? 0 : 1
    case (.minus, _): return minusGap(index - 1, before: index)
    case (_, .minus): return minusGap(index, before: index)
    case (.leftParenthesis, _), (.leftBracket, _), (_, .rightParenthesis), (_, .rightBracket),
      (_, .comma), (_, .colon):
      return 0
    case (.name, .leftParenthesis):
      return Self.wordsBeforeParentheses.contains(word(index - 1)) ? 1 : 0
    case (.name, .number), (.number, .name), (.name, .name), (.number, .number):
      if source.isBound(index) { return 0 }
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

  /// Whether a `/` or `*` has no spaces: in `HUF/person`, and in `285792976/230` as it was written.
  private func isTight(_ sign: Int) -> Bool {
    if source.isInUnit(sign) { return true }
    guard kind(sign) == .slash, sign > 0, sign + 1 < source.file.tokens.count else { return false }
    return kind(sign - 1) == .number && kind(sign + 1) == .number && source.isGlued(sign)
      && source.isGlued(sign + 1)
  }

  /// The spaces on one side of a `-`: none in `IP-01`, none after the sign of a number, one on
  /// each side of a subtraction.
  private func minusGap(_ minus: Int, before index: Int) -> Int {
    if source.isInHyphenatedName(minus) { return source.isGlued(index) ? 0 : 1 }
    guard minus > 0, !source.file.tokens[minus].startsLine else {
      return source.isGlued(index) ? 0 : 1
    }
    switch kind(minus - 1) {
    case .number, .rightParenthesis, .string, .date: return 1
    case .name:
      let startsValue =
        Self.wordsBeforeParentheses.contains(word(minus - 1))
        || Self.wordsBeforeValues.contains(word(minus - 1))
      // After another name it may be either: the author's spaces say which.
      guard startsValue else { return source.isGlued(index) ? 0 : 1 }
    default: break
    }
    return index == minus ? gapBeforeSign(minus) : 0
  }

  private func gapBeforeSign(_ minus: Int) -> Int {
    switch kind(minus - 1) {
    case .leftParenthesis, .leftBracket: 0
    case .minus: source.isGlued(minus) ? 0 : 1
    default: 1
    }
  }

  private static let wordsBeforeValues: Set<String> = ["below", "before", "from", "until"]

  static let wordsAfterLevels: Set<String> = ["below", "before", "up", "otherwise"]

  private static let wordsBeforeParentheses: Set<String> = [
    "and", "or", "not", "in", "is", "where", "when", "then", "otherwise", "over", "to", "as", "at",
    "by", "missing", "given", "expect", "set", "with", "step",
  ]
}
