import DataFields
import SourceDiagnostics

extension Parser {
  mutating func value() throws(Failure) -> LetDeclaration {
    let start = token
    advance()
    let name = try name("the value's name")
    _ = try expect(.equal, "`=` and the value")
    let value = try filteredExpression()
    var result = LetDeclaration(id: newID(), name: name, value: value, span: span(from: start))
    while !isAtEnd, !startsDeclaration {
      let here = token
      if takeWord("missing") != nil {
        result.missing = try missingPolicy(here)
      } else if isWord("actionable") || isWord("step") {
        result.actionability = try actionability(after: result.actionability)
      } else if takeWord("in") != nil {
        result.domain = try range()
      } else if takeWord("personal") != nil {
        result.isPersonal = true
      } else {
        throw unexpected(
          "expected the next declaration, or `missing`, `actionable`, `step`, `in` or `personal`")
      }
      _ = take(.comma)
    }
    result.span = span(from: start)
    return result
  }

  mutating func scale() throws(Failure) -> ScaleDeclaration {
    let start = token
    advance()
    let name = try name("the scale's name")
    _ = try expect(.colon, "`:` and the levels")
    var levels = [try self.name("a level")]
    while take(.less) != nil { levels.append(try self.name("a level")) }
    var titles: [LevelTitleSyntax] = []
    if take(.leftBrace) != nil {
      while take(.rightBrace) == nil {
        anchor = index
        let level = try self.name("a level, or `}`")
        titles.append(LevelTitleSyntax(level: level, title: try quoted("the level's title")))
        _ = take(.comma)
      }
    }
    return ScaleDeclaration(
      id: newID(), name: name, levels: levels, titles: titles, span: span(from: start))
  }

  mutating func rank() throws(Failure) -> RankDeclaration {
    let start = token
    advance()
    let name = try name("the rank's name")
    _ = try expect(.colon, "`:` and the scale")
    let scale = try self.name("a scale")
    try expectWord("by")
    let value = try sum()
    let heading = span(from: start)
    let open = try expect(.leftBrace, "`{` and the levels")
    var levels: [RankLevelSyntax] = []
    while take(.rightBrace) == nil {
      if isAtEnd || startsDeclaration {
        report("X5", "the `{` of the rank is not closed", span(open))
        break
      }
      anchor = index
      levels.append(try rankLevel())
    }
    return RankDeclaration(
      id: newID(), name: name, scale: scale, value: value, levels: levels, span: heading)
  }

  private mutating func rankLevel() throws(Failure) -> RankLevelSyntax {
    let start = token
    let level = try name("a level, or `}`")
    let word = token
    let kind: RankLevelSyntax.Word
    if takeWord("otherwise") != nil {
      return RankLevelSyntax(level: level, bound: nil, span: span(from: start))
    } else if takeWord("below") != nil {
      kind = .below
    } else if takeWord("before") != nil {
      kind = .before
    } else if takeWord("up") != nil {
      try expectWord("to")
      kind = .upTo
    } else {
      throw unexpected("expected `below`, `before`, `up to` or `otherwise`")
    }
    let wordSpan = span(from: word)
    let value = try sum()
    return RankLevelSyntax(
      level: level, bound: .init(word: kind, wordSpan: wordSpan, value: value),
      span: span(from: start))
  }

  mutating func model() throws(Failure) -> ModelDeclaration {
    let start = token
    advance()
    let name = try name("the model's name")
    try expectWord("from")
    let file = try fileReference("the model")
    var model = ModelDeclaration(
      id: newID(), name: name, file: file, feeds: [], results: [], explanation: nil,
      span: span(from: start))
    try lines(of: "the model") { (parser) throws(Failure) in
      try parser.modelLine(&model)
    }
    return model
  }

  private mutating func modelLine(_ model: inout ModelDeclaration) throws(Failure) {
    let start = token
    if takeWord("feed") != nil {
      repeat {
        let field = try name("a field of the model")
        _ = try expect(.equal, "`=` and a value")
        model.feeds.append(FeedSyntax(field: field, value: try sum()))
      } while take(.comma) != nil
    } else if isWord("score") || isWord("label") {
      let isLabel = isWord("label")
      advance()
      let name = try name("a name for the model's result")
      _ = try expect(.equal, "`=` and a result of the model")
      let result = try self.name("a result of the model")
      var argument: TextSyntax?
      if take(.leftParenthesis) != nil {
        argument = try quoted("a class or an output field, in quotes")
        _ = try expect(.rightParenthesis, "`)`")
      }
      var domain: RangeSyntax?
      if takeWord("in") != nil { domain = try range() }
      model.results.append(
        ModelResultSyntax(
          id: newID(), name: name, isLabel: isLabel, result: result, argument: argument,
          domain: domain, span: span(from: start)))
    } else if takeWord("explain") != nil {
      model.explanation = try explanation(start)
    } else {
      throw unexpected("expected `feed`, `score`, `label` or `explain`")
    }
  }

  private mutating func explanation(_ start: Token) throws(Failure) -> ExplanationSyntax {
    try expectWord("by")
    var method = [try name("a method of attribution")]
    while token.kind == .name, !isAtEnd { method.append(try name("a method of attribution")) }
    var result = ExplanationSyntax(method: method, span: span(from: start))
    while take(.comma) != nil {
      if takeWord("top") != nil {
        result.top = try smallNumber("a number of fields", in: 0...1_000)
      } else if takeWord("against") != nil {
        result.expectation = try expectation()
      } else if isWord("on") {
        let word = token
        advance()
        try expectWord("read")
        result.onRead = span(from: word)
      } else {
        throw unexpected("expected `top`, `against` or `on read`")
      }
    }
    result.span = span(from: start)
    return result
  }

  private mutating func expectation() throws(Failure) -> ScoreExpectationSyntax {
    let word = token
    if takeWord("background") != nil {
      let source = token
      return takeWord("ModelStats") != nil
        ? .modelStats(span(from: source)) : .background(try fileReference("the background rows"))
    }
    if takeWord("covers") != nil { return .covers(try fileReference("the covers")) }
    if takeWord("record") != nil {
      try expectWord("counts")
      return .recordCounts(span(from: word))
    }
    if takeWord("uniform") != nil {
      try expectWord("branches")
      return .uniformBranches(span(from: word))
    }
    throw unexpected(
      "expected `background`, `covers`, `record counts` or `uniform branches`")
  }
}
