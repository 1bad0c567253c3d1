import DataFields
package import ThresholdCells

/// Where two versions of a decision end differently: the exact regions of their inputs.
package struct DecisionDifference: Sendable {
  /// A region on which one outcome became another.
  package struct Region: Sendable, Hashable {
    /// Outcomes as the rulesets spell them; `no rule` where the decision is refused for want of one.
    package var before: String
    package var after: String
    /// As a condition: `enterprise.employees >= 200 and enterprise.employees < 250`.
    package var condition: String
    /// Values in the region, as an author would give them.
    package var witness: String
  }

  package let name: String
  package private(set) var regions: [Region] = []
  /// Whether `regions` are all: the search came to its end.
  package private(set) var isComplete = true
  /// Why the versions could not be compared; nil where they were.
  package private(set) var refusal: String?
  /// Assumptions that the regions rest on; without any they are proved.
  package private(set) var doubts: [String] = []
  /// What else may end otherwise, beyond what regions say: for want of a value, by an override.
  package private(set) var notes: [String] = []

  /// Boxes that a search may find before it is ended.
  private static let boxLimit = 20_000

  /// - Complexity: that of a search over boxes, within the budget.
  package init(
    _ name: String, old: (program: Program, decision: Int), new: (program: Program, decision: Int),
    budget: BoxBudget = .init()
  ) {
    self.name = name
    let pair = VersionPair(old, new)
    notes = pair.notes
    guard let (before, after) = pair.products(budget) else {
      refusal = "a condition is no box of thresholds, or they come to too many boxes"
      return
    }
    guard before.question.isWithinWords, after.question.isWithinWords else {
      refusal = "a threshold lies beyond what a number holds"
      return
    }
    var space = SharedAxes(pair)
    var places: [[Int]] = []
    for (side, products) in [before, after].enumerated() {
      guard let added = space.add(products, of: side) else {
        refusal = "a quantity changed its type, its unit or its values"
        return
      }
      places.append(added)
    }
    space.nameApart()
    doubts = space.doubts([before.question, after.question])
    switch [before, after].count(where: { $0.question.plan.choosing == .collect }) {
    case 0: compare(before, after, in: space, at: places, budget)
    case 2: compareCollected(before, after, in: space, at: places, budget)
    default: refusal = "one version collects outcomes and the other chooses one"
    }
    if !regions.isEmpty, notes.isEmpty, !old.program.decisions[old.decision].overrides.isEmpty {
      notes.append("where an override is in force, its own outcome stands")
    }
  }

  private mutating func compare(
    _ before: DecisionProducts, _ after: DecisionProducts, in space: SharedAxes,
    at places: [[Int]], _ budget: BoxBudget
  ) {
    var outcomes = OutcomeNames()
    var table = ProductTable(sizes: space.axes.map { $0.axis.cellCount })
    var entries: [SideSearch.Entry] = []
    var numbers: [Int32] = []
    var others: [Int32] = []
    var everything = space.axes.map { 0..<$0.axis.cellCount }
    for (side, products) in [before, after].enumerated() {
      let firstOwner = numbers.count
      let report = FindingReport(
        products.question.program, decision: products.question.decision)
      for rule in products.products.indices {
        numbers.append(outcomes.number(report.outcome(rule)))
      }
      others.append(
        outcomes.number(
          products.question.plan.otherwise == nil
            ? "no rule" : report.outcome(products.products.count)))
      for product in 0..<products.table.count {
        guard let moved = products.table.product(product, at: places[side]) else { continue }
        entries.append(
          .init(product: table.count, isFirst: side == 0, isSecond: side == 1))
        table.append(moved, owner: firstOwner + Int(products.table.owners[product]))
      }
      for (axis, range) in products.everything.ranges.enumerated() {
        everything[places[side][axis]] = everything[places[side][axis]].clamped(to: range)
      }
    }
    var search = SideSearch(
      table, outcomes: numbers, others: (others[0], others[1]), budget: budget)
    var found: [OutcomePair: [CellBox]] = [:]
    var count = 0
    isComplete = search.differences(in: CellBox(everything), entries: entries) {
      found[OutcomePair(before: $1, after: $2), default: []].append($0)
      count += 1
      return count < Self.boxLimit
    }
    addRegions(found, outcomes, space)
  }

  private mutating func addRegions(
    _ found: [OutcomePair: [CellBox]], _ outcomes: OutcomeNames, _ space: SharedAxes
  ) {
    for pair in found.keys.sorted() {
      let boxes = CellBox.joined(found[pair] ?? []).sorted {
        $0.ranges.lazy.map(\.lowerBound).lexicographicallyPrecedes($1.ranges.lazy.map(\.lowerBound))
      }
      for box in boxes {
        regions.append(
          Region(
            before: outcomes.names[Int(pair.before)], after: outcomes.names[Int(pair.after)],
            condition: space.condition(box), witness: space.witness(box)))
      }
    }
  }

  /// The same where every rule that holds counts.
  private mutating func compareCollected(
    _ before: DecisionProducts, _ after: DecisionProducts, in space: SharedAxes,
    at places: [[Int]], _ budget: BoxBudget
  ) {
    var rules: [CollectedRules] = []
    var everything = space.axes.map { 0..<$0.axis.cellCount }
    for (side, products) in [before, after].enumerated() {
      rules.append(CollectedRules(products, at: places[side]))
      for (axis, range) in products.everything.ranges.enumerated() {
        everything[places[side][axis]] = everything[places[side][axis]].clamped(to: range)
      }
    }
    let shared = rules[0].owners(joinedWith: &rules[1])
    var table = ProductTable(sizes: space.axes.map { $0.axis.cellCount })
    var entries: [SideSearch.Entry] = []
    for (side, rules) in rules.enumerated() {
      for (rule, owner) in rules.owners.enumerated() where side == 0 || !shared.contains(owner) {
        for product in rules.products[rule] {
          entries.append(
            .init(
              product: table.count, isFirst: side == 0,
              isSecond: side == 1 || shared.contains(owner)))
          table.append(product, owner: owner)
        }
      }
    }
    let ownerCount = (rules.flatMap(\.owners).max() ?? 0) + 1
    var search = CollectSearch(table, ownerCount: ownerCount, budget: budget)
    var outcomes = OutcomeNames()
    var found: [OutcomePair: [CellBox]] = [:]
    var count = 0
    isComplete = search.differences(
      in: CellBox(everything), entries: entries,
      judge: { first, second, isWhole in
        guard isWhole else { return .open }
        return rules[0].outcome(first) == rules[1].outcome(second) ? .same : .different
      },
      visit: { box, first, second in
        let pair = OutcomePair(
          before: outcomes.number(rules[0].outcome(first)),
          after: outcomes.number(rules[1].outcome(second)))
        found[pair, default: []].append(box)
        count += 1
        return count < Self.boxLimit
      })
    addRegions(found, outcomes, space)
  }

  private struct OutcomePair: Hashable, Comparable {
    var before: Int32
    var after: Int32

    static func < (left: Self, right: Self) -> Bool {
      (left.before, left.after) < (right.before, right.after)
    }
  }

  /// Outcomes of both versions by their spelling.
  private struct OutcomeNames {
    private(set) var names: [String] = []

    mutating func number(_ name: String) -> Int32 {
      if let known = names.firstIndex(of: name) { return Int32(known) }
      names.append(name)
      return Int32(names.count - 1)
    }
  }
}

extension ProductTable {
  /// A product over other axes, given by their places; nil if it is empty there, where two axes have
  /// one place.
  func product(_ product: Int, at places: [Int]) -> CellProduct? {
    var moved: CellProduct? = CellProduct()
    for axis in axes(of: product) {
      let factor = CellProduct(axis: places[axis], CellRuns(cells(of: axis, in: product)))
      moved = moved?.intersection(factor)
    }
    return moved
  }
}
