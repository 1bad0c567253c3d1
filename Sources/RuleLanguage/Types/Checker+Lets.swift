import DataFields
import SourceDiagnostics

extension Checker {
  mutating func checkLet(_ declaration: LetDeclaration) {
    switch declaration.value.kind {
    case .filtered(let base, let condition):
      stream(declaration, base: base, condition: condition)
    case .reference(let parts)
    where parts.count == 1 && isStream(scope.symbols[parts[0].text]?.symbol):
      stream(declaration, base: declaration.value, condition: nil)
    case .each:
      stream(declaration, base: declaration.value, condition: nil)
    case .aggregate(let aggregate):
      aggregateLet(declaration, aggregate)
    default:
      expressionLet(declaration)
    }
  }

  func isStream(_ symbol: Symbol?) -> Bool {
    switch symbol {
    case .event, .stream: true
    default: false
    }
  }

  /// The stream that a name stands for.
  mutating func streamIndex(_ syntax: ExpressionSyntax) -> Int? {
    if case .each(let parts) = syntax.kind { return elementStream(parts, syntax.span) }
    guard case .reference(let parts) = syntax.kind, let name = parts.first else {
      report("Y6", "expected an event or a selection of events", at: syntax.span)
      return nil
    }
    guard let symbol = lookUp(name, as: "event") else { return nil }
    switch symbol {
    case .stream(let index): return index
    case .event(let event):
      return program.streams.firstIndex {
        $0.event == event && $0.condition == nil && $0.list == nil
      }
    default:
      reportKind(name, is: symbol, expected: "an event or a selection of events")
      return nil
    }
  }

  private mutating func stream(
    _ declaration: LetDeclaration, base: ExpressionSyntax, condition: ExpressionSyntax?
  ) {
    if let missing = declaration.missing {
      report("Y7", "a selection of events has no `missing`", at: missing.span)
    }
    guard let base = streamIndex(base) else {
      declare(declaration.name, .fault)
      return
    }
    let event = program.streams[base].event
    let depth = program.streams[base].depth + 1
    if depth > Self.maximumStreamDepth {
      report(
        "X6",
        "selections of events narrow each other more than "
          + "\(Self.maximumStreamDepth) deep", at: declaration.name.span)
      declare(declaration.name, .fault)
      return
    }
    var conditions: [CheckedCondition] = program.streams[base].condition.map { [$0] } ?? []
    let list = program.streams[base].list
    if let condition { conditions.append(eventCondition(condition, event, list)) }
    guard declare(declaration.name, .stream(program.streams.count)) else { return }
    program.streams.append(
      CheckedStream(
        name: declaration.name.text, event: event, list: list, depth: depth,
        condition: conditions.isEmpty
          ? nil : conditions.count == 1 ? conditions[0] : .all(conditions)))
  }

  /// A condition on an event's fields; it compares fields as they are.
  mutating func eventCondition(_ syntax: ExpressionSyntax, _ event: Int, _ list: Int?)
    -> CheckedCondition
  {
    let condition = condition(syntax, in: .event(event, list: list))
    for clause in condition.clauses {
      let sides: [CheckedExpression] =
        switch clause.kind {
        case .compare(let left, _, let right): [left, right]
        case .inList(let value, _), .presence(let value, _), .isTrue(let value): [value]
        case .fault: []
        }
      for side in sides {
        if !isPlainArithmetic(side) {
          notRun("a conversion in a condition on events", at: side.span)
        }
        requireNonZeroDivisors(side)
      }
    }
    return condition
  }

  /// Whether an expression rests on the event's fields and constants alone.
  private func isPlainArithmetic(_ expression: CheckedExpression) -> Bool {
    switch expression.kind {
    case .eventField, .constant, .fault: true
    case .negation(let operand): isPlainArithmetic(operand)
    case .arithmetic(_, let left, let right):
      isPlainArithmetic(left) && isPlainArithmetic(right)
    case .value, .asFloat, .conversion, .condition: false
    }
  }

  private mutating func aggregateLet(_ declaration: LetDeclaration, _ syntax: AggregateSyntax) {
    guard let (aggregate, type, bounds) = aggregate(syntax, at: declaration.value.span) else {
      declare(declaration.name, .fault)
      return
    }
    let isCount = aggregate.function == .count || aggregate.function == .countDistinct
    if isCount, let missing = declaration.missing {
      report("Y7", "a count is never missing", at: missing.span, help: ["leave `missing` out"])
    }
    addLet(
      declaration, .aggregate(aggregate), type, bounds, missing: isCount ? .never : .refuse)
  }

  private mutating func expressionLet(_ declaration: LetDeclaration) {
    let value = check(declaration.value, in: .row)
    guard let type = value.type.valueType else {
      if value.type != .fault {
        report(
          "Y1", "a `let` is a number, a text, a date, a rank or a condition",
          at: declaration.value.span, label: describe(value.type))
      }
      declare(declaration.name, .fault)
      return
    }
    if declaration.missing == nil { requireNonZeroDivisors(value) }
    addLet(declaration, .expression(value), .value(type), bounds(of: value), missing: .refuse)
  }

  private mutating func addLet(
    _ declaration: LetDeclaration, _ body: CheckedLet.Body, _ type: RuleType,
    _ bounds: ValueBounds, missing: MissingRule
  ) {
    var missing = missing
    if case .value(let syntax)? = declaration.missing, missing != .never,
      let constant = missingConstant(syntax, of: type)
    {
      missing = .value(constant)
    }
    var bounds = bounds
    if let domain = declaration.domain {
      let declared = self.bounds(domain, of: type)
      bounds = declared
    }
    if case .value(let constant) = missing { bounds.include(constant.number) }
    guard declare(declaration.name, .value(program.values.count)) else { return }
    var step: ConstantValue?
    if let number = declaration.actionability?.step {
      step = ownConstant(
        ExpressionSyntax(id: declaration.id, kind: .number(number), span: number.span), of: type)
    }
    var operands: [Int] = []
    if case .expression(let expression) = body { operands = expression.values }
    append(
      CheckedValue(
        name: declaration.name.text, ruleset: ruleset, type: type,
        definition: .let(program.lets.count), bounds: bounds, missing: missing,
        isMasked: showsMasked(body), span: declaration.name.span),
      restingOn: operands, isCondition: type == .value(.boolean))
    program.order.append(.let(program.lets.count))
    program.lets.append(
      CheckedLet(
        value: program.values.count - 1, ruleset: ruleset, body: body,
        actionability: declaration.actionability?.direction ?? .yes, step: step,
        text: flatText(declaration.value.span), span: declaration.name.span,
        hasDomain: declaration.domain != nil, isPersonal: declaration.isPersonal))
  }

  /// Whether a value lets one that is masked be seen: by copying it, by computing with it, or by
  /// picking or adding up what events say. Conditions, ranks and counts show too little of it.
  private func showsMasked(_ body: CheckedLet.Body) -> Bool {
    switch body {
    case .expression(let expression):
      if case .condition = expression.kind { return false }
      return expression.values.contains { program.values[$0].isMasked }
    case .aggregate(let aggregate):
      if aggregate.function == .count || aggregate.function == .countDistinct { return false }
      let fields = program.events[program.streams[aggregate.stream].event].fields
      return aggregate.argument?.eventFields.contains { fields[$0].maskKeeping != nil } ?? false
    }
  }

  /// `missing <value>`: the unit must be written, except on 0.
  private mutating func missingConstant(_ syntax: ExpressionSyntax, of type: RuleType)
    -> ConstantValue?
  {
    let checked = check(syntax, in: .row, expecting: type)
    guard checked.type != .fault else { return nil }
    if let constant = checked.constant, constant.isBare, constant.number != Quotient(0),
      let unit = type.valueType?.unit, !unit.isNone
    {
      report(
        "Y2", "the units differ", at: syntax.span, label: "no unit, expected \(unit)",
        help: ["write the unit:   \(text(syntax.span)) \(unit)"],
        fixIts: addingUnit(unit, after: syntax.span))
      return nil
    }
    return ownConstant(syntax, of: type)
  }
}
