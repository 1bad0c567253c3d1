internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles

extension ModelCompiler {
  func compileMining(
    _ model: MiningModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    if header.function == .clustering, !model.method.takesClusters {
      reader.report(
        "P9", "clusters are chosen or voted for, and not combined by `\(model.method.rawValue)`",
        line: header.line)
    }
    if let trees = forestTrees(model, header) {
      compileForest(trees, model, header, unit, scope, target)
      return
    }
    let outerIds = segmentUnits
    segmentUnits = [:]
    var segments: [MiningPlan.Segment] = []
    for segment in model.segments {
      var predicate = -1
      if case .alwaysTrue = segment.predicate {
      } else {
        predicate = compileSlotPredicate(segment.predicate, in: scope)
      }
      let child = program.units.count
      program.units.append(placeholder(segment.model))
      let inner = FieldScope(parent: scope)
      compileUnit(
        segment.model, unit: child, scope: inner,
        inheritedTarget:
          segment.model.header.function == header.function && segment.givesTarget ? target : nil)
      if let id = segment.id { segmentUnits[id] = child }
      if model.method == .modelChain {
        // "The output fields of a segment may be used by the segments after it."
        for output in program.units[child].outputs {
          scope.bindings[output.field.name] = FieldBinding(
            slot: output.slot, dataType: output.dataType, opType: output.field.opType ?? .continuous
          )
        }
      }
      checkFunction(segment, header, model)
      checkType(
        of: child, unit, segment, header, isLast: segments.count == model.segments.count - 1, model)
      segments.append(
        MiningPlan.Segment(
          predicate: predicate, unit: child, weight: segment.weight,
          weightSlot: weightSlot(segment, scope), classMap: []))
    }
    var inner = segmentUnits
    // Ids of deeper segments stay visible to the outputs of the whole.
    inner.merge(outerIds) { own, _ in own }
    segmentUnits = inner
    let votes = header.function == .clustering && model.method.takesVotes
    if header.function == .classification || votes {
      let texts = segments.flatMap { program.units[$0.unit].classes.map(\.text) }
      let relevant =
        model.method == .modelChain && !model.isTreeSelection
        ? segments.last.map { program.units[$0.unit].classes.map(\.text) } ?? [] : texts
      program.units[unit].classes = classes(
        of: votes ? nil : target, and: relevant, line: header.line)
      let positions = Dictionary(
        program.units[unit].classes.enumerated().map { ($0.element.value, $0.offset) },
        uniquingKeysWith: { first, _ in first })
      for place in segments.indices {
        segments[place].classMap = program.units[segments[place].unit].classes.map {
          positions[$0.value] ?? -1
        }
      }
    }
    // Of a selection, the entity is the segment that was selected.
    if model.method == .selectFirst, header.function != .clustering {
      program.units[unit].entityCodes = model.segments.enumerated().map { place, segment in
        Int32(code(segment.id ?? "\(place + 1)"))
      }
    }
    // A list of the segments' predictions, as text.
    if model.method == .selectAll { program.units[unit].predictedType = .string }
    program.units[unit].content = .mining(
      MiningPlan(
        method: model.method, segments: segments, missingPrediction: model.missingPrediction,
        missingThreshold: model.missingThreshold))
    reserveRegion(program.units[unit].classes.count, unit: unit)
  }

  /// Where a row says the weight of a segment; -1 where the document does.
  private func weightSlot(_ segment: MiningModel.Segment, _ scope: FieldScope) -> Int {
    guard let name = segment.variableWeight,
      let binding = lookUp(name, in: scope, line: segment.line)
    else { return -1 }
    if binding.dataType == .string {
      reader.report("P21", "the weight `\(name)` is a text", line: segment.line)
    }
    return binding.slot
  }

  private func checkFunction(
    _ segment: MiningModel.Segment, _ header: ModelHeader, _ model: MiningModel
  ) {
    guard model.method != .modelChain, segment.model.header.function != header.function else {
      return
    }
    reader.report(
      "P24",
      "a \(segment.model.header.function.rawValue) segment cannot be combined into a "
        + "\(header.function.rawValue) by `\(model.method.rawValue)`", line: segment.line)
  }

  /// The prediction of a segment becomes that of the whole, which is a text or is none.
  private func checkType(
    of child: Int, _ unit: Int, _ segment: MiningModel.Segment, _ header: ModelHeader,
    isLast: Bool, _ model: MiningModel
  ) {
    switch model.method {
    case .selectAll, .multiModelChain: return
    case .modelChain:
      if !isLast || header.function == .mixed { return }
    default:
      // That was reported.
      if segment.model.header.function != header.function { return }
    }
    let isText = program.units[unit].predictedType == .string
    if (program.units[child].predictedType == .string) == isText { return }
    reader.report(
      "P24",
      "the segment predicts a \(program.units[child].predictedType.rawValue), and the whole a "
        + program.units[unit].predictedType.rawValue, line: segment.line)
  }

  /// The trees of a mining model of nothing but plain trees; nil if it holds anything else.
  private func forestTrees(_ model: MiningModel, _ header: ModelHeader) -> [TreeModel]? {
    switch model.method {
    case .sum, .average, .weightedSum, .weightedAverage: break
    case .majorityVote, .weightedMajorityVote:
      if header.function != .classification { return nil }
    default: return nil
    }
    if header.outputs.contains(where: { $0.segmentId != nil || $0.feature == .entityId }) {
      return nil
    }
    var trees: [TreeModel] = []
    for segment in model.segments {
      let inner = segment.model.header
      guard case .alwaysTrue = segment.predicate, segment.variableWeight == nil,
        case .tree(let tree) = segment.model.content,
        inner.function == header.function, inner.isFloat == header.isFloat,
        inner.localTransformations.isEmpty, inner.outputs.isEmpty, inner.targets.isEmpty,
        tree.missingValueStrategy != .weightedConfidence,
        tree.missingValueStrategy != .aggregateNodes,
        inner.miningSchema.allSatisfy({
          $0.outliers == .asIs && $0.missingReplacement == nil
            && $0.missingTreatment != .returnInvalid
        })
      else { return nil }
      trees.append(tree)
    }
    return trees
  }

  private func compileForest(
    _ trees: [TreeModel], _ model: MiningModel, _ header: ModelHeader, _ unit: Int,
    _ scope: FieldScope, _ target: DataField?
  ) {
    let isClassification = header.function == .classification
    for segment in model.segments {
      for mining in segment.model.header.miningSchema where !mining.isTarget {
        _ = lookUp(mining.name, in: scope, line: mining.line)
      }
    }
    let labels = TreeLabels(isClassification ? trees : [])
    if isClassification {
      program.units[unit].classes = classes(of: target, and: labels.all, line: header.line)
    }
    let plan = ensemble(
      trees, isFloat: header.isFloat, scope, classes: program.units[unit].classes, labels,
      classType: program.units[unit].predictedType, isClassification: isClassification)
    program.units[unit].content = .forest(
      ForestPlan(
        trees: plan, method: model.method, weights: model.segments.map(\.weight),
        missingPrediction: model.missingPrediction, missingThreshold: model.missingThreshold,
        function: header.function))
    reserveRegion(program.units[unit].classes.count, unit: unit)
  }
}

extension MiningModel.Method {
  /// Whether it counts for what the segments voted.
  fileprivate var takesVotes: Bool { self == .majorityVote || self == .weightedMajorityVote }

  /// Whether its result may be a cluster.
  fileprivate var takesClusters: Bool {
    switch self {
    case .modelChain, .multiModelChain, .selectFirst, .selectAll: true
    default: takesVotes
    }
  }
}
