internal import DataFields
internal import TreeEnsembles

extension CompiledModel {
  /// A column of a table of scores.
  package struct ResultColumn: Sendable {
    package let name: String
    package let result: ResolvedResult
    /// Whether the values are lists, and of what.
    package var isList = false
    var elementType = ModelDataType.string
  }

  /// Every result as a column: the target (`predictedValue` where the model has none), then the
  /// output fields, named as in the document; a name is given once.
  package var resultColumns: [ResultColumn] {
    var columns: [ResultColumn] = []
    let targets = program.inputs.filter(\.isTarget).map(\.field.name)
    if targets.count > 1 {
      // Several targets: each has the prediction of the segments that name it.
      columns = targets.compactMap { name in
        program.prediction(ofTarget: name).map { ResultColumn(name: name, result: $0) }
      }
    }
    if columns.isEmpty, let result = resolve(.predictedValue) {
      columns.append(
        ResultColumn(name: signature.target?.name ?? "predictedValue", result: result))
    }
    var names = Set(columns.map(\.name))
    for (step, slots) in program.givenOutputs where names.insert(step.field.name).inserted {
      var column = ResultColumn(name: step.field.name, result: Self.resolved(step, slots))
      if let rules = step.rules, rules.isMultiValued {
        column.isList = true
        column.elementType = rules.dataType
      }
      columns.append(column)
    }
    return columns
  }

  /// Every field that a table may bring: active ones, and targets for a residual.
  package var inputNames: [String] { program.inputs.map(\.field.name) }
}

extension CompiledModel {
  /// `60 trees, 1,740 nodes`: how large the model is, for pages.
  package var sizeText: String {
    var trees = 0
    var nodes = 0
    var coefficients = 0
    var clusters = 0
    var parts: [String] = []
    for unit in program.units {
      switch unit.content {
      case .tree(let plan):
        trees += 1
        nodes += plan.ensemble.nodeCount
      case .forest(let plan):
        trees += plan.trees.ensemble.trees.count
        nodes += plan.trees.ensemble.nodeCount
      case .regression(let plan):
        for table in plan.tables {
          coefficients += table.numeric.count + table.categorical.count + table.terms.count
        }
      case .clustering(let plan): clusters += plan.clusterCount
      case .generalRegression(let plan):
        for table in plan.tables { coefficients += table.terms.count }
      case .neuralNetwork(let plan):
        parts.append("\(plan.neurons.count) neurons, \(plan.connectionCount) connections")
      case .supportVectorMachine(let plan):
        let machines = plan.machines.count
        parts.append("\(machines) machines, \(plan.vectorCount) vectors")
      case .nearestNeighbor(let plan): parts.append("\(plan.instances.clusterCount) instances")
      case .scorecard(let plan): parts.append("\(plan.attributes.count) attributes")
      case .ruleSet(let plan): parts.append("\(plan.rules.count) rules")
      case .association, .sequence: parts.append("\(unit.rules?.rules.count ?? 0) rules")
      case .bayesianNetwork(let plan): parts.append("\(plan.nodeCount) nodes")
      case .text(let plan): parts.append("\(plan.documentCount) documents")
      case .gaussianProcess(let plan): parts.append("\(plan.instanceCount) instances")
      case .mining, .naiveBayes, .anomalyDetection, .baseline, .timeSeries: break
      }
    }
    if trees > 0 { parts.append("\(trees) trees, \(nodes) nodes") }
    if coefficients > 0 { parts.append("\(coefficients) coefficients") }
    if clusters > 0 { parts.append("\(clusters) clusters") }
    return parts.isEmpty ? "\(program.units.count) model elements" : parts.joined(separator: ", ")
  }
}

extension ModelProgram {
  /// The prediction of the segments of a chain that name a target; nil if none does.
  func prediction(ofTarget name: String) -> CompiledModel.ResolvedResult? {
    if let target = units[0].furtherTargets.first(where: { $0.name == name }) {
      return CompiledModel.ResolvedResult(
        source: .slot(target.slot), kind: target.dataType.kind, dataType: target.dataType)
    }
    if units[0].targetName == name, !units[0].furtherTargets.isEmpty {
      return CompiledModel.ResolvedResult(
        source: .slot(units[0].predictedSlot), kind: units[0].predictedType.kind,
        dataType: units[0].predictedType)
    }
    guard case .mining(let plan) = units[0].content else { return nil }
    let segments = plan.segments.map(\.unit).filter { units[$0].targetName == name }.reversed()
    guard let first = segments.first else { return nil }
    return CompiledModel.ResolvedResult(
      source: .firstOf(segments.map { units[$0].predictedSlot }),
      kind: units[first].predictedType.kind, dataType: units[first].predictedType)
  }
}
