public import SourceDiagnostics

/// Lays out a rule file: one text for all files that differ in layout alone.
///
/// It works on tokens and comments, not on syntax nodes, so that a construct it knows nothing of
/// keeps its lines and its words. Lines stay where the author broke them, except in rules, which
/// take one line where they fit. Nothing is reordered and no comment is lost.
public enum RuleFormatter {
  /// How wide a rule on one line may be.
  static let lineWidth = 100

  /// The file laid out.
  ///
  /// The result is read again before it is handed out; if it did not hold the same tokens, lines
  /// and comments, that is an error (X9), and the file is best left alone.
  ///
  /// - Throws: the faults of a file that is not well-formed.
  /// - Complexity: O(n) in the size of the file.
  public static func format(_ bytes: [UInt8], name: String) throws(DiagnosticsError) -> [UInt8] {
    if let fault = RulesetLoader.sizeFault(bytes, name: name) { throw DiagnosticsError(fault) }
    let before = FormatSource(parsing: bytes, name: name)
    if !before.faults.isEmpty { throw DiagnosticsError(before.faults) }
    let result = Array(FormatPage(before).text().utf8)
    try check(result, against: before, name: name)
    return result
  }

  /// Throws X9 if a file does not say the same as the one that it is the layout of.
  package static func check(
    _ result: [UInt8], against original: [UInt8], name: String
  ) throws(DiagnosticsError) {
    try check(result, against: FormatSource(original, name: name), name: name)
  }

  private static func check(
    _ result: [UInt8], against before: FormatSource, name: String
  ) throws(DiagnosticsError) {
    let after = FormatSource(result, name: name)
    let difference = after.faults.isEmpty ? after.firstDifference(from: before) : 0
    guard let difference else { return }
    let token = before.file.tokens[min(difference, before.file.tokens.count - 1)]
    let position = SourceFile(name: name, bytes: before.bytes).position(at: token.range.lowerBound)
    throw DiagnosticsError(
      Diagnostic(
        code: "X9", message: "the layout of this file would change what it says", file: name,
        position: position, help: ["the file is left as it is; please report it to the project"]))
  }
}

/// The tokens and comments of a file, with their texts.
struct FormatSource {
  var bytes: [UInt8]
  var file: TokenizedFile
  var faults: [Diagnostic]
  /// What each token is part of.
  private var bonds: [Bond]

  private enum Bond { case none, hyphen, unit }

  /// The tokens, with the faults of the lexer.
  init(_ bytes: [UInt8], name: String) {
    var sources = SourceSet()
    let index = sources.add(SourceFile(name: name, bytes: bytes))
    let (file, diagnostics) = Lexer.tokenize(index, of: sources)
    self.bytes = bytes
    self.file = file
    self.faults = diagnostics.filter { $0.severity == .error }
    self.bonds = []
    bond()
  }

  /// The tokens, with the faults of the parser too.
  init(parsing bytes: [UInt8], name: String) {
    var sources = SourceSet()
    let index = sources.add(SourceFile(name: name, bytes: bytes))
    var nextID = 1
    let (_, file, diagnostics) = Parser.parse(index, of: sources, nextID: &nextID)
    self.bytes = bytes
    self.file = file
    self.faults = diagnostics.filter { $0.severity == .error }
    self.bonds = []
    bond()
  }

  /// Finds the names with hyphens and the units.
  private mutating func bond() {
    bonds = Array(repeating: .none, count: file.tokens.count)
    var start = 0
    while start < file.tokens.count {
      var end = start + 1
      while end < file.tokens.count, isGlued(end), isPart(end), isPart(end - 1) { end += 1 }
      // `below- 24`: a sign at the end is the next value's.
      let last = (start..<end).last { file.tokens[$0].kind != .minus } ?? start
      // `5-a-1` takes 1 from the number and the name that follow each other without spaces.
      if let first = (start...last).first(where: { file.tokens[$0].kind == .name }),
        (first...last).contains(where: { file.tokens[$0].kind == .minus })
      {
        for index in first...last { bonds[index] = .hyphen }
      }
      start = end
    }
    for index in file.tokens.indices where takesUnit(index) {
      // After a number or a type: names without spaces around the signs between them.
      var sign = index + 2
      while sign + 1 < file.tokens.count, isGlued(sign), isGlued(sign + 1),
        file.tokens[sign].kind == .slash || file.tokens[sign].kind == .star,
        file.tokens[sign + 1].kind == .name
      {
        bonds[sign] = .unit
        sign += 2
      }
    }
  }

  private func isPart(_ index: Int) -> Bool {
    switch file.tokens[index].kind {
    case .name, .number, .minus: true
    default: false
    }
  }

  /// Whether the name after a token is its unit: `5 HUF`, `int HUF`, `decimal(2) HUF`.
  private func takesUnit(_ index: Int) -> Bool {
    guard index + 1 < file.tokens.count, file.tokens[index + 1].kind == .name,
      !file.tokens[index + 1].startsLine
    else { return false }
    switch file.tokens[index].kind {
    case .number: return true
    case .name: return isWord("int", index)
    case .rightParenthesis: return index > 2 && isWord("decimal", index - 3)
    default: return false
    }
  }

  private func isWord(_ word: String, _ index: Int) -> Bool {
    bytes[file.tokens[index].range].elementsEqual(word.utf8)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// A comment without the spaces at its end.
  func text(_ comment: RuleComment) -> String {
    var range = comment.range
    while let last = bytes[range].last,
      last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") || last == UInt8(ascii: "\r")
    {
      range = range.lowerBound..<(range.upperBound - 1)
    }
    return text(range)
  }

  /// Whether nothing stands between a token and the one before it.
  func isGlued(_ index: Int) -> Bool {
    index > 0 && file.tokens[index - 1].range.upperBound == file.tokens[index].range.lowerBound
  }

  /// Whether a token belongs to a name with hyphens, `IP-01`, whose parts must stay together.
  func isInHyphenatedName(_ index: Int) -> Bool { bonds[index] == .hyphen }

  /// Whether a `/` or `*` stands in a unit, `HUF/person`, whose parts must stay together.
  func isInUnit(_ sign: Int) -> Bool { bonds[sign] == .unit }

  /// Whether a token is the word of a declaration in the first column.
  func startsDeclaration(_ index: Int) -> Bool {
    let start = file.tokens[index].range.lowerBound
    return isWordOfDeclaration(index) && (start == 0 || bytes[start - 1] == UInt8(ascii: "\n"))
  }

  /// Whether a token would be the word of a declaration in the first column.
  func isWordOfDeclaration(_ index: Int) -> Bool {
    let token = file.tokens[index]
    return token.startsLine && token.kind == .name
      && Parser.declarationWords.contains(text(token.range))
  }

  /// Whether a token is the second or a later part of a name with hyphens or of a unit.
  func isBound(_ index: Int) -> Bool {
    guard isGlued(index) else { return false }
    return isInUnit(index) || isInUnit(index - 1)
      || (isInHyphenatedName(index) && isInHyphenatedName(index - 1))
  }

  /// The first token, by index, at which the other file says something else: the same are the
  /// tokens but for `_` in numbers, the line breaks but for those before `when` and `then`, the
  /// comments, and which tokens make one name or unit.
  func firstDifference(from other: FormatSource) -> Int? {
    for index in 0..<min(file.tokens.count, other.file.tokens.count) {
      let mine = file.tokens[index]
      let theirs = other.file.tokens[index]
      guard mine.kind == theirs.kind, isSame(mine, theirs, other) else { return index }
      if mine.startsLine != theirs.startsLine, mine.kind != .name { return index }
      if mine.startsLine != theirs.startsLine {
        let word = text(mine.range)
        if word != "when", word != "then" { return index }
      }
      if other.startsDeclaration(index) != startsDeclaration(index) { return index }
      switch mine.kind {
      case .name, .number, .minus:
        if isInHyphenatedName(index) != other.isInHyphenatedName(index) { return index }
      case .slash, .star:
        if isInUnit(index) != other.isInUnit(index) { return index }
      default: break
      }
    }
    if file.tokens.count != other.file.tokens.count {
      return min(file.tokens.count, other.file.tokens.count)
    }
    for (mine, theirs) in zip(file.comments, other.file.comments)
    where text(mine) != other.text(theirs) || mine.beforeToken != theirs.beforeToken {
      return theirs.beforeToken
    }
    return file.comments.count == other.file.comments.count ? nil : 0
  }

  private func isSame(_ mine: Token, _ theirs: Token, _ other: FormatSource) -> Bool {
    let a = bytes[mine.range]
    let b = other.bytes[theirs.range]
    if a.elementsEqual(b) { return true }
    guard mine.kind == .number else { return false }
    let underscore = UInt8(ascii: "_")
    return a.lazy.filter { $0 != underscore }.elementsEqual(b.lazy.filter { $0 != underscore })
  }
}
