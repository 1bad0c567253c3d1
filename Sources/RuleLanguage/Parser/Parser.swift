import DataFields
package import SourceDiagnostics

/// Turns the tokens of a rule file into syntax, by recursive descent.
///
/// A fault is reported once, at the token where it shows; parsing goes on at the next line of a
/// block or at the next declaration, so that one run reports every independent fault of a file.
/// Depth is limited, so that no text can exhaust the stack.
package struct Parser {
  let file: Int
  let sources: SourceSet
  private let tokens: [Token]
  /// Offsets where the lexer has reported a fault: what follows on the line is a consequence.
  private let faultOffsets: [Int]
  var index = 0
  /// Tokens from here on do not exist for the construct being parsed (a line, a table cell).
  var limit: Int
  private var nextID: Int
  package private(set) var diagnostics: [Diagnostic] = []
  private var lastReported = -1
  private var faultsLeftOut = 0
  var depth = 0
  /// Where the construct being parsed begins: a fault there is about the token itself.
  var anchor = 0

  /// How deep expressions and blocks may nest.
  static let maximumDepth = 64
  /// How many operators of one precedence may stand in a row.
  static let maximumChain = 256
  /// How many faults of one file are reported.
  static let maximumDiagnostics = 100

  /// A fault has been reported; the construct is given up.
  struct Failure: Error {}

  private init(_ file: TokenizedFile, sources: SourceSet, faults: [Int], firstID: Int) {
    self.file = file.file
    self.sources = sources
    var tokens: [Token] = []
    tokens.reserveCapacity(file.tokens.count)
    var pendingLine = false
    for token in file.tokens {
      if token.kind == .unknown {
        pendingLine = pendingLine || token.startsLine
        continue
      }
      var token = token
      if pendingLine { token.startsLine = true }
      pendingLine = false
      tokens.append(token)
    }
    self.tokens = tokens
    self.limit = tokens.count - 1
    self.faultOffsets = faults
    self.nextID = firstID
  }

  /// Lexes and parses one file.
  ///
  /// - Parameter nextID: the first free node number; moved past those that are used.
  package static func parse(_ file: Int, of sources: SourceSet, nextID: inout Int)
    -> (RuleFileSyntax, TokenizedFile, [Diagnostic])
  {
    var (tokens, lexical) = Lexer.tokenize(file, of: sources)
    let faults = tokens.tokens.filter { $0.kind == .unknown }.map(\.range.lowerBound)
    var parser = Parser(tokens, sources: sources, faults: faults, firstID: nextID)
    let syntax = parser.parseFile()
    nextID = parser.nextID
    let all = (lexical + parser.diagnostics).sorted {
      ($0.position ?? SourcePosition(line: 0, column: 0))
        < ($1.position ?? SourcePosition(line: 0, column: 0))
    }
    let shown = Array(all.prefix(maximumDiagnostics))
    tokens.faultsLeftOut += parser.faultsLeftOut + all.count - shown.count
    return (syntax, tokens, shown)
  }

  // MARK: Tokens

  /// The current token; past the limit, an end.
  var token: Token { peek(0) }

  func peek(_ offset: Int) -> Token {
    let place = index + offset
    if place < limit { return tokens[place] }
    let end = limit > 0 ? tokens[limit - 1].range.upperBound : 0
    return Token(kind: .endOfFile, range: end..<end, startsLine: true)
  }

  var isAtEnd: Bool { index >= limit }

  func text(_ token: Token) -> String { sources.files[file].text(token.range) }

  func span(_ token: Token) -> SourceSpan { SourceSpan(file: file, range: token.range) }

  /// From `start` to the end of the last token taken.
  func span(from start: Token) -> SourceSpan {
    let end = index > 0 ? tokens[min(index, tokens.count) - 1].range.upperBound : 0
    return SourceSpan(
      file: file, range: start.range.lowerBound..<max(start.range.upperBound, end))
  }

  func isWord(_ word: String, at offset: Int = 0) -> Bool {
    let token = peek(offset)
    guard token.kind == .name, token.range.count == word.utf8.count else { return false }
    return sources.files[file].bytes[token.range].elementsEqual(word.utf8)
  }

  mutating func advance() { index = min(index + 1, max(limit, index)) }

  @discardableResult
  mutating func take(_ kind: TokenKind) -> Token? {
    let token = token
    guard token.kind == kind, !isAtEnd else { return nil }
    // A declaration's first word in the first column is no operand of the line before.
    if kind == .name, index > anchor, startsDeclaration { return nil }
    advance()
    return token
  }

  mutating func takeWord(_ word: String) -> Token? {
    guard isWord(word) else { return nil }
    let token = token
    advance()
    return token
  }

  mutating func expect(_ kind: TokenKind, _ purpose: String) throws(Failure) -> Token {
    if let token = take(kind) { return token }
    throw unexpected("expected \(purpose)")
  }

  @discardableResult
  mutating func expectWord(_ word: String) throws(Failure) -> Token {
    if let token = takeWord(word) { return token }
    throw unexpected("expected `\(word)`")
  }

  mutating func newID() -> NodeID {
    defer { nextID += 1 }
    return NodeID(nextID)
  }

  // MARK: Faults

  /// Reports that the current token is not what should stand here.
  ///
  /// Where a line ends too soon, the place is its end, not the next line's beginning.
  ///
  /// - Parameter near: what was probably meant, which is suggested.
  mutating func unexpected(_ message: String, help: [String] = [], near: String? = nil) -> Failure {
    let help = help + (near.map { ["did you mean `\($0)`?"] } ?? [])
    var token = token
    if token.startsLine, index > anchor, index > 0 {
      let end = tokens[min(index, tokens.count) - 1].range.upperBound
      let isLast = token.kind == .endOfFile && limit >= tokens.count - 1
      report(
        "X5", "\(message), found the end of the \(isLast ? "file" : "line")",
        SourceSpan(file: file, range: end..<end), help: help)
      return Failure()
    }
    token.startsLine = false
    let found: String
    switch token.kind {
    case .name: found = "`\(text(token).prefix(40))`"
    case .endOfFile:
      found = limit < tokens.count - 1 ? "the end of the line" : "the end of the file"
    default: found = token.kind.description
    }
    report(
      "X5", "\(message), found \(found)", span(token), help: help,
      fixIts: replacing(token, by: near))
    return Failure()
  }

  /// What was probably meant, in place of a token.
  func replacing(_ token: Token, by near: String?) -> [Diagnostic.FixIt] {
    near.map {
      [
        Diagnostic.FixIt(
          message: "replace by `\($0)`", file: sources.files[file].name,
          start: token.range.lowerBound, end: token.range.upperBound, replacement: $0)
      ]
    } ?? []
  }

  mutating func report(
    _ code: String, _ message: String, _ span: SourceSpan, help: [String] = [],
    fixIts: [Diagnostic.FixIt] = []
  ) {
    let place = span.range.lowerBound
    guard place != lastReported else { return }
    lastReported = place
    if followsFault(place) { return }
    guard diagnostics.count < Self.maximumDiagnostics else {
      faultsLeftOut += 1
      return
    }
    diagnostics.append(
      Diagnostic(
        code, .error, message, at: [(span, "")], in: sources, help: help, fixIts: fixIts))
  }

  /// Whether the lexer reported a fault on the same line before a place.
  private func followsFault(_ place: Int) -> Bool {
    var low = 0
    var high = faultOffsets.count
    while low < high {
      let middle = (low + high) / 2
      if faultOffsets[middle] <= place { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return false }
    let source = sources.files[file]
    return source.line(at: faultOffsets[low - 1]) == source.line(at: place)
  }

  // MARK: Recovery

  /// Whether the current token begins a declaration in the first column: the surest sign of a
  /// forgotten brace.
  var startsDeclaration: Bool { startsDeclaration(at: index) }

  private func startsDeclaration(at place: Int) -> Bool {
    guard place < tokens.count else { return false }
    let token = tokens[place]
    guard token.startsLine, token.kind == .name else { return false }
    let start = token.range.lowerBound
    guard start == 0 || sources.files[file].bytes[start - 1] == UInt8(ascii: "\n") else {
      return false
    }
    return Self.declarationWords.contains(text(token))
  }

  static let declarationWords: Set<String> = [
    "ruleset", "unit", "currency", "rates", "input", "event", "use", "let", "window", "scale",
    "align", "rank", "model", "decision", "override", "test", "property", "examples",
  ]

  /// The index after the last token of the line (or of the block that it opens).
  func endOfLine() -> Int {
    var place = index
    var open = 0
    while place < limit {
      let token = tokens[place]
      if place > index, token.startsLine, open == 0 || startsDeclaration(at: place) { break }
      switch token.kind {
      case .leftBrace: open += 1
      case .rightBrace:
        if open == 0 { return place }
        open -= 1
      default: break
      }
      place += 1
    }
    return place
  }

  /// Parses something within the current line; what is left over on the line is a fault.
  mutating func withinLine<T>(_ body: (inout Parser) throws(Failure) -> T) throws(Failure) -> T {
    let outer = limit
    let end = endOfLine()
    limit = end
    anchor = index
    defer { limit = outer }
    do throws(Failure) {
      let value = try body(&self)
      if index < end { throw unexpected("expected the end of the line") }
      return value
    } catch {
      index = max(index, end)
      throw error
    }
  }

  /// `{ ... }` whose content is parsed line by line, each line on its own.
  ///
  /// - Returns: whether every line was in order.
  @discardableResult
  mutating func lines(of what: String, _ body: (inout Parser) throws(Failure) -> Void)
    throws(Failure) -> Bool
  {
    var isWhole = true
    let open = try expect(.leftBrace, "`{` and the lines of \(what)")
    while true {
      if take(.rightBrace) != nil { return isWhole }
      if isAtEnd || startsDeclaration {
        report(
          "X5", "the `{` of \(what) is not closed", span(open),
          help: [
            "close it with `}` before line \(sources.files[file].line(at: token.range.lowerBound))"
          ])
        return false
      }
      let start = index
      do { try withinLine(body) } catch { isWhole = false }
      if index == start { advance() }
    }
  }

  mutating func limitReset() { limit = tokens.count - 1 }

  /// Skips to the next declaration.
  mutating func skipToDeclaration() {
    while !isAtEnd, !startsDeclaration { advance() }
  }

  /// Skips to the next token that starts a line.
  mutating func skipLine() {
    advance()
    while !isAtEnd, !token.startsLine { advance() }
  }
}
