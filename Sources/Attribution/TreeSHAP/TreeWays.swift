import TreeEnsembles

/// Every way through every tree, from the entry to an ending.
///
/// The ways through a tree exclude each other and together cover every row, so that a tree is the
/// sum over its ways of `value x product over players of [the player's values fit]`: for each way
/// a product game, which is what makes exact attribution cheap.
///
/// A way is a list of branches. Tests of one player that follow each other are one branching, whose
/// branches are the targets that they lead to: so a child is followed once, whether its parent's
/// test is true, or the value is missing and the child is the default.
struct TreeWays {
  struct Way {
    var tree: Int
    /// Numbers of branches.
    var branches: [Int32]
    /// How many of the first are those of the way before it in the same tree.
    var sharedCount: Int
    var value: Double
  }

  /// Answers that all branches hold together.
  static let answerLimit = 1 << 24

  let table: RoutingTable
  let game: TreeGame
  /// The one player that each test asks about.
  private let testPlayers: [Int32]
  private(set) var branches: [Branch] = []
  private(set) var answers: [Answer] = []

  /// What a player's values must fit.
  struct Branch: Sendable {
    var player: Int32
    /// The share of the records that fit; 0 without record counts, where nothing is averaged.
    var share: Double
    /// A value fits if all answers of one alternative are given.
    var answers: Range<Int32>
  }

  struct Answer: Sendable {
    var test: Int32
    /// The answers that pass, as bits: 1 true, 2 false, 4 unknown.
    var allowed: UInt8
    /// Whether it is the last of its alternative.
    var isLast: Bool
  }

  /// Where tests of one player lead.
  private struct Branching {
    var targets: [Int32] = []
    var branches: Range<Int32> = 0..<0
  }

  // By the first test.
  private var branchings: [Int32: Branching] = [:]

  init(_ table: RoutingTable, _ game: TreeGame) throws(AttributionRefusal) {
    self.table = table
    self.game = game
    testPlayers = try Self.players(of: table, game)
  }

  /// Visits the ways, tree by tree; within a tree a branching's targets in the order in which they
  /// are met, what is true first.
  mutating func visitAll(
    _ visit: (Way, TreeWays) throws(AttributionRefusal) -> Void
  ) throws(AttributionRefusal) {
    for tree in table.entries.indices {
      // The branches so far, and what is still to be followed: a target, and the length of the way
      // on which it was met.
      var way = Way(tree: tree, branches: [], sharedCount: 0, value: 0)
      var isAfterEnding = true
      var open: [(target: Int32, length: Int, branch: Int32)] = [(table.entries[tree], 0, -1)]
      while let next = open.popLast() {
        if isAfterEnding { way.sharedCount = next.length }
        isAfterEnding = false
        way.branches.removeSubrange(next.length...)
        if next.branch >= 0 { way.branches.append(next.branch) }
        if next.target < 0 {
          way.value = game.value(table.ending(next.target), tree: tree)
          try visit(way, self)
          isAfterEnding = true
          continue
        }
        let branching = try branching(next.target)
        // Pushed last, followed first.
        for (target, branch) in zip(branching.targets, branching.branches).reversed() {
          open.append((target, way.branches.count, branch))
        }
      }
    }
  }

  /// Where a test and those of the same player that follow it lead.
  private mutating func branching(_ first: Int32) throws(AttributionRefusal) -> Branching {
    if let known = branchings[first] { return known }
    let player = testPlayers[Int(first)]
    var alternatives: [(target: Int32, answers: [Answer])] = []
    var answerCount = 0
    var open: [(target: Int32, answers: [Answer])] = [(first, [])]
    while let next = open.popLast() {
      guard next.target >= 0, testPlayers[Int(next.target)] == player else {
        answerCount += next.answers.count
        guard answers.count + answerCount <= Self.answerLimit else { throw Self.isTooLarge }
        alternatives.append(next)
        continue
      }
      let test = table.tests[Int(next.target)]
      for (target, allowed) in Self.targets(of: test).reversed() {
        let answer = Answer(test: next.target, allowed: allowed, isLast: false)
        guard isPossible(answer, after: next.answers) else { continue }
        open.append((target, next.answers + [answer]))
      }
    }
    let branching = append(alternatives, player)
    branchings[first] = branching
    return branching
  }

  static let isTooLarge = AttributionRefusal(
    "the trees have too many ways through them to follow each")

  /// One branch for each target.
  private mutating func append(
    _ alternatives: [(target: Int32, answers: [Answer])], _ player: Int32
  ) -> Branching {
    var branching = Branching()
    var places: [Int32: Int] = [:]
    var grouped: [[[Answer]]] = []
    for (target, answers) in alternatives {
      if let place = places[target] {
        grouped[place].append(answers)
      } else {
        places[target] = grouped.count
        branching.targets.append(target)
        grouped.append([answers])
      }
    }
    let start = Int32(branches.count)
    for group in grouped {
      let firstAnswer = Int32(answers.count)
      var share = 0.0
      for alternative in group {
        share += alternative.reduce(1) { $0 * self.share($1) }
        answers += alternative
        answers[answers.count - 1].isLast = true
      }
      branches.append(
        Branch(player: player, share: share, answers: firstAnswer..<Int32(answers.count)))
    }
    branching.branches = start..<Int32(branches.count)
    return branching
  }

  /// The share of the records at a test whose answer is allowed; 0 without record counts, where
  /// nothing is averaged.
  private func share(_ answer: Answer) -> Double {
    guard !table.trueShares.isEmpty else { return 0 }
    if answer.allowed & 3 == 3 { return 1 }
    let share = table.trueShares[Int(answer.test)]
    return answer.allowed & 1 != 0 ? share : answer.allowed & 2 != 0 ? 1 - share : 0
  }

  /// Which answers lead to which target.
  private static func targets(of test: RoutingTable.Test) -> [(Int32, UInt8)] {
    var targets: [(target: Int32, allowed: UInt8)] = [(test.onTrue, 1)]
    for (target, bit) in [(test.onFalse, UInt8(2)), (test.onUnknown, UInt8(4))] {
      if let known = targets.firstIndex(where: { $0.target == target }) {
        targets[known].allowed |= bit
      } else {
        targets.append((target, bit))
      }
    }
    return targets
  }

  /// Whether an answer can add anything: whether a feature can be missing or present as both it
  /// and the earlier ones say, or, if not, whether records are averaged over the branch all the
  /// same.
  private func isPossible(_ answer: Answer, after earlier: [Answer]) -> Bool {
    let test = table.tests[Int(answer.test)]
    var presence = Self.presence(test, answer.allowed)
    if presence == 3 { return true }
    var share = share(answer)
    for before in earlier {
      let other = table.tests[Int(before.test)]
      if other.feature == test.feature, other.question != .compound {
        presence &= Self.presence(other, before.allowed)
        share *= self.share(before)
      }
    }
    return presence != 0 || share != 0
  }

  /// Bit 1: the feature may be present; bit 2: it may be missing.
  private static func presence(_ test: RoutingTable.Test, _ allowed: UInt8) -> UInt8 {
    switch test.question {
    case .compound: return 3
    case .missing: return (allowed & 2 != 0 ? 1 : 0) | (allowed & 1 != 0 ? 2 : 0)
    default: return (allowed & 3 != 0 ? 1 : 0) | (allowed & 4 != 0 ? 2 : 0)
    }
  }

  private static func players(
    of table: RoutingTable, _ game: TreeGame
  ) throws(AttributionRefusal) -> [Int32] {
    var players: [Int32] = []
    for test in table.tests {
      let features =
        test.question == .compound
        ? table.ensemble.predicates.features(of: Int(test.predicate)) : [Int(test.feature)]
      let asked = Set(features.map { game.players[$0] })
      guard let player = asked.first else {
        // A compound of constants: nobody's, and any player's with the same result.
        players.append(0)
        continue
      }
      if asked.contains(-1) {
        throw AttributionRefusal(
          "a split rests on a value that is worked out from several fields")
      }
      guard asked.count == 1 else {
        throw AttributionRefusal(
          "a predicate rests on several fields, and record counts do not say how each of them"
            + " divides the records; attribute over a background instead")
      }
      players.append(Int32(player))
    }
    return players
  }
}
