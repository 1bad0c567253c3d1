/// Looks for a combination that ends differently on the two sides of a cut, where the first product
/// in order that holds decides.
package struct ChangeSearch: Sendable {
  package enum Answer: Sendable, Hashable {
    case changes
    case unchanged
    case notProved
  }

  private let table: ProductTable
  /// For each owner, a number that stands for its outcome.
  private let outcomes: [Int32]
  /// The outcome where nothing holds.
  private let other: Int32
  private let budget: BoxBudget
  package var expense: BoxExpense
  private var histogram: SplitHistogram

  /// - Parameter table: its products in the order in which they are tried.
  package init(
    _ table: ProductTable, outcomes: [Int32], other: Int32, budget: BoxBudget,
    expense: BoxExpense
  ) {
    self.table = table
    self.outcomes = outcomes
    self.other = other
    self.budget = budget
    self.expense = expense
    histogram = SplitHistogram(sizes: table.sizes)
  }

  /// A product that may hold, and on which sides of the cut it does.
  private struct Entry {
    var product: Int32
    var below: Bool
    var above: Bool
  }

  private struct Work {
    var box: CellBox
    var entries: [Entry]
  }

  /// Whether some combination of the other axes ends differently in cell `place - 1` of `axis` than
  /// in cell `place`.
  ///
  /// - Parameter box: where to look; its range on `axis` does not matter.
  package mutating func change(axis: Int, place: Int, in box: CellBox) -> Answer {
    var entries: [Entry] = []
    for product in 0..<table.count {
      var entry = Entry(product: Int32(product), below: true, above: true)
      var meets = true
      for test in table.tests(product) {
        expense.tests += 1
        let other = Int(table.testAxes[test])
        if other == axis {
          entry.below = table.standing(test, Int32(place - 1), Int32(place)) != .outside
          entry.above = table.standing(test, Int32(place), Int32(place + 1)) != .outside
        } else {
          let range = box.ranges[other]
          meets =
            table.standing(test, Int32(range.lowerBound), Int32(range.upperBound)) != .outside
        }
        if !meets { break }
      }
      if meets, entry.below || entry.above { entries.append(entry) }
    }
    let limit = min(budget.boxes, expense.boxes + budget.boxesPerQuestion)
    var pending = [Work(box: box, entries: entries)]
    while let work = pending.popLast() {
      guard expense.boxes < limit, expense.tests < budget.tests else { return .notProved }
      expense.boxes += 1
      switch look(work, axis: axis) {
      case .changes: return .changes
      case .unchanged: continue
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
    return .unchanged
  }

  private enum Look {
    case changes, unchanged
    case open([Entry])
  }

  /// What can be said of a box: who decides on each side, if it is settled.
  private mutating func look(_ work: Work, axis: Int) -> Look {
    var kept: [Entry] = []
    var below: Int32?
    var above: Int32?
    var isSettled = (below: true, above: true)
    var possible: Int32?
    var isMixed = false
    func note(_ outcome: Int32) {
      if possible == nil { possible = outcome } else if possible != outcome { isMixed = true }
    }
    for entry in work.entries {
      // Who comes after the one that surely decides on both sides is never asked.
      if below != nil, above != nil { break }
      var entry = entry
      if below != nil { entry.below = false }
      if above != nil { entry.above = false }
      guard entry.below || entry.above else { continue }
      switch standing(Int(entry.product), work.box, apartFrom: axis) {
      case .outside: continue
      case .inside:
        let outcome = outcomes[Int(table.owners[Int(entry.product)])]
        note(outcome)
        kept.append(entry)
        if entry.below { below = outcome }
        if entry.above { above = outcome }
      case .across:
        note(outcomes[Int(table.owners[Int(entry.product)])])
        kept.append(entry)
        if entry.below { isSettled.below = false }
        if entry.above { isSettled.above = false }
      }
    }
    if below == nil || above == nil { note(other) }
    if !isMixed { return .unchanged }
    if isSettled.below, isSettled.above {
      return (below ?? other) == (above ?? other) ? .unchanged : .changes
    }
    return .open(kept)
  }

  private mutating func standing(_ product: Int, _ box: CellBox, apartFrom axis: Int)
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
