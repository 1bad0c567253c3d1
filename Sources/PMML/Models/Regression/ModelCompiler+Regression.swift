internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileRegression(
    _ model: RegressionModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    var tables: [RegressionPlan.Table] = []
    if header.function == .classification {
      let texts = model.tables.compactMap(\.targetCategory)
      if texts.count != model.tables.count {
        reader.report(
          "P3", "each `RegressionTable` of a classifier needs a `targetCategory`",
          line: header.line)
      }
      program.units[unit].classes = classes(of: target, and: texts, line: header.line)
      if model.tables.count < 2 {
        reader.report("P14", "a classifier needs two `RegressionTable`s", line: header.line)
      }
    }
    let classes = program.units[unit].classes
    for table in model.tables {
      var position = 0
      if let text = table.targetCategory, header.function == .classification {
        let label = value(
          text, as: program.units[unit].predictedType, line: table.line, what: "class")
        position = classes.firstIndex { $0.value == label } ?? 0
      }
      tables.append(compile(table, position: position, scope))
    }
    program.units[unit].content = .regression(
      RegressionPlan(
        normalization: model.normalization, tables: tables,
        isOrdinal: header.function == .classification && target?.opType == .ordinal))
    reserveRegion(classes.count, unit: unit)
  }

  private func compile(
    _ table: RegressionModel.Table, position: Int, _ scope: FieldScope
  ) -> RegressionPlan.Table {
    var plan = RegressionPlan.Table(
      intercept: table.intercept, position: position, numeric: [], categorical: [], terms: [])
    for predictor in table.numeric {
      guard let binding = numberField(predictor.field, scope, predictor.line) else { continue }
      plan.numeric.append(
        RegressionPlan.Numeric(
          slot: binding.slot, exponent: predictor.exponent, coefficient: predictor.coefficient))
    }
    for predictor in table.categorical {
      guard let binding = lookUp(predictor.field, in: scope, line: predictor.line) else {
        continue
      }
      plan.categorical.append(
        RegressionPlan.Categorical(
          slot: binding.slot,
          value: value(
            predictor.value, as: binding.dataType, line: predictor.line, what: "category"),
          coefficient: predictor.coefficient))
    }
    for term in table.terms {
      plan.terms.append(
        RegressionPlan.Term(
          slots: term.fields.compactMap { numberField($0, scope, term.line)?.slot },
          coefficient: term.coefficient))
    }
    return plan
  }

  private func numberField(_ name: String, _ scope: FieldScope, _ line: Int) -> FieldBinding? {
    guard let binding = lookUp(name, in: scope, line: line) else { return nil }
    if binding.dataType == .string {
      reader.report("P21", "`\(name)` is a text where a number is needed", line: line)
      return nil
    }
    return binding
  }
}
