import DataFields
import SourceDiagnostics

extension Parser {
  mutating func parseFile() -> RuleFileSyntax {
    var syntax = RuleFileSyntax(header: nil, declarations: [])
    while !isAtEnd {
      let start = index
      anchor = index
      do {
        if isWord("ruleset") {
          let header = try header()
          if syntax.header == nil {
            syntax.header = header
          } else {
            report("N2", "a second `ruleset` in one file", header.name.span)
          }
        } else {
          try declaration(into: &syntax.declarations)
        }
      } catch {
        limitReset()
        noteFaultyName(after: start, in: &syntax)
        skipToDeclaration()
        if index == start { advance() }
      }
    }
    return syntax
  }

  /// What could not be parsed is still declared: its name is known, and not reported again.
  private func noteFaultyName(after start: Int, in syntax: inout RuleFileSyntax) {
    guard index > start else { return }
    let name = peek(start + 1 - index)
    guard name.kind == .name else { return }
    syntax.faultyNames.append(NameSyntax(text: text(name), span: span(name)))
  }

  private mutating func declaration(into declarations: inout [Declaration]) throws(Failure) {
    let word = token.kind == .name ? text(token) : ""
    switch word {
    case "unit", "currency": try units(into: &declarations)
    case "rates": declarations.append(.rates(try rates()))
    case "input", "event": declarations.append(.record(try record()))
    case "use": declarations.append(.use(try use()))
    case "let": declarations.append(.value(try value()))
    case "window": declarations.append(.window(try window()))
    case "scale": declarations.append(.scale(try scale()))
    case "align": declarations.append(.align(try align()))
    case "rank": declarations.append(.rank(try rank()))
    case "model": declarations.append(.model(try model()))
    case "decision": declarations.append(.decision(try decision()))
    case "override": declarations.append(.override(try override()))
    case "test":
      if isWord("table", at: 1) {
        declarations.append(.testTable(try testTable()))
      } else {
        declarations.append(.test(try test()))
      }
    case "property": declarations.append(.property(try property()))
    case "examples": declarations.append(.examples(try examples()))
    default:
      let near = NearMiss.suggestion(for: word, among: Self.declarationWords.sorted())
      throw unexpected("expected a declaration", near: near)
    }
  }

  private mutating func header() throws(Failure) -> RulesetHeaderSyntax {
    let start = token
    advance()
    let name = try hyphenatedName("the ruleset's name")
    try expectWord("version")
    let version = try smallNumber("a version", in: 0...1_000_000_000)
    var header = RulesetHeaderSyntax(
      id: newID(), name: name, version: version, span: span(from: start))
    try lines(of: "the ruleset") { (parser) throws(Failure) in
      try parser.headerLine(&header)
    }
    return header
  }

  private mutating func headerLine(_ header: inout RulesetHeaderSyntax) throws(Failure) {
    let start = token
    let word = text(start)
    switch word {
    case "owner", "approved", "source":
      advance()
      let value = try quoted("a text in quotes")
      switch word {
      case "owner": header.owner = value
      case "approved": header.approved = value
      default: header.source = value
      }
    case "effective":
      advance()
      header.effective = try effective(start)
    case "background":
      advance()
      header.background = try fileReference("the background rows")
    default:
      throw unexpected(
        "expected `owner`, `approved`, `effective`, `source` or `background`")
    }
  }

  private mutating func effective(_ start: Token) throws(Failure) -> EffectiveSyntax {
    if takeWord("from") != nil {
      let (from, _) = try date("the first day in effect")
      return EffectiveSyntax(from: from, until: nil, span: span(from: start))
    }
    if takeWord("until") != nil {
      let (until, _) = try date("the first day no longer in effect")
      return EffectiveSyntax(from: nil, until: until, span: span(from: start))
    }
    let (from, _) = try date("`from`, `until` or a range of dates")
    guard take(.halfOpenRange) != nil else {
      throw unexpected("expected `..<` and the first day no longer in effect")
    }
    let (until, place) = try date("the first day no longer in effect")
    if until <= from {
      report("D1", "in effect from \(from) until \(until), which is no day at all", place)
    }
    return EffectiveSyntax(from: from, until: until, span: span(from: start))
  }

  private mutating func units(into declarations: inout [Declaration]) throws(Failure) {
    let isCurrency = isWord("currency")
    advance()
    repeat {
      let name = try name(isCurrency ? "a currency's code" : "a unit's name")
      if Self.wordsAfterNumbers.contains(name.text) {
        report("X5", "`\(name.text)` is a word of the language and cannot be a unit", name.span)
      }
      declarations.append(.unit(UnitDeclaration(id: newID(), name: name, isCurrency: isCurrency)))
    } while take(.comma) != nil
  }

  private mutating func use() throws(Failure) -> UseDeclaration {
    let start = token
    advance()
    let path = try quoted("the path of a ruleset in quotes")
    return UseDeclaration(id: newID(), path: path, span: span(from: start))
  }

  private mutating func examples() throws(Failure) -> ExamplesDeclaration {
    let start = token
    advance()
    try expectWord("from")
    let file = try fileReference("the examples")
    return ExamplesDeclaration(id: newID(), file: file, span: span(from: start))
  }

  private mutating func align() throws(Failure) -> AlignDeclaration {
    let start = token
    advance()
    let left = try name("a scale")
    try expectWord("with")
    let right = try name("a scale")
    return AlignDeclaration(id: newID(), left: left, right: right, span: span(from: start))
  }
}
