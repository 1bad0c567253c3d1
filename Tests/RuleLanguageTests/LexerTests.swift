import RuleLanguage
import SourceDiagnostics
import Testing

@Suite struct LexerTests {
  private func tokens(_ text: String) -> ([TokenKind], [String], [Diagnostic]) {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: "r.rules", text: text))
    let (tokenized, diagnostics) = Lexer.tokenize(file, of: sources)
    let source = sources.files[file]
    return (
      tokenized.tokens.map(\.kind), tokenized.tokens.map { source.text($0.range) }, diagnostics
    )
  }

  @Test func `every operator is one token`() {
    let (kinds, _, diagnostics) = tokens(
      "{ } ( ) [ ] , : . = == != < <= > >= + - * / -> ... ..< | ||")
    #expect(
      kinds == [
        .leftBrace, .rightBrace, .leftParenthesis, .rightParenthesis, .leftBracket,
        .rightBracket, .comma, .colon, .dot, .equal, .equalEqual, .notEqual, .less, .lessEqual,
        .greater, .greaterEqual, .plus, .minus, .star, .slash, .arrow, .closedRange,
        .halfOpenRange, .bar, .doubleBar, .endOfFile,
      ])
    #expect(diagnostics.isEmpty)
  }

  @Test func `numbers, dates and ranges are told apart`() {
    let (kinds, texts, _) = tokens("1_000_000 0.20 2021-01-01 1...5 1..<5 20210-01-01 7 d")
    #expect(
      kinds == [
        .number, .number, .date, .number, .closedRange, .number, .number, .halfOpenRange, .number,
        .number, .minus, .number, .minus, .number, .number, .name, .endOfFile,
      ])
    #expect(texts[1] == "0.20")
  }

  @Test func `comments are kept beside the tokens`() {
    var sources = SourceSet()
    let file = sources.add(
      SourceFile(name: "r.rules", text: "/// of a\na // after a\n// before b\nb"))
    let (tokenized, _) = Lexer.tokenize(file, of: sources)
    #expect(tokenized.comments.map(\.isDocumentation) == [true, false, false])
    #expect(tokenized.comments.map(\.beforeToken) == [0, 1, 1])
    #expect(tokenized.tokens.map(\.startsLine) == [true, true, true])
  }

  @Test func `a text that is not closed ends at its line`() {
    let (kinds, texts, diagnostics) = tokens("a \"open\nb")
    #expect(kinds == [.name, .string, .name, .endOfFile])
    #expect(texts[1] == "\"open")
    #expect(diagnostics.map(\.code) == ["X2"])
  }

  @Test(arguments: [
    ("a § b", "X1"), ("a \u{202E} b", "X8"), ("\"a\u{200B}\"", "X8"), ("// \u{2066}x", "X8"),
    ("a \u{0} b", "X8"), ("a ; b", "X1"), ("a .. b", "X1"), ("\u{0430}bc", "X1"),
  ])
  func `a character without meaning is reported once`(_ text: String, _ code: String) {
    #expect(tokens(text).2.map(\.code) == [code])
  }

  @Test func `bytes that are not UTF-8 are reported`() {
    var sources = SourceSet()
    let file = sources.add(
      SourceFile(name: "r.rules", bytes: [0x61, 0x20, 0xC3, 0x28, 0x20, 0xFF, 0xFE]))
    let (tokenized, diagnostics) = Lexer.tokenize(file, of: sources)
    #expect(Set(diagnostics.map(\.code)) == ["X1"])
    #expect(tokenized.tokens.last?.kind == .endOfFile)
  }
}
