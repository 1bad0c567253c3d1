/// The elements, attributes and values of a set of documents, in an order that is always the same.
struct MarkupVocabulary {
  /// Elements by name, each as it stands in some document; small ones only.
  private(set) var elements: [(name: String, pieces: [MarkupPieces.Piece])] = []
  private(set) var attributes: [(name: String, values: [String])] = []
  /// The values of each attribute.
  private(set) var values: [String: [String]] = [:]

  init(_ documents: [MarkupPieces]) {
    var seen: Set<String> = []
    for document in documents {
      for start in document.starts.dropFirst() {
        guard case .start(let name, let attributes) = document.pieces[start] else { continue }
        for attribute in attributes where seen.insert("\(attribute)").inserted {
          values[attribute.name, default: []].append(attribute.value)
        }
        let range = document.element(at: start)
        let key = attributes.map(\.name).sorted().joined(separator: " ")
        guard range.count <= 120, seen.insert("<\(name) \(key) \(range.count)").inserted else {
          continue
        }
        elements.append((name, Array(document.pieces[range])))
      }
    }
    attributes = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
