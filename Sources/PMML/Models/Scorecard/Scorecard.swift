internal import DataFields

/// Points by characteristic, with the reasons that took points away.
struct Scorecard: Sendable {
  enum ReasonCodeAlgorithm: String, Sendable, CaseIterable { case pointsAbove, pointsBelow }

  struct Attribute: Sendable {
    var predicate: PredicateSyntax
    var reasonCode: String?
    var partialScore: Double?
    var complexPartialScore: ExpressionSyntax?
    var line: Int
  }

  struct Characteristic: Sendable {
    var name: String?
    var reasonCode: String?
    var baselineScore: Double?
    var attributes: [Attribute] = []
    var line: Int
  }

  var initialScore: Double
  var usesReasonCodes: Bool
  var algorithm: ReasonCodeAlgorithm
  var baselineScore: Double?
  var characteristics: [Characteristic] = []
}
