package import DataFields

/// What became of a rule when a decision was made.
package enum RuleState: UInt8, Sendable, Hashable {
  case notReached = 0
  case held = 1
  case failed = 2
}

/// Why a decision was refused.
package enum Refusal: UInt8, Sendable, Hashable, CaseIterable {
  /// A value that it rests on is missing, out of its domain, or too large to compute.
  case missing = 0
  case outOfRange = 1
  case overflow = 2
  /// Two rules with different outcomes hold, where the hit policy admits one.
  case conflict = 3
  /// No rule holds and there is no `otherwise`.
  case noRule = 4
  /// A decision that it rests on was refused.
  case dependsOnRefused = 5
  /// The model could not score the row.
  case notScored = 6
}

/// How one decision ended.
package struct DecisionResult: Sendable, Hashable {
  package enum Status: UInt8, Sendable, Hashable {
    case notMade, decided, refused
  }

  package var status = Status.notMade
  /// The rule that decided, as an index of ``Program/rules``; -1 if refused.
  package var rule: Int32 = -1
  package var refusal = Refusal.missing
  /// The slot for want of which the decision was refused; -1 for another reason.
  package var refusedSlot: Int32 = -1
  /// The rule that conflicts with `rule`; -1 if none does.
  package var conflictingRule: Int32 = -1
  /// The override in force, as an index of ``Program/overrides``, and the value that it replaced;
  /// -1 if there is none.
  package var override: Int32 = -1
  package var replaced: Int128 = 0

  package init() {}
}

/// The scratch of one engine: the row and what became of each rule and decision.
package struct EvaluationWorkspace: Sendable {
  package var row: RuleRow
  package var ruleStates: [RuleState]
  /// For a rule that failed or held, the clause that decided; -1 where there is none.
  package var decidingClauses: [Int32]
  package var results: [DecisionResult]

  package init(_ program: Program) {
    row = RuleRow(program.code.layout)
    ruleStates = Array(repeating: .notReached, count: program.rules.count)
    decidingClauses = Array(repeating: -1, count: program.rules.count)
    results = Array(repeating: DecisionResult(), count: program.decisions.count)
  }

  /// Forgets the row and every result.
  package mutating func clear() {
    row.clear()
    for index in ruleStates.indices { ruleStates[index] = .notReached }
    for index in results.indices { results[index] = DecisionResult() }
  }
}

extension Program {
  /// Runs a `compute` step.
  package func compute(
    _ range: Range<Int>, in workspace: inout EvaluationWorkspace, keepSupplied: Bool
  ) {
    var none = NoConversions()
    code.run(
      range, on: &workspace.row, lists: lists, keepSupplied: keepSupplied, conversions: &none)
  }

  /// Runs a `rank` step: the level of the interval in which the source's value lies.
  ///
  /// - Complexity: O(cut points).
  package func rank(
    _ index: Int, in workspace: inout EvaluationWorkspace, keepSupplied: Bool
  ) {
    // Copying a plan would count a reference for each of its arrays; a span lends it.
    let plans = ranks.span
    let slot = plans[index].slot
    let source = plans[index].source
    if keepSupplied, workspace.row.origin(slot) == .supplied { return }
    guard workspace.row.isPresent(source) else {
      workspace.row.mark(slot, workspace.row.state(source), origin: .derived)
      return
    }
    let value = workspace.row.values[source]
    let denominator = workspace.row.denominators[source]
    let cutPoints = plans[index].cutPoints.span
    let belongsBelow = plans[index].belongsBelow.span
    var interval = 0
    if case .double = code.layout.slots.span[source].type {
      let score = Double(bitPattern: UInt64(truncatingIfNeeded: value))
      guard !score.isNaN else {
        workspace.row.mark(slot, .missing, origin: .derived)
        return
      }
      while interval < cutPoints.count {
        let cut = Double(bitPattern: UInt64(truncatingIfNeeded: cutPoints[interval]))
        if belongsBelow[interval] ? score <= cut : score < cut { break }
        interval += 1
      }
    } else {
      while interval < cutPoints.count {
        let order = ExactArithmetic.compareProducts(value, 1, cutPoints[interval], denominator)
        if order < 0 || (order == 0 && belongsBelow[interval]) { break }
        interval += 1
      }
    }
    workspace.row.set(slot, to: Int128(plans[index].levels[interval]), origin: .derived)
  }

  /// Runs a `decide` step by the decision's hit policy.
  package func decide(_ index: Int, in workspace: inout EvaluationWorkspace, keepSupplied: Bool) {
    let plans = decisions.span
    let outcomeSlot = plans[index].slot
    if keepSupplied, workspace.row.origin(outcomeSlot) == .supplied { return }
    var result = DecisionResult()
    let required = plans[index].required.span
    for place in required.indices where !workspace.row.isPresent(required[place]) {
      let needed = required[place]
      let allCauses = plans[index].causes
      let causes = allCauses.indices.contains(place) ? allCauses[place] : []
      let slot = causes.first { !workspace.row.isPresent($0) } ?? needed
      result.status = .refused
      result.refusedSlot = Int32(slot)
      switch workspace.row.state(slot) {
      case .missing, .present: result.refusal = .missing
      case .outOfRange: result.refusal = .outOfRange
      case .overflow: result.refusal = .overflow
      }
      if decisions.contains(where: { $0.slot == slot }) { result.refusal = .dependsOnRefused }
      if result.refusal == .missing,
        models.contains(where: { $0.scores.contains { $0.slot == slot } })
      {
        result.refusal = .notScored
      }
      workspace.row.mark(outcomeSlot, .missing, origin: .derived)
      workspace.results[index] = result
      return
    }
    chooseRule(index, &result, in: &workspace)
    if result.status == .decided {
      let outcome = rules.span[Int(result.rule)].outcome
      workspace.row.set(
        outcomeSlot, to: workspace.row.values[outcome], over: workspace.row.denominators[outcome],
        origin: .derived)
    } else {
      workspace.row.mark(outcomeSlot, .missing, origin: .derived)
    }
    workspace.results[index] = result
  }

  private func chooseRule(
    _ index: Int, _ result: inout DecisionResult, in workspace: inout EvaluationWorkspace
  ) {
    let plans = decisions.span
    let rules = rules.span
    let hitPolicy = plans[index].hitPolicy
    var chosen: Int?
    for rule in plans[index].rules {
      guard let condition = rules[rule].condition else { continue }
      let truth = code.evaluate(condition, on: workspace.row, lists: lists)
      workspace.ruleStates[rule] = truth.holds ? .held : .failed
      workspace.decidingClauses[rule] = truth.decidingClause
      guard truth.holds else { continue }
      guard let before = chosen else {
        chosen = rule
        if hitPolicy == .first { break }
        continue
      }
      let outcome = workspace.row.values[rules[rule].outcome]
      let earlier = workspace.row.values[rules[before].outcome]
      switch hitPolicy {
      case .unique:
        result.conflictingRule = Int32(rule)
      case .any:
        if outcome != earlier { result.conflictingRule = Int32(rule) }
      case .priority:
        // The outcome that stands earlier in the list wins; ties go to the earlier rule.
        let priorities = plans[index].priorities
        let rank = priorities.firstIndex(of: outcome) ?? priorities.count
        let best = priorities.firstIndex(of: earlier) ?? priorities.count
        if rank < best { chosen = rule }
      case .first, .collect:
        break
      }
    }
    if chosen == nil, let otherwise = plans[index].otherwise {
      workspace.ruleStates[otherwise] = .held
      workspace.decidingClauses[otherwise] = -1
      chosen = otherwise
    }
    result.rule = Int32(chosen ?? -1)
    if result.conflictingRule >= 0 {
      result.status = .refused
      result.refusal = .conflict
    } else if chosen == nil {
      result.status = .refused
      result.refusal = .noRule
    } else {
      result.status = .decided
    }
  }

  /// Runs an `override` step: replaces the outcome where the condition holds and the override has
  /// not run out. The first override of a decision that holds is in force.
  package func override(
    _ index: Int, asOf: CalendarDate?, in workspace: inout EvaluationWorkspace
  ) {
    let plan = overrides[index]
    guard workspace.results[plan.decision].status == .decided,
      workspace.results[plan.decision].override < 0
    else { return }
    if let until = plan.until, let asOf, asOf > until { return }
    guard code.evaluate(plan.condition, on: workspace.row, lists: lists).holds else { return }
    let slot = decisions[plan.decision].slot
    workspace.results[plan.decision].override = Int32(index)
    workspace.results[plan.decision].replaced = workspace.row.values[slot]
    workspace.row.set(slot, to: workspace.row.values[plan.outcome], origin: .derived)
  }
}
