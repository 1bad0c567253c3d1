package import DataFields

/// Where a number line, or the line of days, is cut.
package struct AxisCut: Sendable, Hashable, Comparable {
  package var value: Quotient
  /// Whether the value itself lies below the cut (`up to`), not above (`below`).
  package var includesValueBelow: Bool

  package init(value: Quotient, includesValueBelow: Bool) {
    self.value = value
    self.includesValueBelow = includesValueBelow
  }

  package static func < (left: Self, right: Self) -> Bool {
    if left.value != right.value { return left.value < right.value }
    // Below 5, then 5 itself, then above 5.
    return !left.includesValueBelow && right.includesValueBelow
  }
}

/// One axis of a grid: a quantity on which conditions depend, cut so that every condition is
/// constant on a cell.
package struct Axis: Sendable {
  package enum Kind: Sendable, Hashable {
    /// Numbers or days; with n cuts there are n + 1 cells, fewer where the domain is bounded.
    case ordered
    /// One of the texts that conditions name, or any other: the last cell.
    case choice(Int)
  }

  package var kind: Kind
  package var cuts: [AxisCut]
  /// For an ordered axis, the interval of each cell: index into the cuts' intervals.
  package var intervals: [Int]

  /// An ordered axis.
  ///
  /// Cells that no value of the domain reaches are left out.
  /// - Parameters:
  ///   - isDiscrete: only whole multiples of `step` occur, so that an interval between neighbours
  ///     may hold no value.
  package init(
    cuts: [AxisCut], lower: Quotient?, upper: Quotient?, step: Quotient?
  ) {
    self.kind = .ordered
    let sorted = Array(Set(cuts)).sorted()
    self.cuts = sorted
    self.intervals = []
    for interval in 0...sorted.count
    where Axis.sample(interval, of: sorted, lower: lower, upper: upper, step: step) != nil {
      intervals.append(interval)
    }
  }

  /// An axis of texts or of truth values.
  package init(choices: Int) {
    self.kind = .choice(choices)
    self.cuts = []
    self.intervals = Array(0..<choices)
  }

  package var cellCount: Int { intervals.count }

  /// A value of the interval, or nil if it holds none: the least if there is one, else one near
  /// the bound that there is.
  package static func sample(
    _ interval: Int, of cuts: [AxisCut], lower: Quotient?, upper: Quotient?, step: Quotient?
  ) -> Quotient? {
    var least = lower
    var isLeastIncluded = true
    if interval > 0 {
      let cut = cuts[interval - 1]
      if least.map({ cut.value >= $0 }) ?? true {
        least = cut.value
        isLeastIncluded = !cut.includesValueBelow
      }
    }
    var greatest = upper
    var isGreatestIncluded = true
    if interval < cuts.count {
      let cut = cuts[interval]
      if greatest.map({ cut.value <= $0 }) ?? true {
        greatest = cut.value
        isGreatestIncluded = cut.includesValueBelow
      }
    }
    func fits(_ value: Quotient) -> Bool {
      if let least, value < least || (value == least && !isLeastIncluded) { return false }
      if let greatest, value > greatest || (value == greatest && !isGreatestIncluded) {
        return false
      }
      return true
    }
    var candidates: [Quotient] = []
    if let least {
      candidates.append(least)
      if let step {
        candidates.append(contentsOf: [least.adding(step)].compactMap { $0 })
      } else if let greatest, let sum = least.adding(greatest),
        let half = Quotient(1, over: 2), let middle = sum.multiplied(by: half)
      {
        candidates.append(middle)
      } else if greatest == nil, let next = least.adding(Quotient(1)) {
        candidates.append(next)
      }
    } else if let greatest {
      candidates.append(greatest)
      if let back = (step ?? Quotient(1)).negated, let before = greatest.adding(back) {
        candidates.append(before)
      }
    } else {
      candidates.append(Quotient(0))
    }
    if let step {
      // Only multiples of the step occur.
      candidates = candidates.compactMap { candidate in
        guard let count = candidate.divided(by: step), count.reduced.denominator == 1 else {
          return nil
        }
        return candidate
      }
    }
    return candidates.first(where: fits)
  }

  /// A value of a cell.
  package func sample(
    cell: Int, lower: Quotient?, upper: Quotient?, step: Quotient?
  ) -> Quotient? {
    Axis.sample(intervals[cell], of: cuts, lower: lower, upper: upper, step: step)
  }
}

/// All combinations of the cells of several axes, counted in mixed radix.
package struct CellGrid: Sendable {
  package let axes: [Axis]
  /// The product of the axes' cells; nil if it exceeds what an `Int` holds.
  package let cellCount: Int?

  package init(axes: [Axis]) {
    self.axes = axes
    var count: Int? = 1
    for axis in axes {
      guard let before = count else { break }
      let (product, overflow) = before.multipliedReportingOverflow(by: axis.cellCount)
      count = overflow ? nil : product
    }
    cellCount = count
  }

  /// Calls `body` with the cell of each axis, for every combination, the last axis fastest.
  ///
  /// - Returns: false, without calling, if there are more combinations than `budget`.
  /// - Complexity: O(combinations x axes).
  package func forEachCell(budget: Int, _ body: ([Int]) -> Void) -> Bool {
    guard let cellCount, cellCount <= budget else { return false }
    if cellCount == 0 { return true }
    var cells = Array(repeating: 0, count: axes.count)
    for _ in 0..<cellCount {
      body(cells)
      var place = axes.count - 1
      while place >= 0 {
        cells[place] += 1
        if cells[place] < axes[place].cellCount { break }
        cells[place] = 0
        place -= 1
      }
    }
    return true
  }
}

extension Axis {
  /// Adds a cell that stands for no value at all; it is the last.
  package mutating func addMissingCell() { intervals.append(-1) }

  package func isMissing(_ cell: Int) -> Bool { intervals[cell] < 0 }

  /// Whether a cell lies above a cut; the cut is one of the axis's.
  ///
  /// - Complexity: O(log cuts).
  package func isAbove(_ cut: AxisCut, cell: Int) -> Bool {
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] < cut { low = middle + 1 } else { high = middle }
    }
    return intervals[cell] > low
  }

  /// The cuts between two neighbouring cells.
  package func cutsBetween(_ lower: Int, _ upper: Int) -> ArraySlice<AxisCut> {
    guard case .ordered = kind, intervals[lower] >= 0, intervals[upper] > intervals[lower] else {
      return []
    }
    return cuts[intervals[lower]..<intervals[upper]]
  }
}
