/// A set of cells of one axis, as runs of neighbouring cells: rising, disjoint and not touching.
package struct CellRuns: Sendable, Hashable {
  package private(set) var runs: [Range<Int>]

  /// - Parameter runs: rising; empty ones are left out and touching ones joined.
  package init(_ runs: some Sequence<Range<Int>>) {
    self.runs = []
    for run in runs where !run.isEmpty {
      if let last = self.runs.last, last.upperBound >= run.lowerBound {
        self.runs[self.runs.count - 1] =
          last.lowerBound..<max(last.upperBound, run.upperBound)
      } else {
        self.runs.append(run)
      }
    }
  }

  /// The cells for which a question is answered with yes.
  package init(of count: Int, where holds: (Int) -> Bool) {
    var runs: [Range<Int>] = []
    for cell in 0..<count where holds(cell) {
      if let last = runs.last, last.upperBound == cell {
        runs[runs.count - 1] = last.lowerBound..<(cell + 1)
      } else {
        runs.append(cell..<(cell + 1))
      }
    }
    self.runs = runs
  }

  package var isEmpty: Bool { runs.isEmpty }

  /// Whether these are all cells of an axis.
  package func isFull(of count: Int) -> Bool { runs == [0..<count] }

  package func complement(of count: Int) -> CellRuns {
    var gaps: [Range<Int>] = []
    var next = 0
    for run in runs {
      gaps.append(next..<run.lowerBound)
      next = run.upperBound
    }
    gaps.append(next..<max(next, count))
    return CellRuns(gaps)
  }

  /// - Complexity: O(runs of both).
  package func intersection(_ other: CellRuns) -> CellRuns {
    var common: [Range<Int>] = []
    var (left, right) = (0, 0)
    while left < runs.count, right < other.runs.count {
      let overlap = runs[left].clamped(to: other.runs[right])
      if !overlap.isEmpty { common.append(overlap) }
      if runs[left].upperBound < other.runs[right].upperBound { left += 1 } else { right += 1 }
    }
    return CellRuns(common)
  }
}
