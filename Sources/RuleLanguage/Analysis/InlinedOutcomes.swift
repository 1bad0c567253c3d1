import DataFields
import ThresholdCells

/// Another decision that is made on the way, as products of cells: where it comes to which outcome.
///
/// It must be decided wherever the rules that read it are asked: without gaps, and without conflicts.
struct InlinedOutcomes: Sendable {
  let plan: DecisionPlan
  /// For each rule, where its condition holds.
  private let rules: [[CellProduct]]
  private let classes: OutcomeClasses
  /// Rules by strength: where two hold, the earlier one decides.
  private let strength: [Int]
  private let sizes: [Int]
  private let limit: Int
  private static let pairLimit = 4_000_000

  /// An outcome by the rules that give it.
  struct Outcome: Sendable {
    var value: Quotient
    var rules: Set<Int>
    var isOtherwise: Bool
  }

  /// - Parameters:
  ///   - rules: for each rule of the decision, where its condition holds.
  ///   - everything: where rules are asked.
  init(
    _ question: DecisionQuestion, _ plan: DecisionPlan, rules: [[CellProduct]],
    within everything: CellBox, budget: BoxBudget
  ) throws(ConditionProducts.Refusal) {
    self.plan = plan
    self.rules = rules
    limit = budget.products
    sizes = question.axes.map(\.cellCount)
    classes = OutcomeClasses(question.program, plan, rules: Array(plan.rules))
    let priorities = classes.priorities
    strength =
      plan.choosing == .priority
      ? rules.indices.sorted { (priorities[$0], $0) < (priorities[$1], $1) }
      : Array(rules.indices)
    var table = ProductTable(sizes: sizes)
    for (rule, products) in rules.enumerated() {
      for product in products { table.append(product, owner: rule) }
    }
    if plan.otherwise == nil {
      var cover = CoverSearch(table, budget: budget)
      guard cover.free(in: everything, of: 0..<table.count) == .covered else { throw .notBoxes }
    }
    guard plan.choosing == .unique || plan.choosing == .any else { return }
    guard table.count * table.count <= Self.pairLimit else { throw .tooMany }
    for one in 0..<table.count {
      for other in (one + 1)..<max(one + 1, table.count) where conflicts(table, one, other) {
        if table.common(one, other, within: everything) != nil { throw .notBoxes }
      }
    }
  }

  private func conflicts(_ table: ProductTable, _ one: Int, _ other: Int) -> Bool {
    let (a, b) = (Int(table.owners[one]), Int(table.owners[other]))
    return a != b && classes.ofRule[a] != classes.ofRule[b]
  }

  /// What the decision can come to; of outcomes that add up, what rules give.
  func outcomes(_ program: Program) -> [Outcome] {
    var outcomes: [Outcome] = []
    func add(_ slot: Int, rule: Int?) {
      guard slot < program.code.layout.constantCount else { return }
      let value = program.code.layout.constants[slot]
      let place = outcomes.firstIndex { $0.value == value } ?? outcomes.count
      if place == outcomes.count {
        outcomes.append(Outcome(value: value, rules: [], isOtherwise: false))
      }
      if let rule { outcomes[place].rules.insert(rule) } else { outcomes[place].isOtherwise = true }
    }
    for (number, rule) in plan.rules.enumerated() { add(program.rules[rule].outcome, rule: number) }
    if let otherwise = plan.otherwise { add(program.rules[otherwise].outcome, rule: nil) }
    return outcomes
  }

  /// Where one of some rules decides, or nothing does and `otherwise` is among them.
  func region(of wanted: Set<Int>, orOtherwise: Bool) throws(ConditionProducts.Refusal)
    -> [CellProduct]
  {
    var region: [CellProduct] = []
    for (place, rule) in strength.enumerated() where wanted.contains(rule) {
      var part = rules[rule]
      if plan.choosing == .first || plan.choosing == .priority {
        for stronger in strength[..<place] where !wanted.contains(stronger) {
          part = try subtract(rules[stronger], from: part)
        }
      }
      region += part
      guard region.count <= limit else { throw .tooMany }
    }
    if orOtherwise {
      region += try none(of: rules.indices.filter { !wanted.contains($0) })
    }
    guard region.count <= limit else { throw .tooMany }
    return region
  }

  /// Where a list has an outcome, or where it has not.
  func members(_ wanted: Set<Int>, isOtherwise: Bool, holding isPositive: Bool)
    throws(ConditionProducts.Refusal) -> [CellProduct]
  {
    if isPositive {
      return try wanted.sorted().flatMap { rules[$0] }
        + (isOtherwise ? none(of: Array(rules.indices)) : [])
    }
    let without = try none(of: wanted.sorted())
    guard isOtherwise else { return without }
    let others = rules.indices.filter { !wanted.contains($0) }.flatMap { rules[$0] }
    return try ConditionProducts.meet(without, others, limit)
  }

  /// Where a sum or a count has each of its values.
  func sums(_ program: Program) throws(ConditionProducts.Refusal) -> [(Quotient, [CellProduct])] {
    struct Sum: Hashable {
      var value: Quotient
      var isEmpty: Bool
    }
    var order = [Sum(value: Quotient(0), isEmpty: true)]
    var regions = [order[0]: [CellProduct()]]
    for (number, rule) in plan.rules.enumerated() {
      let outcome =
        plan.aggregator == .count
        ? Quotient(1) : program.code.layout.constants[program.rules[rule].outcome]
      var next: [Sum: [CellProduct]] = [:]
      var nextOrder: [Sum] = []
      func add(_ sum: Sum, _ products: [CellProduct]) {
        if products.isEmpty { return }
        if next[sum] == nil { nextOrder.append(sum) }
        next[sum, default: []] += products
      }
      for sum in order {
        let products = regions[sum] ?? []
        let with = try ConditionProducts.meet(products, rules[number], limit)
        guard let value = sum.value.adding(outcome) else { throw .notBoxes }
        add(Sum(value: value, isEmpty: false), with)
        add(sum, try subtract(rules[number], from: products))
      }
      guard next.values.reduce(0, { $0 + $1.count }) <= limit else { throw .tooMany }
      (order, regions) = (nextOrder, next)
    }
    return order.map { sum in
      var value = sum.value
      if sum.isEmpty, let otherwise = plan.otherwise {
        value = program.code.layout.constants[program.rules[otherwise].outcome]
      }
      return (value, regions[sum] ?? [])
    }
  }

  private func none(of rules: [Int]) throws(ConditionProducts.Refusal) -> [CellProduct] {
    var left = [CellProduct()]
    for rule in rules { left = try subtract(self.rules[rule], from: left) }
    return left
  }

  /// What is left of a union without another one.
  private func subtract(_ products: [CellProduct], from union: [CellProduct])
    throws(ConditionProducts.Refusal) -> [CellProduct]
  {
    var left = union
    for product in products {
      var next: [CellProduct] = []
      for part in left {
        if part.intersection(product) == nil {
          next.append(part)
        } else {
          next += part.parts(outside: product, sizes: sizes)
        }
        guard next.count <= limit else { throw .tooMany }
      }
      left = next
    }
    return left
  }
}
