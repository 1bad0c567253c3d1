/// Compares two decisions on every combination, each decided by its first product that holds.
///
/// The two are sides: two versions of a ruleset, or the cells below and above a cut. Boxes are split
/// until on each side it is settled who decides; boxes on which nothing but one outcome is possible
/// are left at once.
package struct SideSearch: Sendable {
  /// A product, and the sides on which it is asked.
  package struct Entry: Sendable {
    package var product: Int32
    package var isFirst: Bool
    package var isSecond: Bool

    package init(product: Int, isFirst: Bool, isSecond: Bool) {
      self.product = Int32(product)
      self.isFirst = isFirst
      self.isSecond = isSecond
    }
  }

  package let table: ProductTable
  /// For each owner, a number that stands for its outcome.
  private let outcomes: [Int32]
  /// The outcome of each side where nothing holds.
  private let others: (first: Int32, second: Int32)
  private let budget: BoxBudget
  package var expense: BoxExpense
  private var histogram: SplitHistogram

  package init(
    _ table: ProductTable, outcomes: [Int32], others: (first: Int32, second: Int32),
    budget: BoxBudget, expense: BoxExpense = BoxExpense()
  ) {
    self.table = table
    self.outcomes = outcomes
    self.others = others
    self.budget = budget
    self.expense = expense
    histogram = SplitHistogram(sizes: table.sizes)
  }

  private struct Work {
    var box: CellBox
    var entries: [Entry]
  }

  /// Visits disjoint boxes that together are all combinations of `box` on which the sides differ.
  ///
  /// - Parameters:
  ///   - entries: what each side asks, in the order in which it is tried.
  ///   - axis: an axis that is not looked at, as the entries answer for it.
  ///   - visit: takes a box and its outcome on each side; returns false to end the search.
  /// - Returns: whether all were visited; false where the budget or `visit` ended the search.
  package mutating func differences(
    in box: CellBox, entries: [Entry], apartFrom axis: Int = -1,
    visit: (CellBox, Int32, Int32) -> Bool
  ) -> Bool {
    let limit = min(budget.boxes, expense.boxes + budget.boxesPerQuestion)
    var pending = [Work(box: box, entries: entries)]
    while let work = pending.popLast() {
      guard expense.boxes < limit, expense.tests < budget.tests else { return false }
      expense.boxes += 1
      switch look(work, axis) {
      case .same: continue
      case .different(let first, let second):
        if !visit(work.box, first, second) { return false }
      case .open(let entries):
        let lowers = work.box.ranges.map { Int32($0.lowerBound) }
        let uppers = work.box.ranges.map { Int32($0.upperBound) }
        let cut = histogram.bestCut(
          table, open(entries, axis, lowers, uppers)[...], lowers: lowers, uppers: uppers,
          ignoring: axis)
        let range = work.box.ranges[cut.axis]
        for half in [Int(cut.place)..<range.upperBound, range.lowerBound..<Int(cut.place)] {
          var box = work.box
          box.ranges[cut.axis] = half
          pending.append(Work(box: box, entries: entries))
        }
      }
    }
    return true
  }

  private enum Look {
    case same
    case different(Int32, Int32)
    case open([Entry])
  }

  /// What can be said of a box: who decides on each side, if that is settled.
  private mutating func look(_ work: Work, _ axis: Int) -> Look {
    var kept: [Entry] = []
    var first: Int32?
    var second: Int32?
    var isOpen = false
    var possible: Int32?
    var isMixed = false
    func note(_ outcome: Int32) {
      if possible == nil { possible = outcome } else if possible != outcome { isMixed = true }
    }
    for entry in work.entries {
      // Who comes after the one that surely decides is never asked.
      if first != nil, second != nil { break }
      var entry = entry
      if first != nil { entry.isFirst = false }
      if second != nil { entry.isSecond = false }
      guard entry.isFirst || entry.isSecond else { continue }
      let standing = standing(Int(entry.product), work.box, axis)
      if standing == .outside { continue }
      let outcome = outcomes[Int(table.owners[Int(entry.product)])]
      note(outcome)
      kept.append(entry)
      if standing == .across {
        isOpen = true
      } else {
        if entry.isFirst { first = outcome }
        if entry.isSecond { second = outcome }
      }
    }
    if first == nil { note(others.first) }
    if second == nil { note(others.second) }
    if !isMixed { return .same }
    if isOpen { return .open(kept) }
    let (one, other) = (first ?? others.first, second ?? others.second)
    return one == other ? .same : .different(one, other)
  }

  private mutating func standing(_ product: Int, _ box: CellBox, _ axis: Int)
    -> ProductTable.Standing
  {
    var result = ProductTable.Standing.inside
    for test in table.tests(product) {
      expense.tests += 1
      let other = Int(table.testAxes[test])
      if other == axis { continue }
      let range = box.ranges[other]
      switch table.standing(test, Int32(range.lowerBound), Int32(range.upperBound)) {
      case .outside: return .outside
      case .across: result = .across
      case .inside: break
      }
    }
    return result
  }

  /// The products whose standing is open.
  private func open(
    _ entries: [Entry], _ axis: Int, _ lowers: [Int32], _ uppers: [Int32]
  ) -> [Int32] {
    entries.filter { entry in
      table.tests(Int(entry.product)).contains { test in
        let other = Int(table.testAxes[test])
        return other != axis && table.standing(test, lowers[other], uppers[other]) == .across
      }
    }.map(\.product)
  }
}
