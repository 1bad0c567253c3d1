internal import DataFields
internal import TreeEnsembles

/// A scorecard laid flat.
package final class ScorecardPlan: Sendable {
  struct Attribute: Sendable {
    /// Position in ``ModelProgram/predicates``.
    var predicate: Int
    /// The points, where there is no expression.
    var partialScore: Double
    /// An expression, or -1.
    var expression: Int
    /// Position among the unit's reason codes; -1 if there is none.
    var reason: Int
  }

  struct Characteristic: Sendable {
    var attributes: Range<Int>
    var baselineScore: Double
  }

  let initialScore: Double
  let algorithm: Scorecard.ReasonCodeAlgorithm
  let usesReasonCodes: Bool
  let characteristics: [Characteristic]
  let attributes: [Attribute]
  /// The same as tables, where that can be.
  let tables: ScorecardTables?
  /// How many reasons there are.
  let reasonCount: Int

  init(
    _ model: Scorecard, characteristics: [Characteristic], attributes: [Attribute],
    predicates: PredicateTable
  ) {
    initialScore = model.initialScore
    algorithm = model.algorithm
    usesReasonCodes = model.usesReasonCodes
    self.characteristics = characteristics
    self.attributes = attributes
    reasonCount = (attributes.map(\.reason).max() ?? -1) + 1
    tables = ScorecardTables(model, characteristics, attributes, predicates)
  }
}

extension Scorecard.ReasonCodeAlgorithm {
  /// What an attribute's points count for, as a reason.
  func difference(_ points: Double, baseline: Double) -> Double {
    self == .pointsBelow ? baseline - points : points - baseline
  }
}
