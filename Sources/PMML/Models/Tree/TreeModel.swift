internal import TreeEnsembles

/// A decision tree as the document writes it.
struct TreeModel: Sendable {
  struct ScoreDistribution: Sendable {
    var value: String
    var recordCount: Double
    var confidence: Double?
    var probability: Double?
  }

  struct Node: Sendable {
    var id: String?
    var score: String?
    var recordCount: Double?
    var defaultChild: String?
    var predicate: PredicateSyntax
    var distributions: [ScoreDistribution] = []
    var parent: Int
    var line: Int
  }

  var missingValueStrategy: MissingValueStrategy
  var noTrueChildStrategy: NoTrueChildStrategy
  var missingValuePenalty: Double
  /// In document order.
  var nodes: [Node]
  /// Models that leaves hold, by the positions of the leaves.
  var embedded: [(node: Int, model: ModelElement)] = []
}
