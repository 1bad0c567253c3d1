/// Looks for combinations in a box that no product of a set holds: a gap, or the proof that there
/// is none.
///
/// Boxes are split where products begin and end, so that each half has fewer products to look at
/// (the splitting of Overmars and Yap's measure of a union of boxes), and a product that is open on
/// one axis only drives the box out of it at once (unit propagation, as in satisfiability solvers):
/// what many axes and few conditions need.
package struct CoverSearch: Sendable {
  /// What a search found.
  package enum Answer: Sendable, Hashable {
    /// Every combination is held by some product.
    case covered
    /// No combination of this box is held by any.
    case free(CellBox)
    /// The budget ended before either was known.
    case notProved
  }

  package private(set) var table: ProductTable
  package let budget: BoxBudget
  package var expense = BoxExpense()
  /// The owners of products that the last search rested on, unsorted.
  package private(set) var usedOwners: Set<Int32> = []

  // Scratch, kept between searches.
  private var lowers: [Int32] = []
  private var uppers: [Int32] = []
  private var bounds: [Int32] = []
  private var pending: [Segment] = []
  private var candidates: [Int32] = []
  private var histogram: SplitHistogram
  private var ignoredAxis = -1

  private struct Segment {
    var start: Int
    var count: Int
  }

  package init(_ table: ProductTable, budget: BoxBudget) {
    self.table = table
    self.budget = budget
    histogram = SplitHistogram(sizes: table.sizes)
  }

  /// Adds a product for the searches that follow.
  package mutating func append(_ product: CellProduct, owner: Int) {
    table.append(product, owner: owner)
  }

  package mutating func removeLast(downTo count: Int) { table.removeLast(downTo: count) }

  /// Looks for one box in `box` that none of the products meets.
  ///
  /// - Parameter axis: an axis that is not looked at: what holds there was asked before.
  package mutating func free(
    in box: CellBox, of products: some Sequence<Int>, apartFrom axis: Int = -1
  ) -> Answer {
    ignoredAxis = axis
    defer { ignoredAxis = -1 }
    var found: CellBox?
    let isDone = search(box, products) { lowers, uppers in
      found = CellBox(zip(lowers, uppers).map { Int($0)..<Int($1) })
      return false
    }
    if let found { return .free(found) }
    return isDone ? .covered : .notProved
  }

  /// How many combinations of `box` no product holds; at least so many if the budget ends before all
  /// are counted. Nil if it is more than 38 digits hold.
  package mutating func countFree(in box: CellBox, of products: some Sequence<Int>) -> (
    count: Int128, isComplete: Bool
  )? {
    var count: Int128? = 0
    let isDone = search(box, products) { lowers, uppers in
      count = count.flatMap { sum in
        Self.volume(lowers, uppers).flatMap { volume in
          let (next, overflow) = sum.addingReportingOverflow(volume)
          return overflow ? nil : next
        }
      }
      return true
    }
    return count.map { ($0, isDone) }
  }

  package static func volume(of box: CellBox) -> Int128? {
    volume(box.ranges.map { Int32($0.lowerBound) }, box.ranges.map { Int32($0.upperBound) })
  }

  private static func volume(_ lowers: [Int32], _ uppers: [Int32]) -> Int128? {
    var volume: Int128 = 1
    for (lower, upper) in zip(lowers, uppers) {
      let (next, overflow) = volume.multipliedReportingOverflow(by: Int128(upper - lower))
      if overflow { return nil }
      volume = next
    }
    return volume
  }

  // MARK: The search

  /// Visits disjoint boxes that together are what no product holds.
  ///
  /// - Parameter visit: returns false to end the search.
  /// - Returns: whether all were visited.
  private mutating func search(
    _ box: CellBox, _ products: some Sequence<Int>,
    visit: (_ lowers: [Int32], _ uppers: [Int32]) -> Bool
  ) -> Bool {
    usedOwners = []
    lowers = box.ranges.map { Int32($0.lowerBound) }
    uppers = box.ranges.map { Int32($0.upperBound) }
    bounds.removeAll(keepingCapacity: true)
    bounds += lowers + uppers
    candidates.removeAll(keepingCapacity: true)
    candidates += products.lazy.map { Int32($0) }
    pending.removeAll(keepingCapacity: true)
    pending.append(Segment(start: 0, count: candidates.count))
    let limit = min(budget.boxes, expense.boxes + budget.boxesPerQuestion)
    while let segment = pending.popLast() {
      guard expense.boxes < limit, expense.tests < budget.tests else { return false }
      expense.boxes += 1
      loadBounds()
      candidates.removeSubrange((segment.start + segment.count)...)
      guard let open = narrow(segment) else { continue }
      if open.count == 0 {
        if !visit(lowers, uppers) { return false }
        continue
      }
      split(open)
    }
    return true
  }

  private mutating func loadBounds() {
    let axes = table.sizes.count
    let start = bounds.count - 2 * axes
    for axis in 0..<axes {
      lowers[axis] = bounds[start + axis]
      uppers[axis] = bounds[start + axes + axis]
    }
    bounds.removeSubrange(start...)
  }

  /// Keeps the products that meet the box, and drives the box out of those that are open on one axis
  /// only, until nothing moves.
  ///
  /// - Returns: the products that are left, behind `segment`; nil if the box is covered.
  private mutating func narrow(_ segment: Segment) -> Segment? {
    let start = candidates.count
    for index in segment.start..<(segment.start + segment.count) {
      candidates.append(candidates[index])
    }
    var count = segment.count
    var isMoving = true
    while isMoving {
      isMoving = false
      var kept = 0
      for index in start..<(start + count) {
        let product = Int(candidates[index])
        var open = 0
        var openTest = -1
        var isOutside = false
        for test in table.tests(product) {
          expense.tests += 1
          let axis = Int(table.testAxes[test])
          if axis == ignoredAxis { continue }
          switch table.standing(test, lowers[axis], uppers[axis]) {
          case .outside: isOutside = true
          case .across:
            open += 1
            openTest = test
          case .inside: continue
          }
          if isOutside { break }
        }
        if isOutside { continue }
        if open == 0 {
          usedOwners.insert(table.owners[product])
          return nil
        }
        if open == 1, leave(openTest) {
          usedOwners.insert(table.owners[product])
          isMoving = true
          let axis = Int(table.testAxes[openTest])
          if lowers[axis] >= uppers[axis] { return nil }
          // More than one run may be left in the box; the next pass sees to it.
        }
        candidates[start + kept] = candidates[index]
        kept += 1
      }
      count = kept
    }
    candidates.removeSubrange((start + count)...)
    return Segment(start: start, count: count)
  }

  /// Draws the box in on the test's axis, where the test holds at its end.
  private mutating func leave(_ test: Int) -> Bool {
    let axis = Int(table.testAxes[test])
    for run in table.runs(test) {
      if table.runLowers[run] <= lowers[axis], table.runUppers[run] > lowers[axis] {
        lowers[axis] = table.runUppers[run]
        return true
      }
      if table.runLowers[run] < uppers[axis], table.runUppers[run] >= uppers[axis] {
        uppers[axis] = table.runLowers[run]
        return true
      }
    }
    return false
  }

  /// Cuts the box in two and queues both halves, the emptier one to be looked at first.
  private mutating func split(_ open: Segment) {
    let before = histogram.work
    defer { expense.tests += open.count + histogram.work - before }
    let cut = histogram.bestCut(
      table, candidates[open.start..<(open.start + open.count)], lowers: lowers, uppers: uppers,
      ignoring: ignoredAxis)
    let axes = table.sizes.count
    for isUpper in cut.isLowerEmptier ? [true, false] : [false, true] {
      bounds += lowers
      bounds += uppers
      let start = bounds.count - 2 * axes
      if isUpper {
        bounds[start + cut.axis] = cut.place
      } else {
        bounds[start + axes + cut.axis] = cut.place
      }
      pending.append(open)
    }
  }
}
