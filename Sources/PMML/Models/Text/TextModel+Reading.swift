internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readTextModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = TextModel()
    let termCount = integer(.numberOfTerms, of: element)
    let documentCount = integer(.numberOfDocuments, of: element)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .textDictionary:
        while let part = try nextChild(of: child) {
          switch part.name {
          case .array: model.terms = try readArray(part)
          case .taxonomy: unsupported(part, "terms are compared as they are")
          default: unexpected(part, in: child)
          }
        }
      case .textCorpus:
        while let part = try nextChild(of: child) {
          if part.name == .textDocument {
            model.documents.append(required(.id, of: part))
          } else {
            unexpected(part, in: child)
          }
        }
      case .documentTermMatrix:
        while let part = try nextChild(of: child) {
          if part.name == .matrix {
            model.counts = try readMatrix(part)
          } else {
            unexpected(part, in: child)
          }
        }
      case .textModelNormalization:
        model.localWeight = choice(.localTermWeights, of: child) ?? .termFrequency
        model.globalWeight = choice(.globalTermWeights, of: child) ?? .inverseDocumentFrequency
        model.normalization = choice(.documentNormalization, of: child) ?? .none
      case .textModelSimiliarity:
        model.similarity = choice(.similarityType, of: child) ?? .cosine
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if header.function == .regression {
      report("P9", "a `TextModel` that is a regression is not supported", at: element)
    }
    checkCounts(model, termCount, documentCount, element)
    return ModelElement(header: header, content: .text(model))
  }

  private func checkCounts(
    _ model: TextModel, _ termCount: Int?, _ documentCount: Int?, _ element: Element
  ) {
    if model.terms.isEmpty || model.documents.isEmpty {
      report("P3", "`TextModel` needs terms and documents", at: element)
      return
    }
    if let termCount, termCount != model.terms.count {
      report(
        "P13", "`TextModel` says numberOfTerms=\(termCount), and lists \(model.terms.count)",
        at: element)
    }
    if let documentCount, documentCount != model.documents.count {
      report(
        "P13",
        "`TextModel` says numberOfDocuments=\(documentCount), and lists \(model.documents.count)",
        at: element)
    }
    if model.counts.count != model.documents.count
      || model.counts.contains(where: { $0.count != model.terms.count })
    {
      report(
        "P13",
        "`DocumentTermMatrix` needs a row for each of \(model.documents.count) documents, with "
          + "\(model.terms.count) terms each", at: element)
    }
    if model.counts.contains(where: { $0.contains { $0 < 0 } }) {
      report("P4", "a count in `DocumentTermMatrix` is negative", at: element)
    }
    if Set(model.documents).count != model.documents.count {
      report("P10", "two documents have the same id", at: element)
    }
  }
}
