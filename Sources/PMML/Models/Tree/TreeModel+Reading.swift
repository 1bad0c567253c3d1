internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles

extension DocumentReader {
  func readTreeModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = TreeModel(
      missingValueStrategy: choice(.missingValueStrategy, of: element) ?? .none,
      noTrueChildStrategy: choice(.noTrueChildStrategy, of: element) ?? .returnNullPrediction,
      missingValuePenalty: number(.missingValuePenalty, of: element) ?? 1, nodes: [])
    while let child = try nextChild(of: element) {
      if child.name == .node {
        if !model.nodes.isEmpty { unexpected(child, in: element) }
        try readNode(child, parent: -1, isFloat: header.isFloat, into: &model)
      } else if !(try readCommon(child, into: &header)) {
        unexpected(child, in: element)
      }
    }
    checkCommon(header, element)
    if model.nodes.isEmpty { report("P3", "`\(header.element)` has no `Node`", at: element) }
    return model.embedded.isEmpty
      ? ModelElement(header: header, content: .tree(model))
      : selection(by: model, header, at: element)
  }

  private func readNode(
    _ element: Element, parent: Int, isFloat: Bool, into model: inout TreeModel
  ) throws(DiagnosticsError) {
    warnOfUnknownAttributes(element)
    let position = model.nodes.count
    model.nodes.append(
      TreeModel.Node(
        id: string(.id, of: element), score: string(.score, of: element),
        recordCount: number(.recordCount, of: element),
        defaultChild: string(.defaultChild, of: element), predicate: .alwaysTrue, parent: parent,
        line: element.line))
    var sawPredicate = false
    while let child = try nextChild(of: element) {
      switch child.name {
      case .node: try readNode(child, parent: position, isFloat: isFloat, into: &model)
      case .scoreDistribution:
        model.nodes[position].distributions.append(
          TreeModel.ScoreDistribution(
            value: required(.value, of: child),
            recordCount: requiredNumber(.recordCount, of: child),
            confidence: number(.confidence, of: child),
            probability: number(.probability, of: child)))
      case .partition: continue
      case .regression, .decisionTree:
        if let embedded = try readEmbeddedModel(child, isFloat: isFloat) {
          model.embedded.append((position, embedded))
        }
      default:
        if let predicate = try readPredicate(child) {
          model.nodes[position].predicate = predicate
          sawPredicate = true
        } else {
          unexpected(child, in: element)
        }
      }
    }
    if !sawPredicate {
      let name = model.nodes[position].id.map { " `\($0)`" } ?? ""
      report("P3", "`Node`\(name) has no predicate", at: element)
    }
  }
}
