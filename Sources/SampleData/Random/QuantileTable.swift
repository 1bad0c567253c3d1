package import DataFields

/// A distribution given by its quantiles, drawn by linear interpolation in integers.
///
/// Integer arithmetic only: the digits of the sample depend on no maths library.
package struct QuantileTable: Sendable {
  private let values: [Int]

  /// The levels that every table is given at, in per mille.
  package static let levels = [
    0, 10, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 990, 998,
  ]

  /// - Parameter values: The quantiles at ``levels``, ascending.
  package init(_ values: [Int]) {
    precondition(values.count == Self.levels.count, "one value for each level")
    self.values = values
  }

  /// One draw. The top 2 per mille repeat the last quantile: outliers beyond it are left out.
  package func draw(_ random: inout SplitMix64) -> Int {
    let position = random.below(1_000_000)
    let level = position / 1_000
    guard let upper = Self.levels.firstIndex(where: { $0 > level }) else {
      return values[values.count - 1]
    }
    let lower = upper - 1
    let start = Self.levels[lower] * 1_000
    let width = Self.levels[upper] * 1_000 - start
    return values[lower] + (values[upper] - values[lower]) * (position - start) / width
  }

  /// Factors around 1,000 with mean 1,000 per mille: a lognormal shape with sigma 1, in which one
  /// invoice in a hundred is six times the customer's usual.
  package static let spread = QuantileTable(
    [30, 59, 117, 168, 261, 359, 471, 607, 781, 1_025, 1_407, 2_185, 3_142, 6_210, 8_000])
}
