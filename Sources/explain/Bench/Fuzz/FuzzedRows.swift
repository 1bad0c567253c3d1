internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import Replay
internal import RuleLanguage

/// Decides on random rows with a program, and asks each rule whether it was decided rightly.
struct FuzzedRows {
  private let program: Program
  private var workspace: EvaluationWorkspace
  private var values: RandomValues
  /// Whether it is proved that a rule, and no two that differ, holds for each row.
  private let isProved: Bool
  private(set) var decided = 0
  private(set) var refused = 0

  init(_ program: Program, isProved: Bool, _ random: FuzzRandom) {
    self.program = program
    self.isProved = isProved
    values = RandomValues(program: program, random: random)
    workspace = EvaluationWorkspace(program)
  }

  /// Decides on a row; says what does not hold, if anything.
  mutating func next() -> String? {
    workspace.clear()
    values.fill(&workspace)
    for step in program.steps {
      switch step {
      case .compute(let range, _): program.compute(range, in: &workspace, keepSupplied: true)
      case .rank(let rank): program.rank(rank, in: &workspace, keepSupplied: true)
      case .decide(let decision): program.decide(decision, in: &workspace, keepSupplied: true)
      case .override(let override): program.override(override, asOf: nil, in: &workspace)
      case .model: break
      }
    }
    for decision in program.decisions.indices {
      program.settleRules(of: decision, in: &workspace)
      if let fault = fault(in: decision) { return fault }
    }
    return nil
  }

  /// The same by an engine, with traces, which must come out again when they are replayed; for
  /// programs without models.
  mutating func trace() -> String? {
    guard program.models.isEmpty else { return nil }
    let library = DecisionLibrary(program: program, models: [])
    var engine = DecisionEngine(library)
    var replay = LibraryReplay(library)
    values.fill(&engine.workspace)
    engine.run(Array(program.steps.indices), asOf: nil, keepSupplied: true)
    var encoder = TraceBodyEncoder()
    let context = TraceContext(
      source: Array("fuzz".utf8), record: 1, index: 0, subject: engine.texts.intern("1"),
      asOf: nil, previousOutcome: nil, lineageLength: 0, lineageHead: nil)
    for decision in program.decisions.indices {
      engine.encodeTrace(of: decision, context, into: &encoder)
      let name = "`\(program.decisions[decision].name)`"
      do throws(TraceFault) {
        if try !replay.remake(decision, from: encoder.bytes) {
          return "\(name) comes out otherwise when its trace is replayed"
        }
      } catch {
        return "the trace of \(name) cannot be read: \(error)"
      }
    }
    return nil
  }

  // MARK: What must hold

  /// Compares a decision with its rules, tried one by one.
  private mutating func fault(in decision: Int) -> String? {
    let plan = program.decisions[decision]
    let result = workspace.results[decision]
    let name = "`\(plan.name)`"
    var holding: [Int] = []
    for rule in plan.rules {
      guard let condition = program.rules[rule].condition else { continue }
      let holds = program.code.evaluate(condition, on: workspace.row, lists: program.lists).holds
      if holds { holding.append(rule) }
    }
    if result.status == .refused {
      refused += 1
      switch result.refusal {
      case .noRule where isProved || !holding.isEmpty || plan.otherwise != nil:
        return "\(name) finds no rule"
      case .conflict where isProved || !differ(holding):
        return "\(name) finds two rules"
      default: return nil
      }
    }
    guard result.status == .decided else { return "\(name) was not made" }
    decided += 1
    if plan.hitPolicy == .unique || plan.hitPolicy == .any, differ(holding) {
      return "\(name) decides between rules that differ"
    }
    for rule in plan.rules where workspace.ruleStates[rule] == .held && !holding.contains(rule) {
      return "\(name) has a rule that is said to hold, and does not"
    }
    if plan.hitPolicy == .collect { return nil }
    let rule = Int(result.rule)
    if holding.isEmpty {
      return rule == plan.otherwise ? nil : "\(name) goes by no rule that holds"
    }
    if !holding.contains(rule) { return "\(name) goes by a rule that does not hold" }
    if plan.hitPolicy == .first, rule != holding[0] { return "\(name) leaves the first rule out" }
    return nil
  }

  /// Whether rules have different outcomes.
  private func differ(_ rules: [Int]) -> Bool {
    Set(rules.map { workspace.row.value(program.rules[$0].outcome) }).count > 1
  }
}
