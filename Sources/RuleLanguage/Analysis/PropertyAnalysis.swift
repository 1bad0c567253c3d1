import DataFields
package import ThresholdCells

/// Decides a property (`size rises with enterprise.employees`) for every input at once, on the cells
/// of the threshold grid.
package struct PropertyAnalysis {
  package enum Verdict: Sendable, Hashable {
    case holds
    /// Each a sentence: what moves the wrong way, and where.
    case fails([String])
    /// Why it is not known.
    case notProved(String)
  }

  private let program: Program
  private let budget: CombinationTable.Budget
  private let boxBudget: BoxBudget

  package init(
    _ program: Program, budget: CombinationTable.Budget = .init(), boxBudget: BoxBudget = .init()
  ) {
    self.program = program
    self.budget = budget
    self.boxBudget = boxBudget
  }

  /// - Complexity: that of an analysis of the decision that the property is about.
  package func verdict(of property: PropertyPlan) -> Verdict {
    let origins = ValueOrigins(program)
    let directions = ValueDirections(program, origins, of: property.input)
    guard let decision = origins.decision(at: property.slot) else {
      return verdict(of: property, directions.direction(of: property.slot), origins)
    }
    let plan = program.decisions[decision]
    for override in plan.overrides
    where !directions.stays(condition: program.overrides[override].condition) {
      return .notProved("the override `\(program.overrides[override].name)` rests on the input")
    }
    return DecisionProperty(program, decision, property, budget, boxBudget).verdict()
  }

  /// A rank or a number moves as what it is computed from does.
  private func verdict(
    of property: PropertyPlan, _ direction: ValueDirections.Direction, _ origins: ValueOrigins
  ) -> Verdict {
    switch direction {
    case .stays: return .holds
    case .rises where property.rises, .falls where !property.rises: return .holds
    case .rises, .falls, .unknown:
      if let fault = counterexample(to: property, origins) { return .fails([fault]) }
      return .notProved(
        "which way `\(name(property.slot))` moves with `\(name(property.input))` does not follow "
          + "from how it is computed")
    }
  }

  /// Two values of the input between which a rank or a number moves the wrong way, tried at the
  /// ends of its domain, at powers of ten and beside the cut points.
  private func counterexample(to property: PropertyPlan, _ origins: ValueOrigins) -> String? {
    // All else is as small as it can be, or larger by powers of ten.
    for other in (0..<16).compactMap({ ExactArithmetic.powerOfTen($0).map { Quotient($0) } }) {
      var workspace = EvaluationWorkspace(program)
      for base in origins.bases(of: property.slot).keys where base != property.input {
        let domain = origins.domain(of: base)
        let value = max(domain.lower ?? other, min(other, domain.upper ?? other))
        workspace.row.set(base, to: value.numerator, over: value.denominator, origin: .supplied)
      }
      if let fault = counterexample(to: property, origins, in: &workspace) { return fault }
    }
    return nil
  }

  private func counterexample(
    to property: PropertyPlan, _ origins: ValueOrigins, in workspace: inout EvaluationWorkspace
  ) -> String? {
    var last: (input: Quotient, value: Quotient)?
    for input in candidates(property.input, origins) {
      workspace.row.set(
        property.input, to: input.numerator, over: input.denominator, origin: .supplied)
      for step in program.steps {
        switch step {
        case .compute(let range, _): program.compute(range, in: &workspace, keepSupplied: true)
        case .rank(let rank): program.rank(rank, in: &workspace, keepSupplied: true)
        case .model, .decide, .override: break
        }
      }
      guard let value = workspace.row.quotient(property.slot) else { continue }
      if let last, property.rises ? value < last.value : value > last.value {
        let spelling = ValueSpelling(program)
        return
          "`\(name(property.slot))` goes from \(spelling.bare(last.value, slot: property.slot)) "
          + "to \(spelling.bare(value, slot: property.slot)) as `\(name(property.input))` goes from "
          + "\(spelling.bare(last.input, slot: property.input)) to "
          + spelling.full(input, slot: property.input)
      }
      last = (input, value)
    }
    return nil
  }

  private func candidates(_ input: Int, _ origins: ValueOrigins) -> [Quotient] {
    // Scores are models' to say; their words have another order.
    if case .double = program.code.layout.slots[input].type { return [] }
    let domain = origins.domain(of: input)
    var values: Set<Quotient> = [Quotient(0)]
    for power in 0..<12 {
      if let ten = ExactArithmetic.powerOfTen(power) {
        values.formUnion([Quotient(ten), Quotient(-ten)])
      }
    }
    for rank in program.ranks where rank.source == input {
      for cut in rank.cutPoints {
        values.formUnion([-1, 0, 1].compactMap { Quotient(cut).adding(Quotient($0)) })
      }
    }
    values.formUnion([domain.lower, domain.upper].compactMap { $0 })
    return values.filter { value in
      (domain.lower.map { $0 <= value } ?? true) && (domain.upper.map { $0 >= value } ?? true)
    }.sorted()
  }

  private func name(_ slot: Int) -> String { ValueSpelling(program).name(slot) }
}

/// A property of a decision's outcome.
private struct DecisionProperty {
  private let property: PropertyPlan
  private let question: DecisionQuestion
  private let budget: CombinationTable.Budget
  private let boxBudget: BoxBudget
  private let text: QuestionText
  private static let limit = 5

  init(
    _ program: Program, _ decision: Int, _ property: PropertyPlan,
    _ budget: CombinationTable.Budget, _ boxBudget: BoxBudget
  ) {
    self.property = property
    self.budget = budget
    self.boxBudget = boxBudget
    question = DecisionQuestion(program, decision: decision, inlining: property.input)
    text = QuestionText(question)
  }

  func verdict() -> PropertyAnalysis.Verdict {
    if question.isTooLarge {
      return .notProved("there are too many combinations of the other values")
    }
    let directions = ValueDirections(question.program, question.origins, of: property.input)
    // The axes that move as the input rises, each with its direction along its cells.
    var moving: [(axis: Int, rises: Bool)] = []
    for (index, axis) in question.axes.enumerated() {
      let direction =
        axis.isComparison
        ? comparison(axis, directions) : directions.direction(of: axis.slot)
      switch direction {
      case .stays: continue
      case .rises where axis.isOrdered || axis.isComparison: moving.append((index, true))
      case .falls where axis.isOrdered || axis.isComparison: moving.append((index, false))
      default:
        return .notProved(
          "how `\(name(axis.slot))` moves with `\(name(property.input))` is not known")
      }
    }
    var faults: [Fault] = []
    for (axis, rises) in moving {
      guard let found = self.faults(along: axis, rises: rises) else {
        return .notProved("there are too many combinations of the other values")
      }
      faults += found
    }
    if faults.isEmpty { return .holds }
    let sentences = faults.prefix(Self.limit).map(sentence)
    // Another quantity may move at the same time, or the cells may not occur together.
    let isAlone = moving.count == 1 && question.axes[moving[0].axis].slot == property.input
    if isAlone, text.isExact { return .fails(sentences) }
    return .notProved("possibly " + sentences[0])
  }

  /// How the comparison of two values moves: from `<` over `==` to `>`.
  private func comparison(_ axis: DecisionAxis, _ directions: ValueDirections)
    -> ValueDirections.Direction
  {
    guard axis.compared.count == 2 else { return .unknown }
    let (left, right) = (
      directions.direction(of: axis.compared[0]), directions.direction(of: axis.compared[1])
    )
    if left == .stays, right == .stays { return .stays }
    return axis.valueCount == 3 ? left.added(right.reversed) : .unknown
  }

  /// A step from one cell to a later one that moves the outcome the wrong way.
  private struct Fault {
    var axis: Int
    var from: Int
    var to: Int
    /// The other cells.
    var cells: [Int]
    var before: Quotient
    var after: Quotient
  }

  /// Nil where it could not be found out.
  private func faults(along axis: Int, rises: Bool) -> [Fault]? {
    if let table = CombinationTable(question, budget: budget) {
      return faults(along: axis, rises: rises, in: table)
    }
    return DecisionProducts(question, budget: boxBudget).flatMap {
      searched(along: axis, rises: rises, in: $0)
    }
  }

  private func isWrong(_ before: Quotient, _ after: Quotient, rises: Bool) -> Bool {
    rises == property.rises ? after < before : after > before
  }

  private func faults(along axis: Int, rises: Bool, in table: CombinationTable) -> [Fault] {
    let outcomes = OutcomeValues(question)
    var faults: [Fault] = []
    let count = question.axes[axis].valueCount
    let stride = table.space.strides[axis]
    for start in table.results.indices where table.space.cell(start, axis: axis) == 0 {
      // Where no rule decides there is nothing to compare: the last outcome stands.
      var last: (cell: Int, value: Quotient)?
      for cell in 0..<count {
        let combination = start + cell * stride
        guard case .decided = table.results[combination],
          let value = outcomes.value(of: table.holding(combination))
        else { continue }
        if let last, isWrong(last.value, value, rises: rises) {
          faults.append(
            Fault(
              axis: axis, from: last.cell, to: cell, cells: table.space.cells(combination),
              before: last.value, after: value))
          if faults.count == Self.limit { return faults }
        }
        last = (cell, value)
      }
    }
    return faults
  }

  /// The same by searching boxes, one step after the other; nil where the budget ends or some case
  /// has no outcome.
  private func searched(along axis: Int, rises: Bool, in decision: DecisionProducts) -> [Fault]? {
    guard question.plan.otherwise != nil, decision.isOrdered else { return nil }
    let outcomes = OutcomeValues(question)
    let values = decision.products.indices.map { outcomes.value(ofRule: $0) }
    let other = outcomes.value(of: [])
    let distinct = Array(Set(values + [other])).compactMap { $0 }.sorted()
    func place(_ value: Quotient?) -> Int32 {
      Int32(value.flatMap { distinct.firstIndex(of: $0) } ?? -1)
    }
    var faults: [Fault] = []
    var expense = BoxExpense()
    for cell in 1..<max(1, question.axes[axis].valueCount) {
      let entries = (0..<decision.table.count).compactMap { product -> SideSearch.Entry? in
        let runs = decision.table.cells(of: axis, in: product)
        let below = runs.contains { $0.contains(cell - 1) }
        let above = runs.contains { $0.contains(cell) }
        guard below || above else { return nil }
        return SideSearch.Entry(product: product, isFirst: below, isSecond: above)
      }
      var search = SideSearch(
        decision.table, outcomes: values.map(place), others: (place(other), place(other)),
        budget: boxBudget, expense: expense)
      let isDone = search.differences(
        in: decision.everything, entries: entries, apartFrom: axis
      ) { box, first, second in
        guard first >= 0, second >= 0 else { return true }
        let (before, after) = (distinct[Int(first)], distinct[Int(second)])
        guard isWrong(before, after, rises: rises) else { return true }
        faults.append(
          Fault(
            axis: axis, from: cell - 1, to: cell, cells: box.ranges.map(\.lowerBound),
            before: before, after: after))
        return false
      }
      expense = search.expense
      if faults.count >= Self.limit { return faults }
      // What ended for a fault went on to the next step; anything else is the budget.
      if !isDone, faults.last?.to != cell { return nil }
    }
    return faults
  }

  private func sentence(_ fault: Fault) -> String {
    let spelling = ValueSpelling(question.program)
    let axis = question.axes[fault.axis]
    func outcome(_ value: Quotient) -> String { spelling.bare(value, slot: property.slot) }
    var text =
      "`\(name(property.slot))` goes from \(outcome(fault.before)) to \(outcome(fault.after)) as "
      + "\(spelling.value(fault.from, of: axis)) becomes \(spelling.value(fault.to, of: axis))"
    let others = question.axes.indices.filter {
      $0 != fault.axis && question.axes[$0].cellCount > 1
    }
    if !others.isEmpty { text += ", with " + self.text.witness(fault.cells, named: others) }
    return text
  }

  private func name(_ slot: Int) -> String { ValueSpelling(question.program).name(slot) }
}

/// What a decision comes to, as values that have an order.
private struct OutcomeValues {
  private let program: Program
  private let plan: DecisionPlan
  private let classes: OutcomeClasses

  init(_ question: DecisionQuestion) {
    program = question.program
    plan = question.plan
    classes = OutcomeClasses(program, plan, rules: Array(plan.rules))
  }

  func value(ofRule number: Int) -> Quotient? {
    constant(program.rules[plan.rules.lowerBound + number].outcome)
  }

  /// - Parameter holding: the rules that hold, rising.
  func value(of holding: [Int]) -> Quotient? {
    guard let first = holding.first else {
      return plan.otherwise.flatMap { constant(program.rules[$0].outcome) }
    }
    switch plan.choosing {
    case .priority:
      return holding.min { classes.priorities[$0] < classes.priorities[$1] }
        .flatMap { value(ofRule: $0) }
    case .collect:
      if plan.aggregator == .count { return Quotient(Int128(holding.count)) }
      return holding.reduce(Optional(Quotient(0))) { sum, rule in
        value(ofRule: rule).flatMap { sum?.adding($0) }
      }
    case .first, .unique, .any: return value(ofRule: first)
    }
  }

  private func constant(_ slot: Int) -> Quotient? {
    slot < program.code.layout.constantCount ? program.code.layout.constants[slot] : nil
  }
}
