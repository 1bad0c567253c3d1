import DataFields
import SourceDiagnostics

extension Checker {
  /// Resolves and types a condition as a tree of clauses.
  mutating func condition(_ syntax: ExpressionSyntax, in place: Place) -> CheckedCondition {
    switch syntax.kind {
    case .and(let parts):
      return .all(parts.map { condition($0, in: place) })
    case .or(let parts):
      return .any(parts.map { condition($0, in: place) })
    case .not(let operand):
      return .not(condition(operand, in: place))
    case .comparison(let operands, let operators):
      return comparison(operands, operators, in: place)
    case .within(let value, let range):
      return within(check(value, in: place), range, in: place)
    case .oneOf(let value, let options):
      let value = check(value, in: place)
      guard options.count <= Self.maximumOptions else {
        report(
          "X7", "`in (...)` lists at most \(Self.maximumOptions) values", at: value.span,
          help: ["put them in a file:   in list \"values.csv\""])
        return faultClause(syntax)
      }
      return .any(
        options.map { option in
          let checked = check(option, in: place, expecting: value.type)
          return relabelled(
            compare(value, .equal, checked, span: option.span), value, "==", checked)
        })
    case .member(let value, of: let list):
      return member(value, of: list, syntax, in: place)
    case .inList(let value, let list):
      let value = check(value, in: place)
      guard value.type != .fault, let index = self.list(list) else { return faultClause(syntax) }
      guard value.type == .value(.text) else {
        report("Y1", "a list holds texts", at: value.span, label: describe(value.type))
        return faultClause(syntax)
      }
      return clause(.inList(value, index), syntax.span)
    case .presence(let value, let isMissing):
      let value = check(value, in: place)
      guard value.type != .fault else { return faultClause(syntax) }
      guard case .value(let index) = value.kind, place == .row else {
        report("Y7", "only an input or a value can be missing", at: value.span)
        return faultClause(syntax)
      }
      if program.values[index].missing == .refuse { program.values[index].missing = .rule }
      return clause(.presence(value, isMissing: isMissing), syntax.span)
    default:
      let value = check(syntax, in: place)
      guard value.type != .fault else { return faultClause(syntax) }
      guard value.type == .value(.boolean) else {
        report("Y1", "expected a condition", at: value.span, label: describe(value.type))
        return faultClause(syntax)
      }
      if case .condition(let inner) = value.kind { return inner }
      return clause(.isTrue(value), syntax.span)
    }
  }

  func clause(_ kind: CheckedClause.Kind, _ span: SourceSpan) -> CheckedCondition {
    .clause(CheckedClause(kind: kind, text: flatText(span), span: span))
  }

  func faultClause(_ syntax: ExpressionSyntax) -> CheckedCondition {
    .clause(CheckedClause(kind: .fault, text: "", span: syntax.span))
  }

  /// A chain `a == b == c` is the clauses `a == b` and `b == c`.
  private mutating func comparison(
    _ operands: [ExpressionSyntax], _ operators: [Comparison], in place: Place
  ) -> CheckedCondition {
    var checked: [CheckedExpression?] = operands.map { _ in nil }
    // Names that stand alone and are no values are levels or currencies: their neighbours tell.
    for (index, operand) in operands.enumerated() where !isOpen(operand, in: place) {
      checked[index] = check(operand, in: place)
    }
    for (index, operand) in operands.enumerated() where checked[index] == nil {
      let neighbours = [index - 1, index + 1].filter(operands.indices.contains)
      let hint =
        neighbours.compactMap { checked[$0]?.type }.first { type in
          if case .value(.rank) = type { return true }
          return type == .value(.text) || type == .fault
        } ?? neighbours.compactMap { checked[$0]?.type }.first
      checked[index] = check(operand, in: place, expecting: hint)
    }
    let sides = checked.compactMap { $0 }
    guard sides.count == operands.count else { return .all([]) }
    var clauses: [CheckedCondition] = []
    for (index, symbol) in operators.enumerated() {
      let left = sides[index]
      let right = sides[index + 1]
      clauses.append(
        compare(left, symbol, right, span: left.span.union(right.span)))
    }
    return clauses.count == 1 ? clauses[0] : .all(clauses)
  }

  private func isOpen(_ syntax: ExpressionSyntax, in place: Place) -> Bool {
    guard case .reference(let parts) = syntax.kind, parts.count == 1 else { return false }
    if case .event(let event, let list) = place {
      return program.events[event].field(named: parts[0].text, of: list) == nil
    }
    return scope.symbols[parts[0].text] == nil
  }

  /// One comparison, typed.
  mutating func compare(
    _ left: CheckedExpression, _ symbol: Comparison, _ right: CheckedExpression,
    span: SourceSpan
  ) -> CheckedCondition {
    var left = left
    var right = right
    guard left.type != .fault, right.type != .fault else {
      return .clause(CheckedClause(kind: .fault, text: "", span: span))
    }
    guard canCompare(&left, symbol, &right) else {
      return .clause(CheckedClause(kind: .fault, text: "", span: span))
    }
    warnOutside(left, symbol, right)
    return clause(.compare(left, symbol, right), span)
  }

  private mutating func canCompare(
    _ left: inout CheckedExpression, _ symbol: Comparison, _ right: inout CheckedExpression
  ) -> Bool {
    let labels = [
      (span: left.span, label: describe(left.type)), (right.span, describe(right.type)),
    ]
    let connectors = connector(between: left, and: right, symbol.symbol)
    // An amount in the event's own currency has no unit to compare with, but its sign is a fact.
    for (amount, other) in [(left, right), (right, left)] {
      guard case .amount = amount.type else { continue }
      if isZero(other) { return true }
      report(
        "Y2", "an amount in the event's own currency compares only with 0", at: labels,
        connectors: connectors)
      return false
    }
    guard let a = left.type.valueType, let b = right.type.valueType else {
      for side in [left, right] {
        guard case .outcomes = side.type else { continue }
        report(
          "Y1", "a list of outcomes is not compared", at: labels, connectors: connectors,
          help: ["ask whether it has one:   \"...\" in \(flatText(side.span))"])
        return false
      }
      report("Y1", "events cannot be compared", at: labels, connectors: connectors)
      return false
    }
    if left.type.isNumber, right.type.isNumber {
      if a.unit != b.unit, !isZero(left), !isZero(right) {
        reportUnits(left, right, symbol.symbol)
        return false
      }
      return true
    }
    switch (a, b) {
    case (.double, _), (_, .double):
      return canCompareFloats(&left, symbol, &right, labels, connectors)
    case (.rank(let x), .rank(let y)):
      if x == y || program.alignments.contains(.init(left: x, right: y)) { return true }
      report(
        "Y3", "cannot compare ranks of different scales", at: labels, connectors: connectors,
        help: program.scales[x].levels.count == program.scales[y].levels.count
          ? [
            "if they line up by position, add   align \(program.scales[x].name) with "
              + program.scales[y].name
          ] : [], fixIts: aligning(x, y))
      return false
    case (.date, .date):
      return true
    case (.text, .text), (.boolean, .boolean):
      guard symbol == .equal || symbol == .notEqual else {
        report(
          "Y1", "\(a == .text ? "texts have" : "a truth value has") no order", at: labels,
          connectors: connectors, help: ["use `==` or `!=`"])
        return false
      }
      return isPossible(left, right) && isPossible(right, left)
    default:
      report("Y1", "cannot compare these", at: labels, connectors: connectors)
      return false
    }
  }

  private mutating func canCompareFloats(
    _ left: inout CheckedExpression, _ symbol: Comparison, _ right: inout CheckedExpression,
    _ labels: [(span: SourceSpan, label: String)], _ connectors: [SourceSpan]
  ) -> Bool {
    if symbol == .equal || symbol == .notEqual {
      report(
        "Y4", "a float is compared for equality", at: labels, connectors: connectors,
        help: ["give it ranks, or compare with `<` or `>=`"])
      return false
    }
    for side in [left, right] where side.type != .value(.double) {
      guard let constant = side.constant, side.type.isNumber, constant.isBare else {
        report(
          "Y1", "a float compares with a float or a number without unit", at: labels,
          connectors: connectors)
        return false
      }
    }
    for keyPath in [0, 1] {
      var side = keyPath == 0 ? left : right
      if var constant = side.constant {
        constant.type = .double
        side.kind = .constant(constant)
        side.type = .value(.double)
        if keyPath == 0 { left = side } else { right = side }
      }
    }
    return true
  }

  /// Whether a decision can have the outcome that it is compared with.
  private mutating func isPossible(_ value: CheckedExpression, _ constant: CheckedExpression)
    -> Bool
  {
    guard case .value(let index) = value.kind, let text = constant.constant?.text,
      case .decision(let decision) = program.values[index].definition
    else { return true }
    return isPossible(text, ofDecision: decision, at: constant.span)
  }

  mutating func isPossible(_ text: String, ofDecision decision: Int, at span: SourceSpan) -> Bool {
    guard !program.decisions[decision].hasFaults else { return true }
    var outcomes = program.decisions[decision].outcomes.compactMap(\.text)
    outcomes += program.overrides.filter { $0.decision == decision }.compactMap(\.outcome.text)
    if outcomes.contains(text) { return true }
    let name = program.values[program.decisions[decision].value].name
    let near = NearMiss.suggestion(for: text, among: outcomes)
    report(
      "Y1", "`\(name)` never is \"\(text)\"", at: span,
      help: [
        near.map { "did you mean \"\($0)\"?" }
          ?? "its outcomes are " + outcomes.map { "\"\($0)\"" }.joined(separator: ", ")
      ], fixIts: replacing(text: text, at: span, by: near))
    return false
  }

  mutating func within(
    _ value: CheckedExpression, _ range: RangeSyntax, in place: Place
  ) -> CheckedCondition {
    let lower = check(range.lower, in: place, expecting: value.type)
    let upper = check(range.upper, in: place, expecting: value.type)
    let span = value.span.union(range.span)
    if value.type == .value(.double), range.includesUpper, let only = lower.constant,
      only.number == upper.constant?.number
    {
      report(
        "Y4", "a float is compared for equality",
        at: [(value.span, describe(value.type)), (range.span, "one value")],
        help: ["give it ranks, or compare with `<` or `>=`"])
      return .clause(CheckedClause(kind: .fault, text: "", span: span))
    }
    let first = compare(value, .greaterOrEqual, lower, span: value.span.union(lower.span))
    let second = compare(
      value, range.includesUpper ? .lessOrEqual : .less, upper, span: span)
    return .all([
      relabelled(first, value, ">=", lower),
      relabelled(
        second, value, range.includesUpper ? "<=" : "<", upper),
    ])
  }

  /// A clause whose text is made, because the source writes it another way.
  func relabelled(
    _ condition: CheckedCondition, _ left: CheckedExpression, _ symbol: String,
    _ right: CheckedExpression
  ) -> CheckedCondition {
    guard case .clause(var clause) = condition else { return condition }
    clause.text = "\(flatText(left.span)) \(symbol) \(flatText(right.span))"
    return .clause(clause)
  }

  mutating func list(_ syntax: ListSyntax) -> Int? {
    guard let (artefact, bytes) = artefact(syntax.file, what: "the list") else { return nil }
    if let known = program.lists.firstIndex(where: {
      $0.artefact == artefact && $0.column == syntax.column?.value
    }) {
      return known
    }
    program.lists.append(
      CheckedList(
        artefact: artefact, column: syntax.column?.value, bytes: bytes, span: syntax.span))
    return program.lists.count - 1
  }
}
