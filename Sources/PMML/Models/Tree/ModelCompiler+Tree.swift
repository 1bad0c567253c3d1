internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles

extension ModelCompiler {
  func compileTree(
    _ model: TreeModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    if header.function == .classification {
      program.units[unit].classes = classes(
        of: target, and: labels(of: model), line: header.line)
    }
    let plan = ensemble(
      [model], isFloat: header.isFloat, scope, classes: program.units[unit].classes,
      classType: program.units[unit].predictedType,
      isClassification: header.function == .classification)
    program.units[unit].content = .tree(plan)
    reserveRegion(program.units[unit].classes.count, unit: unit)
    // "The id of the node": where a node has none, its position in the document, from 1.
    program.units[unit].entityCodes = model.nodes.enumerated().map { place, node in
      Int32(code(node.id ?? String(place + 1)))
    }
    checkNodeIds(model)
  }

  private func checkNodeIds(_ model: TreeModel) {
    var lines: [String: Int] = [:]
    for node in model.nodes {
      guard let id = node.id else { continue }
      if let earlier = lines.updateValue(node.line, forKey: id) {
        reader.report(
          "P10", "node id `\(id)` is used twice, first on line \(earlier)", line: node.line)
      }
    }
  }

  /// The class labels that a tree names, in document order, with repetitions.
  func labels(of model: TreeModel) -> [String] {
    var labels: [String] = []
    var seen: Set<String> = []
    for node in model.nodes {
      for distribution in node.distributions where seen.insert(distribution.value).inserted {
        labels.append(distribution.value)
      }
      if let score = node.score, seen.insert(score).inserted { labels.append(score) }
    }
    return labels
  }

  /// Lays trees flat into one ensemble.
  func ensemble(
    _ models: [TreeModel], isFloat: Bool, _ scope: FieldScope, classes: [ClassLabel],
    classType: ModelDataType, isClassification: Bool
  ) -> TreePlan {
    let features = FeatureList()
    // By their places, since taking a node out counts references to all that it holds.
    for model in models {
      for place in model.nodes.indices { collect(model.nodes[place].predicate, scope, features) }
    }
    var ensemble = TreeEnsemble(
      featureCount: features.slots.count, classCount: classes.count, isFloat: isFloat)
    var positions: [Double: Int] = [:]
    for (place, label) in classes.enumerated() { positions[label.value] = place }
    // A number a class is kept for each node with a distribution, whatever it lists of them.
    var nodes = 0
    var listed = 0
    for model in models {
      for place in model.nodes.indices where !model.nodes[place].distributions.isEmpty {
        nodes += 1
        listed += model.nodes[place].distributions.count
      }
    }
    if nodes * classes.count > max(1 << 22, 64 * listed) {
      reader.report(
        "P13", "\(nodes) nodes list only \(listed) of the shares of \(classes.count) classes",
        line: models[0].nodes.first?.line ?? 1)
      positions = [:]
    }
    for model in models {
      ensemble.beginTree(
        missingValueStrategy: model.missingValueStrategy,
        noTrueChildStrategy: model.noTrueChildStrategy,
        missingValuePenalty: model.missingValuePenalty)
      let root = ensemble.nodeCount
      for place in model.nodes.indices {
        let predicate = ensemble.withPredicates { table in
          compile(
            model.nodes[place].predicate, into: &table, in: scope, isFloat: isFloat,
            feature: { features.numbers[$0.slot] ?? 0 })
        }
        let parent = model.nodes[place].parent
        ensemble.appendNode(
          parent: parent < 0 ? -1 : root + parent, predicate: predicate,
          values(model.nodes[place], isClassification, classType, positions, isFloat: isFloat))
      }
      resolveDefaultChildren(model, root: root, in: &ensemble)
    }
    program.featureCapacity = max(program.featureCapacity, features.slots.count)
    return TreePlan(
      ensemble: ensemble, featureSlots: features.slots, isCategorical: features.isCategorical)
  }

  /// The fields that an ensemble looks at, in order of appearance.
  private final class FeatureList {
    var slots: [Int] = []
    var isCategorical: [Bool] = []
    var numbers: [Int: Int] = [:]
  }

  private func collect(
    _ predicate: PredicateSyntax, _ scope: FieldScope, _ features: FeatureList
  ) {
    let name: String
    let line: Int
    switch predicate {
    case .alwaysTrue, .alwaysFalse: return
    case .compound(_, let operands):
      for operand in operands { collect(operand, scope, features) }
      return
    case .simple(let field, _, _, let place): (name, line) = (field, place)
    case .set(let field, _, _, let place): (name, line) = (field, place)
    }
    guard let binding = lookUp(name, in: scope, line: line, isQuiet: true),
      features.numbers[binding.slot] == nil
    else { return }
    features.numbers[binding.slot] = features.slots.count
    features.slots.append(binding.slot)
    features.isCategorical.append(binding.dataType == .string || binding.dataType == .boolean)
  }

  private func values(
    _ node: TreeModel.Node, _ isClassification: Bool, _ classType: ModelDataType,
    _ positions: [Double: Int], isFloat: Bool
  ) -> TreeEnsemble.NodeValues {
    var values = TreeEnsemble.NodeValues(score: .nan, recordCount: node.recordCount ?? .nan)
    guard isClassification else {
      if let score = node.score {
        let number = value(score, as: .double, line: node.line, what: "score")
        // Rounded once from the text.
        values.score =
          isFloat ? XMLNumber.float(score).map { Double($0) } ?? number : number
      }
      return values
    }
    func position(_ text: String) -> Int? {
      positions[value(text, as: classType, line: node.line, what: "class")]
    }
    if let score = node.score, let place = position(score) { values.score = Double(place) }
    guard !node.distributions.isEmpty else { return values }
    let count = positions.count
    values.probabilities = Array(repeating: 0, count: count)
    values.confidences = Array(repeating: 0, count: count)
    values.classRecordCounts = Array(repeating: 0, count: count)
    var total = 0.0
    for distribution in node.distributions { total += distribution.recordCount }
    for distribution in node.distributions {
      guard let place = position(distribution.value) else { continue }
      let share = total > 0 ? distribution.recordCount / total : 0
      values.probabilities[place] = distribution.probability ?? share
      values.confidences[place] = distribution.confidence ?? distribution.probability ?? share
      values.classRecordCounts[place] = distribution.recordCount
    }
    if values.score.isNaN,
      let best = values.probabilities.indices.max(by: {
        values.probabilities[$0] < values.probabilities[$1]
          || (values.probabilities[$0] == values.probabilities[$1] && $0 > $1)
      })
    {
      values.score = Double(best)
    }
    if node.recordCount == nil { values.recordCount = total }
    return values
  }

  private func resolveDefaultChildren(
    _ model: TreeModel, root: Int, in ensemble: inout TreeEnsemble
  ) {
    guard model.nodes.indices.contains(where: { model.nodes[$0].defaultChild != nil }) else {
      return
    }
    var places: [String: Int] = [:]
    for (place, node) in model.nodes.enumerated() {
      if let id = node.id { places[id] = place }
    }
    for (place, node) in model.nodes.enumerated() {
      guard let name = node.defaultChild else { continue }
      if let child = places[name], model.nodes[child].parent == place {
        ensemble.setDefaultChild(of: root + place, to: root + child)
      } else {
        let owner = node.id.map { " of node `\($0)`" } ?? ""
        reader.report(
          "P23", "default child `\(name)`\(owner) does not exist among its children",
          line: node.line)
      }
    }
  }
}
