import DataFields
import PMML

/// A model whose every coalition of fields is scored, for want of structure.
///
/// A coalition's worth is the raw number averaged over the background, the coalition's fields being the
/// row's.
struct CoalitionScores: Sendable {
  /// Scores that one row may take: where they are worked out in columns, and where row by row.
  static let scoreLimit = 1 << 20
  static let singleScoreLimit = 1 << 16

  let game: MixtureGame

  /// - Parameter because: why the model has no structure to use, for the refusal.
  init(_ game: MixtureGame, because: String) throws(AttributionRefusal) {
    guard Self.isInReach(game) else {
      throw AttributionRefusal(
        because + "; scoring every coalition of \(game.fieldCount) fields against \(game.rowCount)"
          + " background rows would take too long")
    }
    self.game = game
  }

  private static func isInReach(_ game: MixtureGame) -> Bool {
    let limit = game.isInColumns ? scoreLimit : singleScoreLimit
    return game.fieldCount <= ExactShapley.playerLimit
      && game.rowCount <= limit >> game.fieldCount
  }

  /// Attributes the row that `scored` holds; nil if some coalition has no result.
  ///
  /// - Complexity: O(2^fields x rows) scores.
  func attribute(
    _ scored: ScoringWorkspace, _ holder: inout MixtureRoom, into attributions: inout [Double]
  ) -> MeasuredSum? {
    let full = game.number.value(game.model, scored)
    guard full.isFinite else { return nil }
    let room = holder.take(for: game)
    game.begin(scored, room)
    let count = 1 << game.fieldCount
    var worths = [Double](repeating: 0, count: count)
    worths[0] = game.baseValue
    worths[count - 1] = full
    // Sums grow coalition by coalition, each in the order of the background.
    var place = game.rowCount
    func take() {
      game.score(room) { value in
        worths[place / game.rowCount] += value
        place += 1
      }
    }
    for coalition in stride(from: 1, to: count - 1, by: 1) {
      for row in 0..<game.rowCount
      where game.add(row, room, isOwn: { coalition >> $0 & 1 == 1 }) { take() }
    }
    take()
    var most = 0.0
    for coalition in worths.indices {
      if coalition > 0, coalition < count - 1 { worths[coalition] /= Double(game.rowCount) }
      most = max(most, worths[coalition].magnitude)
    }
    guard worths.allSatisfy(\.isFinite) else { return nil }
    let values = ExactShapley.values(of: worths, playerCount: game.fieldCount)
    for player in attributions.indices { attributions[player] = values[player] }
    return MeasuredSum(value: full, magnitude: most)
  }
}
