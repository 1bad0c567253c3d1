import DataFields
import Decisions
import PMML
import RuleLanguage
import ThresholdCells

/// Which clusters a model can choose on a box of cells.
struct CellLabels: Sendable {
  private let bounds: ClusterBounds
  /// For each clustering field the fact behind it, and the field's interval on each cell.
  private let intervals: [(fact: Int, cells: [(lower: Double, upper: Double)])]
  /// The text of each cluster, as rules compare it.
  private let codes: [Quotient]
  private let refused: [[Bool]]

  /// - Returns: nil where the clusters have no bounds that are followed, or a field comes from no
  ///   fact.
  init?(
    _ loaded: LoadedModel, _ result: ModelResult, factOfFeed: [Int?], axes: [FactAxis],
    facts: [Fact], row: RuleRow, refused: [[Bool]], texts: TextInterner
  ) {
    switch result {
    case .cluster, .entityId: break
    case .predictedValue where loaded.model.signature.function == .clustering: break
    default: return nil
    }
    guard let bounds = ClusterBounds(loaded.model.program) else { return nil }
    self.bounds = bounds
    self.refused = refused
    var texts = texts
    codes = loaded.model.signature.classes.map { Quotient(Int128(texts.intern($0))) }
    var ends = SlotEnds(loaded, factOfFeed: factOfFeed, axes: axes, row: row)
    var intervals: [(fact: Int, cells: [(lower: Double, upper: Double)])] = []
    for field in bounds.fields {
      guard let found = ends.intervals(of: field.slot, input: field.input) else { return nil }
      intervals.append(found)
    }
    self.intervals = intervals
  }

  /// The texts that the label can be; nil where the model may give none.
  func words(_ box: CellBox) -> [Quotient]? {
    for (fact, range) in box.ranges.enumerated() where refused[fact][range].contains(true) {
      return nil
    }
    let ends = intervals.map { fact, cells -> (lower: Double, upper: Double) in
      let range = box.ranges[fact]
      var lower = Double.infinity
      var upper = -Double.infinity
      for cell in range {
        lower = min(lower, cells[cell].lower)
        upper = max(upper, cells[cell].upper)
      }
      return (lower, upper)
    }
    let possible = bounds.possible(ends)
    guard possible.count == codes.count else { return nil }
    return codes.indices.filter { possible[$0] }.map { codes[$0] }
  }
}
