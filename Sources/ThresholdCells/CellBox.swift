/// A run of neighbouring cells on each axis.
package struct CellBox: Sendable, Hashable {
  package var ranges: [Range<Int>]

  package init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  package func contains(_ cells: [Int]) -> Bool {
    zip(ranges, cells).allSatisfy { $0.contains($1) }
  }

  /// How many combinations lie in the box.
  package var volume: Int { ranges.reduce(1) { $0 * $1.count } }
}

extension CombinationSpace {
  /// The combinations of a box, rising.
  package func combinations(of box: CellBox) -> [Int] {
    var numbers = [0]
    for (axis, range) in box.ranges.enumerated() {
      numbers = numbers.flatMap { number in range.map { number + $0 * strides[axis] } }
    }
    return numbers
  }

  /// Parts a set of combinations into disjoint boxes, in the order of their first combinations.
  ///
  /// Each box grows from the first combination that is left, axis by axis, as far as it can: few
  /// boxes, not the fewest.
  ///
  /// - Parameters:
  ///   - members: one flag a combination.
  ///   - limit: at most so many boxes; the rest is left out.
  ///   - isOrdered: whether the cells of an axis have an order in which a run of them means
  ///     something; other axes grow only to their full size.
  /// - Complexity: O(combinations x axes).
  package func boxes(of members: [Bool], limit: Int, isOrdered: [Bool]) -> [CellBox] {
    var left = members
    var boxes: [CellBox] = []
    var start = 0
    while boxes.count < limit, let first = left[start...].firstIndex(of: true) {
      var box = CellBox(cells(first).map { $0..<($0 + 1) })
      for axis in sizes.indices {
        var grown = box
        while grown.ranges[axis].upperBound < sizes[axis] {
          let next = grown.ranges[axis].upperBound
          var slice = grown
          slice.ranges[axis] = next..<(next + 1)
          guard combinations(of: slice).allSatisfy({ left[$0] }) else { break }
          grown.ranges[axis] = grown.ranges[axis].lowerBound..<(next + 1)
        }
        if isOrdered[axis] || grown.ranges[axis] == 0..<sizes[axis] { box = grown }
      }
      for number in combinations(of: box) { left[number] = false }
      boxes.append(box)
      start = first
    }
    return boxes
  }
}
