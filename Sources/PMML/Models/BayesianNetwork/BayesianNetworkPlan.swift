internal import DataFields

/// A network laid flat: discrete variables with their tables, continuous nodes with their
/// distributions, and an order in which what is not observed is summed out.
package final class BayesianNetworkPlan: Sendable {
  struct Variable: Sendable {
    /// The values, as slots hold them.
    var values: [Double]
    /// Where the value is observed; -1 if it never is.
    var slot: Int
    /// The variables that the table is conditional on.
    var parents: [Int]
    /// The probability of each value for each combination of the parents'; nil for a field that is
    /// no node: it has to be observed.
    var factor: Factor?
  }

  enum Distribution: Sendable {
    case normal(mean: Int, variance: Int)
    case lognormal(mean: Int, variance: Int)
    case uniform(lower: Int, upper: Int)
    case triangular(mean: Int, lower: Int, upper: Int)
  }

  /// A distribution whose mean is a sum of multiples of continuous nodes, and of a rest.
  struct Linear: Sendable {
    var terms: [Term]
    /// An expression; -1 is 0.
    var rest: Int
    /// An expression; -1 where the distribution is no normal one.
    var variance: Int
  }

  struct Term: Sendable {
    var node: Int
    var coefficient: Double
  }

  struct ContinuousNode: Sendable {
    /// Where the value is observed; -1 if it never is.
    var slot: Int
    /// Discrete parents, rising.
    var parents: [Int]
    var sizes: [Int]
    /// Continuous parents, rising; each stands before the node.
    var nodeParents: [Int]
    /// For each combination of the discrete parents' values; nil where the document gives none, or
    /// where a continuous parent never is observed.
    var distributions: [Distribution?]
    /// The same where continuous parents were not observed; nil where the mean is no such sum.
    var linear: [Linear?]
  }

  enum Target: Sendable {
    case discrete(Int)
    /// A continuous node.
    case continuous(Int)
  }

  /// No table that scoring makes has more entries than this.
  static let tableLimit = 1 << 20
  /// How much work on continuous nodes that were not observed one row may take.
  static let workLimit = 1 << 26

  let variables: [Variable]
  /// Continuous nodes, parents first.
  let nodes: [ContinuousNode]
  let target: Target
  /// All variables, in the order in which they are summed out; those that the answer is over are
  /// passed over.
  let order: [Int]

  package var nodeCount: Int { variables.count { $0.factor != nil } + nodes.count }

  init(variables: [Variable], nodes: [ContinuousNode], target: Target, order: [Int]) {
    self.variables = variables
    self.nodes = nodes
    self.target = target
    self.order = order
  }
}
