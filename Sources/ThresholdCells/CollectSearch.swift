/// Compares two decisions on every combination where all rules that hold count, not the first alone.
///
/// As in ``SideSearch`` the two are sides, and boxes are split until it is settled which owners of
/// products hold. Owners that hold on both sides alike are looked at only where the others leave it
/// open whether the sides differ.
package struct CollectSearch: Sendable {
  /// What is known of a box.
  package enum Verdict: Sendable, Hashable {
    case same, different
    /// It depends on owners that have not been looked at.
    case open
  }

  package let table: ProductTable
  private let budget: BoxBudget
  package private(set) var expense: BoxExpense
  private var histogram: SplitHistogram
  private var standings: [OwnerStanding]

  private struct OwnerStanding {
    /// Whether some product holds everywhere, or only somewhere, on each side.
    var holdsFirst = false
    var holdsSecond = false
    var isOpenFirst = false
    var isOpenSecond = false
    /// Whether a product is asked on one side only.
    var isOneSided = false

    var mayDiffer: Bool { isOneSided && !(holdsFirst && holdsSecond) }
    var isSettled: Bool { (holdsFirst || !isOpenFirst) && (holdsSecond || !isOpenSecond) }
  }

  package init(
    _ table: ProductTable, ownerCount: Int, budget: BoxBudget, expense: BoxExpense = BoxExpense()
  ) {
    self.table = table
    self.budget = budget
    self.expense = expense
    histogram = SplitHistogram(sizes: table.sizes)
    standings = Array(repeating: OwnerStanding(), count: ownerCount)
  }

  private struct Work {
    var box: CellBox
    var entries: [SideSearch.Entry]
  }

  /// Visits disjoint boxes that together are all combinations of `box` on which the sides differ.
  ///
  /// - Parameters:
  ///   - entries: what each side asks.
  ///   - axis: an axis that is not looked at, as the entries answer for it.
  ///   - judge: says of the owners that hold on each side, rising, whether the sides differ; asked
  ///     first (`isWhole` is false) of those owners alone that may hold on one side only.
  ///   - visit: takes a box with all that hold on each side, as far as they were looked at; returns
  ///     false to end the search.
  /// - Returns: whether all were visited; false where the budget or `visit` ended the search.
  package mutating func differences(
    in box: CellBox, entries: [SideSearch.Entry], apartFrom axis: Int = -1,
    judge: (_ first: [Int32], _ second: [Int32], _ isWhole: Bool) -> Verdict,
    visit: (CellBox, _ first: [Int32], _ second: [Int32]) -> Bool
  ) -> Bool {
    let limit = min(budget.boxes, expense.boxes + budget.boxesPerQuestion)
    var pending = [Work(box: box, entries: entries)]
    while let work = pending.popLast() {
      guard expense.boxes < limit, expense.tests < budget.tests else { return false }
      expense.boxes += 1
      let (kept, owners) = look(work, axis)
      let differing = owners.filter { standings[Int($0)].mayDiffer }
      if differing.isEmpty { continue }
      var open = differing.filter { !standings[Int($0)].isSettled }
      if open.isEmpty {
        switch judge(holding(differing, \.holdsFirst), holding(differing, \.holdsSecond), false) {
        case .same: continue
        case .different:
          let (first, second) = (holding(owners, \.holdsFirst), holding(owners, \.holdsSecond))
          if !visit(work.box, first, second) { return false }
          continue
        case .open: break
        }
        open = owners.filter { !standings[Int($0)].isSettled }
        if open.isEmpty {
          let (first, second) = (holding(owners, \.holdsFirst), holding(owners, \.holdsSecond))
          if judge(first, second, true) == .different, !visit(work.box, first, second) {
            return false
          }
          continue
        }
      }
      split(work.box, kept, Set(open), axis, &pending)
    }
    return true
  }

  private func holding(_ owners: [Int32], _ side: KeyPath<OwnerStanding, Bool>) -> [Int32] {
    owners.filter { standings[Int($0)][keyPath: side] }
  }

  /// Notes how each owner stands to a box.
  ///
  /// - Returns: the entries that meet it, and their owners, rising.
  private mutating func look(_ work: Work, _ axis: Int) -> ([SideSearch.Entry], [Int32]) {
    var kept: [SideSearch.Entry] = []
    var owners: [Int32] = []
    var seen: Set<Int32> = []
    // An entry costs more than a test.
    expense.tests += 16 * work.entries.count
    for entry in work.entries {
      let standing = table.standing(
        of: Int(entry.product), in: work.box, apartFrom: axis, tests: &expense.tests)
      if standing == .outside { continue }
      kept.append(entry)
      let owner = table.owners[Int(entry.product)]
      if seen.insert(owner).inserted {
        owners.append(owner)
        standings[Int(owner)] = OwnerStanding()
      }
      let isInside = standing == .inside
      if entry.isFirst != entry.isSecond { standings[Int(owner)].isOneSided = true }
      if entry.isFirst {
        standings[Int(owner)].holdsFirst = standings[Int(owner)].holdsFirst || isInside
        standings[Int(owner)].isOpenFirst = standings[Int(owner)].isOpenFirst || !isInside
      }
      if entry.isSecond {
        standings[Int(owner)].holdsSecond = standings[Int(owner)].holdsSecond || isInside
        standings[Int(owner)].isOpenSecond = standings[Int(owner)].isOpenSecond || !isInside
      }
    }
    return (kept, owners.sorted())
  }

  private mutating func split(
    _ box: CellBox, _ entries: [SideSearch.Entry], _ open: Set<Int32>, _ axis: Int,
    _ pending: inout [Work]
  ) {
    var products: [Int32] = []
    for entry in entries where open.contains(table.owners[Int(entry.product)]) {
      let standing = table.standing(
        of: Int(entry.product), in: box, apartFrom: axis, tests: &expense.tests)
      if standing == .across { products.append(entry.product) }
    }
    let cut = histogram.bestCut(
      table, products[...], lowers: box.ranges.map { Int32($0.lowerBound) },
      uppers: box.ranges.map { Int32($0.upperBound) }, ignoring: axis)
    let range = box.ranges[cut.axis]
    for half in [Int(cut.place)..<range.upperBound, range.lowerBound..<Int(cut.place)] {
      var part = box
      part.ranges[cut.axis] = half
      pending.append(Work(box: part, entries: entries))
    }
  }
}

extension ProductTable {
  /// How a product stands to a box.
  ///
  /// - Parameter tests: counts the tests that were looked at.
  func standing(of product: Int, in box: CellBox, apartFrom axis: Int, tests count: inout Int)
    -> Standing
  {
    var result = Standing.inside
    for test in tests(product) {
      count += 1
      let other = Int(testAxes[test])
      if other == axis { continue }
      let range = box.ranges[other]
      switch standing(test, Int32(range.lowerBound), Int32(range.upperBound)) {
      case .outside: return .outside
      case .across: result = .across
      case .inside: break
      }
    }
    return result
  }
}
