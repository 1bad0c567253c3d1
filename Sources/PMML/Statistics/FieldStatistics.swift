internal import DataFields
internal import SourceDiagnostics

/// What `ModelStats` says of a field: where its values lie.
struct FieldStatistics: Sendable {
  var field: String
  var mean: String?
  var median: String?
  /// The most frequent value.
  var mode: String?
}

extension DocumentReader {
  /// Reads the averages of `ModelStats`; whatever else it says, and what is wrong with it, is passed
  /// over, since no score rests on it.
  func readModelStats(_ element: Element) throws(DiagnosticsError) -> [FieldStatistics] {
    var statistics: [FieldStatistics] = []
    while let child = try nextChild(of: element) {
      guard child.name == .univariateStats, let field = string(.field, of: child) else { continue }
      var known = FieldStatistics(field: field)
      while let part = try nextChild(of: child) {
        switch part.name {
        case .numericInfo:
          known.mean = string(.mean, of: part)
          known.median = string(.median, of: part)
        case .discrStats: known.mode = string(.modalValue, of: part)
        default: break
        }
      }
      statistics.append(known)
    }
    return statistics
  }
}

extension ModelSignature {
  /// One row of averages for the inputs: the mean of a continuous field, or its median; the most
  /// frequent value of another. nil where something is not known of some input.
  func averages(_ statistics: [FieldStatistics]) -> ModelMatrix? {
    if statistics.isEmpty || inputs.isEmpty { return nil }
    var row: [ModelMatrix.Value] = []
    for input in inputs {
      guard let known = statistics.first(where: { $0.field == input.name }) else { return nil }
      if input.kind == .text {
        guard let mode = known.mode else { return nil }
        row.append(.text(mode))
        continue
      }
      let number =
        input.opType == .continuous
        ? (known.mean ?? known.median).flatMap { XMLNumber.double($0) }
        : known.mode.flatMap { ModelValueText.parse($0, as: input.dataType) }
      guard let number, number.isFinite else { return nil }
      row.append(.number(number))
    }
    var matrix = ModelMatrix(fields: inputs.map { ($0.name, $0.kind) })
    matrix.append(row)
    return matrix
  }
}
