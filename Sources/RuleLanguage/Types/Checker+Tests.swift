import DataFields
import SourceDiagnostics

extension Checker {
  mutating func checkTest(_ declaration: TestDeclaration) {
    var test = CheckedTest(
      name: declaration.title.value, ruleset: ruleset, asOf: nil, given: [], expected: [],
      span: declaration.title.span)
    for given in declaration.given {
      add(given.name, given.value, isMissing: given.value == nil, to: &test)
    }
    for expectation in declaration.expected {
      guard let value = testValue(expectation.name) else { continue }
      var constant: ConstantValue?
      var list: [ConstantValue]?
      if let syntax = expectation.value, case .outcomes(let type) = program.values[value].type {
        list = expectedList(syntax, of: value, type)
        guard list != nil else { continue }
      } else if let syntax = expectation.value {
        guard let found = testConstant(syntax, of: value) else { continue }
        constant = found
      }
      var rule: CheckedTest.RuleReference?
      if let name = expectation.rule {
        guard let found = ruleReference(name, of: value) else { continue }
        rule = found
      }
      test.expected.append(
        .init(
          value: value, constant: constant, list: list, rule: rule, span: expectation.span))
    }
    if declaration.expected.isEmpty {
      report("X5", "the test expects nothing", at: declaration.title.span)
    }
    program.tests.append(test)
  }

  mutating func checkTestTable(_ declaration: TestTableDeclaration) {
    let expected = declaration.expected.map { column in
      Parser.isBy(column) ? nil : testValue(column)
    }
    for (number, row) in declaration.rows.enumerated() {
      var test = CheckedTest(
        name: "\(declaration.title.value), row \(number + 1)", ruleset: ruleset, asOf: nil,
        given: [], expected: [], span: row.span)
      for (column, cell) in zip(declaration.given, row.given) {
        switch cell.kind {
        case .value(let value): add(column, value, isMissing: false, to: &test)
        case .missing: add(column, nil, isMissing: true, to: &test)
        case .refused:
          report("X5", "`refused` is expected, not given", at: cell.span)
        case .blank, .fault: break
        }
      }
      for (index, cell) in row.expected.enumerated() {
        if Parser.isBy(declaration.expected[index]) {
          expectRule(cell, index, expected, in: &test)
        } else if let value = expected[index] {
          expect(cell, value, in: &test)
        }
      }
      program.tests.append(test)
    }
  }

  private mutating func expect(_ cell: TestCellSyntax, _ value: Int, in test: inout CheckedTest) {
    switch cell.kind {
    case .value(let syntax):
      if case .outcomes(let type) = program.values[value].type {
        guard let list = expectedList(syntax, of: value, type) else { return }
        test.expected.append(
          .init(value: value, constant: nil, list: list, rule: nil, span: cell.span))
        return
      }
      guard let constant = testConstant(syntax, of: value) else { return }
      test.expected.append(.init(value: value, constant: constant, rule: nil, span: cell.span))
    case .refused, .missing:
      test.expected.append(.init(value: value, constant: nil, rule: nil, span: cell.span))
    case .blank, .fault: break
    }
  }

  /// A cell of the column `by`: it says which rule decided the decision of the column before.
  private mutating func expectRule(
    _ cell: TestCellSyntax, _ index: Int, _ columns: [Int?], in test: inout CheckedTest
  ) {
    guard case .value(let syntax) = cell.kind, case .reference(let parts) = syntax.kind,
      let name = parts.first
    else { return }
    let before = columns[..<index].last { $0 != nil } ?? columns.first { $0 != nil }
    guard let value = before.flatMap({ $0 }) else {
      report("N3", "`by` names no decision", at: name.span)
      return
    }
    guard let rule = ruleReference(name, of: value) else { return }
    if let place = test.expected.lastIndex(where: { $0.value == value }) {
      test.expected[place].rule = rule
    }
  }

  private mutating func add(
    _ name: ExpressionSyntax, _ value: ExpressionSyntax?, isMissing: Bool,
    to test: inout CheckedTest
  ) {
    if test.given.isEmpty { givenValues = [] }
    if case .reference(let parts) = name.kind, parts.map(\.text) == ["as_of"],
      scope.symbols["as_of"] == nil
    {
      guard let value, let constant = ownConstant(value, of: .value(.date)) else { return }
      test.asOf = CalendarDate(daysSinceEpoch: Int32(clamping: constant.number.numerator))
      return
    }
    guard let index = testValue(name) else { return }
    if !givenValues.insert(index).inserted {
      report("N2", "`\(program.values[index].name)` is given twice", at: name.span)
      return
    }
    // What is not given is missing.
    guard let value, !isMissing else { return }
    if case .outcomes = program.values[index].type {
      report(
        "Y1", "a list of outcomes is expected, not given", at: name.span,
        help: ["give what its rules look at"])
      return
    }
    guard let constant = testConstant(value, of: index) else { return }
    test.given.append(.init(value: index, constant: constant))
  }

  mutating func testValue(_ syntax: ExpressionSyntax) -> Int? {
    let checked = check(syntax, in: .row)
    if case .value(let index) = checked.kind { return index }
    if checked.type != .fault {
      report("N3", "expected an input, a value, a rank or a decision", at: syntax.span)
    }
    return nil
  }

  private mutating func testConstant(_ syntax: ExpressionSyntax, of value: Int) -> ConstantValue? {
    let type = program.values[value].type
    guard let constant = ownConstant(syntax, of: type) else { return nil }
    if let text = constant.text, case .decision(let decision) = program.values[value].definition,
      !isPossible(text, ofDecision: decision, at: syntax.span)
    {
      return nil
    }
    return constant
  }

  mutating func ruleReference(_ name: NameSyntax, of value: Int)
    -> CheckedTest.RuleReference?
  {
    guard case .decision(let index) = program.values[value].definition else {
      report(
        "N3", "`\(program.values[value].name)` is no decision, so no rule decides it",
        at: name.span)
      return nil
    }
    let decision = program.decisions[index]
    if name.text == "otherwise" {
      if decision.otherwise == nil, !decision.hasFaults {
        report("N1", "the decision has no `otherwise`", at: name.span)
        return nil
      }
      return .otherwise(decision: index)
    }
    if let rule = decision.rules.firstIndex(where: {
      $0.name == name.text || $0.reason?.code == name.text
    }) {
      return .rule(decision: index, rule)
    }
    if let override = program.overrides.firstIndex(where: {
      $0.decision == index && ($0.name == name.text || $0.reason?.code == name.text)
    }) {
      return .override(override)
    }
    if decision.hasFaults { return nil }
    let names = decision.rules.map { decision.isTable ? $0.reason?.code ?? "" : $0.name }
    reportUnknown(
      name, as: "rule of `\(program.values[value].name)`",
      among: names + (decision.otherwise == nil ? [] : ["otherwise"]))
    return nil
  }

  mutating func checkProperty(_ declaration: PropertyDeclaration) {
    for claim in declaration.claims {
      guard let value = testValue(claim.value), let input = testValue(claim.with) else { continue }
      let type = program.values[value].type
      var isOrdered = type.isNumber || type == .value(.date) || type == .value(.double)
      if case .value(.rank) = type { isOrdered = true }
      guard isOrdered else {
        report(
          "Y1", "only what has an order rises or falls", at: claim.value.span,
          label: describe(type))
        continue
      }
      let inputType = program.values[input].type
      guard inputType.isNumber || inputType == .value(.date) || inputType == .value(.double) else {
        report(
          "Y1", "a property is about a number or a date that rises", at: claim.with.span,
          label: describe(inputType))
        continue
      }
      program.properties.append(
        CheckedProperty(
          name: declaration.title.value, ruleset: ruleset, value: value, input: input,
          rises: claim.rises, span: claim.span))
    }
  }
}
