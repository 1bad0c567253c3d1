internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileRuleSet(
    _ model: RuleSetModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    let texts = model.rules.map(\.score) + [model.defaultScore].compactMap { $0 }
    let classes = classes(of: target, and: texts, line: header.line)
    program.units[unit].classes = classes
    func position(_ text: String, line: Int) -> Int {
      let label = value(text, as: program.units[unit].predictedType, line: line, what: "score")
      return classes.firstIndex { $0.value == label } ?? -1
    }
    let rules = model.rules.map { rule in
      RuleSetPlan.Rule(
        predicates: rule.predicates.map { compileSlotPredicate($0, in: scope) },
        position: position(rule.score, line: rule.line), confidence: rule.confidence,
        weight: rule.weight)
    }
    // "The id of a rule is its implicit 1-based index where none is given."
    program.units[unit].entityCodes = model.rules.enumerated().map { place, rule in
      Int32(code(rule.id ?? String(place + 1)))
    }
    program.units[unit].content = .ruleSet(
      RuleSetPlan(
        criterion: model.criterion, rules: rules,
        defaultPosition: model.defaultScore.map { position($0, line: header.line) } ?? -1,
        defaultConfidence: model.defaultConfidence ?? .nan))
    reserveRegion(classes.count, unit: unit)
  }
}
