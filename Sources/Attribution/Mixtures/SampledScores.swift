import DataFields
import PMML

/// Shapley values of any model, estimated by sampling orders of fields (Castro, Gomez and Tejada,
/// 2009), for models of many fields and no structure that is known.
///
/// A field's contribution in an order is what the raw number gains where the field becomes the row's,
/// after those before it. Each sample is a background row, one order and the same order turned round
/// (Mitchell and others, 2022): the average of both is one observation a field. The sum of a sample's
/// contributions is known on average, the raw number less the base value, and so each field's mean is
/// corrected by how it goes with that sum (a regression estimator with one control): then base value and
/// attributions add up, whatever was drawn.
///
/// The same row, model and background give the same bits: what is drawn follows from the seed and the
/// row's key alone.
struct SampledScores: Sendable {
  /// Scores that one row takes unless a caller says otherwise.
  static let defaultCount = 2_000
  /// Samples without which there is no saying how far estimates are off.
  static let fewestSamples = 4

  struct Found {
    var rawScore: Double
    var scoreCount: Int
  }

  let game: MixtureGame
  /// The most scores that a row takes.
  let scoreCount: Int
  private let seed: UInt64

  /// - Parameter scoreCount: nil for the default, or more where there are many fields.
  init(_ game: MixtureGame, scoreCount: Int?) throws(AttributionRefusal) {
    self.game = game
    let fewest = Self.fewestSamples * 2 * game.fieldCount
    if let scoreCount, scoreCount < fewest {
      throw AttributionRefusal(
        "sampling \(game.fieldCount) fields takes at least \(fewest) scores a row, not \(scoreCount)"
      )
    }
    self.scoreCount = scoreCount ?? max(Self.defaultCount, 2 * fewest)
    seed = game.model.signature.digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A sample: a background row and an order of the fields in which it differs from the row.
  private struct Sample {
    var row: Int
    var order: [Int]
    /// Where its scores begin: of the order, then of the order turned round.
    var first: Int
  }

  /// Estimates the attributions of a row, and half of the 95 % interval of each; nil if the row, or a
  /// mixture of it with the background, has no result.
  ///
  /// - Parameter key: what is drawn follows from.
  /// - Complexity: at most `scoreCount` scores.
  func attribute(
    _ scored: ScoringWorkspace, key: UInt64, _ holder: inout MixtureRoom,
    into attributions: inout [Double], errors: inout [Double]
  ) -> Found? {
    let full = game.number.value(game.model, scored)
    guard full.isFinite else { return nil }
    let room = holder.take(for: game)
    game.begin(scored, room)
    var scores: [Double] = []
    let samples = draw(key, room, &scores)
    guard scores.allSatisfy(\.isFinite) else { return nil }
    var sums = SampleSums(fieldCount: game.fieldCount, expected: full - game.baseValue)
    var gains = [Double](repeating: 0, count: game.fieldCount)
    for sample in samples {
      for field in gains.indices { gains[field] = 0 }
      let count = sample.order.count
      var before = (game.scores[sample.row], game.scores[sample.row])
      for place in 0..<count {
        let isLast = place == count - 1
        let one = isLast ? full : scores[sample.first + place]
        let other = isLast ? full : scores[sample.first + count - 1 + place]
        gains[sample.order[place]] += 0.5 * (one - before.0)
        gains[sample.order[count - 1 - place]] += 0.5 * (other - before.1)
        before = (one, other)
      }
      sums.append(gains, whole: full - game.scores[sample.row])
    }
    sums.estimate(
      into: &attributions, errors: &errors,
      scale: full.magnitude + game.baseValue.magnitude)
    return Found(rawScore: full, scoreCount: scores.count)
  }

  /// Draws samples and scores their mixtures, as many as the limit allows.
  private func draw(
    _ key: UInt64, _ room: MixtureGame.Room, _ scores: inout [Double]
  ) -> [Sample] {
    var random = SeededOrder(seed: seed, key: key)
    var samples: [Sample] = []
    var deck: [Int] = []
    var planned = 0
    var rank = [Int](repeating: -1, count: game.fieldCount)
    // Where rows hardly differ samples cost nothing; there is an end to them all the same.
    while samples.count < scoreCount {
      // Each background row comes up as often as the others.
      if deck.isEmpty {
        deck = Array(0..<game.rowCount)
        random.shuffle(&deck)
      }
      let row = deck.removeLast()
      var order = (0..<game.fieldCount).filter { !game.isSame($0, row, room) }
      let count = order.count
      let cost = 2 * max(0, count - 1)
      if planned + cost > scoreCount { break }
      random.shuffle(&order)
      samples.append(Sample(row: row, order: order, first: planned))
      planned += cost
      for field in rank.indices { rank[field] = -1 }
      for (place, field) in order.enumerated() { rank[field] = place }
      for isTurned in [false, true] {
        for length in stride(from: 1, to: count, by: 1) {
          let isFull = game.add(row, room) { field in
            let place = rank[field]
            return place >= 0 && (isTurned ? place >= count - length : place < length)
          }
          if isFull { game.score(room) { scores.append($0) } }
        }
      }
    }
    game.score(room) { scores.append($0) }
    return samples
  }
}

/// Observations of the fields' contributions, each with the sum of all.
struct SampleSums {
  private let fieldCount: Int
  /// The mean of the sums, which is known.
  private let expected: Double
  /// Sample by sample, a number a field.
  private var gains: [Double] = []
  private var wholes: [Double] = []

  init(fieldCount: Int, expected: Double) {
    self.fieldCount = fieldCount
    self.expected = expected
  }

  mutating func append(_ values: [Double], whole: Double) {
    gains += values
    wholes.append(whole)
  }

  /// Each field's mean, corrected by how it goes with the sum, and half of its 95 % interval.
  ///
  /// - Parameter scale: how large the numbers are that the observations are differences of.
  func estimate(into means: inout [Double], errors: inout [Double], scale: Double) {
    let count = wholes.count
    let n = Double(count)
    var meanWhole = 0.0
    for whole in wholes { meanWhole += whole }
    meanWhole /= n
    var squares = 0.0
    for whole in wholes { squares += (whole - meanWhole) * (whole - meanWhole) }
    // Sums that differ by rounding alone are the same.
    let isVaried = squares > n * (1e-9 * scale) * (1e-9 * scale)
    let shift = meanWhole - expected
    let degrees = count - (isVaried ? 2 : 1)
    let quantile = StudentDistribution.quantile975(degrees)
    for field in 0..<fieldCount {
      var mean = 0.0
      for sample in 0..<count { mean += gains[sample * fieldCount + field] }
      mean /= n
      var slope = 0.0
      if isVaried {
        for sample in 0..<count {
          let gain = gains[sample * fieldCount + field] - mean
          slope += gain * (wholes[sample] - meanWhole)
        }
        slope /= squares
      }
      var rest = 0.0
      for sample in 0..<count {
        let gain = gains[sample * fieldCount + field] - mean
        let own = gain - slope * (wholes[sample] - meanWhole)
        rest += own * own
      }
      let variance = degrees > 0 ? rest / Double(degrees) : .infinity
      let share = 1 / n + (isVaried ? shift * shift / squares : 0)
      means[field] = isVaried ? mean - slope * shift : mean
      errors[field] = rest == 0 ? 0 : quantile * (variance * share).squareRoot()
    }
  }
}
