import TreeEnsembles

/// Every way through every tree with what it asks of each player, laid flat.
struct LeafPaths: Sendable {
  struct Condition: Sendable {
    var branch: Int32
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
  private(set) var largestPlayerCount = 0

  /// Masks over a way's players are 64 bits wide.
  static let playerLimit = 64
  /// Ways are followed up to this many conditions in all.
  static let conditionLimit = 1 << 24

  init(_ ways: inout TreeWays) throws(AttributionRefusal) {
    var places = [Int](repeating: -1, count: ways.game.playerCount)
    var made = LeafPaths()
    try ways.visitAll { way, ways throws(AttributionRefusal) in
      try made.append(way, ways.branches, &places)
    }
    self = made
  }

  private init() {}

  var count: Int { paths.count }

  private mutating func append(
    _ way: TreeWays.Way, _ branches: [TreeWays.Branch], _ places: inout [Int]
  ) throws(AttributionRefusal) {
    let firstCondition = Int32(conditions.count)
    let firstPlayer = players.count
    defer { for player in players[firstPlayer...] { places[Int(player)] = -1 } }
    guard conditions.count + way.branches.count <= Self.conditionLimit else {
      throw TreeWays.isTooLarge
    }
    for branch in way.branches {
      let player = Int(branches[Int(branch)].player)
      var place = places[player]
      if place < 0 {
        place = players.count - firstPlayer
        guard place < Self.playerLimit else {
          throw AttributionRefusal(
            "one way through a tree rests on more than \(Self.playerLimit) fields")
        }
        places[player] = place
        players.append(Int32(player))
      }
      conditions.append(Condition(branch: branch, place: UInt8(place)))
    }
    largestPlayerCount = max(largestPlayerCount, players.count - firstPlayer)
    paths.append(
      Path(
        value: way.value, conditions: firstCondition..<Int32(conditions.count),
        players: Int32(firstPlayer)..<Int32(players.count)))
  }
}
