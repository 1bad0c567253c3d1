internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readNearestNeighborModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    if string(.numberOfNeighbors, of: element) == nil {
      _ = required(.numberOfNeighbors, of: element)
    }
    var model = NearestNeighborModel(
      neighborCount: integer(.numberOfNeighbors, of: element) ?? 1,
      continuousMethod: choice(.continuousScoringMethod, of: element) ?? .average,
      categoricalMethod: choice(.categoricalScoringMethod, of: element) ?? .majorityVote,
      instanceIdField: string(.instanceIdVariable, of: element),
      threshold: number(.threshold, of: element) ?? 0.001)
    if model.neighborCount < 1 {
      report("P4", "`numberOfNeighbors` is \(model.neighborCount); it is 1 or more", at: element)
    }
    while let child = try nextChild(of: element) {
      switch child.name {
      case .trainingInstances: model.training = try readTrainingInstances(child)
      case .comparisonMeasure: model.measure = try readComparisonMeasure(child)
      case .knnInputs:
        while let input = try nextChild(of: child) {
          guard input.name == .knnInput else {
            unexpected(input, in: child)
            continue
          }
          model.inputs.append(
            NearestNeighborModel.Input(
              field: required(.field, of: input), weight: number(.fieldWeight, of: input) ?? 1,
              compare: choice(.compareFunction, of: input), line: input.line))
        }
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if model.inputs.isEmpty {
      report("P3", "`NearestNeighborModel` has no `KNNInput`", at: element)
    }
    if model.training.rows.isEmpty {
      report("P3", "`NearestNeighborModel` has no instances", at: element)
    }
    return ModelElement(header: header, content: .nearestNeighbor(model))
  }

  func readTrainingInstances(
    _ element: Element
  ) throws(DiagnosticsError) -> TrainingInstances {
    var instances = TrainingInstances()
    instances.isTransformed = boolean(.isTransformed, of: element) ?? false
    while let child = try nextChild(of: element) {
      switch child.name {
      case .instanceFields:
        while let field = try nextChild(of: child) {
          guard field.name == .instanceField else {
            unexpected(field, in: child)
            continue
          }
          let name = required(.field, of: field)
          instances.fields.append(
            TrainingInstances.Field(
              field: name, column: string(.column, of: field) ?? name,
              line: field.line))
        }
      case .inlineTable: instances.rows = try readInlineTable(child)
      case .tableLocator:
        unsupported(
          child,
          "PMML does not say how it names a table, and a model reads no file but its own; put the "
            + "instances into an `InlineTable`")
      default: unexpected(child, in: element)
      }
    }
    return instances
  }
}
