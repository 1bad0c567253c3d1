import DataFields
import SourceDiagnostics

extension Parser {
  mutating func decision() throws(Failure) -> DecisionDeclaration {
    let start = token
    advance()
    let name = try name("the decision's name")
    _ = try expect(.colon, "`:` and the type of the outcome")
    let type = try self.name("the type of the outcome")
    try expectWord("hit")
    let hitToken = token
    guard let hit = hitPolicy() else {
      throw unexpected("expected `first`, `unique`, `any`, `priority` or `collect`")
    }
    advance()
    var aggregator = Aggregator.list
    if hit == .collect, token.kind == .name, !isAtEnd {
      switch text(token) {
      case "sum": aggregator = .sum
      case "min": aggregator = .min
      case "max": aggregator = .max
      case "count": aggregator = .count
      default: throw unexpected("expected `sum`, `min`, `max`, `count` or `{`")
      }
      advance()
    }
    var priorities: [ExpressionSyntax] = []
    if hit == .priority {
      repeat { priorities.append(try sum()) } while take(.greater) != nil
    }
    var decision = DecisionDeclaration(
      id: newID(), name: name, type: type, hit: hit, hitSpan: span(hitToken),
      aggregator: aggregator, priorities: priorities, rules: [], table: nil, otherwise: nil,
      reasonTexts: [],
      span: span(from: start))
    try decisionBody(&decision)
    return decision
  }

  private func hitPolicy() -> HitPolicy? {
    guard token.kind == .name, !isAtEnd else { return nil }
    switch text(token) {
    case "unique": return .unique
    case "first": return .first
    case "any": return .any
    case "priority": return .priority
    case "collect": return .collect
    default: return nil
    }
  }

  private mutating func decisionBody(_ decision: inout DecisionDeclaration) throws(Failure) {
    let open = try expect(.leftBrace, "`{` and the rules")
    while take(.rightBrace) == nil {
      if isAtEnd || startsDeclaration {
        report("X5", "the `{` of the decision is not closed", span(open))
        decision.isWhole = false
        return
      }
      let start = index
      anchor = index
      do { try decisionItem(&decision) } catch {
        decision.isWhole = false
        // Recover at the next rule of this decision.
        if index == start { advance() }
        while !isAtEnd, !startsDeclaration, token.kind != .rightBrace, !startsItem { advance() }
      }
    }
  }

  private var startsItem: Bool {
    token.startsLine
      && (isWord("rule") || isWord("otherwise") || isWord("table")
        || (isWord("reason") && peek(1).kind == .name))
  }

  private mutating func decisionItem(_ decision: inout DecisionDeclaration) throws(Failure) {
    let start = token
    if takeWord("rule") != nil {
      let name = try name("the rule's name")
      let reason = try reason()
      try expectWord("when")
      let condition = try expression()
      try expectWord("then")
      let outcome = try sum()
      decision.rules.append(
        RuleSyntax(
          id: newID(), name: name, reason: reason, condition: condition, outcome: outcome,
          span: span(from: start)))
    } else if takeWord("otherwise") != nil {
      let reason = try reason()
      try expectWord("then")
      let outcome = try sum()
      if decision.otherwise != nil {
        report("N2", "a second `otherwise` in one decision", span(start))
      }
      decision.otherwise = OtherwiseSyntax(
        id: newID(), reason: reason, outcome: outcome, span: span(from: start))
    } else if takeWord("table") != nil {
      let table = try table(start, of: &decision)
      if decision.table != nil {
        report("N2", "a second `table` in one decision", span(start))
      }
      decision.table = table
    } else if let reason = try reason() {
      decision.reasonTexts.append(reason)
    } else {
      throw unexpected("expected `rule`, `table`, `reason`, `otherwise` or `}`")
    }
  }

  // MARK: Tables

  /// Whether the current line is a line of the table: it has a `||`.
  private func isTableLine() -> Bool {
    var offset = 0
    while index + offset < limit {
      let token = peek(offset)
      if offset > 0, token.startsLine { return false }
      if token.kind == .doubleBar { return true }
      if token.kind == .rightBrace { return false }
      offset += 1
    }
    return false
  }

  private mutating func table(_ start: Token, of decision: inout DecisionDeclaration)
    throws(Failure) -> DecisionTableSyntax
  {
    var inputs: [ExpressionSyntax] = []
    var outputs: [NameSyntax] = []
    guard isTableLine() else {
      throw unexpected("expected the columns of the table, with `||` before `then`")
    }
    try withinLine { (parser) throws(Failure) in
      inputs.append(try parser.sum())
      while parser.take(.bar) != nil { inputs.append(try parser.sum()) }
      _ = try parser.expect(.doubleBar, "`|` or `||`")
      repeat {
        let name = try parser.expect(.name, "`then` or `reason`")
        outputs.append(NameSyntax(text: parser.text(name), span: parser.span(name)))
      } while parser.take(.bar) != nil
    }
    var rows: [TableRowSyntax] = []
    while !isAtEnd, token.kind != .rightBrace, !startsDeclaration, !startsItem {
      let place = index
      do { rows.append(try tableRow(columns: inputs.count, outputs: outputs)) } catch {
        decision.isWhole = false
        if index == place { skipLine() }
      }
    }
    return DecisionTableSyntax(
      inputs: inputs, outputs: outputs, rows: rows, span: span(from: start))
  }

  private mutating func tableRow(columns: Int, outputs: [NameSyntax]) throws(Failure)
    -> TableRowSyntax
  {
    let start = token
    return try withinLine { (parser) throws(Failure) in
      var tests = [try parser.unaryTests()]
      while parser.take(.bar) != nil { tests.append(try parser.unaryTests()) }
      let bar = try parser.expect(.doubleBar, "`|` or `||`")
      var values: [TableOutputSyntax] = []
      repeat {
        let isReason = values.count < outputs.count && outputs[values.count].text == "reason"
        if let star = parser.take(.star) {
          values.append(.blank(parser.span(star)))
        } else if isReason {
          values.append(.name(try parser.hyphenatedName("a reason code")))
        } else {
          values.append(.value(try parser.sum()))
        }
      } while parser.take(.bar) != nil
      if tests.count != columns || values.count != outputs.count {
        parser.report(
          "X5",
          "this row has \(tests.count) tests and \(values.count) results, the heading "
            + "\(columns) and \(outputs.count)", parser.span(bar))
        throw Failure()
      }
      return TableRowSyntax(
        id: parser.newID(), tests: tests, outputs: values, span: parser.span(from: start))
    }
  }

  /// An input entry: `*`, a value, a comparison, a range, or several of them.
  private mutating func unaryTests() throws(Failure) -> UnaryTestSyntax {
    let start = token
    var tests = [try unaryTest()]
    while take(.comma) != nil { tests.append(try unaryTest()) }
    if tests.count == 1 { return tests[0] }
    return UnaryTestSyntax(kind: .oneOf(tests), span: span(from: start))
  }

  private mutating func unaryTest() throws(Failure) -> UnaryTestSyntax {
    let start = token
    if take(.star) != nil { return UnaryTestSyntax(kind: .any, span: span(from: start)) }
    if let symbol = comparisonOperator() {
      advance()
      let value = try sum()
      return UnaryTestSyntax(kind: .compares(symbol, value), span: span(from: start))
    }
    let value = try sum()
    if token.kind == .closedRange || token.kind == .halfOpenRange, !isAtEnd {
      let range = try range(from: value, start)
      return UnaryTestSyntax(kind: .within(range), span: span(from: start))
    }
    return UnaryTestSyntax(kind: .equals(value), span: span(from: start))
  }

  // MARK: Overrides

  mutating func override() throws(Failure) -> OverrideDeclaration {
    let start = token
    advance()
    let name = try name("the override's name")
    let reason = try reason()
    var result = OverrideDeclaration(
      id: newID(), name: name, reason: reason, span: span(from: start))
    if takeWord("by") != nil { result.authority = try quoted("the authority in quotes") }
    if takeWord("until") != nil {
      let here = token
      let (date, place) = try date("the last day on which it holds")
      result.until = ExpressionSyntax(id: newID(), kind: .date(date), span: place)
      _ = here
    }
    try lines(of: "the override") { (parser) throws(Failure) in
      if parser.takeWord("when") != nil {
        result.condition = try parser.expression()
      } else if parser.takeWord("set") != nil {
        result.target = try parser.name("a decision")
        _ = try parser.expect(.equal, "`=` and an outcome")
        result.outcome = try parser.sum()
      } else {
        throw parser.unexpected("expected `when` or `set`")
      }
    }
    return result
  }
}
