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
    var space = loaded.model.makeWorkspace()
    var intervals: [(fact: Int, cells: [(lower: Double, upper: Double)])] = []
    for field in bounds.fields {
      guard
        let feed = loaded.feeds.firstIndex(where: {
          loaded.model.activeInputs[$0.input] == field.input
        }), let fact = factOfFeed[feed], let axis = axes[fact].axis
      else { return nil }
      let digits: Int
      switch loaded.feeds[feed].crossing {
      case .double(let count), .float(let count): digits = count
      case .score, .text: return nil
      }
      guard let power = ExactArithmetic.powerOfTen(digits) else { return nil }
      func value(_ place: Quotient?, _ open: Double) -> Double {
        let end = place.flatMap { $0.divided(by: Quotient(power)) }?.nearestDouble ?? open
        // Outward, beyond the rounding on the way into the model.
        return open < 0 ? end.nextDown : end.nextUp
      }
      func slotValue(_ end: Double) -> Double {
        loaded.model.clear(&space)
        for other in loaded.feeds {
          if let number = other.number(row) {
            loaded.model.set(number: number, input: other.input, in: &space)
          }
        }
        loaded.model.set(number: end, input: loaded.feeds[feed].input, in: &space)
        return loaded.model.score(&space) ? space.slots[field.slot] : .nan
      }
      let cells = axis.cells.indices.map { cell -> (lower: Double, upper: Double) in
        let places = axes[fact].ends(cell, axis)
        let ends = [
          slotValue(value(places.lower, -.infinity)), slotValue(value(places.upper, .infinity)),
        ]
        if ends.contains(where: \.isNaN) { return (-.infinity, .infinity) }
        let slack = 1e-12 * (1 + max(ends[0].magnitude, ends[1].magnitude))
        let (low, high) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
        return (low.isFinite ? low - slack : low, high.isFinite ? high + slack : high)
      }
      intervals.append((fact, cells))
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
