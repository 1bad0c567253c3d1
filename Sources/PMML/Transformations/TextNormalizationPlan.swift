internal import SourceDiagnostics
internal import TextPatterns

/// A table that texts are rewritten by before terms are looked for.
struct TextNormalizationPlan: Sendable {
  enum Row: Sendable {
    /// "If there is a regexField column and its value for that row is true, then the string in the
    /// inField column should be treated as a PCRE regular expression."
    case pattern(TextPattern, replacement: String)
    /// Words that stand one after the other.
    case words([String], replacement: String)
  }

  let rows: [Row]
  let tokenizer: Tokenizer
  let maximumDistance: Int
  let isRecursive: Bool
  private static let passLimit = 100

  /// The text as the table rewrites it, row by row; nil if there is no end to it.
  ///
  /// "If the recursive flag is set to true, then the normalization table is reapplied until none of its
  /// rows causes a change to the input text."
  func normalize(_ text: String) -> String? {
    var text = text
    let sizeLimit = (1 << 16) + 16 * text.utf8.count
    // Bytes that rows look through, each a match that may be tried: twice those of a pass, or of many
    // passes over a short text.
    var work = (1 << 19) + 2 * rows.count * text.utf8.count
    for _ in 0..<Self.passLimit {
      var rewritten = text
      for row in rows {
        work -= rewritten.utf8.count
        guard work >= 0, let next = apply(row, rewritten), next.utf8.count <= sizeLimit else {
          return nil
        }
        rewritten = next
      }
      if !isRecursive || rewritten == text { return rewritten }
      text = rewritten
    }
    return nil
  }

  private func apply(_ row: Row, _ text: String) -> String? {
    switch row {
    case .pattern(let pattern, let replacement):
      return pattern.replacing(in: text, with: replacement)
    case .words(let wanted, let replacement):
      return replace(wanted, by: replacement, in: text)
    }
  }

  /// Replaces words, from left to right; what is between and around them stays.
  private func replace(_ wanted: [String], by replacement: String, in text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let places = tokenizer.ranges(in: bytes) else { return nil }
    guard !wanted.isEmpty, places.count >= wanted.count else { return text }
    let words = places.map { place in
      let word = String(decoding: bytes[place], as: UTF8.self)
      return tokenizer.isCaseSensitive ? word : word.lowercased()
    }
    var output: [UInt8] = []
    var copied = 0
    var start = 0
    while start + wanted.count <= words.count {
      let window = words[start..<(start + wanted.count)]
      guard TextIndexPlan.distance(window, wanted, atMost: maximumDistance) != nil else {
        start += 1
        continue
      }
      output += bytes[copied..<places[start].lowerBound] + Array(replacement.utf8)
      copied = places[start + wanted.count - 1].upperBound
      start += wanted.count
    }
    return String(decoding: output + bytes[copied...], as: UTF8.self)
  }
}

extension ModelCompiler {
  /// The tables that an index rewrites texts by; what they do not say is as the index says it.
  func normalizations(_ index: TextIndex, line: Int) -> [TextNormalizationPlan] {
    index.normalizations.compactMap { table in
      if let known = textNormalizations[table.number] { return known }
      let plan = compile(table, of: index)
      textNormalizations[table.number] = .some(plan)
      return plan
    }
  }

  private func compile(
    _ table: TextIndexNormalization, of index: TextIndex
  ) -> TextNormalizationPlan? {
    let isCaseSensitive = table.isCaseSensitive ?? index.isCaseSensitive
    let isTokenized = table.isTokenized ?? index.isTokenized
    let distance = table.maximumDistance ?? index.maximumDistance
    let isOwn = table.separator != nil || table.word != nil
    guard
      let separator = pattern(table.separator ?? index.separator, line: table.line)
    else { return nil }
    let word = isOwn ? table.word : index.word
    let tokenizer = Tokenizer(
      separator: separator, word: word.flatMap { pattern($0, line: table.line) },
      isCaseSensitive: isCaseSensitive, number: -1)
    if !isTokenized, distance > 0 {
      reader.report(
        "P9", "a distance is one of words, and the text is not taken as words", line: table.line)
    }
    var rows: [TextNormalizationPlan.Row] = []
    let flag = isCaseSensitive ? "" : "(?i)"
    for row in table.rows {
      if row.isPattern || !isTokenized {
        let text = row.isPattern ? row.text : Self.quoted(row.text)
        guard let pattern = pattern(flag + text, line: table.line) else { return nil }
        // A dollar stands for a group in patterns only.
        let replacement =
          row.isPattern ? row.replacement : row.replacement.replacing("$", with: "$$")
        rows.append(.pattern(pattern, replacement: replacement))
      } else {
        rows.append(.words(tokenizer.words(of: row.text) ?? [], replacement: row.replacement))
      }
    }
    return TextNormalizationPlan(
      rows: rows, tokenizer: tokenizer, maximumDistance: distance, isRecursive: table.isRecursive)
  }

  /// A pattern that a text alone matches.
  private static func quoted(_ text: String) -> String {
    "\\Q" + text.replacing("\\E", with: "\\E\\\\E\\Q") + "\\E"
  }

  /// A pattern as PCRE2 writes it: Java's `\p{Punct}` is the punctuation of ASCII.
  static func perlPattern(_ pattern: String) -> String {
    guard pattern.contains("\\p{Punct}") else { return pattern }
    var text = ""
    var rest = pattern[...]
    var isInClass = false
    while let first = rest.first {
      if rest.hasPrefix("\\p{Punct}") {
        text += isInClass ? "!-/:-@\\[-`{-~" : "[!-/:-@\\[-`{-~]"
        rest = rest.dropFirst("\\p{Punct}".count)
        continue
      }
      if first == "\\", rest.count > 1 {
        text += rest.prefix(2)
        rest = rest.dropFirst(2)
        continue
      }
      if first == "[" { isInClass = true }
      if first == "]" { isInClass = false }
      text.append(first)
      rest = rest.dropFirst()
    }
    return text
  }
}
