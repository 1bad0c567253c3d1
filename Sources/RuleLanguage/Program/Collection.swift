import DataFields

/// `hit collect`: every rule that holds counts.
extension Program {
  /// Makes a decision of every rule that holds.
  ///
  /// The rule that is said to decide is the first that holds, or the one with the least or the
  /// greatest outcome where that is asked for.
  /// - Complexity: O(rules), no allocation.
  func collect(_ index: Int, in workspace: inout EvaluationWorkspace) {
    let plans = decisions.span
    let rules = rules.span
    workspace.unsettled[index] = EvaluationWorkspace.isSettled
    if let missing = plans[index].firstMissing(workspace.row) {
      return refuse(index, refusal(index, for: missing, workspace.row), in: &workspace)
    }
    var collection = Collection()
    for rule in plans[index].rules {
      guard let condition = rules[rule].condition else { continue }
      let truth = code.evaluate(condition, on: workspace.row, lists: lists)
      workspace.ruleStates[rule] = truth.holds ? .held : .failed
      workspace.decidingClauses[rule] = truth.decidingClause
      if truth.holds {
        collection.take(
          rule, workspace.row.value(rules[rule].outcome), plans[index].aggregator)
      }
    }
    conclude(index, collection, in: &workspace)
  }

  /// What the rules that held so far come to.
  private struct Collection {
    var rule: Int32 = -1
    var count = 0
    var value: Int128 = 0
    var overflows = false

    @inline(__always)
    mutating func take(_ rule: Int, _ outcome: Int128, _ aggregator: Aggregator) {
      let isFirst = count == 0
      count += 1
      var decides = isFirst
      switch aggregator {
      case .list, .count:
        value = Int128(count)
      case .sum:
        let (sum, overflow) = value.addingReportingOverflow(outcome)
        value = sum
        overflows = overflows || overflow
      case .min, .max:
        decides = isFirst || (aggregator == .min ? outcome < value : outcome > value)
        if decides { value = outcome }
      }
      if decides { self.rule = Int32(rule) }
    }
  }

  private func conclude(
    _ index: Int, _ collection: Collection, in workspace: inout EvaluationWorkspace
  ) {
    let plans = decisions.span
    var collection = collection
    if let otherwise = plans[index].otherwise {
      let decides = collection.count == 0
      workspace.ruleStates[otherwise] = decides ? .held : .notReached
      workspace.decidingClauses[otherwise] = -1
      if decides {
        // `otherwise` says what the decision comes to, a count or a sum as well as an outcome.
        collection.rule = Int32(otherwise)
        collection.value =
          plans[index].aggregator == .list
          ? 1 : workspace.row.value(rules.span[otherwise].outcome)
      }
    }
    if collection.rule < 0 || collection.overflows {
      var result = DecisionResult()
      result.status = .refused
      result.refusal = collection.overflows ? .overflow : .noRule
      return refuse(index, result, in: &workspace)
    }
    workspace.row.set(plans[index].slot, to: collection.value, origin: .derived)
    workspace.results[index] = DecisionResult(decidedBy: collection.rule)
    for member in plans[index].members {
      let isThere = hasCollected(workspace.row.value(member.outcome), index, workspace)
      workspace.row.set(member.slot, to: isThere ? 1 : 0, origin: .derived)
    }
  }

  private func refuse(
    _ index: Int, _ result: DecisionResult, in workspace: inout EvaluationWorkspace
  ) {
    let plans = decisions.span
    workspace.row.mark(plans[index].slot, .missing, origin: .derived)
    for member in plans[index].members {
      workspace.row.mark(member.slot, .missing, origin: .derived)
    }
    workspace.results[index] = result
  }

  /// Whether a rule that holds has an outcome.
  private func hasCollected(
    _ outcome: Int128, _ index: Int, _ workspace: borrowing EvaluationWorkspace
  ) -> Bool {
    let plans = decisions.span
    let rules = rules.span
    for rule in plans[index].rules
    where workspace.ruleStates[rule] == .held && workspace.row.value(rules[rule].outcome) == outcome
    {
      return true
    }
    guard let otherwise = plans[index].otherwise, workspace.ruleStates[otherwise] == .held else {
      return false
    }
    return workspace.row.value(rules[otherwise].outcome) == outcome
  }

  /// An override leaves its own outcome as the only one of a list.
  func replaceList(
    of index: Int, by outcome: Int, in workspace: inout EvaluationWorkspace
  ) {
    let plans = decisions.span
    workspace.row.set(plans[index].slot, to: 1, origin: .derived)
    for member in plans[index].members {
      let isThere = workspace.row.value(member.outcome) == workspace.row.value(outcome)
      workspace.row.set(member.slot, to: isThere ? 1 : 0, origin: .derived)
    }
  }

  /// The rules whose outcomes a list has, rising; `otherwise` alone where none holds. The decision
  /// must have been made, and its rules settled.
  package func collectedRules(of index: Int, in workspace: EvaluationWorkspace) -> [Int] {
    let plan = decisions[index]
    return (Array(plan.rules) + (plan.otherwise.map { [$0] } ?? [])).filter {
      workspace.ruleStates[$0] == .held
    }
  }
}
