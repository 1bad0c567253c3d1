/// Variables, each with its distribution for every combination of its parents' values.
struct BayesianNetworkModel: Sendable {
  struct ParentValue: Sendable {
    var parent: String
    var value: String
  }

  struct ValueProbability: Sendable {
    var value: String
    var probability: Double
    var line: Int
  }

  enum Distribution: Sendable {
    case normal(mean: ExpressionSyntax, variance: ExpressionSyntax)
    case lognormal(mean: ExpressionSyntax, variance: ExpressionSyntax)
    case uniform(lower: ExpressionSyntax, upper: ExpressionSyntax)
    case triangular(mean: ExpressionSyntax, lower: ExpressionSyntax, upper: ExpressionSyntax)
  }

  /// What a node is like where its parents have these values.
  struct Condition<Outcome: Sendable>: Sendable {
    var parents: [ParentValue]
    var outcome: Outcome
    var line: Int
  }

  enum Content: Sendable {
    case discrete([Condition<[ValueProbability]>])
    case continuous([Condition<Distribution>])
  }

  struct Node: Sendable {
    var name: String
    /// Fields that only the nodes use.
    var derived: [DerivedField]
    var content: Content
    var line: Int
  }

  var nodes: [Node] = []
}
