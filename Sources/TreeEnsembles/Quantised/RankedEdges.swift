internal import CTreeKernels

/// Rising edges that cut the line into cells; what a value is ranked by.
struct RankedEdges: Sendable {
  /// Filled up with infinity to one less than a power of two.
  let padded: [Double]
  let count: Int
  let depth: Int

  /// More ranks than these, and that of a missing value, have no room in 16 bits.
  static let limit = 65_000

  init(_ edges: Set<Double>) {
    let rising = edges.sorted()
    count = rising.count
    var depth = 0
    while (1 << depth) - 1 < count { depth += 1 }
    self.depth = depth
    padded = rising + Array(repeating: .infinity, count: (1 << depth) - 1 - count)
  }

  /// How many edges are below a value that is one of them.
  func place(of edge: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if padded[middle] < edge { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
