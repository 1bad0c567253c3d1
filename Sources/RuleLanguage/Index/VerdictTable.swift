import DataFields

/// What a decision comes to for each combination of levels, made once when rules load.
///
/// A decision whose conditions read nothing but ranks and truth values has few combinations. Each
/// is decided by the evaluator rule by rule, so the table cannot differ from it.
package struct VerdictTable: Sendable {
  /// A value that the conditions read. Its last level stands for a value that is not present.
  struct Dimension: Sendable {
    var slot: Int32
    var levels: Int32
    var stride: Int32
  }

  private var dimensions: [Dimension] = []
  /// For each combination the rule that decides; -1 where the decision is refused, which the
  /// evaluator then says in full.
  private var deciding: [Int32] = []
  /// For each combination, what became of each rule, `otherwise` last.
  private var states: [RuleState] = []
  private var clauses: [Int32] = []
  private var rules = 0..<0
  /// What the decision needs beside them: what its named conditions compare.
  private var needed: [Int32] = []

  /// A table has no more combinations, and no more states of rules, than this.
  private static let combinationLimit = 4_096
  private static let stateLimit = 1 << 18

  /// A table without combinations, which knows no decision.
  init() {}

  var isEmpty: Bool { dimensions.isEmpty }

  /// The table is empty where a condition reads something else, or there are too many combinations.
  init(_ program: Program, decision index: Int) {
    let plan = program.decisions[index]
    let rules = plan.rules.lowerBound..<(plan.otherwise.map { $0 + 1 } ?? plan.rules.upperBound)
    guard plan.otherwise == nil || plan.otherwise == plan.rules.upperBound,
      let dimensions = Self.dimensions(of: plan, program)
    else { return }
    let count = dimensions.reduce(1) { $0 * Int($1.levels) }
    guard count <= Self.combinationLimit, count * rules.count <= Self.stateLimit else { return }
    self.dimensions = dimensions
    self.rules = rules
    let read = Set(dimensions.map { Int($0.slot) })
    let required = plan.required.filter { read.contains($0) }
    needed = plan.required.filter { !read.contains($0) }.map { Int32($0) }
    var workspace = EvaluationWorkspace(program)
    var deciding: [Int32] = []
    var states: [RuleState] = []
    var clauses: [Int32] = []
    for combination in 0..<count {
      for rule in rules {
        workspace.ruleStates[rule] = .notReached
        workspace.decidingClauses[rule] = -1
      }
      for dimension in dimensions {
        let level = combination / Int(dimension.stride) % Int(dimension.levels)
        if level == Int(dimension.levels) - 1 {
          workspace.row.mark(Int(dimension.slot), .missing, origin: .derived)
        } else {
          workspace.row.set(Int(dimension.slot), to: Int128(level), origin: .derived)
        }
      }
      var result = DecisionResult()
      if required.allSatisfy({ workspace.row.isPresent($0) }) {
        program.tryRules(index, &result, in: &workspace)
      }
      deciding.append(result.status == .decided ? result.rule : -1)
      for rule in rules {
        states.append(workspace.ruleStates[rule])
        clauses.append(workspace.decidingClauses[rule])
      }
    }
    self.deciding = deciding
    self.states = states
    self.clauses = clauses
  }

  private static func dimensions(of plan: DecisionPlan, _ program: Program) -> [Dimension]? {
    let layout = program.code.layout
    // An outcome that is computed is read from its own slot, whichever rule decides.
    var slots: Set<Int> = []
    for rule in plan.rules {
      guard let root = program.rules[rule].condition else { continue }
      for node in program.code.conditions[root..<Int(program.code.conditions[root].end)] {
        switch node.kind {
        case .all, .any, .not: continue
        case .inList, .compareQuotients, .compareDoubles: return nil
        case .isPresent, .isMissing, .isTrue: slots.insert(Int(node.left))
        case .compareWords: slots.formUnion([Int(node.left), Int(node.right)])
        }
      }
    }
    slots = slots.filter { $0 >= layout.constantCount }
    var dimensions: [Dimension] = []
    var stride = 1
    for slot in slots.sorted() {
      let levels: Int
      switch layout.slots[slot].type {
      case .rank(let scale): levels = program.scales[scale].levels.count + 1
      case .boolean: levels = 3
      case .integer, .decimal, .quotient, .date, .text, .double: return nil
      }
      dimensions.append(
        Dimension(slot: Int32(slot), levels: Int32(levels), stride: Int32(stride)))
      stride *= levels
      guard stride <= combinationLimit else { return nil }
    }
    return dimensions.isEmpty ? nil : dimensions
  }

  /// The combination of a row, and the rule that decides it; a rule of -1 where there is no word.
  @inline(__always)
  func lookUp(_ row: borrowing RuleRow) -> (combination: Int, rule: Int32) {
    var combination = 0
    let dimensions = dimensions.span
    if dimensions.isEmpty { return (-1, -1) }
    let needed = needed.span
    for place in needed.indices where !row.isPresent(Int(needed[place])) { return (-1, -1) }
    for place in dimensions.indices {
      let dimension = dimensions[place]
      let slot = Int(dimension.slot)
      let absent = Int(dimension.levels) &- 1
      let level = row.isPresent(slot) ? Int(truncatingIfNeeded: row.value(slot)) : absent
      guard UInt(bitPattern: level) <= UInt(bitPattern: absent) else { return (-1, -1) }
      combination &+= level &* Int(dimension.stride)
    }
    return (combination, deciding.span[combination])
  }

  /// Says what became of each rule for a combination.
  ///
  /// Inlined, for a call would have the table's arrays counted.
  @inline(__always)
  func settle(_ combination: Int, in workspace: inout EvaluationWorkspace) {
    let states = states.span
    let clauses = clauses.span
    let start = combination * rules.count
    var place = start
    for rule in rules {
      workspace.ruleStates[rule] = states[place]
      workspace.decidingClauses[rule] = clauses[place]
      place += 1
    }
  }
}
