import DataFields
import ThresholdCells

/// What the rules that hold come to in a decision of `hit collect`, as numbers that stand for it.
struct CollectedOutcomes: Sendable {
  private enum Key: Hashable {
    case list([Int32])
    case value(Int128)
    case none
  }

  private let program: Program
  private let plan: DecisionPlan
  private let classes: OutcomeClasses
  private var known: [Key: Int32] = [.none: -1]

  init(_ program: Program, _ plan: DecisionPlan, _ classes: OutcomeClasses) {
    self.program = program
    self.plan = plan
    self.classes = classes
  }

  /// - Parameter holding: the rules that hold, by their numbers in the decision, rising.
  /// - Returns: the same number for the same outcome; -1 where there is none.
  mutating func number(of holding: [Int]) -> Int32 {
    let key = key(of: holding)
    if let number = known[key] { return number }
    known[key] = Int32(known.count)
    return Int32(known.count - 1)
  }

  private func key(of holding: [Int]) -> Key {
    if holding.isEmpty {
      guard let otherwise = plan.otherwise else { return .none }
      return plan.aggregator == .list
        ? .list([classes.otherwise]) : .value(value(program.rules[otherwise].outcome))
    }
    switch plan.aggregator {
    case .count: return .value(Int128(holding.count))
    case .sum, .min, .max: return .value(sum(of: holding))
    case .list: return .list(holding.map { classes.ofRule[$0] })
    }
  }

  private func value(_ slot: Int) -> Int128 {
    slot < program.code.layout.constantCount ? program.code.layout.constants[slot].numerator : 0
  }

  /// It fits: the checker refuses outcomes that may add up to more than a word holds.
  private func sum(of rules: [Int]) -> Int128 {
    rules.reduce(0) { $0 &+ value(program.rules[plan.rules.lowerBound + $1].outcome) }
  }

  /// Whether two sides come to different outcomes.
  ///
  /// - Parameter isWhole: whether these are all rules that hold; otherwise they are those that may
  ///   hold on one side only, and others may hold on both.
  func verdict(_ first: [Int], _ second: [Int], isWhole: Bool) -> CollectSearch.Verdict {
    if isWhole { return key(of: first) == key(of: second) ? .same : .different }
    if first == second { return .same }
    guard let some = first.isEmpty ? second : second.isEmpty ? first : nil else {
      switch plan.aggregator {
      case .count: return first.count == second.count ? .same : .different
      case .sum, .min, .max: return sum(of: first) == sum(of: second) ? .same : .different
      case .list:
        // With the same outcomes their order may differ, by what stands between them.
        let (one, other) = (first.map { classes.ofRule[$0] }, second.map { classes.ofRule[$0] })
        return one.sorted() == other.sorted() ? .open : .different
      }
    }
    // Beside others they add something; alone they stand against what comes of no rule.
    let isAddition = plan.aggregator == .sum ? sum(of: some) != 0 : true
    let isOther = key(of: some) != key(of: [])
    return isAddition == isOther ? (isAddition ? .different : .same) : .open
  }

  /// The outcome as the ruleset spells it: `("call", "mail")`, `3`.
  func text(of holding: [Int]) -> String {
    let report = FindingReport(program, plan)
    let spelling = ValueSpelling(program)
    switch key(of: holding) {
    case .none: return "no rule"
    case .value(let word): return spelling.bare(Quotient(word), slot: plan.slot)
    case .list:
      let rules = holding.isEmpty ? [plan.rules.count] : holding
      let outcomes = rules.map { report.outcome($0) }
      return outcomes.count == 1 ? outcomes[0] : "(\(outcomes.joined(separator: ", ")))"
    }
  }
}

extension DecisionPlan {
  /// The hit policy as rules stand to each other: the least and the greatest outcome choose one of
  /// the rules that hold, as priorities do.
  var choosing: HitPolicy {
    hitPolicy == .collect && (aggregator == .min || aggregator == .max) ? .priority : hitPolicy
  }

  /// Whether the slot takes a number that several rules make together.
  var addsUp: Bool { hitPolicy == .collect && (aggregator == .sum || aggregator == .count) }
}
