internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles

extension ModelCompiler {
  /// Compiles a model element into its unit, segments into units of their own.
  func compileUnit(
    _ element: ModelElement, unit: Int, scope: FieldScope, inheritedTarget: DataField?
  ) {
    let header = element.header
    let outerPath = reader.compiledPath
    let between = header.isEmbedded ? "" : "/Segmentation/Segment"
    reader.compiledPath =
      outerPath.map { "\($0)\(between)/\(header.element)" } ?? "/PMML/\(header.element)"
    defer { reader.compiledPath = outerPath }
    checkFunction(element)
    let (field, mining) = bindMiningSchema(header, unit: unit, scope: scope)
    let target = field ?? inheritedTarget
    for local in header.localTransformations { scope.pending[local.name] = local }
    let predictedSlot = newSlot()
    program.units[unit].predictedSlot = predictedSlot
    program.units[unit].targetName = mining?.name
    switch header.function {
    case .classification: program.units[unit].predictedType = target?.dataType ?? .string
    case .clustering: program.units[unit].predictedType = .string
    default: program.units[unit].predictedType = header.isFloat ? .float : .double
    }
    switch element.content {
    case .tree(let model): compileTree(model, header, unit, scope, target)
    case .regression(let model): compileRegression(model, header, unit, scope, target)
    case .clustering(let model): compileClustering(model, header, unit, scope)
    case .generalRegression(let model):
      compileGeneralRegression(model, header, unit, scope, target)
    case .neuralNetwork(let model): compileNeuralNetwork(model, header, unit, scope, target)
    case .supportVectorMachine(let model):
      compileSupportVectorMachine(model, header, unit, scope, target)
    case .naiveBayes(let model): compileNaiveBayes(model, header, unit, scope, target)
    case .nearestNeighbor(let model): compileNearestNeighbor(model, header, unit, scope, target)
    case .scorecard(let model): compileScorecard(model, header, unit, scope)
    case .ruleSet(let model): compileRuleSet(model, header, unit, scope, target)
    case .anomalyDetection(let model): compileAnomalyDetection(model, header, unit, scope)
    case .association(let model): compileAssociation(model, header, unit, scope)
    case .bayesianNetwork(let model):
      compileBayesianNetwork(model, header, unit, scope, target)
    case .gaussianProcess(let model): compileGaussianProcess(model, header, unit, scope, target)
    case .baseline(let model): compileBaseline(model, header, unit, scope)
    case .timeSeries(let model): compileTimeSeries(model, header, unit, scope)
    case .sequence(let model): compileSequence(model, header, unit, scope)
    case .text(let model): compileText(model, header, unit, scope)
    case .mining(let model): compileMining(model, header, unit, scope, target)
    }
    program.units[unit].predictsText = program.units[unit].predictedType == .string
    program.units[unit].target = targetPlan(header, name: mining?.name ?? target?.name, unit)
    let outer = FieldScope(parent: scope)
    if let name = mining?.name ?? (unit == 0 ? target?.name : nil) {
      outer.bindings[name] = FieldBinding(
        slot: predictedSlot, dataType: program.units[unit].predictedType,
        opType: target?.opType ?? .continuous)
    }
    compileOutputs(header, unit, outer, target: target)
    checkUnusedDerivedFields(of: scope)
    program.units[unit].derived = scope.derived
  }

  /// Refuses functions that a kind of model does not have. Those that have one only say so as they
  /// are read.
  private func checkFunction(_ element: ModelElement) {
    let functions: [ModelSignature.Function]
    switch element.content {
    case .tree, .regression, .generalRegression, .neuralNetwork, .supportVectorMachine,
      .bayesianNetwork, .gaussianProcess:
      functions = [.classification, .regression]
    case .nearestNeighbor: functions = [.classification, .regression, .clustering, .mixed]
    case .clustering: functions = [.clustering]
    case .anomalyDetection: functions = [.regression, .classification]
    default: return
    }
    let header = element.header
    if functions.contains(header.function) { return }
    reader.report(
      "P14",
      "a `\(header.element)` has no function `\(header.function.rawValue)`: it is one of "
        + functions.map { "`\($0.rawValue)`" }.joined(separator: ", "), line: header.line)
  }

  /// Reserves the unit's region of class or cluster numbers.
  func reserveRegion(_ count: Int, unit: Int) {
    if program.regionSize + count > Self.regionLimit {
      reader.report(
        "P13", "the classes of all segments are more than \(Self.regionLimit) together",
        line: document.model.header.line)
      program.units[unit].classes = []
      return
    }
    program.units[unit].region = program.regionSize
    program.regionSize += count
  }

  /// The classes of a target, in the order of its values, then texts that it does not list.
  func classes(of target: DataField?, and texts: [String], line: Int) -> [ClassLabel] {
    let type = target?.dataType ?? .string
    var labels: [ClassLabel] = []
    var seen: Set<Double> = []
    let listed = (target?.values ?? []).filter { $0.property == .valid }.map(\.text)
    for text in listed + texts {
      let value = value(text, as: type, line: line, what: "class")
      if !value.isNaN, seen.insert(value).inserted {
        labels.append(ClassLabel(value: value, text: text))
      }
    }
    return labels
  }

  private func targetPlan(_ header: ModelHeader, name: String?, _ unit: Int) -> TargetPlan? {
    guard
      let target = header.targets.first(where: { $0.field == name })
        ?? header.targets.first(where: { $0.field == nil })
        ?? (name == nil ? header.targets.first : nil)
    else { return nil }
    let type = program.units[unit].predictedType
    let priors = program.units[unit].classes.map { label -> Double in
      for value in target.values {
        guard let text = value.value else { continue }
        if self.value(text, as: type, line: header.line, what: "target value") == label.value {
          return value.priorProbability ?? .nan
        }
      }
      return .nan
    }
    return TargetPlan(
      minimum: target.minimum, maximum: target.maximum, factor: target.rescaleFactor,
      constant: target.rescaleConstant, cast: target.castInteger,
      defaultValue: target.values.first { $0.value == nil }?.defaultValue ?? .nan, priors: priors)
  }

  // MARK: Predicates

  /// Compiles a predicate over slots into the program's own table.
  func compileSlotPredicate(_ syntax: PredicateSyntax, in scope: FieldScope) -> Int {
    var table = program.predicates
    program.predicates = PredicateTable()
    let predicate = compile(
      syntax, into: &table, in: scope, isFloat: false, feature: { $0.slot })
    program.predicates = table
    return predicate
  }

  /// Compiles a predicate; `feature` gives a field's number in the table.
  func compile(
    _ syntax: PredicateSyntax, into table: inout PredicateTable, in scope: FieldScope,
    isFloat: Bool, feature: (FieldBinding) -> Int
  ) -> Int {
    switch syntax {
    case .alwaysTrue: return table.append(.alwaysTrue)
    case .alwaysFalse: return table.append(.alwaysFalse)
    case .compound(let operation, let operands):
      let list = operands.map {
        compile($0, into: &table, in: scope, isFloat: isFloat, feature: feature)
      }
      return table.append(operation, operands: list)
    case .set(let field, let isIn, let texts, let line):
      guard let binding = lookUp(field, in: scope, line: line) else {
        return table.append(.alwaysFalse)
      }
      let values = texts.map {
        threshold($0, binding, isFloat: isFloat, line: line)
      }
      return table.append(isIn ? .isIn : .isNotIn, feature: feature(binding), values: values)
    case .simple(let field, let operation, let text, let line):
      guard let binding = lookUp(field, in: scope, line: line) else {
        return table.append(.alwaysFalse)
      }
      let number = feature(binding)
      guard let text else { return table.append(operation, feature: number) }
      if binding.dataType == .string, operation != .equal, operation != .notEqual {
        guard let values = ordinalValues(operation, text, binding, line: line) else {
          return table.append(.alwaysFalse)
        }
        return table.append(.isIn, feature: number, values: values)
      }
      return table.append(
        operation, feature: number,
        threshold: threshold(text, binding, isFloat: isFloat, line: line))
    }
  }

  private func threshold(
    _ text: String, _ binding: FieldBinding, isFloat: Bool, line: Int
  ) -> Double {
    // A boolean may be compared as the number 0 or 1.
    if binding.dataType == .boolean, let number = XMLNumber.double(text), !number.isNaN {
      return number
    }
    let number = value(text, as: binding.dataType, line: line, what: "predicate value")
    guard isFloat, binding.dataType == .double else { return number }
    // Rounded once from the text, as the trainer's single precision reads it.
    return XMLNumber.float(text).map { Double($0) } ?? Double(Float(number))
  }

  /// An ordinal text is compared by the order of the field's values: as a set.
  private func ordinalValues(
    _ operation: PredicateOperator, _ text: String, _ binding: FieldBinding, line: Int
  ) -> [Double]? {
    let order = binding.values.filter { $0.property == .valid }.map(\.text)
    guard let place = order.firstIndex(of: text) else {
      reader.report(
        "P22", "`\(text)` has no place in an order of values, so that nothing is less or greater",
        line: line)
      return nil
    }
    let chosen: ArraySlice<String> =
      switch operation {
      case .lessThan: order[..<place]
      case .lessOrEqual: order[...place]
      case .greaterThan: order[(place + 1)...]
      default: order[place...]
      }
    return chosen.map { code($0) }
  }
}
