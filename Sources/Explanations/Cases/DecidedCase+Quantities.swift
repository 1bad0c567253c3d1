import DataFields
import Decisions
import RuleLanguage

extension DecidedCase {
  /// The same decision as a function of the values that its conditions compare and its models are fed,
  /// each taken as free of the others: `per_head`, not the invoices and the people that it is made of.
  ///
  /// What holds whatever these values are, holds whatever they are made of. A value that is missing
  /// stays missing.
  package func overQuantities() -> DecidedCase {
    var walk = QuantityWalk(self)
    walk.visit(decision: decision)
    let row = engine.workspace.row
    let present = walk.quantities.filter { row.isPresent($0) }
    return DecidedCase(
      library: library, decision: decision,
      given: present.map { ($0, row.quotient($0)) },
      // What else was given stays as it was.
      context: facts.filter { !present.contains($0.slot) }.map { ($0.slot, $0.value) }
        + walk.quantities.filter { !row.isPresent($0) }.map { ($0, nil) },
      asOf: asOf, engine: engine, origins: origins, modelCuts: modelCuts)
  }
}

/// The values that a decision asks about, in the order in which it does.
private struct QuantityWalk {
  private let decided: DecidedCase
  private let given: Set<Int>
  private(set) var quantities: [Int] = []
  private var seen: Set<Int> = []
  private var decisions: Set<Int> = []

  init(_ decided: DecidedCase) {
    self.decided = decided
    given = Set(decided.facts.map(\.slot))
  }

  mutating func visit(decision: Int) {
    guard decisions.insert(decision).inserted else { return }
    let program = decided.program
    let plan = program.decisions[decision]
    for rule in plan.rules {
      if let root = program.rules[rule].condition { visit(condition: root) }
    }
    for override in plan.overrides { visit(condition: program.overrides[override].condition) }
    // An outcome that is worked out rests on what it is worked out from.
    for rule in Array(plan.rules) + (plan.otherwise.map { [$0] } ?? []) {
      visit(slot: program.rules[rule].outcome)
    }
  }

  private mutating func visit(condition root: Int) {
    for leaf in decided.origins.leaves(of: root) {
      let node = decided.program.code.conditions[leaf]
      visit(slot: Int(node.left))
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles: visit(slot: Int(node.right))
      default: break
      }
    }
  }

  private mutating func visit(slot: Int) {
    let origins = decided.origins
    guard slot >= 0, !origins.isConstant(slot), seen.insert(slot).inserted else { return }
    let program = decided.program
    if given.contains(slot) { return add(slot) }
    if let rank = origins.rank(at: slot) { return visit(slot: program.ranks[rank].source) }
    if let decision = program.decisions.firstIndex(where: { $0.isOutcome(slot) }) {
      return visit(decision: decision)
    }
    if let model = program.models.first(where: { $0.scores.contains { $0.slot == slot } }) {
      for feed in model.feeds { visit(slot: feed.slot) }
      return
    }
    if let (instruction, _) = origins.definition(of: slot) {
      switch instruction.operation {
      case .copy: return visit(slot: Int(instruction.left))
      case .condition: return visit(condition: Int(instruction.right))
      default: break
      }
    }
    add(slot)
  }

  private mutating func add(_ slot: Int) {
    if !quantities.contains(slot) { quantities.append(slot) }
  }
}
