/// Every combination of one cell from each of several axes, numbered like the places of an
/// odometer: the last axis turns fastest.
package struct CombinationSpace: Sendable, Hashable {
  /// How many cells each axis has.
  package let sizes: [Int]
  /// How far apart the numbers of neighbouring cells of an axis are.
  package let strides: [Int]
  package let count: Int

  /// - Returns: nil if there are more than `budget` combinations.
  package init?(sizes: [Int], budget: Int) {
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= budget else { return nil }
      count = product
    }
    var strides = Array(repeating: 1, count: sizes.count)
    for axis in sizes.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * sizes[axis + 1]
    }
    self.sizes = sizes
    self.strides = strides
    self.count = count
  }

  /// The cell of an axis in a combination.
  package func cell(_ combination: Int, axis: Int) -> Int {
    combination / strides[axis] % sizes[axis]
  }

  /// The cells of a combination, one for each axis.
  package func cells(_ combination: Int) -> [Int] {
    sizes.indices.map { cell(combination, axis: $0) }
  }

  package func combination(_ cells: [Int]) -> Int {
    zip(cells, strides).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
