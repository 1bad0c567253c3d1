import DataFields
import ThresholdCells

/// The nearest change of several facts that ends otherwise: fact by fact, each unchanged or moved to
/// one of its cells, the nearest first, and cut off where no other outcome can be reached or a
/// nearer change is known.
struct BoxFlipSearch {
  private let search: CounterfactualSearch
  private let cells: CellDecision
  private var evaluator: CaseEvaluator
  private var left: Int
  private(set) var isComplete = true
  private var found: Counterfactual?
  private let order: [Int]
  /// For each fact its cells by rising distance, with the value and the distance.
  private let moves: [[(cell: Int, value: Quotient, cost: Double)]]

  init(_ search: CounterfactualSearch, _ cells: CellDecision, limit: Int) {
    self.search = search
    self.cells = cells
    evaluator = search.decided.makeEvaluator()
    left = limit
    let facts = search.decided.facts
    order = search.movable.filter { search.axes[$0].cellCount > 1 }
    moves = facts.indices.map { fact in
      guard search.movable.contains(fact) else { return [] }
      let axis = search.axes[fact]
      return (0..<axis.cellCount).compactMap { cell in
        guard cell != axis.current, let value = axis.nearest(cell, to: facts[fact]),
          facts[fact].mayBecome(value)
        else { return nil }
        return (cell, value, search.distance.distance(facts[fact], at: fact, to: value))
      }.sorted { ($0.cost, $0.cell) < ($1.cost, $1.cell) }
    }
    if !cells.doubts.isEmpty || cells.own == nil { isComplete = false }
  }

  mutating func best() -> Counterfactual? {
    guard let own = cells.own else { return nil }
    // One change more at a time: fewer changes come before nearer ones.
    for count in stride(from: 3, through: min(order.count, 6), by: 1) {
      var box = CellBox(own.map { $0..<($0 + 1) })
      extend(0, count, &box, [], 0)
      if found != nil || left <= 0 { break }
    }
    if found == nil, order.count > 6 { isComplete = false }
    return found
  }

  private mutating func extend(
    _ place: Int, _ count: Int, _ box: inout CellBox, _ changes: [FactChange], _ cost: Double
  ) {
    if let found, cost >= found.cost { return }
    if count == 0 {
      let result = evaluator.result(of: changes)
      if result != search.decided.result {
        found = Counterfactual(
          changes: changes.sorted { $0.fact < $1.fact }, result: result, cost: cost)
      }
      return
    }
    guard place + count <= order.count, isPossible(place, box) else { return }
    let fact = order[place]
    let own = box.ranges[fact]
    for move in moves[fact] {
      if let found, cost + move.cost >= found.cost { break }
      guard left > 0 else {
        isComplete = false
        return
      }
      box.ranges[fact] = move.cell..<(move.cell + 1)
      extend(
        place + 1, count - 1, &box, changes + [FactChange(fact: fact, value: move.value)],
        cost + move.cost)
    }
    box.ranges[fact] = own
    extend(place + 1, count, &box, changes, cost)
  }

  /// Whether another outcome can be reached with the facts from a place on free.
  private mutating func isPossible(_ place: Int, _ box: CellBox) -> Bool {
    guard left > 0 else {
      isComplete = false
      return false
    }
    left -= 1
    var free = box
    for fact in order[place...] { free.ranges[fact] = 0..<cells.axes[fact].cellCount }
    var outcomes = BoxOutcomes(cells, free)
    return !cells.settles(outcomes.mask(cells.decided.decision))
  }
}
