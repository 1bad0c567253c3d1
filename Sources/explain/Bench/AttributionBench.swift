internal import Attribution
internal import DataFields
internal import PMML
internal import ReferenceData
internal import TabularIO

/// Rows of a model's inputs in memory, and the time that attributing them takes.
struct AttributionBench {
  private let score: ScoreBench
  private let parts: [AttributionColumns.Part]
  private let scorer: BlockScorer
  private let space: BlockWorkspace
  private var rooms: [Attributor.BlockRoom]

  init(_ score: ScoreBench, background: ModelMatrix?, interactions: Bool) throws {
    self.score = score
    parts = try AttributionColumns.parts(
      score.model, background: background, estimates: Attributor.Estimates())
    scorer = BlockScorer(score.model)
    space = scorer.makeWorkspace()
    rooms = try parts.map {
      interactions ? try $0.attributor.makeInteractionRoom() : $0.attributor.makeBlockRoom()
    }
  }

  var rowCount: Int { score.rowCount }
  var method: String { parts.first?.attributor.method ?? "" }

  /// The most that base value and attributions of any row are off its raw score in double precision,
  /// relative to what rounding could be.
  private(set) var largestResidual = 0.0
  /// The most that single precision puts between a model's own raw score and that in double precision.
  private(set) var largestFloatRounding = 0.0

  /// Scores and attributes every row once, in blocks.
  mutating func attributeAll() -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: rowCount, by: BlockWorkspace.rowCount) {
      let end = min(start + BlockWorkspace.rowCount, rowCount)
      score.set(start..<end, scorer, space)
      scorer.score(end - start, space)
      for (place, part) in parts.enumerated() {
        part.attributor.attribute(space, rowCount: end - start, &rooms[place])
        for outcome in rooms[place].outcomes[..<(end - start)] {
          guard let outcome else { continue }
          // Estimates have no bound; of them it is the residual itself.
          let scale = outcome.tolerance.isFinite ? outcome.tolerance : 1
          largestResidual = max(largestResidual, abs(outcome.residual) / scale)
          largestFloatRounding = max(largestFloatRounding, abs(outcome.floatRounding))
        }
        sum += rooms[place].attributions.first ?? 0
      }
    }
    return sum
  }

  /// Scores and attributes `count` rows one by one; the nanoseconds that each took, rising.
  func attributeOneByOne(_ count: Int) -> [Int64] {
    var row = score.model.makeWorkspace()
    var spaces = parts.map { $0.attributor.makeWorkspace() }
    var sum = 0.0
    var times: [Int64] = []
    for turn in 0..<count {
      let place = turn * 7_919 % max(rowCount, 1)
      let start = ContinuousClock.now
      score.set(place, &row)
      if score.model.score(&row) {
        for (index, part) in parts.enumerated() {
          sum += part.attributor.attribute(row, &spaces[index])?.residual ?? 0
        }
      }
      let (seconds, fraction) = (ContinuousClock.now - start).components
      times.append(seconds * 1_000_000_000 + fraction / 1_000_000_000)
    }
    precondition(sum.isNaN || sum < .infinity, "no number of rows adds up to more")
    return times.sorted()
  }
}
