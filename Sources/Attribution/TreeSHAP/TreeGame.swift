package import TreeEnsembles

/// What is attributed: `constant + sum over trees of weight x the tree's number`, the raw score
/// before any link.
package struct TreeGame: Sendable {
  /// The number that a tree gives.
  package enum Output: Sendable, Hashable {
    case score
    /// The probability of a class, by position; 1 or 0 where a node has none.
    case probability(Int)
    /// 1 if the class is predicted, else 0.
    case vote(Int)
  }

  package var ensemble: TreeEnsemble
  package var output: Output
  /// One factor a tree: 1 for a sum, 1/n for an average.
  package var weights: [Double]
  package var constant: Double
  /// Which player each feature belongs to; -1 if it is no single player's, such as a feature that
  /// is worked out from several fields.
  ///
  /// Features that are worked out from the same field belong to the same player, and come and go
  /// together.
  package var players: [Int]
  package var playerCount: Int
  /// What a tree without a prediction adds; NaN if the whole score is then missing.
  package var missingPrediction: Double

  package init(
    ensemble: TreeEnsemble, output: Output = .score, weights: [Double]? = nil,
    constant: Double = 0, players: [Int]? = nil, playerCount: Int? = nil,
    missingPrediction: Double = .nan
  ) {
    self.ensemble = ensemble
    self.output = output
    self.weights = weights ?? Array(repeating: 1, count: ensemble.trees.count)
    self.constant = constant
    let players = players ?? Array(0..<ensemble.featureCount)
    self.players = players
    self.playerCount = playerCount ?? (players.max() ?? -1) + 1
    self.missingPrediction = missingPrediction
  }

  /// The most that the trees can add up to, in absolute terms.
  var magnitude: Double {
    var sum = constant.magnitude
    for tree in ensemble.trees.indices {
      var most = 0.0
      for node in ensemble.trees[tree].nodes {
        let number = value(.node(node), tree: tree)
        if number.magnitude > most { most = number.magnitude }
      }
      sum += most
    }
    return sum
  }

  /// The number of a walk that ends so; NaN where there is none.
  package func value(_ ending: RoutingTable.Ending, tree: Int) -> Double {
    switch ending {
    case .node(let node):
      let value = number(node)
      return weights[tree] * (value.isNaN ? missingPrediction : value)
    case .null: return weights[tree] * missingPrediction
    case .aggregate: return .nan
    }
  }

  private func number(_ node: Int) -> Double {
    switch output {
    case .score: return ensemble.scores[node]
    case .probability(let place):
      let start = Int(ensemble.distributions[node])
      return start < 0 ? vote(node, place) : ensemble.probabilities[start + place]
    case .vote(let place): return vote(node, place)
    }
  }

  private func vote(_ node: Int, _ place: Int) -> Double {
    let score = ensemble.scores[node]
    return score.isNaN ? .nan : score == Double(place) ? 1 : 0
  }
}
