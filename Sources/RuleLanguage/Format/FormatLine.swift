/// One line of a file that is being laid out: its words, and the comment at its end.
struct FormatLine {
  /// Indices of tokens; empty for a comment that has a line of its own.
  var tokens: Range<Int>
  var comment: String?
  var hasBlankBefore = false
  var indent = 0
  /// The first word of the line that opened the block around this one.
  var block = ""
  /// How many parentheses and brackets are open where the line begins.
  var openParentheses = 0

  var isComment: Bool { tokens.isEmpty }
}

extension FormatPage {
  /// The file's own lines.
  static func lines(of source: FormatSource) -> [FormatLine] {
    var lines: [FormatLine] = []
    let tokens = source.file.tokens
    var comment = 0
    var end = 0
    func breaks(until place: Int) -> Int {
      var count = 0
      for byte in source.bytes[end..<max(end, place)] where byte == UInt8(ascii: "\n") {
        count += 1
      }
      return count
    }
    for index in tokens.indices {
      while comment < source.file.comments.count,
        source.file.comments[comment].beforeToken == index
      {
        let next = source.file.comments[comment]
        let count = breaks(until: next.range.lowerBound)
        if count == 0, let last = lines.indices.last, lines[last].comment == nil {
          lines[last].comment = source.text(next)
        } else {
          lines.append(
            FormatLine(
              tokens: index..<index, comment: source.text(next), hasBlankBefore: count > 1))
        }
        end = next.range.upperBound
        comment += 1
      }
      let token = tokens[index]
      if token.kind == .endOfFile { break }
      if token.startsLine || lines.isEmpty {
        lines.append(
          FormatLine(
            tokens: index..<(index + 1),
            hasBlankBefore: breaks(until: token.range.lowerBound) > 1))
      } else {
        let last = lines.count - 1
        lines[last].tokens = lines[last].tokens.lowerBound..<(index + 1)
      }
      end = token.range.upperBound
    }
    return lines
  }

  /// Gives each line its block and its indentation.
  mutating func indent() {
    var blocks: [String] = []
    var open = 0
    var isInTable = false
    var isInRule = false
    var last = ""
    for place in lines.indices where !lines[place].isComment {
      let tokens = lines[place].tokens
      let first = word(tokens.lowerBound)
      var depth = blocks.count
      for index in tokens {
        guard kind(index) == .rightBrace, depth > 0 else { break }
        depth -= 1
      }
      let block = depth == blocks.count ? blocks.last ?? "" : ""
      lines[place].block = block
      lines[place].openParentheses = open
      var indent = depth
      let startsWithWordOfRule = first == "when" || first == "then"
      if first == "rule" || first == "otherwise" || first == "table" || first == "}" {
        isInRule = first == "rule" || (first == "otherwise" && block == "decision")
      }
      if block == "decision" {
        if first == "table" { isInTable = true } else if first == "rule" { isInTable = false }
      } else {
        isInTable = false
      }
      if blocks.isEmpty, source.startsDeclaration(tokens.lowerBound) {
        // The first column ends what is before it, even what seems to go on.
        open = 0
        lines[place].openParentheses = 0
      } else if open > 0 || Self.continuing.contains(first) || Self.continued.contains(last) {
        indent += isInRule && block == "decision" ? 2 : 1
      } else if startsWithWordOfRule, block == "decision" || block == "" {
        indent += 1
      } else if isInTable, first != "table", hasBar(tokens) {
        indent += 1
      }
      if indent == 0, source.isWordOfDeclaration(tokens.lowerBound),
        !source.startsDeclaration(tokens.lowerBound)
      {
        indent = 1
      }
      lines[place].indent = indent
      for index in tokens {
        switch kind(index) {
        case .leftBrace:
          // `price list of {` in a record: the lines in it are fields again.
          let isList = index >= 2 && word(index - 1) == "of" && word(index - 2) == "list"
          blocks.append(isList ? "list" : first)
        case .rightBrace: _ = blocks.popLast()
        case .leftParenthesis, .leftBracket: open += 1
        case .rightParenthesis, .rightBracket: open = max(0, open - 1)
        default: break
        }
      }
      // A row of a table may end in `*`, which is no product.
      last = hasBar(tokens) ? "" : word(tokens.upperBound - 1)
    }
    indentComments()
  }

  /// A comment on its own line stands as deep as the line that it is about.
  private mutating func indentComments() {
    var following: FormatLine?
    for place in lines.indices.reversed() {
      if lines[place].isComment {
        guard let following else { continue }
        let closes = kind(following.tokens.lowerBound) == .rightBrace
        lines[place].indent = following.indent + (closes ? 1 : 0)
        lines[place].block = following.block
      } else {
        following = lines[place]
      }
    }
  }

  /// Words and signs that begin the second line of something.
  private static let continuing: Set<String> = [
    "and", "or", "where", "over", "+", "*", "/", "==", "!=", "<", "<=", ">", ">=", ",", "=", "...",
    "..<", "->",
  ]
  /// Words and signs that are followed by the rest of something.
  private static let continued: Set<String> = [
    "and", "or", "not", "where", "when", "then", "+", "-", "*", "/", "==", "!=", "<", "<=", ">",
    ">=", ",", "=", "...", "..<", "->",
  ]

  /// Whether braces close within the line, but for one at its end that opens a block.
  func keepsBracesTogether(_ tokens: Range<Int>) -> Bool {
    var depth = 0
    for index in tokens {
      if kind(index) == .rightBrace { depth -= 1 }
      if depth < 0 { return false }
      if kind(index) == .leftBrace {
        depth += 1
        if index + 1 == tokens.upperBound { depth -= 1 }
      }
    }
    return depth == 0
  }

  func hasBar(_ tokens: Range<Int>) -> Bool {
    tokens.contains { kind($0) == .bar || kind($0) == .doubleBar }
  }

  /// A rule takes one line if it fits; else `when` and `then` have lines of their own.
  mutating func layRules() {
    var result: [FormatLine] = []
    var place = 0
    while place < lines.count {
      let line = lines[place]
      let first = line.isComment ? "" : word(line.tokens.lowerBound)
      guard line.block == "decision", first == "rule" || first == "otherwise" else {
        result.append(line)
        place += 1
        continue
      }
      var end = place
      while end + 1 < lines.count, lines[end].comment == nil, !lines[end + 1].isComment,
        !lines[end + 1].hasBlankBefore,
        ["when", "then"].contains(word(lines[end + 1].tokens.lowerBound)),
        lines[end + 1].openParentheses == 0
      {
        end += 1
      }
      result += laid(line, until: lines[end])
      place = end + 1
    }
    lines = result
  }

  private func laid(_ first: FormatLine, until last: FormatLine) -> [FormatLine] {
    var whole = first
    whole.tokens = first.tokens.lowerBound..<last.tokens.upperBound
    whole.comment = last.comment
    let hasBraces = whole.tokens.contains { kind($0) == .leftBrace || kind($0) == .rightBrace }
    if hasBraces || first.indent * 2 + text(whole.tokens).count <= RuleFormatter.lineWidth {
      // Braces on a rule's line are another's block: such lines are left to their author.
      return hasBraces && first.tokens != last.tokens ? [first, last] : [whole]
    }
    var parts: [FormatLine] = []
    var start = whole.tokens.lowerBound
    var depth = 0
    for index in whole.tokens {
      switch kind(index) {
      case .leftParenthesis, .leftBracket: depth += 1
      case .rightParenthesis, .rightBracket: depth -= 1
      default: break
      }
      let word = word(index)
      if depth == 0, word == "when" || word == "then", index > start,
        !source.isInHyphenatedName(index), !source.isBound(index)
      {
        parts.append(part(of: whole, start..<index, isFirst: parts.isEmpty))
        start = index
      }
    }
    parts.append(part(of: whole, start..<whole.tokens.upperBound, isFirst: parts.isEmpty))
    parts[parts.count - 1].comment = whole.comment
    return parts
  }

  private func part(of line: FormatLine, _ tokens: Range<Int>, isFirst: Bool) -> FormatLine {
    var part = line
    part.tokens = tokens
    part.comment = nil
    if !isFirst {
      part.indent += 1
      part.hasBlankBefore = false
    }
    return part
  }
}
