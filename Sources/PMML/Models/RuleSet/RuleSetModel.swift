internal import DataFields

/// Rules that fire, and how one of their scores is chosen.
struct RuleSetModel: Sendable {
  enum Criterion: String, Sendable, CaseIterable { case weightedSum, weightedMax, firstHit }

  struct SimpleRule: Sendable {
    var id: String?
    /// Its own predicate and those of the compound rules around it.
    var predicates: [PredicateSyntax]
    var score: String
    var confidence: Double
    var weight: Double
    var line: Int
  }

  var criterion: Criterion
  var defaultScore: String?
  var defaultConfidence: Double?
  var rules: [SimpleRule] = []
}
