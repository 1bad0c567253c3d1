import TreeEnsembles

/// Every way through every tree, from the entry to an ending, with what each asks of each player.
///
/// The ways through a tree exclude each other and together cover every row, so that a tree is the
/// sum over its ways of `value x product over players of [the player's answers fit]`: for each way
/// a product game, which is what makes exact attribution cheap.
struct LeafPaths: Sendable {
  /// One answer that a way rests on.
  struct Condition: Sendable {
    var test: Int32
    /// The answers that go this way, as bits: 1 true, 2 false, 4 unknown.
    var allowed: UInt8
    /// The player's place among those of the way.
    var place: UInt8
  }

  struct Path: Sendable {
    var value: Double
    var conditions: Range<Int32>
    var players: Range<Int32>
  }

  private(set) var paths: [Path] = []
  private(set) var conditions: [Condition] = []
  private(set) var players: [Int32] = []
  /// The share of the records that fit, beside ``players``; 1 without record counts.
  private(set) var shares: [Double] = []
  private(set) var largestPlayerCount = 0

  /// Masks over a way's players are 64 bits wide.
  static let playerLimit = 64
  /// Ways are followed up to this many conditions in all.
  static let conditionLimit = 1 << 24

  init(_ table: RoutingTable, _ game: TreeGame) throws(AttributionRefusal) {
    let testPlayers = try Self.players(of: table, game)
    var places = [Int](repeating: -1, count: game.playerCount)
    for tree in table.entries.indices {
      // The answers so far, and what is still to be followed: a target, and the length of the way
      // on which it was met.
      var way: [(test: Int32, allowed: UInt8)] = []
      var open: [(target: Int32, length: Int, test: Int32, allowed: UInt8)] = [
        (table.entries[tree], 0, -1, 0)
      ]
      while let next = open.popLast() {
        way.removeSubrange(next.length...)
        if next.test >= 0 { way.append((next.test, next.allowed)) }
        if next.target < 0 {
          let value = game.value(table.ending(next.target), tree: tree)
          try append(way, value: value, table, testPlayers, &places)
          continue
        }
        let test = table.tests[Int(next.target)]
        // Pushed last, followed first: true before false before unknown.
        for (target, allowed) in Self.branches(of: test).reversed()
        where Self.isPossible(test, next.target, allowed, after: way, table) {
          open.append((target, way.count, next.target, allowed))
        }
      }
    }
  }

  var count: Int { paths.count }

  /// Which answers lead to which target.
  private static func branches(of test: RoutingTable.Test) -> [(Int32, UInt8)] {
    var branches: [(target: Int32, allowed: UInt8)] = [(test.onTrue, 1)]
    for (target, bit) in [(test.onFalse, UInt8(2)), (test.onUnknown, UInt8(4))] {
      if let known = branches.firstIndex(where: { $0.target == target }) {
        branches[known].allowed |= bit
      } else {
        branches.append((target, bit))
      }
    }
    return branches
  }

  /// Whether a branch can add anything: whether a feature can be missing or present as both this
  /// answer and the earlier ones say, or, if not, whether records are averaged over the branch all
  /// the same.
  private static func isPossible(
    _ test: RoutingTable.Test, _ place: Int32, _ allowed: UInt8,
    after way: [(test: Int32, allowed: UInt8)], _ table: RoutingTable
  ) -> Bool {
    var presence = presence(test, allowed)
    if presence == 3 { return true }
    var share = share(place, allowed, table)
    for earlier in way {
      let other = table.tests[Int(earlier.test)]
      if other.feature == test.feature, other.question != .compound {
        presence &= Self.presence(other, earlier.allowed)
        share *= Self.share(earlier.test, earlier.allowed, table)
      }
    }
    return presence != 0 || share != 0
  }

  /// The share of the records whose answer is allowed; 0 without record counts, where nothing is
  /// averaged.
  private static func share(_ test: Int32, _ allowed: UInt8, _ table: RoutingTable) -> Double {
    guard !table.trueShares.isEmpty else { return 0 }
    if allowed & 3 == 3 { return 1 }
    let share = table.trueShares[Int(test)]
    return allowed & 1 != 0 ? share : allowed & 2 != 0 ? 1 - share : 0
  }

  /// Bit 1: the feature may be present; bit 2: it may be missing.
  private static func presence(_ test: RoutingTable.Test, _ allowed: UInt8) -> UInt8 {
    switch test.question {
    case .compound: return 3
    case .missing: return (allowed & 2 != 0 ? 1 : 0) | (allowed & 1 != 0 ? 2 : 0)
    default: return (allowed & 3 != 0 ? 1 : 0) | (allowed & 4 != 0 ? 2 : 0)
    }
  }

  private mutating func append(
    _ way: [(test: Int32, allowed: UInt8)], value: Double, _ table: RoutingTable,
    _ testPlayers: [Int32], _ places: inout [Int]
  ) throws(AttributionRefusal) {
    let firstCondition = Int32(conditions.count)
    let firstPlayer = players.count
    defer { for player in players[firstPlayer...] { places[Int(player)] = -1 } }
    guard conditions.count + way.count <= Self.conditionLimit else {
      throw AttributionRefusal("the trees have too many ways through them to follow each")
    }
    for step in way {
      let player = Int(testPlayers[Int(step.test)])
      var place = places[player]
      if place < 0 {
        place = players.count - firstPlayer
        guard place < Self.playerLimit else {
          throw AttributionRefusal(
            "one way through a tree rests on more than \(Self.playerLimit) fields")
        }
        places[player] = place
        players.append(Int32(player))
        shares.append(1)
      }
      conditions.append(
        Condition(test: step.test, allowed: step.allowed, place: UInt8(place)))
      if !table.trueShares.isEmpty {
        shares[firstPlayer + place] *= Self.share(step.test, step.allowed, table)
      }
    }
    largestPlayerCount = max(largestPlayerCount, players.count - firstPlayer)
    paths.append(
      Path(
        value: value, conditions: firstCondition..<Int32(conditions.count),
        players: Int32(firstPlayer)..<Int32(players.count)))
  }

  /// The one player that each test asks about.
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
