import DataFields
import RuleLanguage
import ThresholdCells

/// What a decision can come to on one box; scratch.
struct BoxOutcomes {
  private let cells: CellDecision
  private let box: CellBox
  private let program: Program
  private var masks: [Int: UInt64] = [:]
  private var scores: [Int: (bounds: NumberBounds, forest: Int, tree: Int)] = [:]
  /// Where the box is best parted: the first that was met of what could not be told.
  private(set) var split: (fact: Int, cell: Int)?

  init(_ cells: CellDecision, _ box: CellBox) {
    self.cells = cells
    self.box = box
    program = cells.decided.program
  }

  /// The outcomes of a decision, as bits.
  mutating func mask(_ decision: Int) -> UInt64 {
    if let mask = masks[decision] { return mask }
    // A decision that is not among the steps was supplied.
    guard let bits = cells.outcomes[decision] else { return OutcomeBits.other }
    let mask = overridden(decision, bits, rules(bits))
    masks[decision] = mask
    return mask
  }

  private mutating func rules(_ bits: OutcomeBits) -> UInt64 {
    let plan = bits.plan
    guard !isRefusable(plan) else { return OutcomeBits.other | OutcomeBits.refused }
    switch plan.hitPolicy {
    case .collect:
      var truths: [Int: UInt8] = [:]
      for rule in plan.rules { truths[rule] = truth(ofRule: rule) }
      return bits.collected(truths)
    case .first: return first(bits)
    case .priority: return priority(bits)
    case .unique, .any: return all(bits)
    }
  }

  private mutating func truth(ofRule rule: Int) -> UInt8 {
    program.rules[rule].condition.map { truth($0) } ?? 2
  }

  private func bit(ofRule rule: Int?, _ bits: OutcomeBits) -> UInt64 {
    guard let rule else { return OutcomeBits.refused }
    return bits.bit(cells.decided.origins.constant(at: program.rules[rule].outcome))
  }

  private mutating func first(_ bits: OutcomeBits) -> UInt64 {
    var mask: UInt64 = 0
    for rule in bits.plan.rules {
      let truth = truth(ofRule: rule)
      if truth & 2 != 0 { mask |= bit(ofRule: rule, bits) }
      if truth == 2 { return mask }
    }
    return mask | bit(ofRule: bits.plan.otherwise, bits)
  }

  private mutating func priority(_ bits: OutcomeBits) -> UInt64 {
    var possible: [(rank: Int, bit: UInt64)] = []
    var best = Int.max
    for rule in bits.plan.rules {
      let truth = truth(ofRule: rule)
      if truth & 2 == 0 { continue }
      let word = cells.decided.origins.constant(at: program.rules[rule].outcome)?.numerator
      let rank =
        word.flatMap { bits.plan.priorities.firstIndex(of: $0) }
        ?? bits.plan.priorities.count
      possible.append((rank, bit(ofRule: rule, bits)))
      if truth == 2 { best = min(best, rank) }
    }
    var mask: UInt64 = best == .max ? bit(ofRule: bits.plan.otherwise, bits) : 0
    for rule in possible where rule.rank <= best { mask |= rule.bit }
    return mask
  }

  /// Rules of which one may hold, or several with one outcome.
  private mutating func all(_ bits: OutcomeBits) -> UInt64 {
    var mask: UInt64 = 0
    var isCertain = false
    for rule in bits.plan.rules {
      let truth = truth(ofRule: rule)
      if truth & 2 != 0 { mask |= bit(ofRule: rule, bits) }
      if truth == 2 { isCertain = true }
    }
    if !isCertain { mask |= bit(ofRule: bits.plan.otherwise, bits) }
    // Two with different outcomes conflict.
    let outcomes = mask & ~OutcomeBits.refused
    if outcomes.nonzeroBitCount > 1 || outcomes & OutcomeBits.other != 0 {
      mask |= OutcomeBits.refused
    }
    return mask
  }

  private mutating func overridden(
    _ decision: Int, _ bits: OutcomeBits, _ mask: UInt64
  ) -> UInt64 {
    // What overrides that may be in force set; one that surely is leaves nothing of the rules' own.
    var set: UInt64 = 0
    for step in cells.decided.plan.steps {
      guard case .override(let index) = program.steps[step],
        program.overrides[index].decision == decision
      else { continue }
      let plan = program.overrides[index]
      if let until = plan.until, let asOf = cells.decided.asOf, asOf > until { continue }
      // An override may ask for the very outcome that it replaces.
      masks[decision] = mask
      let truth = truth(plan.condition)
      masks[decision] = nil
      if truth & 2 == 0 { continue }
      set |=
        bits.plan.hitPolicy == .collect
        ? OutcomeBits.other
        : bits.bit(cells.decided.origins.constant(at: plan.outcome))
      // A refusal is not overridden.
      if truth == 2 { return set | (mask & OutcomeBits.refused) }
    }
    return mask | set
  }

  /// Whether a value without which the decision is refused may be missing on the box.
  private mutating func isRefusable(_ plan: DecisionPlan) -> Bool {
    let origins = cells.decided.origins
    for slot in plan.required {
      if cells.operands.isMissing(slot, on: box) { return true }
      var base = origins.copied(slot)
      if let rank = origins.rank(at: base) { base = origins.copied(program.ranks[rank].source) }
      if let other = program.decisions.firstIndex(where: { $0.isOutcome(base) }) {
        if cells.outcomes[other] != nil, mask(other) & OutcomeBits.refused != 0 { return true }
      } else if let label = cells.labels[base] {
        if label.words(box) == nil { return true }
      } else if isScore(base), score(base).mayBeMissing {
        return true
      }
    }
    return false
  }

  private func isScore(_ slot: Int) -> Bool {
    guard cells.decided.origins.score(at: slot) != nil else { return false }
    return !cells.decided.facts.contains { $0.slot == slot }
  }

  // MARK: Conditions: 1 false, 2 true, 3 either

  private mutating func truth(_ index: Int) -> UInt8 {
    let node = program.code.conditions[index]
    switch node.kind {
    case .all:
      var mask: UInt8 = 2
      var child = index + 1
      while child < node.end {
        let truth = truth(child)
        if truth == 1 { return 1 }
        if truth == 3 { mask = 3 }
        child = Int(program.code.conditions[child].end)
      }
      return mask
    case .any:
      var mask: UInt8 = 1
      var child = index + 1
      while child < node.end {
        let truth = truth(child)
        if truth == 2 { return 2 }
        if truth == 3 { mask = 3 }
        child = Int(program.code.conditions[child].end)
      }
      return mask
    case .not:
      let truth = truth(index + 1)
      return truth == 3 ? 3 : 3 - truth
    default: return leaf(index, node)
    }
  }

  private mutating func leaf(_ index: Int, _ node: ConditionNode) -> UInt8 {
    if let truths = cells.operands.truths[index] {
      let run = box.ranges[truths.fact]
      let mask = truths.mask(run)
      if mask == 3, split == nil {
        let first = truths.mask(run.lowerBound..<(run.lowerBound + 1))
        split = run.dropFirst().first { truths.mask($0..<($0 + 1)) != first }
          .map { (truths.fact, $0) }
      }
      return mask
    }
    switch node.kind {
    case .compareWords, .compareQuotients, .compareDoubles: break
    case .isTrue:
      // A condition that is a value of its own.
      if let (instruction, _) = cells.decided.origins.definition(of: Int(node.left)),
        instruction.operation == .condition
      {
        return truth(Int(instruction.right))
      }
      return 3
    default: return 3
    }
    let left = value(Int(node.left))
    let right = value(Int(node.right))
    let mask = Self.compare(node.comparison, left, right)
    if mask == 3 { suggestSplit(Int(node.left), Int(node.right)) }
    return mask
  }

  /// What a value can be on the box.
  private enum Value {
    case words([Quotient])
    case range(NumberBounds)
    case unknown
  }

  private mutating func value(_ slot: Int) -> Value {
    let origins = cells.decided.origins
    if let constant = origins.constant(at: slot) {
      if program.code.layout.slots[slot].type == .double {
        let number = Double(bitPattern: UInt64(truncatingIfNeeded: constant.numerator))
        return .range(NumberBounds(lower: number, upper: number))
      }
      return .words([constant])
    }
    let base = origins.copied(slot)
    if let rank = origins.rank(at: base) { return levels(of: rank) }
    if let decision = origins.decision(at: base), let bits = cells.outcomes[decision] {
      let mask = mask(decision)
      if mask & (OutcomeBits.other | OutcomeBits.refused) != 0 || bits.words.isEmpty {
        return .unknown
      }
      return .words(
        bits.words.indices.filter { mask >> UInt64($0) & 1 != 0 }.map { bits.words[$0] })
    }
    if let label = cells.labels[base] { return label.words(box).map { .words($0) } ?? .unknown }
    if isScore(base) {
      let bounds = score(base)
      return bounds.mayBeMissing ? .unknown : .range(bounds)
    }
    return .unknown
  }

  private mutating func levels(of rank: Int) -> Value {
    let plan = program.ranks[rank]
    if let levels = cells.operands.levels[rank] {
      let found = Set(levels.levels[box.ranges[levels.fact]])
      return found.contains(-1) ? .unknown : .words(found.sorted().map { Quotient(Int128($0)) })
    }
    let source = cells.decided.origins.copied(plan.source)
    if isScore(source) {
      let bounds = score(source)
      if bounds.mayBeMissing { return .unknown }
      let first = interval(of: bounds.lower, plan)
      let last = interval(of: bounds.upper, plan)
      return .words(Set(plan.levels[first...last]).sorted().map { Quotient(Int128($0)) })
    }
    if case .words(let words) = value(source) {
      let levels = words.map { plan.levels[interval(of: $0, plan)] }
      return .words(Set(levels).sorted().map { Quotient(Int128($0)) })
    }
    return .unknown
  }

  private func interval(of score: Double, _ plan: RankPlan) -> Int {
    var interval = 0
    for (cut, belongsBelow) in zip(plan.cutPoints, plan.belongsBelow) {
      let threshold = Double(bitPattern: UInt64(truncatingIfNeeded: cut))
      if belongsBelow ? score <= threshold : score < threshold { break }
      interval += 1
    }
    return interval
  }

  private func interval(of word: Quotient, _ plan: RankPlan) -> Int {
    var interval = 0
    for (cut, belongsBelow) in zip(plan.cutPoints, plan.belongsBelow) {
      if word < Quotient(cut) || (belongsBelow && word == Quotient(cut)) { break }
      interval += 1
    }
    return interval
  }

  private mutating func score(_ slot: Int) -> NumberBounds {
    if let known = scores[slot] { return known.bounds }
    guard let score = cells.scores[slot] else { return .unknown }
    let found = score.bounds(box)
    scores[slot] = found
    return found.bounds
  }

  private static func compare(_ comparison: Comparison, _ left: Value, _ right: Value) -> UInt8 {
    switch (left, right) {
    case (.words(let some), .words(let others)):
      var mask: UInt8 = 0
      for one in some {
        for other in others {
          mask |= comparison.holds(for: one == other ? 0 : one < other ? -1 : 1) ? 2 : 1
        }
      }
      return mask == 0 ? 3 : mask
    case (.range(let one), .range(let other)):
      if one.upper < other.lower { return comparison.holds(for: -1) ? 2 : 1 }
      if one.lower > other.upper { return comparison.holds(for: 1) ? 2 : 1 }
      if one.lower == one.upper, other.lower == other.upper, one.lower == other.lower {
        return comparison.holds(for: 0) ? 2 : 1
      }
      if one.upper <= other.lower, comparison == .lessOrEqual { return 2 }
      if one.upper <= other.lower, comparison == .greater { return 1 }
      if one.lower >= other.upper, comparison == .greaterOrEqual { return 2 }
      if one.lower >= other.upper, comparison == .less { return 1 }
      return 3
    default: return 3
    }
  }

  // MARK: Splits

  /// Parts the box where a comparison could not be told: at a level of a rank, or in the tree that is
  /// furthest from settled.
  private mutating func suggestSplit(_ left: Int, _ right: Int) {
    if split != nil { return }
    let origins = cells.decided.origins
    for slot in [left, right] where !origins.isConstant(slot) {
      let base = origins.copied(slot)
      var source = base
      if let rank = origins.rank(at: base) {
        if let levels = cells.operands.levels[rank] {
          let run = box.ranges[levels.fact]
          let first = levels.levels[run.lowerBound]
          if let cell = run.dropFirst().first(where: { levels.levels[$0] != first }) {
            split = (levels.fact, cell)
            return
          }
        }
        source = origins.copied(program.ranks[rank].source)
      }
      if isScore(source), let known = scores[source], let score = cells.scores[source] {
        split = score.split(box, forest: known.forest, tree: known.tree)
        if split != nil { return }
      }
    }
  }
}
