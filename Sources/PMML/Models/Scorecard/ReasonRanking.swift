internal import DataFields

/// The reasons of a scorecard, by the points that they took away.
enum ReasonRanking {
  /// Ranks up to this are worked out with the score; further ones are seldom asked for.
  static let rankLimit = 16

  /// Writes the positions of the reasons of the first ranks: the greatest number first, of equal ones
  /// the first of the document; -1 where there are fewer. What is below zero took nothing away.
  ///
  /// - Parameters:
  ///   - numbers: the first reason's; `stride` places further is the next one's.
  ///   - ranks: the first rank's, in the same way.
  @inline(__always)
  static func rank(
    _ numbers: UnsafePointer<Double>, count: Int, _ ranks: UnsafeMutablePointer<Double>,
    rankCount: Int, stride: Int
  ) {
    var found = 0
    for place in 0..<count {
      let number = numbers[place * stride]
      guard number >= 0 else { continue }
      var rank = found
      while rank > 0, number > numbers[Int(ranks[(rank - 1) * stride]) * stride] {
        if rank < rankCount { ranks[rank * stride] = ranks[(rank - 1) * stride] }
        rank -= 1
      }
      if rank < rankCount {
        ranks[rank * stride] = Double(place)
        found = min(found + 1, rankCount)
      }
    }
    for rank in found..<max(found, rankCount) { ranks[rank * stride] = -1 }
  }
}
