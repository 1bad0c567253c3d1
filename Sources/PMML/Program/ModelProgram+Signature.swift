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
      outputs: top.outputs.map {
        ModelSignature.Output(
          name: $0.field.name, feature: $0.field.feature.rawValue, kind: $0.dataType.kind,
          dataType: $0.dataType, isFinalResult: $0.field.isFinalResult)
      }, attribution: attributionSupport)
  }

  /// What ``AdditiveForm`` can do for the predicted value.
  var attributionSupport: ModelSignature.Attribution { .unsupported("not examined yet") }
}
