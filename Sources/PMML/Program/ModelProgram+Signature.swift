internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  func signature(
    path: String, digest: Digest, document: DocumentSyntax, active: [Int]
  ) -> ModelSignature {
    let top = units[0]
    let header = document.model.header
    var target: ModelField?
    if let name = header.miningSchema.first(where: { $0.isTarget })?.name {
      target =
        inputs.first { $0.field.name == name }?.field
        ?? ModelField(name: name, dataType: top.predictedType, opType: .categorical)
    }
    return ModelSignature(
      path: path, digest: digest, element: top.element, modelName: header.name,
      function: top.function, inputs: active.map { inputs[$0].field }, target: target,
      classes: top.classes.map(\.text),
      outputs: givenOutputs.map {
        ModelSignature.Output(
          name: $0.step.field.name, feature: $0.step.field.feature.rawValue,
          kind: $0.step.dataType.kind, dataType: $0.step.dataType,
          isFinalResult: $0.step.field.isFinalResult, decisions: $0.step.field.decisions)
      }, attribution: attributionSupport)
  }

  /// The output fields that the model gives out: the whole's own, then those of the segments of a
  /// chain or a selection. Where several segments give one name, the last that ran gives the value.
  var givenOutputs: [(step: OutputStep, slots: [Int])] {
    var list: [(step: OutputStep, slots: [Int])] = []
    var places: [String: Int] = [:]
    func add(_ unit: Int) {
      for step in units[unit].outputs where !step.field.isInternal {
        if let place = places[step.field.name] {
          list[place].slots.append(step.slot)
        } else {
          places[step.field.name] = list.count
          list.append((step, [step.slot]))
        }
      }
      guard case .mining(let plan) = units[unit].content,
        plan.method == .modelChain || plan.method == .selectFirst
      else { return }
      for segment in plan.segments.reversed() { add(segment.unit) }
    }
    add(0)
    return list
  }
}
