/// Looks for a combination that ends differently on the two sides of a cut, where the first product
/// in order that holds decides.
///
/// Where it does, one side at least is decided by a product that begins or ends at the cut. So each
/// of these is asked: can it decide on its side, while on the other side another outcome wins? That
/// is a gap to be found among the products that would prevent it.
package struct ChangeSearch: Sendable {
  package enum Answer: Sendable, Hashable {
    case changes
    case unchanged
    case notProved
  }

  private var cover: CoverSearch
  /// For each product, a number that stands for its outcome.
  private let outcomes: [Int32]
  /// The outcome where nothing holds.
  private let other: Int32

  package var expense: BoxExpense { cover.expense }

  /// - Parameters:
  ///   - table: its products in the order in which they are tried.
  ///   - outcomes: for each owner, a number that stands for its outcome.
  ///   - other: the outcome where nothing holds.
  package init(
    _ table: ProductTable, outcomes: [Int32], other: Int32, budget: BoxBudget,
    expense: BoxExpense
  ) {
    cover = CoverSearch(table, budget: budget)
    cover.expense = expense
    self.outcomes = table.owners.map { outcomes[Int($0)] }
    self.other = other
  }

  /// Whether some combination ends differently in cell `place - 1` of `axis` than in cell `place`,
  /// with the winner on one side being `product`, which begins or ends there.
  ///
  /// - Parameter box: the combinations on which rules are asked.
  package mutating func change(axis: Int, place: Int, at product: Int, in box: CellBox) -> Answer {
    let table = cover.table
    // Each product is asked twice.
    cover.expense.tests += 2 * table.count
    guard cover.expense.isWithin(cover.budget) else { return .notProved }
    let below = holds(product, axis, place - 1)
    guard below != holds(product, axis, place) else { return .unchanged }
    let (mine, theirs) = below ? (place - 1, place) : (place, place - 1)
    let outcome = outcomes[product]
    var isProved = true
    for region in boxes(product, apartFrom: axis, within: box) {
      // Nothing stronger may hold on this side.
      let stronger = (0..<product).filter {
        holds($0, axis, mine) && meets($0, region, apartFrom: axis)
      }
      let weakerAndOthers = (0..<table.count).filter {
        $0 != product && holds($0, axis, theirs) && meets($0, region, apartFrom: axis)
      }
      // On the other side nothing holds that has this outcome, so that what wins there has another.
      let same = weakerAndOthers.filter { outcomes[$0] == outcome }
      if other != outcome {
        switch cover.free(in: region, of: stronger + same, apartFrom: axis) {
        case .free: return .changes
        case .covered: break
        case .notProved: isProved = false
        }
        if same.isEmpty { continue }
      }
      // Or something of another outcome holds, and nothing before it that has this one.
      for winner in weakerAndOthers where outcomes[winner] != outcome {
        let earlier = same.prefix { $0 < winner }
        for part in boxes(winner, apartFrom: axis, within: region) {
          switch cover.free(in: part, of: stronger + earlier, apartFrom: axis) {
          case .free: return .changes
          case .covered: break
          case .notProved: isProved = false
          }
        }
      }
    }
    return isProved ? .unchanged : .notProved
  }

  private func holds(_ product: Int, _ axis: Int, _ cell: Int) -> Bool {
    for test in cover.table.tests(product) where Int(cover.table.testAxes[test]) == axis {
      return cover.table.standing(test, Int32(cell), Int32(cell + 1)) != .outside
    }
    return true
  }

  private mutating func meets(_ product: Int, _ box: CellBox, apartFrom axis: Int) -> Bool {
    for test in cover.table.tests(product) {
      cover.expense.tests += 1
      let other = Int(cover.table.testAxes[test])
      if other == axis { continue }
      let range = box.ranges[other]
      let standing = cover.table.standing(test, Int32(range.lowerBound), Int32(range.upperBound))
      if standing == .outside { return false }
    }
    return true
  }

  /// The boxes of a product within a box, on all axes but one.
  private func boxes(_ product: Int, apartFrom axis: Int, within box: CellBox) -> [CellBox] {
    cover.table.boxes(product, within: box, apartFrom: axis)
  }
}
