internal import DataFields

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

  init(
    _ model: Scorecard, characteristics: [Characteristic], attributes: [Attribute]
  ) {
    initialScore = model.initialScore
    algorithm = model.algorithm
    usesReasonCodes = model.usesReasonCodes
    self.characteristics = characteristics
    self.attributes = attributes
  }
}
