import DataFields
import PMML

/// A model whose every coalition of fields is scored, for want of structure.
///
/// A coalition's worth is the result averaged over the background, the coalition's fields being the
/// row's.
struct CoalitionScores: Sendable {
  /// Scores that one row may take.
  static let scoreLimit = 1 << 16

  let baseValue: Double
  private let model: CompiledModel
  private let result: CompiledModel.ResolvedResult
  private let feeds: BackgroundFeeds
  private let rowCount: Int

  /// - Parameter because: why the model has no structure to use, for the refusal.
  init(
    _ model: CompiledModel, _ result: ModelResult, _ background: ModelMatrix, because: String
  ) throws(AttributionRefusal) {
    if let reason = model.needsOtherRows { throw AttributionRefusal(reason) }
    let count = model.signature.inputs.count
    guard let resolved = model.resolve(result), resolved.kind == .number,
      model.signature.function == .regression || model.signature.function == .classification
    else { throw AttributionRefusal(because) }
    if case .predictedValue = result, model.signature.function == .classification {
      throw AttributionRefusal(because)
    }
    guard count <= ExactShapley.playerLimit, background.rowCount << count <= Self.scoreLimit else {
      throw AttributionRefusal(
        because + "; scoring every coalition of \(count) fields against \(background.rowCount)"
          + " background rows would take too long")
    }
    self.model = model
    self.result = resolved
    feeds = BackgroundFeeds(model, background)
    rowCount = background.rowCount
    var space = model.makeWorkspace()
    var sum = 0.0
    for row in 0..<rowCount {
      try feeds.score(row, model, &space)
      sum += model.value(resolved, in: space)
    }
    baseValue = sum / Double(rowCount)
    guard baseValue.isFinite else {
      throw AttributionRefusal("the model gives no prediction for some row of the background")
    }
  }

  func makeWorkspace() -> ScoringWorkspace { model.makeWorkspace() }

  /// Attributes the row that `scored` holds; nil if some coalition has no result.
  func attribute(
    _ scored: ScoringWorkspace, _ room: inout ScoringWorkspace?, into attributions: inout [Double]
  ) -> MeasuredSum? {
    var space = room ?? model.makeWorkspace()
    defer { room = space }
    var most = 0.0
    let game = try? ExactShapley.values(playerCount: attributions.count) { coalition in
      var sum = 0.0
      for row in 0..<rowCount {
        model.clear(&space)
        for input in attributions.indices {
          if coalition >> UInt32(input) & 1 == 1 {
            model.copy(input: input, from: scored, into: &space)
          } else {
            feeds.set(row, input: input, model, &space)
          }
        }
        sum += model.score(&space) ? model.value(result, in: space) : .nan
      }
      let worth = sum / Double(rowCount)
      most = max(most, worth.magnitude)
      return worth
    }
    guard let game, game.values.allSatisfy(\.isFinite) else { return nil }
    for player in attributions.indices { attributions[player] = game.values[player] }
    return MeasuredSum(value: game.full, magnitude: most)
  }
}
