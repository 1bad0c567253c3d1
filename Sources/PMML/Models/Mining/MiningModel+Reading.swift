internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readMiningModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model: MiningModel?
    var embedded: [ModelElement] = []
    while let child = try nextChild(of: element) {
      switch child.name {
      case .segmentation:
        if !embedded.isEmpty { unexpected(child, in: element) }
        model = try readSegmentation(child)
      case .regression, .decisionTree:
        if model != nil { unexpected(child, in: element) }
        if let read = try readEmbeddedModel(child, isFloat: header.isFloat) {
          embedded.append(read)
        }
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if model == nil, !embedded.isEmpty { model = Self.sequence(of: embedded, line: element.line) }
    guard let model else {
      if !hasErrors { report("P3", "`MiningModel` has no `Segmentation`", at: element) }
      return nil
    }
    return ModelElement(header: header, content: .mining(model))
  }

  private func readSegmentation(_ element: Element) throws(DiagnosticsError) -> MiningModel? {
    warnOfUnknownAttributes(element)
    var method: MiningModel.Method? = requiredChoice(.multipleModelMethod, of: element)
    // Each target has the prediction of the segments that name it, as in any chain.
    if method == .multiModelChain { method = .modelChain }
    var model = MiningModel(
      method: method ?? .sum,
      missingPrediction: choice(.missingPredictionTreatment, of: element) ?? .continue,
      missingThreshold: number(.missingThreshold, of: element) ?? 1, segments: [])
    var lines: [String: Int] = [:]
    var isFaulty = method == nil
    while let child = try nextChild(of: element) {
      guard child.name == .segment else {
        unexpected(child, in: element)
        continue
      }
      if let id = string(.id, of: child),
        let earlier = lines.updateValue(child.line, forKey: id)
      {
        report("P10", "segment id `\(id)` is used twice, first on line \(earlier)", at: child)
      }
      if let segment = try readSegment(child) {
        model.segments.append(segment)
      } else {
        isFaulty = true
      }
    }
    if model.segments.isEmpty, !isFaulty {
      report("P3", "`Segmentation` needs at least one `Segment`", at: element)
    }
    return isFaulty ? nil : model
  }

  private func readSegment(_ element: Element) throws(DiagnosticsError) -> MiningModel.Segment? {
    let id = string(.id, of: element)
    let weight = number(.weight, of: element)
    var variableWeight: String?
    var predicate: PredicateSyntax?
    var model: ModelElement?
    var sawModel = false
    while let child = try nextChild(of: element) {
      if let read = try readPredicate(child) {
        predicate = read
      } else if child.name?.rawValue.hasSuffix("Model") == true || child.name == .scorecard
        || child.name == .neuralNetwork
      {
        sawModel = true
        model = try readModel(child)
      } else if child.name == .variableWeight {
        variableWeight = required(.field, of: child)
        if weight != nil {
          unsupported(child, "which counts, it or the `weight` of the segment, is not said")
        }
      } else {
        unexpected(child, in: element)
      }
    }
    let name = id.map { " `\($0)`" } ?? ""
    if predicate == nil { report("P3", "`Segment`\(name) has no predicate", at: element) }
    if !sawModel { report("P3", "`Segment`\(name) has no model", at: element) }
    guard let predicate, let model else { return nil }
    return MiningModel.Segment(
      id: id, weight: weight ?? 1, variableWeight: variableWeight, predicate: predicate,
      model: model, line: element.line)
  }
}
