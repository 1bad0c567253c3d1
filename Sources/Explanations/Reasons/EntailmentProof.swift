import DataFields
import RuleLanguage
package import ThresholdCells

/// Whether a decision is the same on a whole box of cells, by branch and bound: a box whose outcomes
/// are all the one that was decided is settled, a point with another is a counterexample, and
/// anything else is parted.
///
/// The budget is a number of boxes, not of milliseconds, so that the answer is the same on every
/// machine.
package struct EntailmentProof: Sendable {
  package enum Verdict: Sendable, Hashable {
    /// Every value of the box gives the outcome.
    case holds
    /// These cells give another.
    case fails([Int])
    /// The budget ran out, or a cell itself may have several outcomes.
    case open
  }

  private let cells: CellDecision
  private var evaluator: CaseEvaluator
  var limit: Int
  /// The scores, and where the rules cut them.
  private let scores: [(slot: Int, score: CellScore)]
  private let cuts: [Int: [Double]]
  /// How many boxes were looked at in all.
  package private(set) var boxCount = 0

  /// - Parameter limit: how many boxes one question may take.
  package init(_ cells: CellDecision, limit: Int = 20_000) {
    self.cells = cells
    self.limit = limit
    evaluator = cells.decided.makeEvaluator()
    scores = cells.scores.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    cuts = ScoreCuts.ofSlots(cells.decided).mapValues { edges in
      edges.map { DoubleOrder.value(at: $0.value.numerator) }
    }
  }

  /// - Complexity: at most `limit` boxes, each the cost of a decision and of the endings that its trees
  ///   can reach.
  package mutating func verdict(_ box: CellBox) -> Verdict {
    var whole = BoxOutcomes(cells, box)
    if cells.settles(whole.mask(cells.decided.decision)) {
      boxCount += 1
      return .holds
    }
    // Most sets of facts that are not enough are found out by following the scores.
    if let found = climbed(box) { return .fails(found) }
    var open = [box]
    var isOpen = false
    var left = limit
    while let box = open.popLast() {
      guard left > 0 else { return .open }
      left -= 1
      boxCount += 1
      var outcomes = BoxOutcomes(cells, box)
      if cells.settles(outcomes.mask(cells.decided.decision)) { continue }
      if let found = counterexample(box) { return .fails(found) }
      guard box.ranges.contains(where: { $0.count > 1 }) else {
        // One cell of each fact: the outcome is that of its point, unless it may vary within.
        let isPoint = box.ranges.indices.allSatisfy {
          cells.axes[$0].isPoint(box.ranges[$0].lowerBound)
        }
        if !cells.isAtomic, !isPoint { isOpen = true }
        continue
      }
      let (fact, cell) = outcomes.split ?? Self.middle(box)
      let (first, second) = Self.parts(box, fact, cell)
      open.append(second)
      open.append(first)
    }
    return isOpen ? .open : .holds
  }

  /// A point of a box that ends otherwise, looked for by moving one fact after the other to where a
  /// score is least, or greatest; nil if none was met.
  private mutating func climbed(_ box: CellBox) -> [Int]? {
    guard let own = cells.own else { return nil }
    for (slot, score) in scores {
      let bounds = score.bounds(box).bounds
      let now = score.bounds(CellBox(own.map { $0..<($0 + 1) })).bounds
      for upward in [false, true] {
        // Only where a cut lies on the way.
        let isCrossed = (cuts[slot] ?? []).contains { cut in
          upward ? now.lower <= cut && cut <= bounds.upper : bounds.lower <= cut && cut <= now.upper
        }
        if !isCrossed { continue }
        var point = zip(box.ranges, own).map { $0.contains($1) ? $1 : $0.lowerBound }
        for _ in 0..<Self.climbs {
          let before = point
          for fact in box.ranges.indices where box.ranges[fact].count > 1 {
            let count = cells.axes[fact].cellCount
            let values = score.surface(fact, fact, own: point, count, 1)
            let best = box.ranges[fact].max {
              let (a, b) = upward ? (values[$0], values[$1]) : (-values[$0], -values[$1])
              return a < b
            }
            if let best, !values[best].isNaN { point[fact] = best }
          }
          if point == before { break }
          if result(at: point) != cells.decided.result { return point }
        }
      }
    }
    return nil
  }

  private static let climbs = 4

  /// Points of a box that are tried: its ends and its middle.
  private mutating func counterexample(_ box: CellBox) -> [Int]? {
    for choose in Self.corners {
      let point = box.ranges.map(choose)
      if result(at: point) != cells.decided.result { return point }
      if box.ranges.allSatisfy({ $0.count == 1 }) { return nil }
    }
    return nil
  }

  private static let corners: [@Sendable (Range<Int>) -> Int] = [
    { ($0.lowerBound + $0.upperBound) / 2 }, { $0.lowerBound }, { $0.upperBound - 1 },
  ]

  /// What the engine decides at a point.
  package mutating func result(at point: [Int]) -> CaseResult {
    evaluator.result(of: changes(to: point))
  }

  /// What the engine decides on changed facts.
  package mutating func result(of changes: [FactChange]) -> CaseResult {
    evaluator.result(of: changes)
  }

  private func changes(to point: [Int]) -> [FactChange] {
    point.indices.compactMap { fact in
      point[fact] == cells.axes[fact].current
        ? nil : FactChange(fact: fact, value: cells.witnesses[fact][point[fact]])
    }
  }

  private static func middle(_ box: CellBox) -> (Int, Int) {
    let fact = box.ranges.indices.max { box.ranges[$0].count < box.ranges[$1].count } ?? 0
    let range = box.ranges[fact]
    return (fact, (range.lowerBound + range.upperBound) / 2)
  }

  private static func parts(_ box: CellBox, _ fact: Int, _ cell: Int) -> (CellBox, CellBox) {
    var first = box
    var second = box
    first.ranges[fact] = box.ranges[fact].lowerBound..<cell
    second.ranges[fact] = cell..<box.ranges[fact].upperBound
    return (first, second)
  }
}
