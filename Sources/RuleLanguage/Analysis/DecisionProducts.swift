package import ThresholdCells

/// A decision as products of cells: for each rule the boxes on which its condition holds, the
/// strongest rule first.
///
/// Where ``CombinationTable`` looks at every combination, this says the same of any number of them.
package struct DecisionProducts: Sendable {
  package let question: DecisionQuestion
  /// The rules' products, by strength: where two hold, the earlier one decides.
  package let table: ProductTable
  /// The decision's rules by strength: for each its number in the decision.
  package let strength: [Int]
  /// For each rule, its products in ``table``.
  package let products: [Range<Int>]
  /// For each rule, a number that stands for its outcome.
  package let outcomes: [Int32]
  /// The outcome where no rule holds: that of `otherwise`, or none.
  package let outcomeOfOthers: Int32
  /// All combinations on which the rules are asked.
  package let everything: CellBox

  /// - Returns: nil where conditions have no such form, or come to more products than the budget has.
  /// - Complexity: O(rules x cells of the axes that each asks about).
  package init?(_ question: DecisionQuestion, budget: BoxBudget) {
    if question.isTooLarge { return nil }
    let program = question.program
    let rules = Array(question.plan.rules)
    let classes = OutcomeClasses(program, question.plan, rules: rules)
    var strength = Array(rules.indices)
    if question.plan.choosing == .priority {
      strength.sort { (classes.priorities[$0], $0) < (classes.priorities[$1], $1) }
    }
    let (required, decided) = Self.required(question)
    guard let everything = Self.askedCombinations(question, required) else { return nil }
    var conditions = ConditionProducts(
      question, budget: budget, within: everything, decided: decided)
    var table = ProductTable(sizes: question.axes.map(\.cellCount))
    var products = Array(repeating: 0..<0, count: rules.count)
    do throws(ConditionProducts.Refusal) {
      for rule in strength {
        guard let root = program.rules[rules[rule]].condition else { return nil }
        let start = table.count
        for product in try conditions.products(root) { table.append(product, owner: rule) }
        guard table.count <= budget.products else { return nil }
        products[rule] = start..<table.count
      }
    } catch {
      return nil
    }
    self.question = question
    self.table = table
    self.strength = strength
    self.products = products
    self.everything = everything
    outcomes = classes.ofRule
    outcomeOfOthers = question.plan.otherwise == nil ? -1 : classes.otherwise
  }

  /// The slots without which the rules are not asked, and the decisions made on the way that must
  /// then be decided: what one of them needs, the rules need.
  private static func required(_ question: DecisionQuestion) -> (slots: Set<Int>, decided: Set<Int>)
  {
    var required = Set(question.plan.required)
    var decided: Set<Int> = []
    for work in question.work.reversed() {
      guard case .decide(let other) = question.program.steps[work.step] else { continue }
      let plan = question.program.decisions[other]
      guard required.contains(where: { question.inlinedDecision(at: $0) == other }) else {
        continue
      }
      decided.insert(other)
      required.formUnion(plan.required)
    }
    return (required, decided)
  }

  /// The combinations on which nothing that the decision needs is missing; nil if they are no box.
  private static func askedCombinations(_ question: DecisionQuestion, _ required: Set<Int>)
    -> CellBox?
  {
    var ranges: [Range<Int>] = []
    for axis in question.axes {
      let asked = CellRuns(
        of: axis.cellCount,
        where: { cell in
          axis.writes[cell].allSatisfy { $0.isPresent || !required.contains($0.slot) }
        })
      guard asked.runs.count == 1, let run = asked.runs.first else { return nil }
      ranges.append(run)
    }
    return CellBox(ranges)
  }

  /// Whether a rule may lose a case to another: by order or by priority.
  package var isOrdered: Bool {
    question.plan.choosing == .first || question.plan.choosing == .priority
  }

  /// The products of all rules that win over a rule.
  package func stronger(than rule: Int) -> Range<Int> { 0..<products[rule].lowerBound }
}
