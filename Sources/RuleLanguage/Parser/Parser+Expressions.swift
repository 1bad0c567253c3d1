import DataFields
import SourceDiagnostics

extension Parser {
  private func node(_ kind: ExpressionSyntax.Kind, _ span: SourceSpan, _ id: NodeID)
    -> ExpressionSyntax
  {
    ExpressionSyntax(id: id, kind: kind, span: span)
  }

  private mutating func make(_ kind: ExpressionSyntax.Kind, from start: Token) -> ExpressionSyntax {
    node(kind, span(from: start), newID())
  }

  /// Counts one level of nesting while `body` runs.
  mutating func nested<T>(_ body: (inout Parser) throws(Failure) -> T) throws(Failure) -> T {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      report(
        "X6", "nested deeper than \(Self.maximumDepth) levels", span(token),
        help: ["give a part a name of its own with `let`"])
      throw Failure()
    }
    return try body(&self)
  }

  /// A condition or a value, with `where` after it where events are filtered.
  mutating func filteredExpression() throws(Failure) -> ExpressionSyntax {
    let start = token
    let value = try expression()
    guard takeWord("where") != nil else { return value }
    let condition = try expression()
    return make(.filtered(value, where: condition), from: start)
  }

  /// A condition or a value.
  mutating func expression() throws(Failure) -> ExpressionSyntax {
    try nested { (parser) throws(Failure) in try parser.disjunction() }
  }

  private mutating func disjunction() throws(Failure) -> ExpressionSyntax {
    let start = token
    var parts = [try conjunction()]
    while takeWord("or") != nil { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : make(.or(parts), from: start)
  }

  private mutating func conjunction() throws(Failure) -> ExpressionSyntax {
    let start = token
    var parts = [try inversion()]
    while takeWord("and") != nil { parts.append(try inversion()) }
    return parts.count == 1 ? parts[0] : make(.and(parts), from: start)
  }

  private mutating func inversion() throws(Failure) -> ExpressionSyntax {
    let start = token
    guard takeWord("not") != nil else { return try comparison() }
    let operand = try nested { (parser) throws(Failure) in try parser.inversion() }
    return make(.not(operand), from: start)
  }

  /// The comparison operator at the current token.
  func comparisonOperator() -> Comparison? {
    guard !isAtEnd else { return nil }
    switch token.kind {
    case .equalEqual: return .equal
    case .notEqual: return .notEqual
    case .less: return .less
    case .lessEqual: return .lessOrEqual
    case .greater: return .greater
    case .greaterEqual: return .greaterOrEqual
    default: return nil
    }
  }

  private mutating func comparison() throws(Failure) -> ExpressionSyntax {
    let start = token
    let first = try sum()
    var operands = [first]
    var operators: [Comparison] = []
    while let symbol = comparisonOperator() {
      try limitChain(operators.count)
      advance()
      operators.append(symbol)
      operands.append(try sum())
    }
    if !operators.isEmpty { return make(.comparison(operands, operators), from: start) }
    if token.kind == .equal, !isAtEnd {
      throw unexpected("expected `==`", help: ["`==` compares, `=` defines"])
    }
    if takeWord("is") != nil {
      if takeWord("missing") != nil {
        return make(.presence(first, isMissing: true), from: start)
      }
      try expectWord("present")
      return make(.presence(first, isMissing: false), from: start)
    }
    if takeWord("in") != nil { return try membership(of: first, from: start) }
    return first
  }

  private mutating func membership(of value: ExpressionSyntax, from start: Token)
    throws(Failure) -> ExpressionSyntax
  {
    let here = token
    if takeWord("list") != nil {
      let file = try fileReference("a list")
      var column: TextSyntax?
      if takeWord("column") != nil { column = try quoted("the column's name in quotes") }
      let list = ListSyntax(file: file, column: column, span: span(from: here))
      return make(.inList(value, list), from: start)
    }
    if take(.leftParenthesis) != nil {
      var values = [try sum()]
      while take(.comma) != nil { values.append(try sum()) }
      _ = try expect(.rightParenthesis, "`)`")
      return make(.oneOf(value, values), from: start)
    }
    let first = token
    let lower = try sum()
    if case .reference(let parts) = lower.kind, token.kind != .closedRange,
      token.kind != .halfOpenRange || isAtEnd
    {
      return make(.member(value, of: parts), from: start)
    }
    let range = try range(from: lower, first)
    return make(.within(value, range), from: start)
  }

  /// What a test expects: a value, or a list of several (`("call", "mail")`, `()`).
  mutating func expectedValue() throws(Failure) -> ExpressionSyntax {
    let start = token
    guard token.kind == .leftParenthesis, !isAtEnd, startsTuple else { return try sum() }
    advance()
    var items: [ExpressionSyntax] = []
    while token.kind != .rightParenthesis || isAtEnd {
      items.append(try sum())
      if take(.comma) == nil { break }
    }
    _ = try expect(.rightParenthesis, "`)`")
    return make(.tuple(items), from: start)
  }

  /// Whether a `,` stands between the parentheses that begin here.
  private var startsTuple: Bool {
    var depth = 0
    var offset = 0
    while index + offset < limit {
      switch peek(offset).kind {
      case .leftParenthesis: depth += 1
      case .rightParenthesis:
        depth -= 1
        if depth == 0 { return false }
      case .comma where depth == 1: return true
      case .leftBrace, .rightBrace, .bar, .doubleBar: return false
      default: break
      }
      offset += 1
    }
    return false
  }

  /// `1 ... 5`, `1 ..< 5`.
  mutating func range() throws(Failure) -> RangeSyntax {
    let start = token
    let lower = try sum()
    return try range(from: lower, start)
  }

  mutating func range(from lower: ExpressionSyntax, _ start: Token) throws(Failure) -> RangeSyntax {
    let includesUpper: Bool
    if take(.closedRange) != nil {
      includesUpper = true
    } else if take(.halfOpenRange) != nil {
      includesUpper = false
    } else {
      throw unexpected("expected `...` or `..<` and the upper end")
    }
    let upper = try sum()
    return RangeSyntax(
      lower: lower, upper: upper, includesUpper: includesUpper, span: span(from: start))
  }

  private mutating func limitChain(_ count: Int) throws(Failure) {
    guard count >= Self.maximumChain else { return }
    report(
      "X6", "more than \(Self.maximumChain) operators in a row", span(token),
      help: ["give a part a name of its own with `let`"])
    throw Failure()
  }

  /// Terms with `+` and `-`.
  mutating func sum() throws(Failure) -> ExpressionSyntax {
    let start = token
    var left = try product()
    var count = 0
    while !isAtEnd, token.kind == .plus || token.kind == .minus {
      try limitChain(count)
      count += 1
      let symbol: ArithmeticOperator = token.kind == .plus ? .add : .subtract
      advance()
      let right = try product()
      left = make(.arithmetic(symbol, left, right), from: start)
    }
    return left
  }

  private mutating func product() throws(Failure) -> ExpressionSyntax {
    let start = token
    var left = try negation()
    var count = 0
    while !isAtEnd, token.kind == .star || token.kind == .slash {
      try limitChain(count)
      count += 1
      let symbol: ArithmeticOperator = token.kind == .star ? .multiply : .divide
      advance()
      let right = try negation()
      left = make(.arithmetic(symbol, left, right), from: start)
    }
    return left
  }

  private mutating func negation() throws(Failure) -> ExpressionSyntax {
    let start = token
    guard token.kind == .minus, !isAtEnd, peek(1).kind != .number else {
      if take(.minus) != nil { return try number(negative: start) }
      return try suffixed()
    }
    advance()
    let operand = try nested { (parser) throws(Failure) in try parser.negation() }
    return make(.negation(operand), from: start)
  }

  /// A primary with `to CURRENCY by RATES at FIELD` and `as float` after it.
  private mutating func suffixed() throws(Failure) -> ExpressionSyntax {
    let start = token
    var value = try primary()
    var count = 0
    while true {
      try limitChain(count)
      count += 1
      if takeWord("to") != nil {
        let currency = try name("the currency to convert to")
        try expectWord("by")
        let rates = try name("the rate table")
        try expectWord("at")
        let field = try name("the field with the date of the rate")
        value = make(.conversion(value, currency: currency, rates: rates, at: field), from: start)
      } else if isWord("as"), isWord("float", at: 1) {
        advance()
        advance()
        value = make(.asFloat(value), from: start)
      } else {
        return value
      }
    }
  }

  private mutating func number(negative: Token?) throws(Failure) -> ExpressionSyntax {
    let start = negative ?? token
    var (value, _) = try plainNumber("a number")
    if negative != nil { value.coefficient = -value.coefficient }
    let unit = unit()
    let span = span(from: start)
    return node(.number(NumberSyntax(value: value, unit: unit, span: span)), span, newID())
  }

  private mutating func primary() throws(Failure) -> ExpressionSyntax {
    let start = token
    if isAtEnd || (index > anchor && startsDeclaration) { throw unexpected("expected a value") }
    switch start.kind {
    case .number:
      return try number(negative: nil)
    case .date:
      let (date, span) = try date("a date")
      return node(.date(date), span, newID())
    case .string:
      let text = try quoted("a text")
      return node(.text(text.value), text.span, newID())
    case .leftParenthesis:
      advance()
      let inner = try expression()
      _ = try expect(.rightParenthesis, "`)`")
      return ExpressionSyntax(id: inner.id, kind: inner.kind, span: span(from: start))
    case .name:
      return try word()
    default:
      throw unexpected("expected a value")
    }
  }

  private mutating func word() throws(Failure) -> ExpressionSyntax {
    let start = token
    let written = text(start)
    if written == "true" || written == "false" {
      advance()
      return make(.boolean(written == "true"), from: start)
    }
    if Self.reservedWords.contains(written) { throw unexpected("expected a value") }
    if written == "each", peek(1).kind == .name, !isAtEnd, !peek(1).startsLine,
      !Self.reservedWords.contains(text(peek(1)))
    {
      advance()
      var parts: [NameSyntax] = []
      repeat { parts.append(try name("a field that is a list")) } while take(.dot) != nil
      return make(.each(parts), from: start)
    }
    if let function = aggregateFunction() { return try aggregate(function, start) }
    if peek(1).kind == .leftParenthesis, !isAtEnd {
      let suggestion = NearMiss.suggestion(
        for: written, among: AggregateFunction.allCases.map(\.rawValue))
      report(
        "N1", "no function is called `\(written.prefix(40))`", span(start),
        help: [
          suggestion.map { "did you mean `\($0)`?" }
            ?? "the functions are sum, mean, count, count distinct, min, max, first, last"
        ], fixIts: replacing(start, by: suggestion))
      throw Failure()
    }
    var parts = [try name("a name")]
    while token.kind == .dot, !isAtEnd {
      advance()
      parts.append(try name("a name after the point"))
      if parts.count > 8 { throw unexpected("a name has at most a few parts") }
    }
    return make(.reference(parts), from: start)
  }

  private mutating func aggregateFunction() -> AggregateFunction? {
    let written = text(token)
    if written == "count", isWord("distinct", at: 1), peek(2).kind == .leftParenthesis {
      advance()
      advance()
      return .countDistinct
    }
    guard peek(1).kind == .leftParenthesis, let function = AggregateFunction(rawValue: written)
    else { return nil }
    advance()
    return function
  }

  private mutating func aggregate(_ function: AggregateFunction, _ start: Token)
    throws(Failure) -> ExpressionSyntax
  {
    let functionSpan = span(from: start)
    _ = try expect(.leftParenthesis, "`(`")
    let argument = try nested { (parser) throws(Failure) in try parser.sum() }
    var filter: ExpressionSyntax?
    if takeWord("where") != nil { filter = try expression() }
    _ = try expect(.rightParenthesis, "`)`")
    var window: WindowReferenceSyntax?
    let over = token
    if takeWord("over") != nil {
      var windowName: NameSyntax?
      if isWord("all"), isWord("time", at: 1) {
        advance()
        advance()
      } else {
        windowName = try name("`all time` or a window")
      }
      window = WindowReferenceSyntax(name: windowName, span: span(from: over))
    }
    return make(
      .aggregate(
        AggregateSyntax(
          function: function, functionSpan: functionSpan, argument: argument, filter: filter,
          window: window)),
      from: start)
  }
}
