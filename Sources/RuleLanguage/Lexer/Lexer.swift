package import SourceDiagnostics

/// Turns the bytes of a rule file into tokens.
///
/// Any bytes give tokens: what is no token is reported once per run of such bytes and skipped.
///
/// - Complexity: O(n) in the size of the file.
package struct Lexer {
  private let bytes: [UInt8]
  private let file: Int
  private let sources: SourceSet
  private var index = 0
  private var startsLine = true
  private var tokens: [Token] = []
  private var comments: [RuleComment] = []
  private var diagnostics: [Diagnostic] = []
  private var faultsLeftOut = 0

  private init(file: Int, sources: SourceSet) {
    self.file = file
    self.sources = sources
    self.bytes = sources.files[file].bytes
  }

  /// The tokens of a file, and what is wrong with its characters.
  package static func tokenize(_ file: Int, of sources: SourceSet)
    -> (TokenizedFile, [Diagnostic])
  {
    var lexer = Lexer(file: file, sources: sources)
    lexer.run()
    return (
      TokenizedFile(
        file: file, tokens: lexer.tokens, comments: lexer.comments,
        faultsLeftOut: lexer.faultsLeftOut), lexer.diagnostics
    )
  }

  private mutating func run() {
    // A byte order mark is no part of the text.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    while index < bytes.count { next() }
    tokens.append(
      Token(kind: .endOfFile, range: bytes.count..<bytes.count, startsLine: true))
  }

  private func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  private mutating func emit(_ kind: TokenKind, length: Int) {
    tokens.append(Token(kind: kind, range: index..<(index + length), startsLine: startsLine))
    startsLine = false
    index += length
  }

  private mutating func report(
    _ code: String, _ message: String, _ range: Range<Int>, help: [String] = []
  ) {
    guard diagnostics.count < Parser.maximumDiagnostics else {
      faultsLeftOut += 1
      return
    }
    diagnostics.append(
      Diagnostic(
        code, .error, message, at: [(SourceSpan(file: file, range: range), "")], in: sources,
        help: help))
  }

  private mutating func next() {
    let first = bytes[index]
    switch first {
    case UInt8(ascii: "\n"):
      startsLine = true
      index += 1
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      index += 1
    case UInt8(ascii: "\""):
      string()
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      number()
    case _ where Self.startsName(first):
      var end = index + 1
      while end < bytes.count, Self.continuesName(bytes[end]) { end += 1 }
      emit(.name, length: end - index)
    case UInt8(ascii: "/") where byte(index + 1) == UInt8(ascii: "/"):
      comment()
    default:
      if let (kind, length) = punctuation() { emit(kind, length: length) } else { unknown() }
    }
  }

  private static func startsName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func continuesName(_ byte: UInt8) -> Bool {
    startsName(byte) || isDigit(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func comment() {
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    var end = index
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    reportHidden(in: start..<end)
    comments.append(
      RuleComment(
        range: start..<end,
        isDocumentation: byte(start + 2) == UInt8(ascii: "/")
          && byte(start + 3) != UInt8(ascii: "/"),
        beforeToken: tokens.count))
  }

  private mutating func string() {
    var end = index + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\"") {
      // A backslash takes the next character with it, unless the line ends there.
      if bytes[end] == UInt8(ascii: "\\"), byte(end + 1) != UInt8(ascii: "\n") { end += 1 }
      end += 1
    }
    end = min(end, bytes.count)
    let closed = end < bytes.count && bytes[end] == UInt8(ascii: "\"")
    if closed {
      end += 1
    } else {
      if end > index + 1, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      report(
        "X2", "a text that is not closed on its line", index..<end,
        help: ["end it with `\"` on the same line"])
    }
    let range = index..<end
    reportHidden(in: range)
    emit(.string, length: end - index)
  }

  private mutating func number() {
    if let length = dateLength() {
      emit(.date, length: length)
      return
    }
    var end = index
    func digits(_ start: Int) -> Int {
      var end = start
      while end < bytes.count, Self.isDigit(bytes[end]) || bytes[end] == UInt8(ascii: "_") {
        end += 1
      }
      return end
    }
    end = digits(end)
    if byte(end) == UInt8(ascii: "."), Self.isDigit(byte(end + 1)) { end = digits(end + 1) }
    emit(.number, length: end - index)
  }

  /// `dddd-dd-dd`, not followed by a digit.
  private func dateLength() -> Int? {
    guard index + 10 <= bytes.count, !Self.isDigit(byte(index + 10)) else { return nil }
    for offset in 0..<10 {
      let byte = bytes[index + offset]
      let expectsDash = offset == 4 || offset == 7
      guard expectsDash ? byte == UInt8(ascii: "-") : Self.isDigit(byte) else { return nil }
    }
    return 10
  }

  private func punctuation() -> (TokenKind, Int)? {
    let second = byte(index + 1)
    switch bytes[index] {
    case UInt8(ascii: "{"): return (.leftBrace, 1)
    case UInt8(ascii: "}"): return (.rightBrace, 1)
    case UInt8(ascii: "("): return (.leftParenthesis, 1)
    case UInt8(ascii: ")"): return (.rightParenthesis, 1)
    case UInt8(ascii: "["): return (.leftBracket, 1)
    case UInt8(ascii: "]"): return (.rightBracket, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: ":"): return (.colon, 1)
    case UInt8(ascii: "="):
      return second == UInt8(ascii: "=") ? (.equalEqual, 2) : (.equal, 1)
    case UInt8(ascii: "!"):
      return second == UInt8(ascii: "=") ? (.notEqual, 2) : nil
    case UInt8(ascii: "<"):
      return second == UInt8(ascii: "=") ? (.lessEqual, 2) : (.less, 1)
    case UInt8(ascii: ">"):
      return second == UInt8(ascii: "=") ? (.greaterEqual, 2) : (.greater, 1)
    case UInt8(ascii: "+"): return (.plus, 1)
    case UInt8(ascii: "-"):
      return second == UInt8(ascii: ">") ? (.arrow, 2) : (.minus, 1)
    case UInt8(ascii: "*"): return (.star, 1)
    case UInt8(ascii: "/"): return (.slash, 1)
    case UInt8(ascii: "|"):
      return second == UInt8(ascii: "|") ? (.doubleBar, 2) : (.bar, 1)
    case UInt8(ascii: "."):
      guard second == UInt8(ascii: ".") else { return (.dot, 1) }
      switch byte(index + 2) {
      case UInt8(ascii: "."): return (.closedRange, 3)
      case UInt8(ascii: "<"): return (.halfOpenRange, 3)
      default: return nil
      }
    default: return nil
    }
  }

  /// A run of characters that begin no token, reported once.
  private mutating func unknown() {
    let start = index
    while index < bytes.count, index < start + 64 {
      let byte = bytes[index]
      if index > start {
        if byte < 0x80, byte > 0x20, byte != 0x7F { break }
        if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") {
          break
        }
      }
      index += 1
    }
    // Never split a character.
    while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
    let range = start..<index
    if !reportHidden(in: range), !reportLookAlike(in: range) {
      let text = String(decoding: bytes[range], as: UTF8.self)
      let shown = text.unicodeScalars.prefix(8).map {
        $0.value < 0x20 || $0.value == 0x7F || $0.value == 0xFFFD
          ? "\\u{" + String($0.value, radix: 16) + "}" : String($0)
      }.joined()
      report(
        "X1", "`\(shown)` has no meaning here", range,
        help: ["names are ASCII letters, digits and `_`; other characters stand in texts"])
    }
    tokens.append(Token(kind: .unknown, range: range, startsLine: startsLine))
    startsLine = false
  }

  /// Reports a letter that looks like a Latin one and is another, with the edit that mends it.
  private mutating func reportLookAlike(in range: Range<Int>) -> Bool {
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard let first = text.unicodeScalars.first, let meant = LookAlike.latin(for: first) else {
      return false
    }
    guard diagnostics.count < Parser.maximumDiagnostics else {
      faultsLeftOut += 1
      return true
    }
    let latin = text.unicodeScalars.map { LookAlike.latin(for: $0)?.letter ?? String($0) }.joined()
    diagnostics.append(
      Diagnostic(
        "X1", .error, "`\(first)` is a \(meant.script) letter, U+\(hexadecimal(first))",
        at: [(SourceSpan(file: file, range: range), "")], in: sources,
        notes: ["it looks like the Latin `\(meant.letter)`, and names are of Latin letters"],
        help: ["did you mean the Latin letter `\(meant.letter)`?"],
        fixIts: [
          Diagnostic.FixIt(
            message: "write it in Latin letters", file: sources.files[file].name,
            start: range.lowerBound, end: range.upperBound, replacement: latin)
        ]))
    return true
  }

  private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Reports invalid UTF-8 and characters that change how a line looks without being seen.
  @discardableResult
  private mutating func reportHidden(in range: Range<Int>) -> Bool {
    guard bytes[range].contains(where: { $0 >= 0x80 || $0 == 0 || $0 == 0x1B }) else {
      return false
    }
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      report("X1", "bytes that are not UTF-8", range)
      return true
    }
    let hidden = text.unicodeScalars.first { scalar in
      switch scalar.value {
      case 0, 0x1B, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: true
      default: false
      }
    }
    guard let hidden else { return false }
    report(
      "X8", "a hidden character, U+\(hexadecimal(hidden))", range,
      notes: "it changes how the line looks, not what it means to the engine")
    return true
  }

  private mutating func report(
    _ code: String, _ message: String, _ range: Range<Int>, notes: String
  ) {
    report(code, message, range, help: [notes])
  }
}
