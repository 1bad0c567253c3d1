import ThresholdCells

/// A set of facts that entails the outcome, whatever the other facts are: an abductive explanation
/// (Ignatiev, Narodytska and Marques-Silva, 2019), widened from values to intervals (Izza,
/// Ignatiev, Stuckey and Marques-Silva, 2023).
package struct SufficientReason: Sendable, Hashable {
  /// Indices of the case's facts, rising.
  package var facts: [Int]
  /// For each of them, the run of cells in which it may lie; all of them at once.
  package var cells: [Range<Int>]
  /// Whether it was proved that they entail the outcome. A reason that was not proved is not given:
  /// then all facts are.
  package var isProved: Bool
  /// Whether it was proved that none can be left out: each has a counterexample.
  package var isMinimal: Bool
  /// How many boxes that took, and how many more the widening to intervals.
  package var boxCount: Int
  package var widenedBoxCount = 0
}

/// The reasons of one decision.
package struct SufficientReasons: Sendable {
  package let cells: CellDecision
  /// One subset-minimal reason.
  package let reason: SufficientReason
  /// Facts that are in every reason: each can change the outcome alone.
  package let necessary: [Int]
  /// Every subset-minimal reason, where there are few facts; nil where they were not looked for, or
  /// not all settled.
  package let all: [[Int]]?

  /// The largest number of facts of which all reasons are looked for.
  package static let enumerationLimit = 10

  /// Finds reasons by deletion: facts are left out one by one, the last first, as long as the outcome
  /// stays entailed.
  ///
  /// - Parameters:
  ///   - limit: how many boxes each question may take.
  ///   - findsAll: whether every minimal reason is looked for.
  package init(
    _ cells: CellDecision, limit: Int = 20_000, findsAll: Bool = true
  ) {
    self.cells = cells
    var search = ReasonSearch(cells, limit: limit)
    let free = cells.axes.indices.filter { cells.axes[$0].current != nil && !cells.isIdle($0) }
    let order = Array(free.reversed())
    var kept = Set(free)
    var isMinimal = true
    var necessary: [Int] = []
    for fact in order {
      switch search.verdict(keeping: Set(free).subtracting([fact])) {
      case .fails: necessary.append(fact)
      case .holds, .open: break
      }
    }
    for fact in order {
      // What alone can change the outcome stays in every reason.
      if necessary.contains(fact) { continue }
      switch search.verdict(keeping: kept.subtracting([fact])) {
      case .holds: kept.remove(fact)
      case .fails: break
      case .open: isMinimal = false
      }
    }
    let facts = kept.sorted()
    let isProved = search.verdict(keeping: kept) == .holds
    let proofBoxes = search.boxCount
    let widened =
      isProved
      ? search.widened(facts) : facts.map { cells.axes[$0].current.map { $0..<($0 + 1) } ?? 0..<0 }
    let widenedBoxes = search.boxCount - proofBoxes
    self.necessary = necessary.sorted()
    var others = ReasonSearch(cells, limit: limit)
    all =
      findsAll && isProved && free.count <= Self.enumerationLimit
      ? others.everyReason(of: free, necessary: Set(necessary)) : nil
    reason = SufficientReason(
      facts: facts, cells: widened, isProved: isProved, isMinimal: isProved && isMinimal,
      boxCount: proofBoxes, widenedBoxCount: widenedBoxes)
  }
}

/// Questions of entailment about one case.
struct ReasonSearch {
  private let cells: CellDecision
  private var proof: EntailmentProof

  init(_ cells: CellDecision, limit: Int) {
    self.cells = cells
    proof = EntailmentProof(cells, limit: limit)
  }

  var boxCount: Int { proof.boxCount }

  /// Whether the kept facts entail the outcome, each as it is.
  mutating func verdict(keeping kept: Set<Int>) -> EntailmentProof.Verdict {
    proof.verdict(box(kept))
  }

  private func box(_ kept: Set<Int>) -> CellBox {
    CellBox(
      cells.axes.indices.map { fact in
        guard kept.contains(fact), let cell = cells.axes[fact].current else {
          return 0..<cells.axes[fact].cellCount
        }
        return cell..<(cell + 1)
      })
  }

  /// Widens each kept fact in turn to the longest run of cells that still entails the outcome.
  ///
  /// An interval that takes many boxes to prove is left as it is: it would be true, and no longer.
  mutating func widened(_ facts: [Int]) -> [Range<Int>] {
    proof.limit = min(proof.limit, Self.wideningLimit)
    var box = self.box(Set(facts))
    for fact in facts {
      guard cells.decided.facts[fact].isOrdered else { continue }
      widen(&box, fact, upward: true)
      widen(&box, fact, upward: false)
    }
    return facts.map { box.ranges[$0] }
  }

  /// Boxes that one step of widening may take.
  private static let wideningLimit = 200

  /// The end of the run, by halving: what entails on a run entails on each shorter one.
  private mutating func widen(_ box: inout CellBox, _ fact: Int, upward: Bool) {
    let count = cells.axes[fact].cellCount
    let start = upward ? box.ranges[fact].upperBound : box.ranges[fact].lowerBound
    // Cells to add that are known to be all right, and those that are not.
    var good = 0
    var bad = (upward ? count - start : start) + 1
    var tried = bad - 1
    while good + 1 < bad {
      var wider = box
      let range = box.ranges[fact]
      wider.ranges[fact] =
        upward
        ? range.lowerBound..<(start + tried) : (start - tried)..<range.upperBound
      if proof.verdict(wider) == .holds { good = tried } else { bad = tried }
      tried = (good + bad) / 2
    }
    let range = box.ranges[fact]
    box.ranges[fact] =
      upward ? range.lowerBound..<(start + good) : (start - good)..<range.upperBound
  }

  /// All subset-minimal sets that entail, by rising size; nil if one question stays open.
  mutating func everyReason(
    of facts: [Int], necessary: Set<Int>
  ) -> [[Int]]? {
    var found: [UInt32] = []
    let needed = facts.indices.filter { necessary.contains(facts[$0]) }
      .reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
    let subsets = (0..<(UInt32(1) << UInt32(facts.count))).sorted {
      ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1)
    }
    for subset in subsets where subset & needed == needed {
      if found.contains(where: { $0 & subset == $0 }) { continue }
      let kept = Set(facts.indices.filter { subset >> UInt32($0) & 1 != 0 }.map { facts[$0] })
      switch verdict(keeping: kept) {
      case .holds: found.append(subset)
      case .fails: break
      case .open: return nil
      }
    }
    return found.map { subset in
      facts.indices.filter { subset >> UInt32($0) & 1 != 0 }.map { facts[$0] }.sorted()
    }
  }
}
