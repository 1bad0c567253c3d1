import TreeEnsembles

@testable import Attribution

/// Shapley values by their definition, from nothing but the plain walk: the independent truth.
enum BruteForce {
  /// phi_i = sum over S of |S|! (m - |S| - 1)! / m! x (v(S + i) - v(S)).
  static func shapley(_ worth: [Double], players: Int) -> [Double] {
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : Double(n) * factorial(n - 1) }
    return (0..<players).map { player in
      var sum = 0.0
      for coalition in worth.indices where coalition >> player & 1 == 0 {
        let size = coalition.nonzeroBitCount
        let weight = factorial(size) * factorial(players - size - 1) / factorial(players)
        sum += weight * (worth[coalition | 1 << player] - worth[coalition])
      }
      return sum
    }
  }

  /// The raw score of a row, tree by tree as the specification walks.
  static func score(_ game: TreeGame, _ row: [Double]) -> Double {
    var sum = game.constant
    for tree in game.ensemble.trees.indices {
      let end = game.ensemble.walk(tree, row.span)
      sum += game.weights[tree] * (end.mustAggregate ? .nan : value(game, end.node))
    }
    return sum
  }

  private static func value(_ game: TreeGame, _ node: Int) -> Double {
    guard node >= 0 else { return game.missingPrediction }
    switch game.output {
    case .score: return game.ensemble.scores[node]
    case .vote(let place): return game.ensemble.scores[node] == Double(place) ? 1 : 0
    case .probability(let place):
      return game.ensemble.probabilities[Int(game.ensemble.distributions[node]) + place]
    }
  }

  /// The worth of every coalition where absent fields are a background row's.
  static func interventional(
    _ game: TreeGame, _ row: [Double], background: [[Double]]
  ) -> [Double] {
    (0..<1 << game.playerCount).map { coalition in
      var sum = 0.0
      for other in background {
        let mixture = game.players.indices.map {
          coalition >> game.players[$0] & 1 == 1 ? row[$0] : other[$0]
        }
        sum += score(game, mixture)
      }
      return sum / Double(background.count)
    }
  }

  /// The worth of every coalition where absent fields are averaged by record counts.
  static func pathDependent(_ game: TreeGame, _ row: [Double]) -> [Double] {
    (0..<1 << game.playerCount).map { coalition in
      var sum = game.constant
      for tree in game.ensemble.trees {
        sum +=
          game.weights[game.ensemble.trees.firstIndex(of: tree) ?? 0]
          * expectation(game, tree, tree.root, row, coalition)
      }
      return sum
    }
  }

  private static func expectation(
    _ game: TreeGame, _ tree: TreeEnsemble.Tree, _ node: Int, _ row: [Double], _ coalition: Int
  ) -> Double {
    let ensemble = game.ensemble
    let children = ensemble.children(of: node)
    if children.isEmpty { return value(game, node) }
    let keeps = tree.noTrueChildStrategy == .returnLastPrediction
    let taken = children.map { ensemble.recordCounts[$0] }.reduce(0, +)
    let surplus = keeps ? max(0, ensemble.recordCounts[node] - taken) : 0
    // From the given sibling on.
    func following(_ place: Int) -> Double {
      if place == children.count { return value(game, keeps ? node : -1) }
      let child = children[place]
      func entered() -> Double { expectation(game, tree, child, row, coalition) }
      let features = ensemble.predicates.features(of: Int(ensemble.predicate[child]))
      let isKnown =
        features.isEmpty || features.contains { coalition >> game.players[$0] & 1 == 1 }
      if isKnown {
        switch ensemble.truth(child, row.span) {
        case .isTrue: return entered()
        case .isFalse: return following(place + 1)
        case .isUnknown:
          switch tree.missingValueStrategy {
          case .none: return following(place + 1)
          case .lastPrediction: return value(game, node)
          case .nullPrediction: return value(game, -1)
          case .defaultChild:
            let next = Int(ensemble.defaultChild[node])
            return next < 0
              ? value(game, -1) : expectation(game, tree, next, row, coalition)
          default: return .nan
          }
        }
      }
      let count = ensemble.recordCounts[child]
      let rest = children[place...].map { ensemble.recordCounts[$0] }.reduce(0, +) + surplus
      let share = rest > 0 ? count / rest : 1 / Double(children.count - place)
      var sum = 0.0
      if share != 0 { sum += share * entered() }
      if share != 1 { sum += (1 - share) * following(place + 1) }
      return sum
    }
    return following(0)
  }
}
