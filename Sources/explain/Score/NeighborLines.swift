internal import PMML
internal import TabularIO

/// `--neighbors`: a line of JSON for each row that is scored, in the form of
/// `docs/neighbors.schema.json`.
struct NeighborLines: Sendable {
  private let neighbors: Neighbors

  /// - Returns: nil if the model predicts by no neighbours.
  init?(_ model: CompiledModel) {
    guard let neighbors = Neighbors(model) else { return nil }
    self.neighbors = neighbors
  }

  /// Adds the line of a row.
  ///
  /// - Parameter number: the row's, from 1.
  func append(_ scored: ScoringWorkspace, number: Int, to json: inout JSONText) {
    json.beginObject()
    json.member("row", number)
    json.key("neighbors")
    json.beginArray()
    for neighbor in neighbors.neighbors(of: scored) ?? [] {
      json.beginObject()
      json.member("id", neighbor.id)
      json.key(neighbors.isDistance ? "distance" : "similarity")
      json.double(neighbor.measure)
      json.key("value")
      switch neighbor.value {
      case .number(let number): json.double(number)
      case .text(let text): json.string(text)
      case .missing: json.null()
      }
      if let weight = neighbor.weight {
        json.key("weight")
        json.double(weight)
      }
      if !neighbor.shares.isEmpty {
        json.key("shares")
        json.beginObject()
        for (field, share) in zip(neighbors.fields, neighbor.shares) {
          json.key(field)
          json.double(share)
        }
        json.endObject()
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.endLine()
  }
}
