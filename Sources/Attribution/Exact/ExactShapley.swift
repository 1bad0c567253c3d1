/// Shapley values by the definition: every coalition is asked.
///
/// For any game with few players, where no shorter way is known.
package enum ExactShapley {
  /// The largest game that is enumerated.
  package static let playerLimit = 12

  /// The Shapley values of a game.
  ///
  /// - Parameters:
  ///   - playerCount: at most ``playerLimit``.
  ///   - value: what a coalition is worth; bit `i` says that player `i` takes part.
  /// - Complexity: O(2^players) values and O(2^players x players) additions, in a fixed order.
  package static func values(
    playerCount: Int, value: (UInt32) -> Double
  ) throws(AttributionRefusal) -> (empty: Double, full: Double, values: [Double]) {
    guard playerCount <= playerLimit else {
      throw AttributionRefusal(
        "exact attribution by enumeration takes at most \(playerLimit) fields, not \(playerCount)")
    }
    let worth = (0..<UInt32(1) << UInt32(playerCount)).map(value)
    return (worth[0], worth[worth.count - 1], values(of: worth, playerCount: playerCount))
  }

  /// The Shapley values of a game from the worths of all coalitions.
  static func values(of worth: [Double], playerCount: Int) -> [Double] {
    let weights = (0..<playerCount).map { CoalitionWeights.weight($0, playerCount - 1 - $0) }
    return (0..<playerCount).map { player in
      let bit = 1 << player
      var sum = 0.0
      for coalition in worth.indices where coalition & bit == 0 {
        let size = coalition.nonzeroBitCount
        let gain = worth[coalition | bit] - worth[coalition]
        sum += weights[size] * gain
      }
      return sum
    }
  }
}
