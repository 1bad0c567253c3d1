internal import DataFields

/// What a statistic has seen of a stream of events.
struct BaselineStream: Sendable {
  static let windowLimit = 1 << 16
  /// Beyond this many values that the table does not list there is no result: memory is bounded.
  static let valueLimit = 1 << 16

  /// The sum of weights by value: those of the table first, then others as they came.
  var counts: [Double] = []
  /// The place of a value that the table does not list.
  var others: [KeptValue: Int] = [:]
  var isFull = false
  /// The events that count, from `oldest` around; numbers are weights, or logarithms of odds.
  var window: [(place: Int, number: Double)] = []
  var oldest = 0

  /// Adds an event, and gives the one that leaves the window.
  mutating func push(_ place: Int, _ number: Double, windowSize: Int) -> (
    place: Int, number: Double
  )? {
    if windowSize == 0 { return nil }
    if window.count < windowSize {
      window.append((place, number))
      return nil
    }
    let gone = window[oldest]
    window[oldest] = (place, number)
    oldest = (oldest + 1) % windowSize
    return gone
  }
}

/// Counts of values, and what they are expected to be.
struct BaselineCounts: Sendable {
  enum Test: Sendable {
    case chiSquareDistribution
    case scalarProduct(BaselineModel.NormalizationScheme?)
  }

  var test: Test
  /// The place of each value of the table.
  var places: [Double: Int]
  var expected: [Double]
  /// The size of the sample, where the table holds shares of it.
  var sample: Double?
  var windowSize: Int
  /// Holds the weight of an event; -1 where all weigh the same.
  var weightSlot: Int
  var dataType: ModelDataType

  /// Counts an event; false if there is no place for one more value.
  func add(
    _ value: Double, _ weight: Double, to stream: inout BaselineStream, _ texts: TextInterner
  ) -> Bool {
    if stream.counts.isEmpty {
      stream.counts = Array(repeating: 0, count: expected.count)
    }
    let place: Int
    if let known = places[value] {
      place = known
    } else {
      let key = KeptValue(value, dataType, texts)
      if let known = stream.others[key] {
        place = known
      } else {
        guard stream.others.count < BaselineStream.valueLimit else { return false }
        place = stream.counts.count
        stream.counts.append(0)
        stream.others[key] = place
      }
    }
    stream.counts[place] += weight
    if let gone = stream.push(place, weight, windowSize: windowSize) {
      stream.counts[gone.place] -= gone.number
    }
    return true
  }

  func score(_ counts: [Double]) -> Double {
    switch test {
    case .chiSquareDistribution: chiSquare(counts)
    case .scalarProduct(let scheme): scalarProduct(counts, scheme)
    }
  }

  /// The probability of a chi square below that of the two samples.
  private func chiSquare(_ counts: [Double]) -> Double {
    var total = 0.0
    for count in counts { total += count }
    var expectedTotal = 0.0
    for count in expected { expectedTotal += count }
    guard total > 0, expectedTotal > 0 else { return .nan }
    var sum = 0.0
    // That the counts add up to their total takes one degree of freedom.
    var freedom = -1
    for (place, count) in counts.enumerated() {
      let usual = place < expected.count ? expected[place] : 0
      guard usual > 0 || count > 0 else { continue }
      let difference = usual / expectedTotal - count / total
      // The variance of a share: its count over the square of the total.
      let spread = usual / expectedTotal / (sample ?? expectedTotal) + count / total / total
      sum += difference * difference / spread
      freedom += 1
    }
    return freedom > 0 ? MathFunctions.chiSquareCDF(sum, Double(freedom)) : .nan
  }

  private func scalarProduct(
    _ counts: [Double], _ scheme: BaselineModel.NormalizationScheme?
  ) -> Double {
    var product = 0.0
    var left = 0.0
    var right = 0.0
    for (place, count) in counts.enumerated() {
      let usual = place < expected.count ? expected[place] : 0
      product += usual * count
      left += usual * usual
      right += count * count
    }
    guard left > 0, right > 0 else { return .nan }
    return switch scheme {
    case nil: product
    case .independent: product / (left.squareRoot() * right.squareRoot())
    case .sizeWeighted: 2 * product / (left + right)
    }
  }
}
