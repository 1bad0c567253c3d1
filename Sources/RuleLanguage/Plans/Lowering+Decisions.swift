import DataFields
import SourceDiagnostics

extension Lowering {
  mutating func lowerDecision(_ index: Int) {
    let decision = checked.decisions[index]
    let value = checked.values[decision.value]
    let type = decision.outcomeType
    // Conditions first: what they compute becomes steps before the decision's own.
    let plans = decision.rules.map { rulePlan($0, type) }
    let first = program.rules.count
    program.rules += plans
    let end = program.rules.count
    var otherwise: Int?
    if let rule = decision.otherwise {
      otherwise = program.rules.count
      program.rules.append(rulePlan(rule, value.type.valueType ?? type))
    }
    firstRule.append(first)
    otherwiseRule.append(otherwise)
    let slot = slots[decision.value]
    let members = checked.values.indices.compactMap { other -> DecisionPlan.Member? in
      guard case .member(index, let outcome) = checked.values[other].definition else { return nil }
      return DecisionPlan.Member(outcome: constant(outcome, as: type), slot: slots[other])
    }
    for member in members { stepOfSlot[member.slot] = program.steps.count }
    add(.decide(program.decisions.count), filling: slot)
    program.decisions.append(
      DecisionPlan(
        name: value.name, ruleset: decision.ruleset, hitPolicy: decision.hit,
        rules: first..<end, otherwise: otherwise,
        priorities: decision.priorities.map { priority in
          priority.text.map { code(of: $0) } ?? priority.stored(as: type)?.numerator ?? 0
        },
        slot: slot, required: [], steps: [], overrides: [], evidence: [],
        line: line(decision.span), aggregator: decision.aggregator, members: members))
  }

  private mutating func rulePlan(_ rule: CheckedRule, _ type: ValueType) -> RulePlan {
    var plan = RulePlan(
      name: rule.name, reasonCode: rule.reason?.code,
      reasonText: rule.reason?.pieces.map { piece in
        switch piece {
        case .text(let text): .text(text)
        case .value(let value): .slot(slots[value])
        }
      } ?? [],
      condition: rule.condition.map { lower($0) }, outcome: constant(rule.outcome, as: type),
      text: rule.text, line: line(rule.span))
    plan.cells = rule.cells
    return plan
  }

  mutating func lowerOverride(_ index: Int) {
    let override = checked.overrides[index]
    let target = checked.decisions[override.decision]
    let type = checked.values[target.value].type.valueType ?? target.outcomeType
    let condition = lower(override.condition)
    program.decisions[override.decision].overrides.append(program.overrides.count)
    // Who reads the decision reads what the override made of it, so it fills the slot last.
    stepOfOverride.append(program.steps.count)
    program.steps.append(.override(program.overrides.count))
    program.overrides.append(
      OverridePlan(
        name: override.name, reasonCode: override.reason?.code, authority: override.authority,
        until: override.until, condition: condition, decision: override.decision,
        outcome: constant(override.outcome, as: type), text: override.text,
        line: line(override.span)))
  }

  // MARK: What a decision rests on

  /// The values without which a condition has no result, rising.
  func required(_ condition: CheckedCondition) -> [Int] {
    let collector = EvidenceCollector(checked)
    return Set(condition.values).filter { !collector.isTolerated($0) }.sorted()
  }

  /// Fills in the steps, the evidence and the events of each decision.
  mutating func finishDecisions() {
    for index in program.events.indices {
      program.events[index].code = eventRows[index].code()
    }
    for (index, decision) in checked.decisions.enumerated() {
      var collector = EvidenceCollector(checked)
      collector.collect(decision)
      for override in checked.overrides where override.decision == index {
        collector.collect(override.condition.values)
      }
      let evidence = collector.ordered
      program.decisions[index].evidence = evidence.map { slots[$0] }
      let required = collector.required
      program.decisions[index].required = required.map { slots[$0] }
      program.decisions[index].causes = required.map { value in
        collector.causes(of: value).map { slots[$0] }
      }
      program.decisions[index].steps = steps(of: index, evidence: evidence)
      let aggregates = Set(
        evidence.compactMap { value in
          program.aggregates.firstIndex { $0.resultSlot == slots[value] }
        })
      for event in program.events.indices
      where program.events[event].aggregates.contains(where: aggregates.contains) {
        program.events[event].decisions.append(index)
      }
    }
  }

  /// The steps that must have run for a decision, in order, its overrides last.
  private func steps(of decision: Int, evidence: [Int]) -> [Int] {
    let plan = program.decisions[decision]
    var needed = Set<Int>()
    var pending = evidence.map { slots[$0] } + [plan.slot]
    let roots =
      (Array(plan.rules) + (plan.otherwise.map { [$0] } ?? []))
      .compactMap { program.rules[$0].condition }
      + plan.overrides.map { program.overrides[$0].condition }
    for root in roots { pending += operands(ofCondition: root) }
    var seen = Set<Int>()
    while let slot = pending.popLast() {
      guard seen.insert(slot).inserted, let step = stepOfSlot[slot] else { continue }
      needed.insert(step)
      switch program.steps[step] {
      case .compute(let range, _):
        for instruction in program.code.instructions[range] {
          if instruction.operation == .condition {
            pending += operands(ofCondition: Int(instruction.right))
          } else if instruction.operation != .convert {
            pending += [Int(instruction.left), Int(instruction.right)]
          }
        }
      case .rank(let rank): pending.append(program.ranks[rank].source)
      case .model(let model): pending += program.models[model].feeds.map(\.slot)
      case .decide(let other):
        for override in program.decisions[other].overrides {
          needed.insert(stepOfOverride[override])
          pending += operands(ofCondition: program.overrides[override].condition)
        }
        let others = program.decisions[other]
        for rule in Array(others.rules) {
          if let root = program.rules[rule].condition { pending += operands(ofCondition: root) }
        }
      case .override: break
      }
    }
    return needed.sorted()
  }

  private func operands(ofCondition root: Int) -> [Int] {
    let end = Int(program.code.conditions[root].end)
    return program.code.conditions[root..<end].flatMap { node -> [Int] in
      switch node.kind {
      case .all, .any, .not: []
      case .inList, .isPresent, .isMissing, .isTrue: [Int(node.left)]
      default: [Int(node.left), Int(node.right)]
      }
    }
  }
}

/// Gathers the values that a decision rests on, directly and through others.
private struct EvidenceCollector {
  private let checked: CheckedProgram
  private var found = Set<Int>()
  private var direct = Set<Int>()

  init(_ checked: CheckedProgram) { self.checked = checked }

  mutating func collect(_ decision: CheckedDecision) {
    for rule in decision.rules + (decision.otherwise.map { [$0] } ?? []) {
      let values = rule.condition?.values ?? []
      addDirect(values)
      collect(values)
      for case .value(let value)? in rule.reason?.pieces.map({ Optional($0) }) ?? [] {
        collect([value])
      }
    }
    // The subject's key is shown with every decision.
    for (index, value) in checked.values.enumerated() {
      guard case .field(let input, let field) = value.definition,
        checked.inputs[input].key == field, found.contains(where: { shares($0, input) })
      else { continue }
      found.insert(index)
    }
  }

  /// A named condition is read as if its condition stood in its place: what that needs, the
  /// decision needs.
  private mutating func addDirect(_ values: [Int]) {
    for value in values where direct.insert(value).inserted {
      guard case .let(let index) = checked.values[value].definition,
        checked.values[value].type == .value(.boolean),
        case .expression(let expression) = checked.lets[index].body
      else { continue }
      switch checked.values[value].missing {
      case .value, .rule: continue
      case .refuse, .never: addDirect(expression.values)
      }
    }
  }

  private func shares(_ value: Int, _ input: Int) -> Bool {
    switch checked.values[value].definition {
    case .field(let other, _): return other == input
    case .let(let index):
      if case .aggregate(let aggregate) = checked.lets[index].body {
        return checked.events[checked.streams[aggregate.stream].event].input == input
      }
      return false
    default: return false
    }
  }

  mutating func collect(_ values: [Int]) {
    var pending = values
    while let value = pending.popLast() {
      guard found.insert(value).inserted else { continue }
      pending += operands(of: value)
    }
  }

  private func operands(of value: Int) -> [Int] {
    switch checked.values[value].definition {
    case .field: return []
    case .let(let index):
      if case .expression(let expression) = checked.lets[index].body { return expression.values }
      return []
    case .rank(let index): return checked.ranks[index].source.values
    case .result(let model, _): return checked.models[model].feeds.flatMap(\.value.values)
    case .decision(let index), .member(let index, _):
      // What a decision rests on is in its own trace; what decided it is a fact to this one.
      let decision = checked.decisions[index]
      return decision.rules.flatMap { $0.condition?.values ?? [] }
    }
  }

  /// All that was found, in the order in which rules can compute it: the order of declaration.
  var ordered: [Int] { found.sorted() }

  /// The values that the conditions read, without which the decision cannot be made.
  ///
  /// A value for whose absence a rule asks is none of them, nor what is derived from it.
  var required: [Int] { direct.filter { !isTolerated($0) }.sorted() }

  /// What a required value rests on, and then itself: each may be why it is not there.
  func causes(of value: Int) -> [Int] {
    var pending = [value]
    var found = Set<Int>()
    while let next = pending.popLast() {
      guard found.insert(next).inserted else { continue }
      if isOutcome(next) { continue }
      if case .value = checked.values[next].missing { continue }
      pending += operands(of: next)
    }
    return found.sorted()
  }

  func isTolerated(_ value: Int) -> Bool {
    var pending = [value]
    var seen = Set<Int>()
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      switch checked.values[next].missing {
      case .rule: return true
      case .value, .never: continue
      case .refuse: break
      }
      if isOutcome(next) { continue }
      pending += operands(of: next)
    }
    return false
  }

  private func isOutcome(_ value: Int) -> Bool {
    switch checked.values[value].definition {
    case .decision, .member: true
    default: false
    }
  }
}
