import DataFields
package import ThresholdCells

/// A decision on every combination of its cells: which rules hold and what comes of it.
///
/// Conditions are evaluated by the engine's own code, so that analysis and engine cannot disagree.
package struct CombinationTable: Sendable {
  /// How a combination ends.
  package enum Result: Sendable, Hashable {
    /// A rule decides: its number in the decision, from 0; `otherwise` is the number after the last.
    case decided(Int)
    case gap
    /// Rules hold that may not hold together.
    case conflict
    /// Something that the decision needs is missing, or the combination contradicts itself: no rule is
    /// asked.
    case refused
  }

  /// What may be looked at before the proof is given up.
  package struct Budget: Sendable, Hashable {
    package var combinations: Int
    /// Conditions that are evaluated.
    package var evaluations: Int

    package init(combinations: Int = 1_000_000, evaluations: Int = 20_000_000) {
      self.combinations = combinations
      self.evaluations = evaluations
    }
  }

  package let question: DecisionQuestion
  package let space: CombinationSpace
  /// What was spent of the budget.
  package let evaluations: Int
  /// The decision's rules, as indices of `Program.rules`.
  package let rules: [Int]
  package private(set) var results: [Result]
  /// For each combination a number that stands for its outcome: the same number, the same outcome.
  package private(set) var outcomes: [Int32]
  /// For each rule, where its outcome stands among the decision's priorities; the first wins.
  package let priorities: [Int]
  private let classes: OutcomeClasses
  private let wordsPerCombination: Int
  private var held: [UInt64]

  /// - Returns: nil if that takes more than the budget.
  /// - Complexity: O(combinations x conditions).
  package init?(_ question: DecisionQuestion, budget: Budget = Budget()) {
    if question.isTooLarge { return nil }
    let rules = Array(question.plan.rules)
    let nodes = rules.reduce(0) { sum, rule in
      guard let root = question.program.rules[rule].condition else { return sum }
      return sum + Int(question.program.code.conditions[root].end) - root
    }
    // Most conditions are settled by their first clauses.
    let cost = max(1, rules.count, nodes / 8)
    let limit = min(budget.combinations, max(1, budget.evaluations / cost))
    guard
      let space = CombinationSpace(sizes: question.axes.map(\.cellCount), budget: limit)
    else { return nil }
    self.question = question
    self.space = space
    evaluations = cost * space.count
    self.rules = rules
    classes = OutcomeClasses(
      question.program, question.plan, rules: rules)
    priorities = classes.priorities
    wordsPerCombination = max(1, (rules.count + 63) / 64)
    held = Array(repeating: 0, count: space.count * wordsPerCombination)
    results = []
    outcomes = []
    results.reserveCapacity(space.count)
    outcomes.reserveCapacity(space.count)
    evaluate()
  }

  /// What stands for an outcome where a combination contradicts itself.
  package static let impossible: Int32 = -4

  /// Whether a rule's condition holds.
  package func holds(_ rule: Int, _ combination: Int) -> Bool {
    held[combination * wordsPerCombination + rule / 64] >> UInt64(rule % 64) & 1 != 0
  }

  /// The rules whose conditions hold, rising.
  package func holding(_ combination: Int) -> [Int] {
    rules.indices.filter { holds($0, combination) }
  }

  private mutating func evaluate() {
    let program = question.program
    let plan = question.plan
    var sets: [Set<Int32>: Int32] = [:]
    var collected = CollectedOutcomes(program, plan, classes)
    var workspace = EvaluationWorkspace(program)
    for (axis, description) in question.axes.enumerated() {
      set(description.writes[space.cell(0, axis: axis)], in: &workspace)
    }
    let possible = PossibleComparisons(question)
    for combination in 0..<space.count {
      if combination > 0 { advance(to: combination, in: &workspace) }
      guard possible.isEmpty || possible.contains({ space.cell(combination, axis: $0) }) else {
        results.append(.refused)
        outcomes.append(Self.impossible)
        continue
      }
      for work in question.work { question.run(work, in: &workspace) }
      guard plan.required.allSatisfy({ workspace.row.isPresent($0) }) else {
        results.append(.refused)
        outcomes.append(-2)
        continue
      }
      var first: Int?
      var all: Set<Int32> = []
      for (number, rule) in rules.enumerated() {
        guard let condition = program.rules[rule].condition,
          program.code.evaluate(condition, on: workspace.row, lists: program.lists).holds
        else { continue }
        held[combination * wordsPerCombination + number / 64] |= 1 << UInt64(number % 64)
        if first == nil { first = number }
        all.insert(classes.ofRule[number])
      }
      let result = result(first, combination, all)
      results.append(result)
      switch result {
      case .decided(let number):
        if plan.choosing == .collect {
          outcomes.append(collected.number(of: holding(combination)))
        } else {
          outcomes.append(number < rules.count ? classes.ofRule[number] : classes.otherwise)
        }
      case .gap, .refused: outcomes.append(-1)
      case .conflict:
        outcomes.append(all.count == 1 ? all.first ?? -3 : Self.number(of: all, in: &sets))
      }
    }
  }

  private static func number(of set: Set<Int32>, in sets: inout [Set<Int32>: Int32]) -> Int32 {
    if let known = sets[set] { return known }
    let number = Int32(-10 - sets.count)
    sets[set] = number
    return number
  }

  private func result(
    _ first: Int?, _ combination: Int, _ all: Set<Int32>
  ) -> Result {
    guard let first else {
      return question.plan.otherwise == nil ? .gap : .decided(rules.count)
    }
    switch question.plan.choosing {
    case .first, .collect:
      return .decided(first)
    case .unique:
      return holding(combination).count > 1 ? .conflict : .decided(first)
    case .any:
      return all.count > 1 ? .conflict : .decided(first)
    case .priority:
      let best = holding(combination).min { priorities[$0] < priorities[$1] }
      return .decided(best ?? first)
    }
  }

  /// Sets what changes from the combination before.
  private func advance(to combination: Int, in workspace: inout EvaluationWorkspace) {
    for axis in space.sizes.indices.reversed() {
      let cell = space.cell(combination, axis: axis)
      if space.sizes[axis] > 1 { set(question.axes[axis].writes[cell], in: &workspace) }
      // The axes before it turn only when this one begins anew.
      if cell != 0 { return }
    }
  }

  private func set(_ writes: [DecisionAxis.Write], in workspace: inout EvaluationWorkspace) {
    for write in writes {
      if write.isPresent {
        workspace.row.set(
          write.slot, to: write.value, over: write.denominator, origin: .derived)
      } else {
        workspace.row.mark(write.slot, .missing, origin: .derived)
      }
    }
  }
}

/// Which rules of a decision have the same outcome.
struct OutcomeClasses: Sendable {
  var ofRule: [Int32]
  var otherwise: Int32
  /// For each rule, where its outcome stands among the priorities.
  var priorities: [Int]

  init(_ program: Program, _ plan: DecisionPlan, rules: [Int]) {
    var known: [Quotient: Int32] = [:]
    let layout = program.code.layout
    func number(_ rule: Int) -> Int32 {
      let slot = program.rules[rule].outcome
      // A computed outcome is like no other.
      guard slot < layout.constantCount else { return Int32(1_000_000 + slot) }
      let value = layout.constants[slot]
      if let number = known[value] { return number }
      known[value] = Int32(known.count)
      return Int32(known.count - 1)
    }
    ofRule = rules.map(number)
    otherwise = plan.otherwise.map(number) ?? -1
    if plan.hitPolicy == .collect, plan.choosing == .priority {
      let values = rules.map { layout.constants[program.rules[$0].outcome] }
      let sorted = Set(values).sorted { plan.aggregator == .min ? $0 < $1 : $0 > $1 }
      var places: [Quotient: Int] = [:]
      for (place, value) in sorted.enumerated() { places[value] = place }
      priorities = values.map { places[$0] ?? sorted.count }
      return
    }
    priorities = rules.map { rule in
      let slot = program.rules[rule].outcome
      guard slot < layout.constantCount else { return .max }
      return plan.priorities.firstIndex(of: layout.constants[slot].numerator)
        ?? plan.priorities.count
    }
  }
}
