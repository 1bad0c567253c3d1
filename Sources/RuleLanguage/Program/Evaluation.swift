package import DataFields

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

  init(decidedBy rule: Int32) {
    status = .decided
    self.rule = rule
  }
}

/// The scratch of one engine: the row and what became of each rule and decision.
package struct EvaluationWorkspace: Sendable {
  package var row: RuleRow
  package var ruleStates: [RuleState]
  /// For a rule that failed or held, the clause that decided; -1 where there is none.
  package var decidingClauses: [Int32]
  package var results: [DecisionResult]
  /// For each decision whether `ruleStates` and `decidingClauses` are filled, or how they will be.
  var unsettled: [Int32]

  /// In `unsettled`: the states are there; or the rules must be tried. Anything else is the
  /// combination of the decision's ``VerdictTable``.
  static let isSettled: Int32 = -1
  static let mustBeTried: Int32 = -2

  package init(_ program: Program) {
    row = RuleRow(program.code.layout)
    ruleStates = Array(repeating: .notReached, count: program.rules.count)
    decidingClauses = Array(repeating: -1, count: program.rules.count)
    results = Array(repeating: DecisionResult(), count: program.decisions.count)
    unsettled = Array(repeating: Self.isSettled, count: program.decisions.count)
  }

  /// Forgets the row and every result.
  package mutating func clear() {
    row.clear()
    for index in ruleStates.indices { ruleStates[index] = .notReached }
    for index in results.indices {
      results[index] = DecisionResult()
      unsettled[index] = Self.isSettled
    }
  }
}

extension Program {
  /// Runs the steps from number `start` on, up to one that needs a model.
  ///
  /// - Parameter steps: indices of ``steps``, rising.
  /// - Returns: the number of the step that needs a model, or how many steps there are.
  package func run(
    _ chosen: borrowing Span<Int>, from start: Int, asOf: CalendarDate?,
    in workspace: inout EvaluationWorkspace, keepSupplied: Bool
  ) -> Int {
    let steps = steps.span
    for place in start..<chosen.count {
      switch steps[chosen[place]] {
      case .rank(let rank): self.rank(rank, in: &workspace, keepSupplied: keepSupplied)
      case .compute(let range, _): compute(range, in: &workspace, keepSupplied: keepSupplied)
      case .decide(let decision): decide(decision, in: &workspace, keepSupplied: keepSupplied)
      case .override(let override): self.override(override, asOf: asOf, in: &workspace)
      case .model: return place
      }
    }
    return chosen.count
  }

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
  /// - Complexity: O(log cut points).
  @inline(__always)
  package func rank(
    _ index: Int, in workspace: inout EvaluationWorkspace, keepSupplied: Bool
  ) {
    if rankCode.run(index, on: &workspace.row, keepSupplied: keepSupplied) { return }
    rankWide(index, in: &workspace, keepSupplied: keepSupplied)
  }

  /// The same for values and cut points of any size, one by one.
  @inline(never)
  package func rankWide(
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
    let value = workspace.row.value(source)
    let denominator = workspace.row.denominator(source)
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
  ///
  /// What became of each rule is told by ``settleRules(of:in:)``, for who wants to know.
  package func decide(_ index: Int, in workspace: inout EvaluationWorkspace, keepSupplied: Bool) {
    let plans = decisions.span
    let outcomeSlot = plans[index].slot
    if keepSupplied, workspace.row.tags(outcomeSlot).origin == ValueOrigin.supplied.rawValue {
      return
    }
    if plans[index].hitPolicy == .collect { return collect(index, in: &workspace) }
    let indexes = indexes.span
    if index < indexes.count {
      let (combination, rule) = indexes[index].verdicts.lookUp(workspace.row)
      if rule >= 0 {
        workspace.unsettled[index] = Int32(truncatingIfNeeded: combination)
        finish(index, DecisionResult(decidedBy: rule), in: &workspace)
        return
      }
    }
    workspace.unsettled[index] = EvaluationWorkspace.isSettled
    var result = DecisionResult()
    if let missing = plans[index].firstMissing(workspace.row) {
      result = refusal(index, for: missing, workspace.row)
    } else if index < indexes.count, !indexes[index].rows.isEmpty {
      tryRules(index, &result, among: indexes[index].rows, in: &workspace)
      workspace.unsettled[index] = EvaluationWorkspace.mustBeTried
    } else {
      tryRules(index, &result, in: &workspace)
    }
    finish(index, result, in: &workspace)
  }

  /// Puts the outcome into the row, and how the decision ended into the workspace.
  @inline(__always)
  private func finish(
    _ index: Int, _ result: DecisionResult, in workspace: inout EvaluationWorkspace
  ) {
    let slot = decisions.span[index].slot
    if result.status == .decided {
      workspace.row.copy(rules.span[Int(result.rule)].outcome, to: slot, origin: .derived)
    } else {
      workspace.row.mark(slot, .missing, origin: .derived)
    }
    workspace.results[index] = result
  }

  /// Why a decision is refused for want of its required slot number `place`.
  func refusal(_ index: Int, for place: Int, _ row: RuleRow) -> DecisionResult {
    let plan = decisions[index]
    let causes = plan.causes.indices.contains(place) ? plan.causes[place] : []
    let slot = causes.first { !row.isPresent($0) } ?? plan.required[place]
    var result = DecisionResult()
    result.status = .refused
    result.refusedSlot = Int32(slot)
    switch row.state(slot) {
    case .missing, .present: result.refusal = .missing
    case .outOfRange: result.refusal = .outOfRange
    case .overflow: result.refusal = .overflow
    }
    if decisions.contains(where: { $0.isOutcome(slot) }) { result.refusal = .dependsOnRefused }
    if result.refusal == .missing,
      models.contains(where: { $0.scores.contains { $0.slot == slot } })
    {
      result.refusal = .notScored
    }
    return result
  }

  /// Tries the rules of a decision in order, and notes what became of each.
  func tryRules(
    _ index: Int, _ result: inout DecisionResult, in workspace: inout EvaluationWorkspace
  ) {
    let plans = decisions.span
    let rules = rules.span
    var choice = RuleChoice()
    for rule in plans[index].rules {
      guard let condition = rules[rule].condition else { continue }
      let truth = code.evaluate(condition, on: workspace.row, lists: lists)
      workspace.ruleStates[rule] = truth.holds ? .held : .failed
      workspace.decidingClauses[rule] = truth.decidingClause
      guard truth.holds else { continue }
      if take(rule, &choice, index, workspace.row) { break }
    }
    if let otherwise = conclude(choice, index, &result) {
      workspace.ruleStates[otherwise] = .held
      workspace.decidingClauses[otherwise] = -1
    }
  }

  /// Tries the rules that an index leaves open.
  private func tryRules(
    _ index: Int, _ result: inout DecisionResult, among rows: RowIndex,
    in workspace: inout EvaluationWorkspace
  ) {
    let rules = rules.span
    var choice = RuleChoice()
    var cursor = rows.start(workspace.row)
    while true {
      let rule = rows.next(&cursor)
      guard rule >= 0 else { break }
      guard let condition = rules[rule].condition,
        code.evaluate(condition, on: workspace.row, lists: lists).holds
      else { continue }
      if take(rule, &choice, index, workspace.row) { break }
    }
    _ = conclude(choice, index, &result)
  }

  /// The rules that held so far.
  private struct RuleChoice {
    var chosen: Int?
    var conflicting: Int32 = -1
  }

  /// Takes a rule that holds.
  ///
  /// - Returns: whether no other need be tried.
  @inline(__always)
  private func take(
    _ rule: Int, _ choice: inout RuleChoice, _ index: Int, _ row: borrowing RuleRow
  ) -> Bool {
    let plans = decisions.span
    let rules = rules.span
    let hitPolicy = plans[index].hitPolicy
    guard let before = choice.chosen else {
      choice.chosen = rule
      return hitPolicy == .first
    }
    let outcome = row.value(rules[rule].outcome)
    let earlier = row.value(rules[before].outcome)
    switch hitPolicy {
    case .unique, .any:
      // Where `unique` has two rules of one outcome (O2), it is clear what is decided.
      if outcome != earlier { choice.conflicting = Int32(rule) }
    case .priority:
      // The outcome that stands earlier in the list wins; ties go to the earlier rule.
      let priorities = plans[index].priorities
      let rank = priorities.firstIndex(of: outcome) ?? priorities.count
      let best = priorities.firstIndex(of: earlier) ?? priorities.count
      if rank < best { choice.chosen = rule }
    case .first, .collect:
      break
    }
    return false
  }

  /// Says how a decision ends whose rules were tried.
  ///
  /// - Returns: the `otherwise` rule, if it decides.
  private func conclude(
    _ choice: RuleChoice, _ index: Int, _ result: inout DecisionResult
  ) -> Int? {
    let otherwise = choice.chosen == nil ? decisions.span[index].otherwise : nil
    let chosen = choice.chosen ?? otherwise
    result.rule = Int32(chosen ?? -1)
    result.conflictingRule = choice.conflicting
    if choice.conflicting >= 0 {
      result.status = .refused
      result.refusal = .conflict
    } else if chosen == nil {
      result.status = .refused
      result.refusal = .noRule
    } else {
      result.status = .decided
    }
    return otherwise
  }

  /// Fills in what became of each rule of a decision that was just made; the row must be as it was.
  ///
  /// - Complexity: O(rules), and what their conditions cost where an index decided.
  package func settleRules(of index: Int, in workspace: inout EvaluationWorkspace) {
    let how = workspace.unsettled[index]
    guard how != EvaluationWorkspace.isSettled else { return }
    workspace.unsettled[index] = EvaluationWorkspace.isSettled
    if how >= 0 {
      indexes.span[index].verdicts.settle(Int(how), in: &workspace)
    } else {
      let plan = decisions.span
      for rule in plan[index].rules {
        workspace.ruleStates[rule] = .notReached
        workspace.decidingClauses[rule] = -1
      }
      var unused = DecisionResult()
      tryRules(index, &unused, in: &workspace)
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
    workspace.results[plan.decision].replaced = workspace.row.value(slot)
    if decisions[plan.decision].collectsList {
      replaceList(of: plan.decision, by: plan.outcome, in: &workspace)
    } else {
      workspace.row.set(slot, to: workspace.row.value(plan.outcome), origin: .derived)
    }
  }
}
