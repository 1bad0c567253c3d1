package import DataFields
import ThresholdCells

/// Proves a reason again, apart from the search that found it: by branch and bound over every
/// completion, by random completions that the engine decides, and by a counterexample for each fact
/// that is left out.
package struct ReasonCheck: Sendable {
  package struct LeftOut: Sendable {
    package var fact: String
    /// Whether the others still entail the outcome; nil where that stayed open.
    package var isNeedless: Bool?
    /// Values of the free facts that end otherwise, and how.
    package var counterexample: [(fact: String, value: Quotient, index: Int)] = []
    package var result: CaseResult?
  }

  package let verdict: EntailmentProof.Verdict
  package let boxCount: Int
  /// Random completions that the engine decided, and how many of them ended otherwise.
  package let completions: Int
  package let violations: Int
  package let leftOut: [LeftOut]
  /// Where the facts do not entail the outcome: values that end otherwise.
  package let counterexample: [(fact: String, value: Quotient, index: Int)]

  /// - Parameters:
  ///   - facts: indices of the facts that are said to be enough.
  ///   - regions: for each of them the run of cells in which it may lie; nil for its own.
  ///   - seed: of the random completions.
  package init(
    _ cells: CellDecision, facts: [Int], regions: [Range<Int>]? = nil, completions: Int = 10_000,
    seed: UInt64 = 1, limit: Int = 1_000_000
  ) {
    var proof = EntailmentProof(cells, limit: limit)
    func box(without left: Int? = nil) -> CellBox {
      var box = cells.everything
      for (place, fact) in facts.enumerated() where fact != left {
        guard let own = cells.axes[fact].current else { continue }
        box.ranges[fact] = regions?[place] ?? own..<(own + 1)
      }
      return box
    }
    let whole = box()
    verdict = proof.verdict(whole)
    func named(_ point: [Int]) -> [(fact: String, value: Quotient, index: Int)] {
      point.indices.filter { point[$0] != cells.axes[$0].current }.map {
        (cells.decided.facts[$0].name, cells.witnesses[$0][point[$0]], $0)
      }
    }
    if case .fails(let point) = verdict {
      counterexample = named(point)
    } else {
      counterexample = []
    }
    var random = CompletionGenerator(seed: seed)
    var violations = 0
    var made = 0
    for _ in 0..<completions {
      let changes = random.completion(of: whole, cells)
      made += 1
      if proof.result(of: changes) != cells.decided.result { violations += 1 }
    }
    self.completions = made
    self.violations = violations
    leftOut = facts.map { fact in
      var left = LeftOut(fact: cells.decided.facts[fact].name)
      switch proof.verdict(box(without: fact)) {
      case .holds: left.isNeedless = true
      case .open: break
      case .fails(let point):
        left.isNeedless = false
        left.counterexample = named(point)
        left.result = proof.result(at: point)
      }
      return left
    }
    boxCount = proof.boxCount
  }
}

/// Random values within a box: any value of a cell, not only the one that stands for it.
struct CompletionGenerator {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func completion(of box: CellBox, _ cells: CellDecision) -> [FactChange] {
    box.ranges.indices.map { fact in
      let range = box.ranges[fact]
      let cell = range.lowerBound + Int(random.next() % UInt64(range.count))
      return FactChange(fact: fact, value: value(in: cell, fact, cells))
    }
  }

  /// One end of the cell, or something between.
  private mutating func value(in cell: Int, _ fact: Int, _ cells: CellDecision) -> Quotient {
    let witness = cells.witnesses[fact][cell]
    guard let axis = cells.axes[fact].axis else { return witness }
    let declared = cells.decided.facts[fact]
    let lower = axis.cells[cell].lower?.value ?? axis.domain.lower
    let upper = axis.cells[cell].upper?.value ?? axis.domain.upper
    let from = lower ?? declared.axisPlace(witness)
    let to = upper ?? from.adding(Quotient(1 << 40)) ?? from
    let part = Quotient(Int128(random.next() % 1_025), over: 1_024) ?? Quotient(0)
    guard let minus = from.negated, let width = to.adding(minus),
      let offset = width.multiplied(by: part), var place = from.adding(offset)
    else { return witness }
    if declared.density == .steps { place = Quotient(place.numerator / place.denominator) }
    return axis.cell(of: place) == cell && isWithin(axis.domain, place)
      ? declared.slotValue(at: place) : witness
  }

  private func isWithin(_ domain: ValueDomain, _ place: Quotient) -> Bool {
    (domain.lower.map { $0 <= place } ?? true) && (domain.upper.map { place <= $0 } ?? true)
  }
}
