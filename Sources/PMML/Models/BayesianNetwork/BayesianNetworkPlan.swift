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

  struct ContinuousNode: Sendable {
    var slot: Int
    /// Rising.
    var parents: [Int]
    var sizes: [Int]
    /// For each combination of the parents' values; nil where the document gives none.
    var distributions: [Distribution?]
  }

  enum Target: Sendable {
    case discrete(Int)
    case continuous(ContinuousNode)
  }

  let variables: [Variable]
  /// Continuous nodes other than the target.
  let nodes: [ContinuousNode]
  let target: Target
  /// Variables in the order in which they are summed out.
  let order: [Int]

  package var nodeCount: Int {
    let discrete = variables.count { $0.factor != nil }
    if case .discrete = target { return discrete + nodes.count }
    return discrete + nodes.count + 1
  }

  init(variables: [Variable], nodes: [ContinuousNode], target: Target, order: [Int]) {
    self.variables = variables
    self.nodes = nodes
    self.target = target
    self.order = order
  }

  /// The variables that the answer is over.
  var kept: [Int] {
    switch target {
    case .discrete(let variable): [variable]
    case .continuous(let node): node.parents
    }
  }
}
