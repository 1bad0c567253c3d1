internal import DataFields
internal import SourceDiagnostics

/// Rules over sets of items.
package final class AssociationPlan: Sendable {
  let items: ItemTable
  /// The items of each itemset, rising: the parts of the rules.
  let itemsets: [[Int32]]
  /// What the prediction is: by an output field's defaults, the consequent of the most confident
  /// rule, unless it is there already.
  let prediction: RuleOutput

  init(items: ItemTable, itemsets: [[Int32]], prediction: RuleOutput) {
    self.items = items
    self.itemsets = itemsets
    self.prediction = prediction
  }
}

extension ModelCompiler {
  func compileAssociation(
    _ model: AssociationModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    program.units[unit].predictedType = .string
    let (items, numbers) = itemTable(model.items, header, scope)
    let (itemsets, places) = itemsets(model.itemsets, numbers)
    var plan = RulePlan()
    plan.parts = itemsets.map { set in part(set.map { items.names[Int($0)] }) }
    var ids: Set<String> = []
    for (place, rule) in model.rules.enumerated() {
      if let id = rule.id, !ids.insert(id).inserted {
        reader.report("P10", "two rules have the id `\(id)`", line: rule.line)
      }
      let sides = [rule.antecedent, rule.consequent].compactMap { id -> Int? in
        if let place = places[id] { return place }
        reader.report("P16", "no itemset has the id `\(id)`", line: rule.line)
        return nil
      }
      guard sides.count == 2 else { continue }
      // "If the rule has no id, its position in the document, from 1 on."
      plan.rules.append(
        RulePlan.Rule(
          id: code(rule.id ?? String(place + 1)), antecedent: sides[0], consequent: sides[1],
          measures: rule.measures))
    }
    if plan.rules.count == model.rules.count {
      check(
        zip(plan.rules, model.rules).enumerated().map { place, sides in
          RuleLimits.Rule(
            name: sides.1.id ?? String(place + 1),
            antecedentItems: itemsets[sides.0.antecedent].count,
            consequentItems: itemsets[sides.0.consequent].count, measures: sides.1.measures,
            line: sides.1.line)
        }, model.limits)
    }
    let prediction = defaultPrediction(&plan)
    program.units[unit].rules = plan
    program.units[unit].content = .association(
      AssociationPlan(items: items, itemsets: itemsets, prediction: prediction))
    reserveRegion(plan.rules.count, unit: unit)
  }

  func defaultPrediction(_ plan: inout RulePlan) -> RuleOutput {
    RuleOutput(
      feature: .consequent, algorithm: .exclusiveRecommendation,
      order: plan.order(by: .confidence, .descending), rank: 1, isMultiValued: false,
      dataType: .string)
  }
}
