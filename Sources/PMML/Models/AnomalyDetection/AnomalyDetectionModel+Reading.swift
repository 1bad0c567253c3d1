internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readAnomalyDetectionModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = AnomalyDetectionModel(
      algorithm: requiredChoice(.algorithmType, of: element) ?? .other,
      sampleDataSize: number(.sampleDataSize, of: element))
    while let child = try nextChild(of: element) {
      if child.name == .meanClusterDistances {
        while let array = try nextChild(of: child) {
          if array.name == .array {
            model.meanClusterDistances = try readNumberArray(array)
          } else {
            unexpected(array, in: child)
          }
        }
      } else if try readCommon(child, into: &header) {
        continue
      } else if model.model.isEmpty, let inner = try readModel(child) {
        model.model.append(inner)
      } else {
        unexpected(child, in: element)
      }
    }
    checkCommon(header, element)
    if model.model.isEmpty {
      report("P3", "`AnomalyDetectionModel` has no model", at: element)
      return nil
    }
    if model.algorithm == .iforest, (model.sampleDataSize ?? 0) < 2 {
      report("P3", "an `iforest` needs a `sampleDataSize` of 2 or more", at: element)
    }
    return ModelElement(header: header, content: .anomalyDetection(model))
  }
}
