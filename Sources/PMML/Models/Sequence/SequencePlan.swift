internal import DataFields
internal import SourceDiagnostics

/// Sequences of sets, and rules over them.
package final class SequencePlan: Sendable {
  struct Step: Sendable {
    /// Numbers of items, rising.
    var set: Int
    var delimiter: SequenceModel.Delimiter
  }

  let items: ItemTable
  let sets: [[Int32]]
  let sequences: [[Step]]
  /// What stands between antecedent and consequent, for each rule.
  let delimiters: [SequenceModel.Delimiter]
  let separation: SequenceModel.Separation
  let ruleSeparation: SequenceModel.Separation
  let total: SequenceModel.Separation
  let prediction: RuleOutput
  var hasTotal: Bool { total.minimum > 0 || total.maximum < .infinity }

  init(
    model: SequenceModel, items: ItemTable, sets: [[Int32]], sequences: [[Step]],
    delimiters: [SequenceModel.Delimiter], prediction: RuleOutput
  ) {
    self.items = items
    self.sets = sets
    self.sequences = sequences
    self.delimiters = delimiters
    separation = model.separation
    ruleSeparation = model.ruleSeparation
    total = model.total
    self.prediction = prediction
  }
}

extension ModelCompiler {
  /// Sequences name sets, and may name a large one often.
  private static var unfoldedLimit: Int { 1 << 22 }

  func compileSequence(
    _ model: SequenceModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    program.units[unit].predictedType = .string
    // A set predicate is an itemset of categories of one field.
    var items = model.items
    var sets = model.itemsets
    var known: Set<String> = []
    for predicate in model.predicates {
      var set = AssociationModel.Itemset(id: predicate.id, line: predicate.line)
      for value in predicate.values {
        // No id of the document has a line break in it: XML makes it a space.
        let id = "\(predicate.field)\n\(value)"
        if known.insert(id).inserted {
          items.append(
            AssociationModel.Item(
              id: id, value: value, field: predicate.field, category: value,
              line: predicate.line))
        }
        set.items.append(id)
      }
      sets.append(set)
    }
    let (table, numbers) = itemTable(items, header, scope)
    let (itemsets, places) = itemsets(sets, numbers)
    var plan = RulePlan()
    var sequences: [[SequencePlan.Step]] = []
    var names: [String: Int] = [:]
    var unfolded = 0
    for sequence in model.sequences {
      var steps: [SequencePlan.Step] = []
      for step in sequence.steps {
        guard let set = places[step.set] else {
          reader.report("P16", "no set has the id `\(step.set)`", line: step.line)
          continue
        }
        unfolded += 1 + itemsets[set].count
        steps.append(
          SequencePlan.Step(
            set: set,
            delimiter: step.delimiter
              ?? SequenceModel.Delimiter(window: .acrossTimeWindows, gap: .unknown)))
      }
      if names.updateValue(sequences.count, forKey: sequence.id) != nil {
        reader.report("P10", "two sequences have the id `\(sequence.id)`", line: sequence.line)
      }
      guard unfolded <= Self.unfoldedLimit else {
        reader.report(
          "P13", "the sequences hold more than \(Self.unfoldedLimit) items together",
          line: sequence.line)
        return
      }
      let texts = steps.map { step in itemsets[step.set].map { table.names[Int($0)] } }
      sequences.append(steps)
      plan.parts.append(
        RulePlan.Part(
          list: code("[" + texts.map { JSONText.array($0) }.joined(separator: ", ") + "]"),
          text: code(texts.map { $0.joined(separator: ",") }.joined(separator: "},{"))))
    }
    let delimiters = compileRules(model, names, &plan)
    if plan.rules.count == model.rules.count {
      let sizes = sequences.map { steps in steps.reduce(0) { $0 + itemsets[$1.set].count } }
      check(
        zip(plan.rules, model.rules).map { compiled, rule in
          RuleLimits.Rule(
            name: rule.id, antecedentItems: sizes[compiled.antecedent],
            consequentItems: sizes[compiled.consequent], measures: rule.measures, line: rule.line)
        }, model.limits)
    }
    let prediction = defaultPrediction(&plan)
    program.units[unit].rules = plan
    program.units[unit].content = .sequence(
      SequencePlan(
        model: model, items: table, sets: itemsets, sequences: sequences, delimiters: delimiters,
        prediction: prediction))
    reserveRegion(plan.rules.count, unit: unit)
  }

  private func compileRules(
    _ model: SequenceModel, _ names: [String: Int], _ plan: inout RulePlan
  ) -> [SequenceModel.Delimiter] {
    var delimiters: [SequenceModel.Delimiter] = []
    var ids: Set<String> = []
    for rule in model.rules {
      if !ids.insert(rule.id).inserted {
        reader.report("P10", "two rules have the id `\(rule.id)`", line: rule.line)
      }
      let sides = [rule.antecedent, rule.consequent].compactMap { id -> Int? in
        if let place = names[id] { return place }
        reader.report("P16", "no sequence has the id `\(id)`", line: rule.line)
        return nil
      }
      guard sides.count == 2, let delimiter = rule.delimiter else { continue }
      delimiters.append(delimiter)
      plan.rules.append(
        RulePlan.Rule(
          id: code(rule.id), antecedent: sides[0], consequent: sides[1],
          measures: rule.measures))
    }
    return delimiters
  }
}
