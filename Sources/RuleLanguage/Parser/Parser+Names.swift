import DataFields
import SourceDiagnostics

extension Parser {
  /// Words with a meaning inside expressions, which therefore name nothing.
  static let reservedWords: Set<String> = [
    "and", "or", "not", "in", "is", "where", "when", "then", "otherwise", "over", "to", "as",
    "true", "false", "missing",
  ]

  /// Words that may follow a number, and are no unit of it.
  static let wordsAfterNumbers: Set<String> = [
    "and", "or", "not", "in", "is", "where", "when", "then", "otherwise", "over", "to", "as", "at",
    "by", "missing", "actionable", "step", "column", "key", "masked", "personal", "time", "below",
    "before", "up", "until", "reason", "rule", "expect", "given", "with", "sliding", "late",
    "within", "score", "label", "feed", "explain", "set",
  ]

  mutating func name(_ purpose: String) throws(Failure) -> NameSyntax {
    let token = try expect(.name, purpose)
    let text = text(token)
    if Self.reservedWords.contains(text) {
      report("X5", "`\(text)` is a word of the language and cannot be \(purpose)", span(token))
      throw Failure()
    }
    return NameSyntax(text: text, span: span(token))
  }

  /// A name with hyphens, as rulesets and reason codes have them: `invoice-profile`, `IP-01`.
  mutating func hyphenatedName(_ purpose: String) throws(Failure) -> NameSyntax {
    let first = try expect(.name, purpose)
    var end = first.range.upperBound
    while !isAtEnd, token.range.lowerBound == end {
      if token.kind == .minus {
        // A hyphen stands between parts.
        end = token.range.upperBound
        advance()
        guard token.range.lowerBound == end, token.kind == .name || token.kind == .number else {
          throw unexpected("expected the rest of \(purpose) after `-`")
        }
      }
      guard token.kind == .name || token.kind == .number else { break }
      end = token.range.upperBound
      advance()
    }
    let whole = SourceSpan(file: file, range: first.range.lowerBound..<end)
    return NameSyntax(text: sources[whole], span: whole)
  }

  /// A text in quotes.
  mutating func quoted(_ purpose: String) throws(Failure) -> TextSyntax {
    let token = try expect(.string, purpose)
    return TextSyntax(value: unescaped(token), span: span(token))
  }

  private mutating func unescaped(_ token: Token) -> String {
    let raw = sources.files[file].bytes[token.range].dropFirst()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(raw.count)
    var place = raw.startIndex
    while place < raw.endIndex {
      let byte = raw[place]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\"), place + 1 < raw.endIndex {
        place += 1
        switch raw[place] {
        case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(raw[place])
        default:
          report(
            "X2", "an escape that has no meaning in a text",
            SourceSpan(file: file, range: (place - 1)..<(place + 1)),
            help: ["the escapes are \\\" \\\\ \\n \\t"])
        }
      } else {
        bytes.append(byte)
      }
      place += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A number without its unit.
  mutating func plainNumber(_ purpose: String) throws(Failure) -> (DecimalText, SourceSpan) {
    let negative = take(.minus)
    let token = try expect(.number, purpose)
    let whole = negative.map { span($0).union(span(token)) } ?? span(token)
    let written = text(token)
    let digits = written.utf8.filter { $0 != UInt8(ascii: "_") }
    if written.hasSuffix("_") || written.contains("__") || written.contains("_.") {
      report("X3", "`_` stands between digits", whole)
    }
    do {
      var value = try DecimalText(parsing: digits.span)
      if negative != nil { value.coefficient = -value.coefficient }
      return (value, whole)
    } catch {
      report("X3", "`\(written.prefix(60))` \(error.reason)", whole)
      throw Failure()
    }
  }

  /// A small whole number: a version, a scale, a count.
  mutating func smallNumber(_ purpose: String, in range: ClosedRange<Int>) throws(Failure) -> Int {
    let (value, span) = try plainNumber(purpose)
    guard value.scale == 0, let number = Int(exactly: value.coefficient), range.contains(number)
    else {
      report("X3", "expected \(purpose) from \(range.lowerBound) to \(range.upperBound)", span)
      throw Failure()
    }
    return number
  }

  /// A number of days: `7 d`.
  mutating func days(_ purpose: String) throws(Failure) -> Int {
    let number = try smallNumber(purpose, in: 0...36_600)
    _ = try expectWord("d")
    return number
  }

  mutating func date(_ purpose: String) throws(Failure) -> (CalendarDate, SourceSpan) {
    let token = try expect(.date, purpose)
    let written = text(token)
    do { return (try CalendarDate(parsing: written), span(token)) } catch {
      report("X4", "`\(written)` \(error.reason)", span(token))
      throw Failure()
    }
  }

  /// A unit where one may stand, on the same line: `HUF/person`. With spaces around it, `/` divides.
  mutating func unit() -> UnitSyntax? {
    let first = token
    guard first.kind == .name, !first.startsLine, !isAtEnd,
      !Self.wordsAfterNumbers.contains(text(first))
    else { return nil }
    // In `S below 3  M below 6` the M begins the next level.
    if isWord("below", at: 1) || isWord("before", at: 1) || isWord("up", at: 1)
      || isWord("otherwise", at: 1)
    {
      return nil
    }
    advance()
    var numerator = [NameSyntax(text: text(first), span: span(first))]
    var denominator: [NameSyntax] = []
    while token.kind == .slash || token.kind == .star, !isAtEnd, peek(1).kind == .name,
      !Self.reservedWords.contains(text(peek(1))),
      token.range.lowerBound == span(from: first).range.upperBound,
      peek(1).range.lowerBound == token.range.upperBound
    {
      let divides = token.kind == .slash
      advance()
      let part = NameSyntax(text: text(token), span: span(token))
      if divides { denominator.append(part) } else { numerator.append(part) }
      advance()
    }
    return UnitSyntax(numerator: numerator, denominator: denominator, span: span(from: first))
  }

  /// `"path" sha256 "digest"`.
  mutating func fileReference(_ purpose: String) throws(Failure) -> FileReferenceSyntax {
    let path = try quoted("the path of \(purpose) in quotes")
    var digest: TextSyntax?
    if takeWord("sha256") != nil { digest = try quoted("the digest in quotes") }
    return FileReferenceSyntax(path: path, digest: digest)
  }

  /// `reason CODE "text"`.
  mutating func reason() throws(Failure) -> ReasonSyntax? {
    let start = token
    guard takeWord("reason") != nil else { return nil }
    let code = try hyphenatedName("a reason code")
    var text: TextSyntax?
    if token.kind == .string { text = try quoted("a reason text") }
    return ReasonSyntax(code: code, text: text, span: span(from: start))
  }
}
