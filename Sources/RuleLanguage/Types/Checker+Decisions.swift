import DataFields
import SourceDiagnostics

extension Checker {
  mutating func checkDecision(_ declaration: DecisionDeclaration) {
    let faults = errorCount
    guard let type = outcomeType(declaration.type) else {
      declare(declaration.name, .fault)
      return
    }
    let result = resultType(declaration, type)
    let texts = reasonTexts(declaration)
    var rules: [CheckedRule] = []
    var names: [String: SourceSpan] = [:]
    if declaration.rules.count + (declaration.table?.rows.count ?? 0) > Self.maximumRules {
      report(
        "X7", "a decision has at most \(Self.maximumRules) rules", at: declaration.name.span,
        help: ["split it into decisions of which one reads the others"])
      declare(declaration.name, .fault)
      return
    }
    for rule in declaration.rules {
      if let earlier = names[rule.name.text] {
        report(
          "N2", "two rules are called `\(rule.name.text)`",
          at: [(rule.name.span, "declared again"), (earlier, "declared here")])
      }
      names[rule.name.text] = rule.name.span
      if let rule = self.rule(rule, type) { rules.append(rule) }
    }
    if let table = declaration.table { rules += tableRules(table, type, texts) }
    let otherwise = declaration.otherwise.flatMap {
      // Where no rule holds, it says what a count or a sum comes to.
      self.otherwise($0, result.valueType ?? type)
    }
    checkSum(declaration, rules)
    let priorities = self.priorities(declaration, type, rules)
    if rules.isEmpty, declaration.otherwise == nil, declaration.isWhole, errorCount == faults {
      report(
        "G1", "the decision `\(declaration.name.text)` has no rule", at: declaration.name.span)
    }
    if program.decisions.count == Self.maximumDecisions, !hasTooManyDecisions {
      hasTooManyDecisions = true
      report(
        "X7", "rulesets have at most \(Self.maximumDecisions) decisions together",
        at: declaration.name.span)
    }
    guard program.decisions.count < Self.maximumDecisions else {
      declare(declaration.name, .fault)
      return
    }
    guard declare(declaration.name, .value(program.values.count)) else { return }
    append(
      CheckedValue(
        name: declaration.name.text, ruleset: ruleset, type: result,
        definition: .decision(program.decisions.count), bounds: ValueBounds(), missing: .refuse,
        span: declaration.name.span),
      restingOn: rules.flatMap { $0.condition?.values ?? [] }, isCondition: true)
    program.order.append(.decision(program.decisions.count))
    program.decisions.append(
      CheckedDecision(
        value: program.values.count - 1, ruleset: ruleset, hit: declaration.hit,
        aggregator: declaration.aggregator, outcomeType: type, rules: rules,
        otherwise: otherwise, otherwiseSpan: declaration.otherwise?.span, priorities: priorities,
        isTable: declaration.table != nil, span: declaration.name.span,
        hasFaults: errorCount != faults || !declaration.isWhole))
  }

  private mutating func outcomeType(_ name: NameSyntax) -> ValueType? {
    switch name.text {
    case "text", "code": return .text
    case "int": return .integer(.none)
    case "bool", "boolean": return .boolean
    case "date": return .date
    default:
      guard let scale = scaleIndex(name) else { return nil }
      return .rank(scale: scale)
    }
  }

  private mutating func outcome(_ syntax: ExpressionSyntax, _ type: ValueType) -> ConstantValue? {
    ownConstant(syntax, of: .value(type))
  }

  // MARK: Rules

  private mutating func rule(_ syntax: RuleSyntax, _ type: ValueType) -> CheckedRule? {
    let reason = reason(syntax.reason, of: "rule `\(syntax.name.text)`", at: syntax.name.span)
    let condition = condition(syntax.condition, in: .row)
    guard let outcome = outcome(syntax.outcome, type) else { return nil }
    return CheckedRule(
      name: syntax.name.text, reason: reason, condition: condition, outcome: outcome,
      text: flatText(syntax.condition.span), span: syntax.name.span)
  }

  private mutating func otherwise(_ syntax: OtherwiseSyntax, _ type: ValueType) -> CheckedRule? {
    let reason = reason(
      syntax.reason, of: "`otherwise`",
      at: SourceSpan(
        file: syntax.span.file,
        range: syntax.span.range.lowerBound..<(syntax.span.range.lowerBound + 9)))
    guard let outcome = outcome(syntax.outcome, type) else { return nil }
    return CheckedRule(
      name: "otherwise", reason: reason, condition: nil, outcome: outcome, text: "",
      span: syntax.span)
  }

  private mutating func priorities(
    _ declaration: DecisionDeclaration, _ type: ValueType, _ rules: [CheckedRule]
  ) -> [ConstantValue] {
    var priorities: [ConstantValue] = []
    var seen = Set<ConstantValue>()
    for syntax in declaration.priorities {
      guard let outcome = outcome(syntax, type) else { return [] }
      if !seen.insert(outcome).inserted {
        report("N2", "the outcome appears twice in the priorities", at: syntax.span)
      }
      priorities.append(outcome)
    }
    guard declaration.hit == .priority, !priorities.isEmpty else { return priorities }
    for rule in rules where !seen.contains(rule.outcome) {
      report(
        "N1", "the outcome of `\(rule.name)` has no place among the priorities", at: rule.span,
        help: ["add it after `hit priority`"])
    }
    return priorities
  }

  // MARK: Reasons

  /// Texts that a decision declares for the codes of its table.
  private mutating func reasonTexts(_ declaration: DecisionDeclaration) -> [String: TextSyntax] {
    var texts: [String: TextSyntax] = [:]
    for reason in declaration.reasonTexts {
      if texts[reason.code.text] != nil {
        report("M1", "the reason `\(reason.code.text)` has two texts", at: reason.code.span)
      }
      texts[reason.code.text] = reason.text
    }
    return texts
  }

  mutating func reason(_ syntax: ReasonSyntax?, of what: String, at span: SourceSpan)
    -> CheckedReason?
  {
    guard let syntax else {
      report(
        "M1", "\(what) has no reason", at: span,
        help: ["add   reason CODE-01 \"what a person reads\""])
      return nil
    }
    register(syntax.code)
    return CheckedReason(
      code: syntax.code.text, pieces: syntax.text.map { pieces($0) } ?? [], span: syntax.span)
  }

  /// A reason code stands for one rule of a ruleset.
  private mutating func register(_ code: NameSyntax) {
    if let earlier = scope.reasonCodes[code.text] {
      report(
        "M1", "the reason code `\(code.text)` is used twice",
        at: [(code.span, "again"), (earlier, "here")])
      return
    }
    scopes[ruleset].reasonCodes[code.text] = code.span
  }

  /// The pieces of a text with `{names}`; `{{` stands for a brace.
  private mutating func pieces(_ text: TextSyntax) -> [CheckedReason.Piece] {
    var pieces: [CheckedReason.Piece] = []
    var plain = ""
    let characters = Array(text.value)
    var offsets = [0]
    for character in characters {
      offsets.append(offsets[offsets.count - 1] + character.utf8.count)
    }
    var place = 0
    while place < characters.count {
      let character = characters[place]
      if character == "{", place + 1 < characters.count, characters[place + 1] == "{" {
        plain.append("{")
        place += 2
      } else if character == "}", place + 1 < characters.count, characters[place + 1] == "}" {
        plain.append("}")
        place += 2
      } else if character == "{" {
        guard let end = characters[place...].firstIndex(of: "}") else {
          report(
            "M1", "a `{` in a reason text is not closed", at: text.span,
            help: ["`{name}` shows a value; write `{{` for a brace"])
          return pieces
        }
        let name = String(characters[(place + 1)..<end])
        if !plain.isEmpty { pieces.append(.text(plain)) }
        plain = ""
        if let value = reasonValue(name, in: text, offset: offsets[place + 1]) {
          pieces.append(.value(value))
        }
        place = end + 1
      } else {
        plain.append(character)
        place += 1
      }
    }
    if !plain.isEmpty { pieces.append(.text(plain)) }
    return pieces
  }

  private mutating func reasonValue(_ name: String, in text: TextSyntax, offset: Int) -> Int? {
    // Without escapes the name stands where it stands in the value.
    var span = text.span
    if text.value.utf8.count + 2 == text.span.range.count {
      let start = text.span.range.lowerBound + 1 + offset
      span = SourceSpan(file: text.span.file, range: start..<(start + max(1, name.utf8.count)))
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isName = parts.allSatisfy { part in
      !part.isEmpty
        && part.utf8.allSatisfy { byte in
          (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || byte == 95
        }
    }
    guard isName, parts.count <= 2 else {
      report(
        "N1", "`{\(name.prefix(40))}` names no value", at: span,
        help: ["`{name}` shows a value; write `{{` for a brace"])
      return nil
    }
    let syntax = ExpressionSyntax(
      id: NodeID(0),
      kind: .reference(parts.map { NameSyntax(text: $0, span: span) }), span: span)
    guard case .value(let index) = check(syntax, in: .row).kind else { return nil }
    if case .outcomes = program.values[index].type {
      report(
        "Y1", "a reason text shows no list", at: span,
        label: describe(program.values[index].type))
      return nil
    }
    if program.values[index].isMasked {
      report(
        "M2",
        "`\(name)` \(isRecorded(index) ? "is" : "rests on what is") masked, and a reason text would show it",
        at: span)
      return nil
    }
    return index
  }

  private func isRecorded(_ value: Int) -> Bool {
    if case .field = program.values[value].definition { true } else { false }
  }

  // MARK: Tables

  private mutating func tableRules(
    _ table: DecisionTableSyntax, _ type: ValueType, _ texts: [String: TextSyntax]
  ) -> [CheckedRule] {
    let columns = table.inputs.map { check($0, in: .row) }
    for column in columns where column.constant != nil {
      report("N3", "a column of a table is a value, not a constant", at: column.span)
    }
    for name in table.outputs where name.text != "then" && name.text != "reason" {
      reportUnknown(name, as: "result column", among: ["then", "reason"])
    }
    guard let then = table.outputs.firstIndex(where: { $0.text == "then" }) else {
      report(
        "N1", "the table has no column `then`", at: table.outputs.first?.span ?? table.span)
      return []
    }
    let reason = table.outputs.firstIndex { $0.text == "reason" }
    if reason == nil {
      report(
        "M1", "the table has no column `reason`", at: table.outputs.first?.span ?? table.span)
    }
    var rules: [CheckedRule] = []
    var used = Set<String>()
    for (number, row) in table.rows.enumerated() {
      var tests: [CheckedCondition] = []
      var cells: [String] = []
      for (column, test) in zip(columns, row.tests) {
        guard let condition = unaryTest(test, on: column) else { continue }
        tests.append(condition)
        cells.append(flatText(column.span))
      }
      guard case .value(let outcomeSyntax) = row.outputs[then] else {
        report("N1", "the row has no outcome", at: row.span)
        continue
      }
      var checkedReason: CheckedReason?
      if let reason, case .name(let code) = row.outputs[reason] {
        used.insert(code.text)
        let syntax = ReasonSyntax(code: code, text: texts[code.text], span: code.span)
        checkedReason = self.reason(syntax, of: "row \(number + 1)", at: row.span)
      } else if reason != nil {
        report("M1", "row \(number + 1) has no reason", at: row.span)
      }
      guard let outcome = outcome(outcomeSyntax, type) else { continue }
      rules.append(
        CheckedRule(
          name: "row \(number + 1)", reason: checkedReason, condition: .all(tests),
          outcome: outcome, text: flatText(row.span), span: row.span, cells: cells))
    }
    return rules
  }

  private mutating func unaryTest(_ test: UnaryTestSyntax, on column: CheckedExpression)
    -> CheckedCondition?
  {
    guard column.type != .fault else { return nil }
    switch test.kind {
    case .any: return nil
    case .equals(let value):
      let checked = cellValue(value, on: column)
      return relabelled(
        compare(column, .equal, checked, span: test.span), column, "==", checked)
    case .compares(let symbol, let value):
      let checked = cellValue(value, on: column)
      return relabelled(
        compare(column, symbol, checked, span: test.span), column, symbol.symbol, checked)
    case .within(let range):
      let lower = cellValue(range.lower, on: column)
      let upper = cellValue(range.upper, on: column)
      let symbol: Comparison = range.includesUpper ? .lessOrEqual : .less
      return .all([
        relabelled(
          compare(column, .greaterOrEqual, lower, span: test.span), column, ">=", lower),
        relabelled(
          compare(column, symbol, upper, span: test.span), column, symbol.symbol, upper),
      ])
    case .oneOf(let tests):
      return .any(tests.map { unaryTest($0, on: column) ?? .all([]) })
    case .fault: return nil
    }
  }

  /// A cell's value; a level's name means a level of the column's scale.
  private mutating func cellValue(_ syntax: ExpressionSyntax, on column: CheckedExpression)
    -> CheckedExpression
  {
    var checked = check(syntax, in: .row, expecting: column.type)
    // A bare number is in the unit of its column.
    if var constant = checked.constant, constant.isBare, column.type.isNumber,
      let unit = column.type.valueType?.unit, !unit.isNone
    {
      constant.isBare = false
      constant.type = retyped(constant.type, unit: unit)
      checked.kind = .constant(constant)
      checked.type = .value(constant.type)
    }
    // The comparison is marked at the cell: the column's own place is the heading.
    checked.span = syntax.span
    return checked
  }

  // MARK: Overrides

  mutating func checkOverride(_ declaration: OverrideDeclaration) {
    let reason = reason(
      declaration.reason, of: "override `\(declaration.name.text)`", at: declaration.name.span)
    if declaration.authority == nil {
      report(
        "N1", "the override `\(declaration.name.text)` names no authority",
        at: declaration.name.span, help: ["add   by \"who ordered it\""])
    }
    guard let target = declaration.target, let outcomeSyntax = declaration.outcome,
      let conditionSyntax = declaration.condition
    else {
      report(
        "X5", "an override has a `when` and a `set`", at: declaration.name.span)
      declare(declaration.name, .fault)
      return
    }
    let condition = condition(conditionSyntax, in: .row)
    guard let symbol = lookUp(target, as: "decision") else { return }
    guard case .value(let value) = symbol,
      case .decision(let decision) = program.values[value].definition,
      let type = program.values[value].type.valueType ?? program.decisions[decision].listedType
    else {
      reportKind(target, is: symbol, expected: "a decision")
      return
    }
    var until: CalendarDate?
    if case .date(let date)? = declaration.until?.kind { until = date }
    guard let outcome = outcome(outcomeSyntax, type),
      declare(declaration.name, .override(program.overrides.count))
    else { return }
    program.order.append(.override(program.overrides.count))
    program.overrides.append(
      CheckedOverride(
        name: declaration.name.text, ruleset: ruleset, reason: reason,
        authority: declaration.authority?.value ?? "", until: until, condition: condition,
        decision: decision, outcome: outcome, text: flatText(conditionSyntax.span),
        span: declaration.name.span))
  }
}
