internal import DataFields
internal import DenseKernels
internal import TreeEnsembles

/// A scorecard each of whose characteristics looks at one field, as tables: the field's values fall
/// into cells between rising edges, and a cell knows its points and its reason.
///
/// The cells are found by asking the predicates themselves, so that both give the same.
final class ScorecardTables: Sendable {
  struct Cell: Sendable {
    /// NaN where no attribute holds: there is no score then.
    var points: Double
    /// How far the points are from the baseline; NaN where that is no reason.
    var difference: Double
    /// Position among the unit's reason codes; -1 if there is none.
    var reason: Int
  }

  struct Characteristic: Sendable {
    var slot: Int
    /// Where a cell ends and the next begins, which has the edge.
    var edges: [Double]
    /// One more than there are edges, and one for a missing value.
    var cells: [Cell]

    /// The cell of a value, missing or not.
    @inline(__always)
    func cell(of value: Double) -> Int {
      if value.isNaN { return cells.count - 1 }
      let edges = edges.span
      var low = 0
      var count = edges.count
      while count > 8 {
        let half = count / 2
        if value >= edges[low + half - 1] { low += half }
        count -= half
      }
      var cell = low
      for place in low..<low + count where value >= edges[place] { cell += 1 }
      return cell
    }
  }

  let characteristics: [Characteristic]
  /// The same for kernels, where the cells of each characteristic that have points have one reason, or
  /// none.
  let kernels: CellTables?

  /// How many edges times attributes a characteristic may have.
  private static let limit = 1 << 20

  /// nil if a characteristic looks at several fields, or has points that are computed.
  init?(
    _ model: Scorecard, _ characteristics: [ScorecardPlan.Characteristic],
    _ attributes: [ScorecardPlan.Attribute], _ predicates: PredicateTable
  ) {
    var tables: [Characteristic] = []
    for characteristic in characteristics {
      guard
        let table = Self.table(
          model, Array(attributes[characteristic.attributes]), characteristic.baselineScore,
          predicates)
      else { return nil }
      tables.append(table)
    }
    self.characteristics = tables
    let kernels = tables.compactMap { Self.kernel($0) }
    self.kernels = kernels.count == tables.count ? CellTables(kernels) : nil
  }

  private static func kernel(_ characteristic: Characteristic) -> CellTables.Table? {
    let cells = characteristic.cells
    let reasons = Set(cells.filter { !$0.points.isNaN }.map(\.reason))
    guard reasons.count <= 1, characteristic.edges.count <= CellTables.edgeLimit else { return nil }
    return CellTables.Table(
      column: characteristic.slot, reason: reasons.first ?? -1, edges: characteristic.edges,
      points: cells.map(\.points), differences: cells.map(\.difference))
  }

  private static func table(
    _ model: Scorecard, _ attributes: [ScorecardPlan.Attribute], _ baseline: Double,
    _ predicates: PredicateTable
  ) -> Characteristic? {
    guard attributes.allSatisfy({ $0.expression < 0 }) else { return nil }
    let slots = Set(attributes.flatMap { predicates.features(of: $0.predicate) })
    guard slots.count <= 1 else { return nil }
    let slot = slots.first ?? 0
    let values = attributes.flatMap { thresholds(of: $0.predicate, predicates) }
    guard values.count * attributes.count <= limit else { return nil }

    var row = Array(repeating: Double.nan, count: slot + 1)
    func attribute(of value: Double) -> Int {
      row[slot] = value
      return attributes.firstIndex {
        predicates.evaluate($0.predicate, row.span) == .isTrue
      } ?? -1
    }
    var edges: [Double] = []
    var found = [attribute(of: -.infinity)]
    // At a threshold and right above it the truth of a predicate may turn, and nowhere else.
    var last = Double.nan
    for value in values.filter({ !$0.isNaN }).sorted() where value != last {
      last = value
      for edge in [value, value.nextUp] {
        let next = attribute(of: edge)
        if next == found.last { continue }
        edges.append(edge)
        found.append(next)
      }
    }
    found.append(attribute(of: .nan))
    let cells = found.map { place -> Cell in
      guard place >= 0 else { return Cell(points: .nan, difference: .nan, reason: -1) }
      let attribute = attributes[place]
      let hasReason = model.usesReasonCodes && attribute.reason >= 0
      return Cell(
        points: attribute.partialScore,
        difference: hasReason
          ? model.algorithm.difference(attribute.partialScore, baseline: baseline) : .nan,
        reason: hasReason ? attribute.reason : -1)
    }
    return Characteristic(slot: slot, edges: edges, cells: cells)
  }

  /// The values that a predicate compares with.
  private static func thresholds(of predicate: Int, _ predicates: PredicateTable) -> [Double] {
    switch predicates.operators[predicate] {
    case .and, .or, .xor, .surrogate:
      predicates.operands(of: predicate).flatMap { thresholds(of: $0, predicates) }
    case .isIn, .isNotIn: Array(predicates.values(of: predicate))
    case .alwaysTrue, .alwaysFalse, .isMissing, .isNotMissing: []
    default: [predicates.thresholds[predicate]]
    }
  }
}
