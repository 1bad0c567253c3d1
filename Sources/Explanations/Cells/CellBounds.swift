import ThresholdCells

/// The least and the greatest number that something can be on a box; NaN where it may be missing.
struct NumberBounds: Sendable, Hashable {
  var lower: Double
  var upper: Double
  var mayBeMissing = false

  static let unknown = NumberBounds(lower: -.infinity, upper: .infinity, mayBeMissing: true)

  /// Widened by what rounding can put between two ways to add.
  func widened(by slack: Double) -> NumberBounds {
    NumberBounds(lower: lower - slack, upper: upper + slack, mayBeMissing: mayBeMissing)
  }
}
