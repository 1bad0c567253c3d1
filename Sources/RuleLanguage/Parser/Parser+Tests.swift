import DataFields
import SourceDiagnostics

extension Parser {
  mutating func test() throws(Failure) -> TestDeclaration {
    let start = token
    advance()
    let title = try quoted("the test's title in quotes")
    var test = TestDeclaration(
      id: newID(), title: title, given: [], expected: [], span: span(from: start))
    let open = try expect(.leftBrace, "`{`, `given` and `expect`")
    while take(.rightBrace) == nil {
      if isAtEnd || startsDeclaration {
        report("X5", "the `{` of the test is not closed", span(open))
        break
      }
      anchor = index
      if takeWord("given") != nil {
        repeat { test.given.append(try given()) } while take(.comma) != nil
      } else if takeWord("expect") != nil {
        repeat { test.expected.append(try expectation()) } while take(.comma) != nil
      } else {
        throw unexpected("expected `given`, `expect` or `}`")
      }
    }
    return test
  }

  private mutating func given() throws(Failure) -> GivenSyntax {
    let start = token
    let name = try sum()
    _ = try expect(.equal, "`=` and a value")
    if takeWord("missing") != nil {
      return GivenSyntax(name: name, value: nil, span: span(from: start))
    }
    return GivenSyntax(name: name, value: try sum(), span: span(from: start))
  }

  private mutating func expectation() throws(Failure) -> ExpectationSyntax {
    let start = token
    let name = try sum()
    _ = try expect(.equal, "`=` and a value")
    var value: ExpressionSyntax?
    if takeWord("refused") == nil, takeWord("missing") == nil {
      value = try expectedValue()
    }
    var rule: NameSyntax?
    if takeWord("by") != nil { rule = try ruleReference() }
    return ExpectationSyntax(name: name, value: value, rule: rule, span: span(from: start))
  }

  /// A rule's name, `otherwise`, an override's name, or the reason code of a table's row.
  private mutating func ruleReference() throws(Failure) -> NameSyntax {
    try hyphenatedName("a rule's name, a reason code, or `otherwise`")
  }

  mutating func testTable() throws(Failure) -> TestTableDeclaration {
    let start = token
    advance()
    advance()
    let title = try quoted("the table's title in quotes")
    var table = TestTableDeclaration(
      id: newID(), title: title, given: [], expected: [], rows: [], span: span(from: start))
    try lines(of: "the test table") { (parser) throws(Failure) in
      if table.expected.isEmpty {
        table.given.append(try parser.sum())
        while parser.take(.bar) != nil { table.given.append(try parser.sum()) }
        _ = try parser.expect(.doubleBar, "`|` or `||`")
        repeat { table.expected.append(try parser.sum()) } while parser.take(.bar) != nil
      } else {
        table.rows.append(try parser.testRow(table))
      }
    }
    return table
  }

  private mutating func testRow(_ table: TestTableDeclaration) throws(Failure) -> TestRowSyntax {
    let start = token
    var given = [try testCell(isRule: false)]
    while take(.bar) != nil { given.append(try testCell(isRule: false)) }
    let bar = try expect(.doubleBar, "`|` or `||`")
    var expected: [TestCellSyntax] = []
    repeat {
      let isRule =
        expected.count < table.expected.count && Self.isBy(table.expected[expected.count])
      expected.append(try testCell(isRule: isRule))
    } while take(.bar) != nil
    if given.count != table.given.count || expected.count != table.expected.count {
      report(
        "X5",
        "this row has \(given.count) values and \(expected.count) expectations, the heading "
          + "\(table.given.count) and \(table.expected.count)", span(bar))
      throw Failure()
    }
    return TestRowSyntax(given: given, expected: expected, span: span(from: start))
  }

  static func isBy(_ column: ExpressionSyntax) -> Bool {
    if case .reference(let parts) = column.kind { return parts.map(\.text) == ["by"] }
    return false
  }

  private mutating func testCell(isRule: Bool) throws(Failure) -> TestCellSyntax {
    let start = token
    if isAtEnd || token.kind == .bar || token.kind == .doubleBar {
      return TestCellSyntax(kind: .blank, span: span(start))
    }
    if take(.star) != nil { return TestCellSyntax(kind: .blank, span: span(from: start)) }
    if isRule {
      let name = try ruleReference()
      let reference = ExpressionSyntax(id: newID(), kind: .reference([name]), span: name.span)
      return TestCellSyntax(kind: .value(reference), span: name.span)
    }
    if takeWord("missing") != nil {
      return TestCellSyntax(kind: .missing, span: span(from: start))
    }
    if takeWord("refused") != nil {
      return TestCellSyntax(kind: .refused, span: span(from: start))
    }
    let value = try expectedValue()
    return TestCellSyntax(kind: .value(value), span: span(from: start))
  }

  mutating func property() throws(Failure) -> PropertyDeclaration {
    let start = token
    advance()
    let title = try quoted("the property's title in quotes")
    var property = PropertyDeclaration(
      id: newID(), title: title, claims: [], span: span(from: start))
    let open = try expect(.leftBrace, "`{` and a claim")
    while take(.rightBrace) == nil {
      if isAtEnd || startsDeclaration {
        report("X5", "the `{` of the property is not closed", span(open))
        break
      }
      let here = token
      anchor = index
      let value = try sum()
      let rises: Bool
      if takeWord("rises") != nil {
        rises = true
      } else if takeWord("falls") != nil {
        rises = false
      } else {
        throw unexpected("expected `rises` or `falls`")
      }
      try expectWord("with")
      let with = try sum()
      property.claims.append(
        PropertyClaimSyntax(value: value, rises: rises, with: with, span: span(from: here)))
      _ = take(.comma)
    }
    return property
  }
}
