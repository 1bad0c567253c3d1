internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles
internal import XMLReading

// "Model Composition includes model sequencing and model selection but is only applicable to Tree and
// Regression models." Both are read as chains of models.

extension DocumentReader {
  /// Reads a `Regression` or a `DecisionTree`: "defeatured copies of standalone model elements".
  func readEmbeddedModel(
    _ element: Element, isFloat: Bool
  ) throws(DiagnosticsError) -> ModelElement? {
    warnOfUnknownAttributes(element)
    let header = ModelHeader(
      element: xml.elementName(element.event), name: string(.modelName, of: element),
      function: requiredChoice(.functionName, of: element) ?? .regression, isFloat: isFloat,
      line: element.line)
    return element.name == .decisionTree
      ? try readTreeModel(element, header) : try readRegressionModel(element, header)
  }

  /// "Model sequencing: two or more models are combined into a sequence where the results of one model
  /// are used as input in another model." The last one predicts the target.
  static func sequence(of models: [ModelElement], line: Int) -> MiningModel {
    MiningModel(
      method: .modelChain, missingPrediction: .continue, missingThreshold: 1,
      segments: models.enumerated().map { place, model in
        MiningModel.Segment(
          weight: 1, predicate: .alwaysTrue, model: model, line: model.header.line,
          givesTarget: place == models.count - 1)
      })
  }

  /// "Model selection: one of many models can be selected based on decision rules ... any leaf node in
  /// the tree can contain an embedded regression model."
  ///
  /// The tree comes first and says which leaf it ended in; the model of that leaf follows it.
  func selection(by tree: TreeModel, _ header: ModelHeader, at element: Element) -> ModelElement {
    if tree.missingValueStrategy == .weightedConfidence
      || tree.missingValueStrategy == .aggregateNodes
    {
      report(
        "P9",
        "`\(tree.missingValueStrategy)` of a tree with models in its leaves is not supported: "
          + "distributions are weighed, and no models", at: element)
    }
    var tree = tree
    // No name of the document has a line break in it: XML makes it a space.
    let name = "\nleaf \(element.line) \(element.event.column)"
    var segments: [MiningModel.Segment] = []
    for (node, model) in tree.embedded {
      if tree.nodes.contains(where: { $0.parent == node })
        || tree.nodes[node].distributionCount > 0
      {
        report(
          "P2", "a `Node` has an embedded model beside nodes or a distribution of its own",
          line: model.header.line)
      }
      let id = tree.texts.text(tree.nodes[node].id) ?? "\n\(node)"
      if tree.nodes[node].id.isAbsent { tree.nodes[node].id = tree.texts.append(id) }
      // What the leaf says itself is not asked for.
      tree.nodes[node].score = .absent
      segments.append(
        MiningModel.Segment(
          weight: 1,
          predicate: .simple(field: name, .equal, value: id, line: model.header.line),
          model: model, line: model.header.line))
    }
    tree.embedded = []
    var own = ModelHeader(
      element: header.element, function: header.function, isFloat: header.isFloat,
      line: header.line)
    own.outputs = [
      OutputField(
        name: name, dataType: .string, feature: .entityId, rank: 1, isFinalResult: false,
        isMultiValued: false, ruleFeature: .consequent, algorithm: .exclusiveRecommendation,
        rankBasis: .confidence, rankOrder: .descending, line: header.line, isInternal: true)
    ]
    let first = MiningModel.Segment(
      weight: 1, predicate: .alwaysTrue, model: ModelElement(header: own, content: .tree(tree)),
      line: header.line)
    return ModelElement(
      header: header,
      content: .mining(
        MiningModel(
          method: .modelChain, missingPrediction: .continue, missingThreshold: 1,
          segments: [first] + segments, isTreeSelection: true)))
  }
}
