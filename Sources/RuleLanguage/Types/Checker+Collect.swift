import DataFields
import SourceDiagnostics

/// `hit collect`: what becomes of the outcomes of all rules that hold.
extension Checker {
  /// What a decision comes to, by its hit policy and the type of its outcomes.
  mutating func resultType(_ declaration: DecisionDeclaration, _ outcomes: ValueType) -> RuleType {
    guard declaration.hit == .collect else { return .value(outcomes) }
    switch declaration.aggregator {
    case .list: return .outcomes(outcomes)
    case .count: return .value(.integer(.none))
    case .sum:
      if !RuleType.value(outcomes).isNumber {
        report(
          "Y1", "`sum` adds up numbers", at: declaration.type.span,
          label: describe(.value(outcomes)), help: ["`count` counts outcomes of any type"])
      }
      return .value(outcomes)
    case .min, .max:
      switch outcomes {
      case .text, .boolean:
        let word = declaration.aggregator == .min ? "least" : "greatest"
        report(
          "Y1", "only what has an order has a \(word)", at: declaration.type.span,
          label: describe(.value(outcomes)),
          help: ["`hit priority` gives outcomes an order of their own"])
      default: break
      }
      return .value(outcomes)
    }
  }

  /// A sum must fit, whichever rules hold.
  mutating func checkSum(_ declaration: DecisionDeclaration, _ rules: [CheckedRule]) {
    guard declaration.hit == .collect, declaration.aggregator == .sum else { return }
    var total: Int128 = 0
    for rule in rules {
      guard let word = rule.outcome.stored(as: rule.outcome.type)?.numerator else { continue }
      let (next, overflow) = total.addingReportingOverflow(
        word == .min ? .max : word < 0 ? -word : word)
      guard !overflow else {
        return report(
          "Y1", "the outcomes add up to more than a number holds", at: rule.span)
      }
      total = next
    }
  }

  /// `"call" in offers`.
  mutating func member(
    _ value: ExpressionSyntax, of list: [NameSyntax], _ syntax: ExpressionSyntax, in place: Place
  ) -> CheckedCondition {
    guard let last = list.last, let first = list.first else { return faultClause(syntax) }
    let reference = ExpressionSyntax(
      id: syntax.id, kind: .reference(list), span: first.span.union(last.span))
    let checked = check(reference, in: place)
    guard checked.type != .fault else { return faultClause(syntax) }
    guard case .value(let index) = checked.kind, case .outcomes(let type) = checked.type,
      case .decision(let decision) = program.values[index].definition
    else {
      report(
        "Y1", "expected a range, values in parentheses, a `list` or a decision that collects",
        at: checked.span, label: describe(checked.type),
        help: ["`x in 1 ... 5`, `x in (\"a\", \"b\")`"])
      return faultClause(syntax)
    }
    guard let constant = ownConstant(value, of: .value(type)) else { return faultClause(syntax) }
    guard isPossible(constant, ofDecision: decision, at: value.span) else {
      return faultClause(syntax)
    }
    let known = program.values.firstIndex {
      $0.definition == .member(decision: decision, constant)
    }
    let member = known ?? program.values.count
    if known == nil {
      let owner = program.values[index]
      append(
        CheckedValue(
          name: "\(text(value.span)) in \(owner.name)", ruleset: owner.ruleset,
          type: .value(.boolean), definition: .member(decision: decision, constant),
          bounds: ValueBounds(), missing: .refuse, span: owner.span),
        restingOn: [index], isCondition: false)
    }
    return clause(
      .isTrue(
        CheckedExpression(
          kind: .value(member), type: .value(.boolean), span: syntax.span, id: syntax.id)),
      syntax.span)
  }

  /// Whether a list can have an outcome.
  private mutating func isPossible(
    _ constant: ConstantValue, ofDecision decision: Int, at span: SourceSpan
  ) -> Bool {
    if let text = constant.text { return isPossible(text, ofDecision: decision, at: span) }
    let outcomes =
      program.decisions[decision].outcomes
      + program.overrides.filter { $0.decision == decision }.map(\.outcome)
    if program.decisions[decision].hasFaults { return true }
    if outcomes.contains(where: { $0.number == constant.number }) { return true }
    let name = program.values[program.decisions[decision].value].name
    report("Y1", "no rule of `\(name)` has this outcome", at: span)
    return false
  }

  /// What a test expects a list to be: one outcome, or several in parentheses.
  mutating func expectedList(_ syntax: ExpressionSyntax, of value: Int, _ type: ValueType)
    -> [ConstantValue]?
  {
    guard case .decision(let decision) = program.values[value].definition else { return nil }
    var items = [syntax]
    if case .tuple(let several) = syntax.kind { items = several }
    var constants: [ConstantValue] = []
    for item in items {
      guard let constant = ownConstant(item, of: .value(type)),
        isPossible(constant, ofDecision: decision, at: item.span)
      else { return nil }
      constants.append(constant)
    }
    return constants
  }
}

extension CheckedDecision {
  /// The type of the outcomes of a list; nil if the decision comes to one value.
  var listedType: ValueType? { hit == .collect && aggregator == .list ? outcomeType : nil }
}
