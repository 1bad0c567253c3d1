internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles

extension ModelCompiler {
  func compileTree(
    _ model: TreeModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    let isClassification = header.function == .classification
    let labels = TreeLabels(isClassification ? [model] : [])
    if isClassification {
      program.units[unit].classes = classes(of: target, and: labels.all, line: header.line)
    }
    let plan = ensemble(
      [model], isFloat: header.isFloat, scope, classes: program.units[unit].classes, labels,
      classType: program.units[unit].predictedType, isClassification: isClassification)
    program.units[unit].content = .tree(plan)
    reserveRegion(program.units[unit].classes.count, unit: unit)
    program.units[unit].entityCodes = entityCodes(of: model)
  }

  /// "The id of the node": where a node has none, its position in the document, from 1.
  private func entityCodes(of model: TreeModel) -> [Int32] {
    var lines: [Int32: Int32] = [:]
    return model.nodes.indices.map { place in
      let node = model.nodes[place]
      if node.id.isAbsent { return Int32(code(String(place + 1))) }
      let code = model.texts.withBytes(node.id) { program.texts.intern($0) }
      if let earlier = lines.updateValue(node.line, forKey: code) {
        reader.report(
          "P10",
          "node id `\(program.texts.text(code))` is used twice, first on line \(earlier)",
          line: Int(node.line))
      }
      return code
    }
  }

  /// Lays trees flat into one ensemble.
  func ensemble(
    _ models: [TreeModel], isFloat: Bool, _ scope: FieldScope, classes: [ClassLabel],
    _ labels: TreeLabels, classType: ModelDataType, isClassification: Bool
  ) -> TreePlan {
    let fields = TreeFields(self, scope)
    for model in models {
      for place in model.nodes.indices { fields.collect(model.nodes[place].test, of: model) }
    }
    var ensemble = TreeEnsemble(
      featureCount: fields.slots.count, classCount: classes.count, isFloat: isFloat)
    var positions: [Double: Int] = [:]
    for (place, label) in classes.enumerated() { positions[label.value] = place }
    // A number a class is kept for each node with a distribution, whatever it lists of them.
    var nodes = 0
    var sharing = 0
    var listed = 0
    for model in models {
      nodes += model.nodes.count
      listed += model.distributions.count
      for place in model.nodes.indices where model.nodes[place].distributionCount > 0 {
        sharing += 1
      }
    }
    if sharing * classes.count > max(1 << 22, 64 * listed) {
      reader.report(
        "P13", "\(sharing) nodes list only \(listed) of the shares of \(classes.count) classes",
        line: models[0].nodes.first.map { Int($0.line) } ?? 1)
      positions = [:]
    }
    ensemble.reserve(nodes: nodes, shared: positions.isEmpty ? 0 : sharing)
    var values = TreeValues(
      labels, positions, classType, isClassification: isClassification, isFloat: isFloat)
    for model in models {
      ensemble.beginTree(
        missingValueStrategy: model.missingValueStrategy,
        noTrueChildStrategy: model.noTrueChildStrategy,
        missingValuePenalty: model.missingValuePenalty)
      let root = ensemble.nodeCount
      for place in model.nodes.indices {
        let node = model.nodes[place]
        let predicate = compile(node.test, of: model, into: &ensemble, fields, scope)
        values.take(node, of: model, self)
        ensemble.appendNode(
          parent: node.parent < 0 ? -1 : root + Int(node.parent), predicate: predicate,
          values.hasShares ? values.shared : values.plain)
      }
      resolveDefaultChildren(model, root: root, in: &ensemble)
    }
    program.featureCapacity = max(program.featureCapacity, fields.slots.count)
    return TreePlan(
      ensemble: ensemble, featureSlots: fields.slots, isCategorical: fields.isCategorical)
  }

  private func resolveDefaultChildren(
    _ model: TreeModel, root: Int, in ensemble: inout TreeEnsemble
  ) {
    let nodes = model.nodes
    guard nodes.contains(where: { !$0.defaultChild.isAbsent }) else { return }
    // Of nodes with one id, the last.
    var ids = TextInterner()
    var places: [Int] = []
    for place in nodes.indices where !nodes[place].id.isAbsent {
      let code = Int(model.texts.withBytes(nodes[place].id) { ids.intern($0) })
      if code < places.count { places[code] = place } else { places.append(place) }
    }
    for (place, node) in nodes.enumerated() where !node.defaultChild.isAbsent {
      let code = model.texts.withBytes(node.defaultChild) { ids.code(of: $0) }
      if let code, nodes[places[Int(code)]].parent == place {
        ensemble.setDefaultChild(of: root + place, to: root + places[Int(code)])
      } else {
        let owner = model.texts.text(node.id).map { " of node `\($0)`" } ?? ""
        let name = model.texts.text(node.defaultChild) ?? ""
        reader.report(
          "P23", "default child `\(name)`\(owner) does not exist among its children",
          line: Int(node.line))
      }
    }
  }
}
