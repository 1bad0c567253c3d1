internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  /// Compiles a unit's output fields; each may use those before it.
  func compileOutputs(
    _ header: ModelHeader, _ unit: Int, _ scope: FieldScope, target: DataField?
  ) {
    var names: [String: Int] = [:]
    let later = Set(header.outputs.map(\.name))
    for field in header.outputs {
      if let earlier = names.updateValue(field.line, forKey: field.name) {
        reader.report(
          "P10", "output field `\(field.name)` is declared twice, first on line \(earlier)",
          line: field.line)
      }
      let step = compile(field, unit, scope, header, target, outputNames: later)
      program.units[unit].outputs.append(step)
      scope.bindings[field.name] = FieldBinding(
        slot: step.slot, dataType: step.dataType, opType: field.opType ?? .continuous)
    }
  }

  private func compile(
    _ field: OutputField, _ unit: Int, _ scope: FieldScope, _ header: ModelHeader,
    _ target: DataField?, outputNames: Set<String>
  ) -> OutputStep {
    var source = unit
    if let id = field.segmentId {
      if let segment = segmentUnits[id] {
        source = segment
      } else {
        reader.report(
          "P16", "output field `\(field.name)` names segment `\(id)`, which does not exist",
          line: field.line)
      }
    }
    var step = OutputStep(
      field: field, slot: newSlot(), unit: source, position: -1, expression: -1,
      residualInput: -1, dataType: field.dataType ?? .double, displayCodes: [], rules: nil)
    let from = program.units[source]
    if let rules = ruleOutput(field, of: source) {
      step.rules = rules
      step.dataType = rules.isMultiValued ? .string : rules.dataType
      return step
    }
    if field.isMultiValued {
      reader.report(
        "P9", "`isMultiValued` is supported for rules only", line: field.line)
    }
    switch field.feature {
    case .predictedValue:
      if let name = field.targetField,
        let target = from.furtherTargets.first(where: { $0.name == name })
      {
        step.dataType = field.dataType ?? target.dataType
        let node = program.expressions.append(.slot(target.slot), target.dataType)
        step.expression = cast(node, to: step.dataType)
      } else {
        step.dataType = field.dataType ?? from.predictedType
        if field.targetField == nil, from.element == "TimeSeriesModel",
          !from.furtherTargets.isEmpty
        {
          reader.report(
            "P3", "output field `\(field.name)` does not say which of the series: `targetField`",
            line: field.line)
        }
      }
    case .predictedDisplayValue:
      step.dataType = .string
      step.displayCodes = displayCodes(header, from, target)
    case .probability, .confidence:
      step.dataType = field.dataType ?? .double
      step.position = position(of: field, in: from)
      if from.function != .classification || from.element == "TextModel" {
        reader.report(
          "P25",
          "a `\(from.element)` for \(from.function.rawValue) has no classes, and so no "
            + "`\(field.feature.rawValue)`", line: field.line)
      }
    case .affinity, .entityAffinity, .clusterAffinity:
      step.dataType = field.dataType ?? .double
      step.position = position(of: field, in: from)
      if !from.ranksEntities {
        reader.report(
          "P25", "only clusters, neighbours and documents have `\(field.feature.rawValue)` here",
          line: field.line)
      } else if field.feature == .clusterAffinity, from.function != .clustering {
        reader.report("P25", "a `\(from.element)` has no clusters", line: field.line)
      }
    case .entityId, .clusterId:
      step.dataType = field.dataType ?? .string
      if field.feature == .clusterId, from.function != .clustering {
        reader.report("P25", "a `\(from.element)` has no clusters", line: field.line)
      } else if from.entityCodes.isEmpty, from.function != .clustering, !reader.hasErrors {
        reader.report(
          "P25", "this `\(from.element)` has no entities that a row is assigned to",
          line: field.line)
      }
    case .reasonCode:
      step.dataType = field.dataType ?? .string
      guard case .scorecard = from.content else {
        reader.report("P25", "only a scorecard has reason codes", line: field.line)
        break
      }
      if (1...ReasonRanking.rankLimit).contains(field.rank) {
        program.units[source].reasonRankCount = min(
          from.reasonCodes.count, max(from.reasonRankCount, field.rank))
      }
    case .standardError, .standardDeviation:
      // By the element, which is known also where its content is faulty.
      if from.element == "TimeSeriesModel" {
        step.position = forecastTarget(field, from)
      } else if from.element == "GeneralRegressionModel", field.feature == .standardError {
        checkRegressionError(field, from)
        checkScale(field, header, isOwn: source == unit)
      } else if from.element == "GaussianProcessModel" {
        checkScale(field, header, isOwn: source == unit)
      } else {
        reader.report(
          "P25",
          "only Gaussian processes, time series and general regressions have "
            + "`\(field.feature.rawValue)` here", line: field.line)
      }
    case .confidenceIntervalLower, .confidenceIntervalUpper:
      if from.element == "TimeSeriesModel" {
        step.position = forecastTarget(field, from)
        step.quantile = quantile(field)
      } else if from.element == "GaussianProcessModel" {
        step.quantile = quantile(field)
      } else {
        reader.report(
          "P25",
          "only Gaussian processes and time series have `\(field.feature.rawValue)` here",
          line: field.line)
      }
    case .ruleValue, .antecedent, .consequent, .rule, .ruleId, .support, .lift, .leverage:
      reader.report(
        "P25", "only a model of rules has `\(field.feature.rawValue)`", line: field.line)
    case .residual:
      step.residualInput = program.inputs.firstIndex { $0.isTarget } ?? -1
      step.position = position(of: field, in: from)
      let isPlain = from.function == .regression && !from.predictsText
      let isClassifier = from.function == .classification && from.element != "TextModel"
      if !isPlain, !isClassifier {
        reader.report("P25", "a `\(from.element)` here has no residual", line: field.line)
      } else if step.residualInput < 0 {
        reader.report("P25", "a residual needs a target to be read", line: field.line)
      } else if isPlain, program.inputs[step.residualInput].field.dataType == .string {
        reader.report("P21", "the target of a residual is a text", line: field.line)
      }
    case .transformedValue, .decision:
      if field.expression == nil, field.segmentId != nil, let name = field.value {
        return reference(name, of: from, step)
      }
      guard let syntax = field.expression else {
        reader.report("P3", "output field `\(field.name)` has no expression", line: field.line)
        return step
      }
      checkReferences(syntax, field, scope, outputNames)
      let node = compile(syntax, in: scope, expected: field.dataType)
      let type = field.dataType ?? program.expressions.dataType(node)
      step.expression = cast(node, to: type)
      step.dataType = type
    }
    checkRank(field, from)
    return step
  }

  private func checkRank(_ field: OutputField, _ unit: ModelUnit) {
    if field.rank == 1 { return }
    if field.rank < 1 {
      reader.report("P4", "`rank` is \(field.rank); it counts from 1", line: field.line)
      return
    }
    let isRanked =
      switch field.feature {
      case .reasonCode: true
      case .entityId, .clusterId, .affinity, .entityAffinity, .clusterAffinity: unit.ranksEntities
      case .predictedValue, .predictedDisplayValue, .probability, .confidence:
        unit.function == .classification && unit.element != "TextModel"
      default: false
      }
    if !isRanked {
      reader.report(
        "P9",
        "`rank` is supported for classes, clusters, neighbours, documents and reason codes only",
        line: field.line)
    }
  }

  /// Reports a general regression that does not say how far its predictions may be off.
  private func checkRegressionError(_ field: OutputField, _ unit: ModelUnit) {
    guard case .generalRegression(let plan) = unit.content, plan.covariances.isEmpty,
      !reader.hasErrors
    else { return }
    let isLinear =
      plan.kind == .regression || plan.kind == .generalLinear
      || (plan.kind == .generalizedLinear && plan.link == .identity)
    reader.report(
      "P25",
      isLinear
        ? "the model does not say how far its predictions may be off, by a `PCovMatrix` of up to "
          + "2,048 parameters"
        : "the error of a prediction that is no linear one is only known about: none is given",
      line: field.line)
  }

  /// Reports an error of what `Targets` make another number of.
  private func checkScale(_ field: OutputField, _ header: ModelHeader, isOwn: Bool) {
    guard isOwn, header.targets.contains(where: { !$0.isAffine || $0.rescaleFactor != 1 }) else {
      return
    }
    reader.report(
      "P25",
      "`Targets` change what is predicted, and `\(field.feature.rawValue)` is that of what the model "
        + "predicts", line: field.line)
  }

  /// The place of the target whose forecasts an output is about; reports where it is not known how
  /// far they may be off.
  private func forecastTarget(_ field: OutputField, _ unit: ModelUnit) -> Int {
    guard case .timeSeries(let plan) = unit.content else { return 0 }
    var place = 0
    if let name = field.targetField, name != unit.targetName {
      guard let further = unit.furtherTargets.firstIndex(where: { $0.name == name }) else {
        reader.report(
          "P16", "output field `\(field.name)` names `\(name)`, which is no target",
          line: field.line)
        return 0
      }
      place = further + 1
    } else if field.targetField == nil, !unit.furtherTargets.isEmpty {
      reader.report(
        "P3", "output field `\(field.name)` does not say which of the series: `targetField`",
        line: field.line)
    }
    if !plan.hasVariance(place) {
      reader.report(
        "P25",
        "the model does not say how far its forecasts may be off, as "
          + "`\(field.feature.rawValue)` asks", line: field.line)
    } else if plan.transformation != .none,
      field.feature == .standardError || field.feature == .standardDeviation
    {
      reader.report(
        "P25",
        "the deviation of a series that is transformed is not that of its forecasts: ask for a "
          + "confidence interval", line: field.line)
    }
    return place
  }

  /// How many deviations wide to either side an interval of a percentage is.
  private func quantile(_ field: OutputField) -> Double {
    guard let text = field.value else {
      reader.report(
        "P3", "output field `\(field.name)` has no `value`: the percentage of its interval",
        line: field.line)
      return .nan
    }
    guard let percentage = XMLNumber.double(text), percentage > 0, percentage < 100 else {
      reader.report(
        "P4", "the percentage `\(text)` of an interval is not between 0 and 100",
        line: field.line)
      return .nan
    }
    let width = MathFunctions.normalQuantile(0.5 + percentage / 200)
    return field.feature == .confidenceIntervalLower ? -width : width
  }

  /// The output field of a segment, by name.
  private func reference(_ name: String, of unit: ModelUnit, _ step: OutputStep) -> OutputStep {
    var step = step
    guard let source = unit.outputs.first(where: { $0.field.name == name }) else {
      reader.report(
        "P16", "output field `\(step.field.name)` names `\(name)`, which its segment does not give",
        line: step.field.line)
      return step
    }
    step.dataType = step.field.dataType ?? source.dataType
    let node = program.expressions.append(.slot(source.slot), source.dataType)
    step.expression = cast(node, to: step.dataType)
    return step
  }

  /// An output field may use only those that stand before it.
  private func checkReferences(
    _ syntax: ExpressionSyntax, _ field: OutputField, _ scope: FieldScope,
    _ outputNames: Set<String>
  ) {
    switch syntax.kind {
    case .fieldRef(let name, _):
      if outputNames.contains(name), scope.bindings[name] == nil {
        reader.report(
          "P15", "output field `\(field.name)` uses `\(name)`, which does not stand before it",
          line: syntax.line)
        scope.bindings[name] = FieldBinding(slot: 0, dataType: .double, opType: .continuous)
      }
    case .apply(let apply):
      for argument in apply.arguments { checkReferences(argument, field, scope, outputNames) }
    default: break
    }
  }

  private func position(of field: OutputField, in unit: ModelUnit) -> Int {
    guard let text = field.value else { return -1 }
    if let place = unit.classes.firstIndex(where: { $0.text == text }) { return place }
    if unit.predictedType != .string, let number = ModelValueText.parse(text, as: .double),
      let place = unit.classes.firstIndex(where: { $0.value == number })
    {
      return place
    }
    reader.report(
      "P16", "output field `\(field.name)` names `\(text)`, which is not among the classes",
      line: field.line)
    return -1
  }

  private func displayCodes(
    _ header: ModelHeader, _ unit: ModelUnit, _ target: DataField?
  ) -> [Double] {
    if !unit.displayCodes.isEmpty { return unit.displayCodes.map { Double($0) } }
    let targets = header.targets.flatMap(\.values)
    return unit.classes.map { label in
      let shown =
        targets.first { $0.value == label.text }?.displayValue
        ?? target?.values.first { $0.text == label.text }?.displayText ?? label.text
      return code(shown)
    }
  }
}
