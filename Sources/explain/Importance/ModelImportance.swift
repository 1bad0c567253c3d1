internal import Attribution
internal import DataFields
internal import PMML
internal import PopulationViews

/// What the fields of a model contribute over the rows of a table.
struct ModelImportance {
  /// One result of the model.
  struct Part {
    /// Of several classes, the one that is attributed.
    var label: String?
    var attributor: Attributor
    var importance: AttributionImportance
    /// Rows that were scored, and have no such result.
    var missing = 0
  }

  let model: CompiledModel
  /// Nil for a model without trees.
  let splits: SplitCounts?
  private(set) var parts: [Part]
  private(set) var rowCount = 0
  private(set) var unscoredCount = 0

  init(_ model: CompiledModel, _ columns: AttributionColumns) {
    self.model = model
    splits = model.splitCounts
    parts = columns.parts.map { part in
      Part(
        label: part.label, attributor: part.attributor,
        importance: AttributionImportance(fields: part.attributor.fields))
    }
  }

  /// Takes every row of a table.
  ///
  /// - Parameter points: takes the single attributions on their way.
  mutating func take(_ rows: AttributedRows, points: [AttributionPoints] = []) throws {
    var parts = parts
    var values: [Double] = []
    try rows.forEachBlock { block in
      for row in block.rows.indices {
        let place = row - block.rows.lowerBound
        guard block.isScored(place) else { continue }
        for part in parts.indices {
          guard block.isAttributed(place, part: part) else {
            parts[part].missing += 1
            continue
          }
          values.removeAll(keepingCapacity: true)
          for field in parts[part].attributor.fields.indices {
            values.append(block.attribution(place, part: part, field: field))
          }
          parts[part].importance.add(values)
          for file in points {
            file.add(block.records, row: row, label: parts[part].label, attributions: values)
          }
        }
      }
      for file in points { try file.flushIfFull() }
    }
    self.parts = parts
    rowCount = rows.rowCount
    unscoredCount = rows.unscoredCount
  }

  /// Split counts by the names of fields.
  func splits(of field: String) -> Int? {
    guard let splits, let place = model.signature.inputIndex(field) else { return nil }
    return splits.fields[place]
  }
}
