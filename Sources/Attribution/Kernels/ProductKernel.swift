internal import CShapleyKernels

/// Shapley values of games whose coalitions are worth a product over players, by the kernels of the
/// processor: those of ``ProductGame``, for many games of the same players.
struct ProductKernel: Sendable {
  /// Numbers that one call needs and gives.
  struct Room: Sendable {
    /// What each player contributes when in the coalition.
    var present: [Double]
    /// What it contributes when not: player by player, game by game.
    var absent: [Double]
    fileprivate var scratch: [Double]
    fileprivate var sums: [Double]
  }

  private let playerCount: Int
  /// Each rule's nodes q, then 1 - q, then weights.
  private var nodes: [Double] = []
  private var starts: [UInt32] = []
  private var sizes: [UInt32] = []
  private let stride: Int

  /// - Complexity: O(players^3 / 64), with a factor of about 30.
  init(playerCount: Int) {
    self.playerCount = playerCount
    // A rule of n nodes serves up to 2 n players; kernels take nodes in eights.
    stride = (playerCount + 15) / 16 * 8
    for count in Swift.stride(from: 8, through: stride, by: 8) {
      let rule = GaussLegendre.rule(count)
      starts.append(UInt32(nodes.count))
      sizes.append(UInt32(count))
      nodes += rule.nodes
      nodes += rule.nodes.map { 1 - $0 }
      nodes += rule.weights
    }
  }

  /// Steps of one game: for the limits of what is worked out.
  var stepCount: Int { playerCount * stride }

  func makeRoom(gameCount: Int) -> Room {
    let scratch = Int(cshapley_products_scratch(UInt32(playerCount)))
    // Eight numbers more, to begin where vectors may.
    return Room(
      present: Array(repeating: 0, count: playerCount),
      absent: Array(repeating: 0, count: playerCount * gameCount),
      scratch: Array(repeating: 0, count: scratch + 8),
      sums: Array(repeating: 0, count: playerCount * stride))
  }

  /// Forgets the values so far.
  func clear(_ room: inout Room) {
    for place in room.sums.indices { room.sums[place] = 0 }
  }

  /// Adds the values of games that share what players contribute when present, `scale` times.
  ///
  /// - Parameters:
  ///   - games: the first so many of the room.
  ///   - least: games whose worth is less than this, whatever the coalition, are left out.
  /// - Complexity: O(games x players^2).
  func add(
    scale: Double, games: Int, least: Double, _ room: inout Room,
    by kernel: ShapleyKernel = .fastest
  ) {
    precondition(games * playerCount <= room.absent.count, "there is room for so many games")
    room.present.withUnsafeBufferPointer { present in
      room.absent.withUnsafeBufferPointer { absent in
        room.scratch.withUnsafeMutableBufferPointer { scratch in
          room.sums.withUnsafeMutableBufferPointer { sums in
            withRules { rules in
              kernel.kernel.products(
                rules, present.baseAddress, absent.baseAddress, UInt32(games), scale, least,
                ShapleyKernel.aligned(scratch), sums.baseAddress)
            }
          }
        }
      }
    }
  }

  /// The value of a player: the sum over nodes, in their order.
  func value(_ player: Int, of room: Room) -> Double {
    var sum = 0.0
    for node in player * stride..<(player + 1) * stride { sum += room.sums[node] }
    return sum
  }

  private func withRules(_ body: (UnsafePointer<cshapley_rules>) -> Void) {
    nodes.withUnsafeBufferPointer { nodes in
      starts.withUnsafeBufferPointer { starts in
        sizes.withUnsafeBufferPointer { sizes in
          var rules = cshapley_rules(
            nodes: nodes.baseAddress, starts: starts.baseAddress, sizes: sizes.baseAddress,
            player_count: UInt32(playerCount), stride: UInt32(stride))
          body(&rules)
        }
      }
    }
  }
}
