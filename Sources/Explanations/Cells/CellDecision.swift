package import DataFields
import Decisions
import PMML
import RuleLanguage
package import ThresholdCells

/// A decision over boxes of cells: what it can come to, whatever value each fact takes within its
/// run of cells.
///
/// What is said is never too little: an outcome that some values of the box lead to is among those
/// named. It may be too much, since what several facts do together is followed part by part.
package struct CellDecision: Sendable {
  package let decided: DecidedCase
  package let axes: [FactAxis]
  /// Why a cell may have several outcomes; nothing is proved of single cells then.
  package let doubts: [String]
  /// The value that stands for each cell of each fact, as its slot holds it: the fact's own, or one
  /// inside.
  package let witnesses: [[Quotient]]
  /// The outcomes of each of the program's decisions, as bits; see ``OutcomeBits``.
  let outcomes: [Int: OutcomeBits]
  let operands: CellOperands
  let scores: [Int: CellScore]
  /// Labels of clusters, by slot.
  let labels: [Int: CellLabels]
  /// The bit of the outcome that was decided.
  let target: UInt64

  /// - Complexity: O(cells of all facts), a decision each.
  package init(_ decided: DecidedCase) {
    let axes = decided.axes()
    self.decided = decided
    self.axes = axes
    var doubts: [String] = []
    for axis in axes {
      for doubt in axis.doubts where !doubts.contains(doubt) {
        doubts.append("\(decided.facts[axis.fact].name): \(doubt)")
      }
    }
    self.doubts = doubts
    let witnesses = axes.map { axis in
      (0..<axis.cellCount).map { cell -> Quotient in
        let fact = decided.facts[axis.fact]
        if cell == axis.current, let value = fact.value { return value }
        return axis.axis.map { fact.slotValue(at: $0.witness(cell)) } ?? axis.choices[cell]
      }
    }
    self.witnesses = witnesses
    var evaluator = decided.makeEvaluator()
    let rows = axes.map { axis in
      witnesses[axis.fact].map { value -> RuleRow in
        _ = evaluator.result(of: [FactChange(fact: axis.fact, value: value)])
        return evaluator.row
      }
    }
    operands = CellOperands(decided, rows: rows)
    outcomes = OutcomeBits.ofDecisions(decided)
    (scores, labels) = Self.results(decided, axes, rows)
    target = outcomes[decided.decision]?.bit(of: decided.result) ?? OutcomeBits.other
  }

  private static func results(
    _ decided: DecidedCase, _ axes: [FactAxis], _ rows: [[RuleRow]]
  ) -> (scores: [Int: CellScore], labels: [Int: CellLabels]) {
    var scores: [Int: CellScore] = [:]
    var labels: [Int: CellLabels] = [:]
    let places = Dictionary(
      decided.facts.enumerated().map { ($0.element.slot, $0.offset) }
    ) { first, _ in first }
    for step in decided.plan.steps {
      guard case .model(let index) = decided.program.steps[step] else { continue }
      let loaded = decided.library.models[index]
      let probe = ModelProbe(loaded, rows: rows, texts: decided.engine.texts)
      guard let cuts = decided.modelCuts[index] else { continue }
      let factOfFeed = loaded.feeds.map { places[decided.origins.copied($0.slot)] }
      for score in loaded.plan.scores {
        scores[score.slot] = CellScore(
          loaded, score.result, factOfFeed: factOfFeed, cuts: cuts, axes: axes,
          row: decided.engine.workspace.row, probe: probe)
        labels[score.slot] = CellLabels(
          loaded, score.result, factOfFeed: factOfFeed, axes: axes, facts: decided.facts,
          row: decided.engine.workspace.row, refused: probe.refusedCells,
          texts: decided.engine.texts)
      }
    }
    return (scores, labels)
  }

  /// Whether a decision that can come to these outcomes alone comes to the one that was decided. One
  /// that is not told from others is never said to.
  func settles(_ mask: UInt64) -> Bool {
    mask == target && mask & (OutcomeBits.other | OutcomeBits.refused) == 0
  }

  /// Whether the outcome is one on each combination of cells: nothing moves within a cell, and no two
  /// facts are compared with each other.
  var isAtomic: Bool { doubts.isEmpty && operands.isCovered }

  /// Every combination: each fact may be anything.
  package var everything: CellBox { CellBox(axes.map { 0..<$0.cellCount }) }

  /// The box of the case itself; nil if a fact has no value.
  package var own: [Int]? {
    let cells = axes.compactMap(\.current)
    return cells.count == axes.count ? cells : nil
  }

  /// Whether a fact moves nothing that the decision asks about.
  package func isIdle(_ fact: Int) -> Bool { axes[fact].cellCount <= 1 && axes[fact].isExact }
}

/// The outcomes of a decision as bits of a word.
struct OutcomeBits: Sendable {
  /// Whether it may be refused; whether it may be anything else.
  static let refused: UInt64 = 1 << 62
  static let other: UInt64 = 1 << 63
  static let limit = 60

  /// Of decisions that collect: the rules that held; their one bit.
  private let held: [Int: Bool]
  /// By bit; empty where there are too many, or where outcomes are worked out.
  let words: [Quotient]
  let plan: DecisionPlan
  /// Whether each outcome is a constant: one that is worked out moves with the facts.
  private let isConstant: Bool
  /// Whether an override replaced what was collected: its outcome has no bit.
  private let wasOverridden: Bool

  static func ofDecisions(_ decided: DecidedCase) -> [Int: OutcomeBits] {
    var bits: [Int: OutcomeBits] = [:]
    for step in decided.plan.steps {
      if case .decide(let decision) = decided.program.steps[step] {
        bits[decision] = OutcomeBits(decision, decided)
      }
    }
    return bits
  }

  private init(_ decision: Int, _ decided: DecidedCase) {
    let program = decided.program
    plan = program.decisions[decision]
    let rules = Array(plan.rules) + (plan.otherwise.map { [$0] } ?? [])
    let slots =
      rules.map { program.rules[$0].outcome }
      + plan.overrides.map { program.overrides[$0].outcome }
    var words: [Quotient] = []
    for slot in slots {
      guard let word = decided.origins.constant(at: slot) else { continue }
      if !words.contains(word) { words.append(word) }
    }
    isConstant = slots.allSatisfy(decided.origins.isConstant)
    let isKnown = words.count <= Self.limit && isConstant
    self.words = isKnown && plan.hitPolicy != .collect ? words : []
    wasOverridden = decided.engine.workspace.results[decision].override >= 0
    var workspace = decided.engine.workspace
    program.settleRules(of: decision, in: &workspace)
    held = Dictionary(
      uniqueKeysWithValues: plan.rules.map { ($0, workspace.ruleStates[$0] == .held) })
  }

  func bit(_ word: Quotient?) -> UInt64 {
    guard let word, let place = words.firstIndex(of: word) else { return Self.other }
    return 1 << UInt64(place)
  }

  /// The bit of a result of the decision itself. Of one that collects, bit 0 stands for the rules
  /// that held.
  func bit(of result: CaseResult) -> UInt64 {
    switch result {
    case .refused: return Self.refused
    case .decided(let outcome):
      if plan.hitPolicy == .collect { return isConstant && !wasOverridden ? 1 : Self.other }
      return outcome.count == 1 ? bit(outcome[0]) : Self.other
    }
  }

  /// Of a decision that collects: what comes of rules that may, or must, hold.
  func collected(_ truths: [Int: UInt8]) -> UInt64 {
    guard isConstant else { return Self.other }
    var mask: UInt64 = 1
    // Without a default it is refused where no rule holds; a sum may be too large as well.
    if plan.otherwise == nil, !truths.values.contains(2) { mask |= Self.refused }
    for (rule, wasHeld) in held {
      let truth = truths[rule] ?? 3
      if truth == 3 { mask |= Self.other }
      if truth == (wasHeld ? 1 : 2) { return Self.other | (mask & Self.refused) }
    }
    return mask
  }
}
