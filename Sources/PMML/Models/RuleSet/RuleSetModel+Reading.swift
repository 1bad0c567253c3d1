internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readRuleSetModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = RuleSetModel(criterion: .firstHit)
    var sawRuleSet = false
    while let child = try nextChild(of: element) {
      if child.name == .ruleSet {
        sawRuleSet = true
        try readRuleSet(child, into: &model)
      } else if !(try readCommon(child, into: &header)) {
        unexpected(child, in: element)
      }
    }
    checkCommon(header, element)
    if !sawRuleSet { report("P3", "`RuleSetModel` has no `RuleSet`", at: element) }
    if header.function != .classification {
      report("P14", "`RuleSetModel` classifies", at: element)
    }
    return ModelElement(header: header, content: .ruleSet(model))
  }

  private func readRuleSet(
    _ element: Element, into model: inout RuleSetModel
  ) throws(DiagnosticsError) {
    model.defaultScore = string(.defaultScore, of: element)
    model.defaultConfidence = number(.defaultConfidence, of: element)
    var sawMethod = false
    while let child = try nextChild(of: element) {
      switch child.name {
      case .ruleSelectionMethod:
        let criterion: RuleSetModel.Criterion? = requiredChoice(.criterion, of: child)
        // "The first one is the default"; the others are for consumers that choose.
        if !sawMethod, let criterion { model.criterion = criterion }
        sawMethod = true
      case .simpleRule, .compoundRule: try readRule(child, under: [], into: &model)
      case .scoreDistribution: break
      default: unexpected(child, in: element)
      }
    }
    if !sawMethod { report("P3", "`RuleSet` has no `RuleSelectionMethod`", at: element) }
  }

  private func readRule(
    _ element: Element, under outer: [PredicateSyntax], into model: inout RuleSetModel
  ) throws(DiagnosticsError) {
    guard element.name == .compoundRule else {
      var rule = RuleSetModel.SimpleRule(
        id: string(.id, of: element), predicates: outer, score: required(.score, of: element),
        confidence: number(.confidence, of: element) ?? 1,
        weight: number(.weight, of: element) ?? 1, line: element.line)
      while let child = try nextChild(of: element) {
        if let predicate = try readPredicate(child) {
          rule.predicates.append(predicate)
        } else if child.name != .scoreDistribution {
          unexpected(child, in: element)
        }
      }
      if rule.predicates.count == outer.count {
        report("P3", "`SimpleRule` has no predicate", at: element)
      }
      model.rules.append(rule)
      return
    }
    var predicates = outer
    while let child = try nextChild(of: element) {
      if child.name == .simpleRule || child.name == .compoundRule {
        try readRule(child, under: predicates, into: &model)
      } else if let predicate = try readPredicate(child) {
        predicates.append(predicate)
      } else {
        unexpected(child, in: element)
      }
    }
    if predicates.count == outer.count {
      report("P3", "`CompoundRule` has no predicate", at: element)
    }
  }
}
