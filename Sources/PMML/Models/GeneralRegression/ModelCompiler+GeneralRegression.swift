internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileGeneralRegression(
    _ model: GeneralRegressionModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    let isClassification = header.function == .classification
    checkKind(model, header)
    var reference = -1
    var categories: [String?] = [nil]
    if isClassification {
      let named = model.parameterCells.compactMap(\.targetCategory)
      let texts = named + [model.referenceCategory].compactMap { $0 }
      program.units[unit].classes = classes(of: target, and: texts, line: header.line)
      categories = orderedCategories(model, header, unit)
      reference =
        program.units[unit].classes.firstIndex { $0.text == categories.last } ?? -1
      // The last category has no predictor of its own.
      categories.removeLast()
    }
    let classes = program.units[unit].classes
    var factors: [GeneralRegressionPlan.Factor] = []
    var tables: [GeneralRegressionPlan.Table] = []
    for category in categories {
      var terms: [GeneralRegressionPlan.Term] = []
      for cell in model.parameterCells {
        guard cell.targetCategory == nil || category == nil || cell.targetCategory == category
        else { continue }
        let start = factors.count
        let cells = model.predictorCells.filter {
          $0.parameter == cell.parameter
            && ($0.targetCategory == nil || category == nil || $0.targetCategory == category)
        }
        for cell in cells {
          if let factor = compile(cell, model, scope) { factors.append(factor) }
        }
        terms.append(
          GeneralRegressionPlan.Term(beta: cell.beta, factors: start..<factors.count))
      }
      tables.append(
        GeneralRegressionPlan.Table(
          position: classes.firstIndex { $0.text == category } ?? 0, terms: terms))
    }
    program.units[unit].content = .generalRegression(
      GeneralRegressionPlan(
        model, factors: factors, tables: tables, reference: reference,
        covariances: isClassification ? [] : covariances(model),
        offsetSlot: numberSlot(model.offsetField, scope, header.line),
        trialsSlot: numberSlot(model.trialsField, scope, header.line),
        referencePredictor: referencePredictor(model),
        endTimeSlot: numberSlot(model.endTimeField, scope, header.line),
        strataSlot: slot(model.strataField, scope, header.line),
        strata: compileStrata(model, scope, header)))
    reserveRegion(classes.count, unit: unit)
  }

  private func checkKind(_ model: GeneralRegressionModel, _ header: ModelHeader) {
    let classifies: Set<GeneralRegressionModel.Kind> = [.multinomialLogistic, .ordinalMultinomial]
    if header.function == .classification {
      if !classifies.contains(model.kind), model.kind != .generalizedLinear {
        reader.report(
          "P14", "a `\(model.kind.rawValue)` does not classify", line: header.line)
      }
    } else if classifies.contains(model.kind) {
      reader.report("P14", "a `\(model.kind.rawValue)` gives no number", line: header.line)
    }
    if model.kind == .coxRegression, model.endTimeField == nil || model.strata.isEmpty {
      reader.report(
        "P3", "a `CoxRegression` needs an `endTimeVariable` and `BaseCumHazardTables`",
        line: header.line)
    }
    let needsParameter = model.link == .power || model.link == .oddspower
    if needsParameter, model.linkParameter == nil {
      reader.report(
        "P3", "the link `\(model.link?.rawValue ?? "")` needs a `linkParameter`",
        line: header.line)
    }
    if model.link == .negbin, model.distributionParameter == nil {
      reader.report("P3", "the link `negbin` needs a `distParameter`", line: header.line)
    }
  }

  /// The target's categories, the reference category last; for an ordinal target, in its order.
  private func orderedCategories(
    _ model: GeneralRegressionModel, _ header: ModelHeader, _ unit: Int
  ) -> [String?] {
    var categories = program.units[unit].classes.map(\.text)
    if categories.count < 2 {
      reader.report("P14", "a classifier needs two target categories", line: header.line)
      return categories.isEmpty ? [""] : categories
    }
    if model.kind == .ordinalMultinomial { return categories }
    let named = Set(model.parameterCells.compactMap(\.targetCategory))
    let reference =
      model.referenceCategory
      ?? categories.last { !named.contains($0) } ?? categories[categories.count - 1]
    categories.removeAll { $0 == reference }
    return categories + [reference]
  }

  private func compile(
    _ cell: GeneralRegressionModel.PredictorCell, _ model: GeneralRegressionModel,
    _ scope: FieldScope
  ) -> GeneralRegressionPlan.Factor? {
    guard let predictor = model.predictors.first(where: { $0.field == cell.predictor }) else {
      reader.report(
        "P16", "`\(cell.predictor)` is neither in the `FactorList` nor in the `CovariateList`",
        line: cell.line)
      return nil
    }
    guard let binding = lookUp(cell.predictor, in: scope, line: cell.line) else { return nil }
    guard predictor.isFactor else {
      if binding.dataType == .string {
        reader.report(
          "P21", "covariate `\(cell.predictor)` is a text where a number is needed",
          line: cell.line)
        return nil
      }
      return .power(
        slot: binding.slot,
        exponent: value(cell.value, as: .double, line: cell.line, what: "exponent"))
    }
    let category = value(cell.value, as: binding.dataType, line: cell.line, what: "category")
    guard !predictor.contrasts.isEmpty else {
      return .indicator(slot: binding.slot, value: category)
    }
    let listed =
      predictor.categories.isEmpty
      ? binding.values.filter { $0.property == .valid }.map(\.text) : predictor.categories
    let values = listed.map {
      value($0, as: binding.dataType, line: predictor.line, what: "category")
    }
    guard let column = values.firstIndex(of: category), values.count == predictor.contrasts.count,
      predictor.contrasts.allSatisfy({ $0.indices.contains(column) })
    else {
      reader.report(
        "P13", "the contrast matrix of `\(predictor.field)` does not fit its categories",
        line: predictor.line)
      return nil
    }
    return .contrast(
      slot: binding.slot, values: values, entries: predictor.contrasts.map { $0[column] })
  }

  private func referencePredictor(_ model: GeneralRegressionModel) -> Double {
    var sum = 0.0
    for cell in model.parameterCells {
      let point = model.parameters.first { $0.name == cell.parameter }?.referencePoint ?? 0
      let product = cell.beta * point
      sum += product
    }
    return sum
  }

  private func compileStrata(
    _ model: GeneralRegressionModel, _ scope: FieldScope, _ header: ModelHeader
  ) -> [GeneralRegressionPlan.Stratum] {
    let type = model.strataField.flatMap { lookUp($0, in: scope, line: header.line)?.dataType }
    return model.strata.map { stratum in
      var number = Double.nan
      if let text = stratum.value, let type {
        number = value(text, as: type, line: stratum.line, what: "stratum")
      }
      return GeneralRegressionPlan.Stratum(
        value: number, maximumTime: stratum.maximumTime, times: stratum.cells.map(\.time),
        hazards: stratum.cells.map(\.cumulativeHazard))
    }
  }

  private func slot(_ name: String?, _ scope: FieldScope, _ line: Int) -> Int {
    name.flatMap { lookUp($0, in: scope, line: line)?.slot } ?? -1
  }

  private func numberSlot(_ name: String?, _ scope: FieldScope, _ line: Int) -> Int {
    guard let name, let binding = lookUp(name, in: scope, line: line) else { return -1 }
    if binding.dataType == .string {
      reader.report("P21", "`\(name)` is a text where a number is needed", line: line)
    }
    return binding.slot
  }
}
