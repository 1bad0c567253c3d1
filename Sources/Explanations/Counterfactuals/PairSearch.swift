import DataFields
import RuleLanguage
import ThresholdCells

/// Results that two changed facts reach, and no single one.
struct PairSearch {
  private let decided: DecidedCase
  private let axes: [FactAxis]
  private let distance: FactDistance
  private let movable: [Int]
  /// Results that need no pair.
  private let reached: Set<CaseResult>
  private var left: Int
  private(set) var doubts: [String] = []
  private var best: [CaseResult: Counterfactual] = [:]

  init(_ search: CounterfactualSearch, budget: Int) {
    decided = search.decided
    axes = search.axes
    distance = search.distance
    movable = search.movable.filter { search.axes[$0].cellCount > 1 }
    reached = Set(search.singles.map(\.result)).union([search.decided.result])
    left = budget
  }

  var found: [Counterfactual] {
    best.values.sorted { ($0.cost, "\($0.result)") < ($1.cost, "\($1.result)") }
  }

  /// - Parameter cells: the case's own; where its facts are just what conditions and models read, models
  ///   are added up by cells.
  mutating func run(_ cells: CellDecision, _ evaluator: inout CaseEvaluator) {
    let ties = FactTies(decided)
    var surface = CellSurface(cells)
    for (place, first) in movable.enumerated() {
      for second in movable[(place + 1)...] {
        doubts += (axes[first].doubts + axes[second].doubts).filter { !doubts.contains($0) }
        if ties.areTied(first, second) {
          runTied(first, second, &evaluator)
          runTied(second, first, &evaluator)
        } else if surface?.isTooLarge(first, second) == true {
          doubt("not every pair of values was tried")
        } else if surface != nil {
          let outcomes = surface?.outcomes(first, second) ?? []
          take(first, second, outcomes, surface?.results ?? [])
        } else {
          runGrid(first, second, &evaluator)
        }
      }
    }
  }

  private mutating func doubt(_ reason: String) {
    if !doubts.contains(reason) { doubts.append(reason) }
  }

  private mutating func take(
    _ first: Int, _ second: Int, _ outcomes: [Int32], _ results: [CaseResult]
  ) {
    let columns = axes[second].cellCount
    let isWanted = results.map { !reached.contains($0) }
    for place in outcomes.indices where isWanted[Int(outcomes[place])] {
      let (row, column) = (place / columns, place % columns)
      guard let one = axes[first].nearest(row, to: decided.facts[first]),
        let other = axes[second].nearest(column, to: decided.facts[second])
      else { continue }
      take(first, one, second, other, results[Int(outcomes[place])])
    }
  }

  private mutating func take(
    _ first: Int, _ one: Quotient, _ second: Int, _ other: Quotient, _ result: CaseResult
  ) {
    let facts = decided.facts
    guard facts[first].mayBecome(one), facts[second].mayBecome(other) else { return }
    let cost =
      distance.distance(facts[first], at: first, to: one)
      + distance.distance(facts[second], at: second, to: other)
    if let known = best[result], known.cost <= cost { return }
    let changes = [
      FactChange(fact: first, value: one), FactChange(fact: second, value: other),
    ].sorted { $0.fact < $1.fact }
    best[result] = Counterfactual(changes: changes, result: result, cost: cost)
  }

  /// Facts that meet in no value: the cells of one are the same whatever the other is.
  private mutating func runGrid(_ first: Int, _ second: Int, _ evaluator: inout CaseEvaluator) {
    for row in 0..<axes[first].cellCount where row != axes[first].current {
      guard let one = axes[first].nearest(row, to: decided.facts[first]) else { continue }
      for column in 0..<axes[second].cellCount where column != axes[second].current {
        guard let other = axes[second].nearest(column, to: decided.facts[second]) else { continue }
        guard left > 0 else { return doubt("not every pair of values was tried") }
        left -= 1
        let result = evaluator.result(of: [
          FactChange(fact: first, value: one), FactChange(fact: second, value: other),
        ])
        if !reached.contains(result) { take(first, one, second, other, result) }
      }
    }
  }

  /// Facts that a value is worked out from together: for each cell of the first, the second is cut
  /// anew.
  private mutating func runTied(_ first: Int, _ second: Int, _ evaluator: inout CaseEvaluator) {
    let names = [first, second].sorted().map { "`\(decided.facts[$0].name)`" }
    doubt(
      "\(names.joined(separator: " and ")) meet in one value; of one the nearest value of each cell"
        + " was tried, with each cell of the other")
    for row in 0..<axes[first].cellCount where row != axes[first].current {
      guard let one = axes[first].nearest(row, to: decided.facts[first]) else { continue }
      let moved = decided.changing(first, to: one)
      var builder = FactAxisBuilder(moved, fact: second)
      let axis = builder.build()
      for cell in 0..<axis.cellCount where cell != axis.current {
        guard let other = axis.nearest(cell, to: moved.facts[second]) else { continue }
        guard left > 0 else { return doubt("not every pair of values was tried") }
        left -= 1
        let result = evaluator.result(of: [
          FactChange(fact: first, value: one), FactChange(fact: second, value: other),
        ])
        if !reached.contains(result) { take(first, one, second, other, result) }
      }
    }
  }
}

/// Which facts some value is worked out from together.
struct FactTies {
  private var groups: [Set<Int>] = []

  init(_ decided: DecidedCase) {
    let program = decided.program
    let places = Dictionary(
      decided.facts.enumerated().map { ($0.element.slot, $0.offset) }
    ) { first, _ in first }
    var slots: Set<Int> = []
    for step in decided.plan.steps {
      switch program.steps[step] {
      case .rank(let rank): slots.insert(program.ranks[rank].source)
      case .model(let model): slots.formUnion(program.models[model].feeds.map(\.slot))
      case .decide(let decision):
        for rule in program.decisions[decision].rules {
          if let root = program.rules[rule].condition { slots.formUnion(decided.operands(root)) }
        }
      case .override(let override):
        slots.formUnion(decided.operands(program.overrides[override].condition))
      case .compute(let range, _):
        for instruction in program.code.instructions[range]
        where instruction.operation == .condition {
          slots.formUnion(decided.operands(Int(instruction.right)))
        }
      }
    }
    for slot in slots {
      let group = Set(decided.factsBehind(slot).compactMap { places[$0] })
      if group.count > 1, !groups.contains(group) { groups.append(group) }
    }
  }

  func areTied(_ first: Int, _ second: Int) -> Bool {
    groups.contains { $0.contains(first) && $0.contains(second) }
  }
}

extension DecidedCase {
  func operands(_ root: Int) -> [Int] {
    origins.leaves(of: root).flatMap { leaf -> [Int] in
      let node = program.code.conditions[leaf]
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles:
        return [Int(node.left), Int(node.right)]
      default: return [Int(node.left)]
      }
    }
  }

  /// The slots of the facts that a value is computed from; ranks, scores and outcomes end the walk,
  /// since they cut values on their own.
  func factsBehind(_ slot: Int) -> Set<Int> {
    let given = Set(facts.map(\.slot))
    var found: Set<Int> = []
    var seen: Set<Int> = []
    var open = [slot]
    while let slot = open.popLast() {
      guard slot >= 0, !origins.isConstant(slot), seen.insert(slot).inserted else { continue }
      if given.contains(slot) {
        found.insert(slot)
        continue
      }
      if origins.rank(at: slot) != nil || origins.decision(at: slot) != nil
        || origins.score(at: slot) != nil
      {
        continue
      }
      guard let (instruction, _) = origins.definition(of: slot) else { continue }
      if instruction.operation == .condition { continue }
      if instruction.operation == .coalesce, Int(instruction.left) == slot,
        let own = origins.ownComputation(of: slot)
      {
        open += [Int(own.left), Int(own.right)]
        continue
      }
      open += [Int(instruction.left), Int(instruction.right)]
    }
    return found
  }

  /// The same case with one fact changed.
  func changing(_ fact: Int, to value: Quotient) -> DecidedCase {
    var given = facts.map { (slot: $0.slot, value: $0.value) }
    given[fact].value = value
    return DecidedCase(
      library: library, decision: decision, given: given, context: context, asOf: asOf,
      engine: engine, origins: origins, modelCuts: modelCuts)
  }
}
