import DataFields
import RuleLanguage
import ThresholdCells

/// What would have to be otherwise for a decision to end otherwise.
///
/// One and two changed facts are looked at exhaustively, cell by cell: of all the values that end in
/// a result, the nearest is given. More are searched from the nearest on, within a budget.
package struct CounterfactualSearch: Sendable {
  package let decided: DecidedCase
  package let axes: [FactAxis]
  package let distance: FactDistance
  /// The best with one change, for each fact and result, by rising cost.
  package private(set) var singles: [Counterfactual] = []
  /// For each result that no single change reaches, the best with two changes.
  package private(set) var pairs: [Counterfactual] = []
  /// With more changes, where fewer reach no other result; the best that was found.
  package private(set) var larger: [Counterfactual] = []
  /// Why a flip with so many changes may have been missed: none where it was not.
  package private(set) var singleDoubts: [String] = []
  package private(set) var pairDoubts: [String] = []
  /// Whether `larger` is the best there is: the search came to its end.
  package private(set) var isOptimal = true
  /// The responses of the facts that can be moved, by fact.
  package private(set) var curves: [ResponseCurve] = []

  /// What a search may spend.
  package struct Budget: Sendable {
    /// Decisions on pairs of facts.
    package var pairDecisions = 2_000_000
    /// Boxes that are looked at for more than two changes.
    package var boxes = 50_000

    package init() {}
  }

  /// - Complexity: O(cells) decisions for single facts, O(cells x cells) lookups for two.
  package init(_ decided: DecidedCase, spreads: [Double?] = [], budget: Budget = Budget()) {
    self.decided = decided
    let cells = CellDecision(decided)
    axes = cells.axes
    distance = FactDistance(decided.facts, spreads: spreads)
    var evaluator = decided.makeEvaluator()
    searchSingles(&evaluator)
    var pairSearch = PairSearch(self, budget: budget.pairDecisions)
    pairSearch.run(cells, &evaluator)
    pairs = pairSearch.found
    pairDoubts = pairSearch.doubts
    guard singles.isEmpty, pairs.isEmpty else { return }
    var search = BoxFlipSearch(self, cells, limit: budget.boxes)
    larger = search.best().map { [$0] } ?? []
    isOptimal = search.isComplete
  }

  /// Facts of which no value, the others as they are, ends otherwise: every cell was decided.
  package var idle: [Int] {
    let flipping = Set(singles.map { $0.changes[0].fact })
    return curves.filter { $0.isWhole && $0.axis.isExact }.map(\.axis.fact).filter {
      !flipping.contains($0)
    }
  }

  /// Facts that may take another value.
  package var movable: [Int] {
    decided.facts.indices.filter { !decided.facts[$0].isKey && decided.facts[$0].actionable != .no }
  }

  /// Between the fact's own value and one that ends otherwise, where cells do not tell: the nearest word
  /// on the way that ends so, by halving.
  private func nearer(
    _ found: Quotient, _ index: Int, _ result: CaseResult, _ evaluator: inout CaseEvaluator
  ) -> Quotient {
    let fact = decided.facts[index]
    guard fact.isOrdered, fact.step == nil || fact.step == Quotient(1),
      let own = fact.value.map({ fact.axisPlace($0) })
    else { return found }
    let target = fact.axisPlace(found)
    var same = own.numerator / own.denominator
    var other = target.numerator / target.denominator
    guard Quotient(other) == target else { return found }
    var best = found
    // Halves of 128 bits at most.
    for _ in 0..<128 {
      let (gap, overflow) = other.subtractingReportingOverflow(same)
      if overflow || gap.magnitude <= 1 { break }
      let middle = same + gap / 2
      let value = fact.slotValue(at: Quotient(middle))
      if evaluator.result(of: [FactChange(fact: index, value: value)]) == result {
        other = middle
        best = value
      } else {
        same = middle
      }
    }
    return best
  }

  private mutating func searchSingles(_ evaluator: inout CaseEvaluator) {
    for fact in movable where axes[fact].cellCount > 1 {
      let curve = ResponseCurve(axes[fact], of: decided, &evaluator)
      curves.append(curve)
      var best: [CaseResult: Counterfactual] = [:]
      for part in curve.parts where part.result != decided.result {
        guard var value = part.nearest, decided.facts[fact].mayBecome(value) else { continue }
        if !axes[fact].isExact { value = nearer(value, fact, part.result, &evaluator) }
        let cost = distance.distance(decided.facts[fact], at: fact, to: value)
        if let known = best[part.result], known.cost <= cost { continue }
        best[part.result] = Counterfactual(
          changes: [FactChange(fact: fact, value: value)], result: part.result, cost: cost)
      }
      singles += best.values.sorted { ($0.cost, "\($0.result)") < ($1.cost, "\($1.result)") }
      singleDoubts += axes[fact].doubts.map { "\(decided.facts[fact].name): \($0)" }
      if !curve.isWhole {
        singleDoubts.append("\(decided.facts[fact].name): values far from its own were not tried")
      }
    }
    singles.sort { ($0.cost, $0.changes[0].fact) < ($1.cost, $1.changes[0].fact) }
  }
}

extension CounterfactualSearch {
  /// The best way to each result, fewest changes first, then the nearest.
  package var best: [Counterfactual] {
    var seen: Set<CaseResult> = []
    return (singles + pairs.sorted { $0.cost < $1.cost } + larger).filter {
      seen.insert($0.result).inserted
    }
  }
}
