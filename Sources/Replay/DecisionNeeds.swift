import DataFields
import RuleLanguage

/// What a decision rests on: the facts that are given to it, the other decisions that it reads, and
/// the steps that lead from there to its outcome.
struct DecisionNeeds: Sendable {
  /// Slots of inputs and aggregates.
  private(set) var facts: Set<Int> = []
  /// Indices of ``Program/decisions``.
  private(set) var decisions: Set<Int> = []
  /// Indices of ``Program/steps``, those of the other decisions not among them.
  private(set) var steps: Set<Int> = []

  /// The needs of each decision of a program.
  static func all(of program: Program) -> [DecisionNeeds] {
    let slots = SlotRoles(program)
    return program.decisions.indices.map { DecisionNeeds($0, program, slots) }
  }

  private init(_ index: Int, _ program: Program, _ slots: SlotRoles) {
    let plan = program.decisions[index]
    for (number, step) in program.steps.enumerated() {
      switch step {
      case .decide(index): steps.insert(number)
      case .override(let override) where plan.overrides.contains(override): steps.insert(number)
      default: break
      }
    }
    var pending = plan.evidence
    for rule in plan.rules {
      if let root = program.rules[rule].condition { pending += slots.operands(ofCondition: root) }
    }
    for override in plan.overrides {
      pending += slots.operands(ofCondition: program.overrides[override].condition)
    }
    var seen: Set<Int> = []
    while let slot = pending.popLast() {
      guard slot >= program.code.layout.constantCount, seen.insert(slot).inserted else { continue }
      if let other = slots.decision[slot] {
        if other != index { decisions.insert(other) }
        continue
      }
      if slots.given.contains(slot) { facts.insert(slot) }
      guard let step = slots.step[slot] else { continue }
      steps.insert(step)
      pending += slots.operands(ofStep: program.steps[step])
    }
  }
}

/// What the slots of a program's row are to it.
struct SlotRoles: Sendable {
  private let program: Program
  /// Slots of inputs and aggregates.
  let given: Set<Int>
  /// The decision whose outcome, or part of it, a slot holds.
  let decision: [Int: Int]
  /// The step that fills a slot.
  let step: [Int: Int]

  init(_ program: Program) {
    self.program = program
    given = Set(program.inputs.flatMap(\.fields).map(\.slot))
      .union(program.aggregates.map(\.resultSlot))
    var decision: [Int: Int] = [:]
    for (index, plan) in program.decisions.enumerated() {
      decision[plan.slot] = index
      for member in plan.members { decision[member.slot] = index }
    }
    var step: [Int: Int] = [:]
    for (number, one) in program.steps.enumerated() {
      switch one {
      case .compute(let range, let destination):
        for instruction in program.code.instructions[range] {
          step[Int(instruction.destination)] = number
        }
        step[destination] = number
      case .rank(let rank): step[program.ranks[rank].slot] = number
      case .model(let model):
        for score in program.models[model].scores { step[score.slot] = number }
      case .decide, .override: break
      }
    }
    self.decision = decision
    self.step = step
  }

  /// The slots that a step other than a decision's reads.
  func operands(ofStep step: Program.Step) -> [Int] {
    switch step {
    case .compute(let range, _):
      program.code.instructions[range].flatMap { instruction -> [Int] in
        switch instruction.operation {
        case .condition: operands(ofCondition: Int(instruction.right))
        case .copy, .negate, .require: [Int(instruction.left)]
        case .convert: []
        default: [Int(instruction.left), Int(instruction.right)]
        }
      }
    case .rank(let rank): [program.ranks[rank].source]
    case .model(let model): program.models[model].feeds.map(\.slot)
    case .decide, .override: []
    }
  }

  func operands(ofCondition root: Int) -> [Int] {
    let end = Int(program.code.conditions[root].end)
    return program.code.conditions[root..<end].flatMap { node -> [Int] in
      switch node.kind {
      case .all, .any, .not: []
      case .inList, .isPresent, .isMissing, .isTrue: [Int(node.left)]
      case .compareWords, .compareQuotients, .compareDoubles: [Int(node.left), Int(node.right)]
      }
    }
  }
}

/// How decisions are made again of the facts that are known: what is computed, and which outcomes of
/// other decisions are taken as they were recorded.
struct DecisionRoute: Sendable {
  /// Indices of ``Program/steps``, rising.
  let steps: [Int]
  /// Decisions that are not made again, since something that they rest on is not known.
  let recorded: Set<Int>

  /// - Parameters:
  ///   - known: slots of facts.
  ///   - recorded: decisions whose outcomes are known.
  /// - Returns: nil if the decision cannot be made of that.
  init?(to decision: Int, needs: [DecisionNeeds], known: Set<Int>, recorded: Set<Int>) {
    var route = Route(needs: needs, known: known, recorded: recorded)
    guard route.make(decision) else { return nil }
    steps = route.steps.sorted()
    self.recorded = route.taken
  }

  private struct Route {
    let needs: [DecisionNeeds]
    let known: Set<Int>
    let recorded: Set<Int>
    var steps: Set<Int> = []
    var taken: Set<Int> = []
    private var visited: [Int: Bool] = [:]

    init(needs: [DecisionNeeds], known: Set<Int>, recorded: Set<Int>) {
      self.needs = needs
      self.known = known
      self.recorded = recorded
    }

    /// Whether a decision can be made, with its steps added then. Rules admit no cycles.
    mutating func make(_ decision: Int) -> Bool {
      if let known = visited[decision] { return known }
      let own = needs[decision]
      var isMade = own.facts.isSubset(of: known)
      for other in own.decisions.sorted() where isMade {
        if make(other) { continue }
        isMade = recorded.contains(other)
        if isMade { taken.insert(other) }
      }
      visited[decision] = isMade
      if isMade { steps.formUnion(own.steps) }
      return isMade
    }
  }
}
