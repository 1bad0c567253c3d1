/// Finds the place where a box is best cut in two: where many products begin or end, and each half
/// is rid of many.
struct SplitHistogram: Sendable {
  struct Cut {
    var axis: Int
    var place: Int32
    /// Whether the lower half is rid of more than the upper.
    var isLowerEmptier: Bool
  }

  /// For each axis, where its places start in the arrays below.
  private let offsets: [Int]
  private var beginning: [Double]
  private var ending: [Double]
  private var touched: [Bool]
  /// What cuts have cost so far: tests, runs and places that were looked at.
  private(set) var work = 0

  init(sizes: [Int]) {
    var offsets: [Int] = []
    var next = 0
    for size in sizes {
      offsets.append(next)
      next += size + 1
    }
    self.offsets = offsets
    beginning = Array(repeating: 0, count: next)
    ending = Array(repeating: 0, count: next)
    touched = Array(repeating: false, count: sizes.count)
  }

  /// - Precondition: each product meets the box and some test of it is open.
  /// - Parameter ignored: an axis that is not cut.
  /// - Complexity: O(tests of the products + cells of the box's sides).
  mutating func bestCut(
    _ table: ProductTable, _ products: ArraySlice<Int32>, lowers: [Int32], uppers: [Int32],
    ignoring ignored: Int = -1
  ) -> Cut {
    for product in products {
      var open = 0
      for test in table.tests(Int(product)) {
        let axis = Int(table.testAxes[test])
        guard axis != ignored else { continue }
        if table.standing(test, lowers[axis], uppers[axis]) == .across { open += 1 }
      }
      // A product that is nearly closed tells most.
      let weight = 1 / Double(1 << (2 * min(open, 12)))
      for test in table.tests(Int(product)) {
        let axis = Int(table.testAxes[test])
        guard axis != ignored, table.standing(test, lowers[axis], uppers[axis]) == .across
        else { continue }
        touched[axis] = true
        work += 2 + table.runs(test).count
        for run in table.runs(test) {
          let lower = max(table.runLowers[run], lowers[axis])
          let upper = min(table.runUppers[run], uppers[axis])
          guard lower < upper else { continue }
          beginning[offsets[axis] + Int(lower)] += weight
          ending[offsets[axis] + Int(upper)] += weight
        }
      }
    }
    var best = Cut(axis: 0, place: 0, isLowerEmptier: true)
    var bestScore = -1.0
    for axis in touched.indices where touched[axis] {
      touched[axis] = false
      let offset = offsets[axis]
      let (lower, upper) = (Int(lowers[axis]), Int(uppers[axis]))
      work += (upper - lower) / 2
      var total = 0.0
      for place in lower...upper { total += beginning[offset + place] }
      // Products that begin before the place, and that end at it or before.
      var begun = beginning[offset + lower]
      var ended = 0.0
      beginning[offset + lower] = 0
      for place in (lower + 1)..<max(upper, lower + 1) {
        ended += ending[offset + place]
        if beginning[offset + place] > 0 || ending[offset + place] > 0 {
          let lowerRid = total - begun
          let score = lowerRid * ended * 1_024 + lowerRid + ended
          if score > bestScore {
            bestScore = score
            best = Cut(axis: axis, place: Int32(place), isLowerEmptier: lowerRid >= ended)
          }
        }
        begun += beginning[offset + place]
        beginning[offset + place] = 0
        ending[offset + place] = 0
      }
      ending[offset + lower] = 0
      ending[offset + upper] = 0
      beginning[offset + upper] = 0
    }
    return best
  }
}
