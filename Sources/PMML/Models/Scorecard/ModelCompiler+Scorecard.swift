internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles

extension ModelCompiler {
  func compileScorecard(
    _ model: Scorecard, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    var reasons: [String] = []
    var characteristics: [ScorecardPlan.Characteristic] = []
    var attributes: [ScorecardPlan.Attribute] = []
    for characteristic in model.characteristics {
      let first = attributes.count
      for attribute in characteristic.attributes {
        var reason = -1
        if let text = attribute.reasonCode ?? characteristic.reasonCode {
          reason = reasons.firstIndex(of: text) ?? reasons.count
          if reason == reasons.count { reasons.append(text) }
        }
        let expression = attribute.complexPartialScore.map {
          cast(compile($0, in: scope, expected: .double), to: .double)
        }
        attributes.append(
          ScorecardPlan.Attribute(
            predicate: compileSlotPredicate(attribute.predicate, in: scope),
            partialScore: attribute.partialScore ?? .nan, expression: expression ?? -1,
            reason: reason))
      }
      characteristics.append(
        ScorecardPlan.Characteristic(
          attributes: first..<attributes.count,
          baselineScore: characteristic.baselineScore ?? model.baselineScore ?? 0))
    }
    program.units[unit].reasonCodes = reasons.map { Int32(code($0)) }
    program.units[unit].content = .scorecard(
      ScorecardPlan(
        model, characteristics: characteristics, attributes: attributes,
        predicates: program.predicates))
    // How many points each reason took away: ranked when an output asks for reasons.
    reserveRegion(reasons.count, unit: unit)
  }
}
