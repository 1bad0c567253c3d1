internal import DataFields

/// Rows that belong together, as far as a model of rules or its aggregates look at them.
package struct Transaction: Sendable {
  struct Event: Sendable {
    /// When the items came; NaN where no field says.
    var time = Double.nan
    /// Numbers of items, rising.
    var items: [Int32] = []
  }

  var events: [Event] = []
  /// What the rows come to, for each aggregate of the model.
  var accumulators: [Accumulator] = []
  /// The inputs of the first row, which are those of the group.
  var first: [(value: KeptValue, isUnparsable: Bool)] = []

  package init() {}
}

extension CompiledModel {
  /// The input that says which rows belong together, by position in ``inputNames``; nil where every
  /// row stands for itself, or where all of them belong together.
  package var groupInput: Int? { program.groupInput }

  /// Whether several rows are scored together, all of them where there is no ``groupInput``.
  package var joinsRows: Bool { program.joinsRows }

  /// "Input records with missing value in the groupField are simply ignored", by aggregates.
  package var passesOverRowsWithoutGroup: Bool {
    groupInput != nil && !program.expressions.aggregates.isEmpty
  }

  /// Adds the row that was set to a transaction.
  ///
  /// - Returns: false if a value of the row is invalid; it is not added then.
  package func add(_ space: inout ScoringWorkspace, to transaction: inout Transaction) -> Bool {
    space.rowUse = .collected
    space.collected = Transaction.Event()
    defer { space.rowUse = .scored }
    guard program.run(&space) else { return false }
    if !program.expressions.aggregates.isEmpty { return aggregate(&space, into: &transaction) }
    switch program.units[0].content {
    case .association:
      // When the items came does not matter: memory grows with the items, not with the rows.
      let known = transaction.events.first?.items ?? []
      transaction.events = [
        Transaction.Event(items: ItemTable.unique(known + space.collected.items))
      ]
    default: transaction.events.append(space.collected)
    }
    return true
  }

  /// Scores a transaction; results are read as after ``score(_:)``.
  package func score(_ transaction: Transaction, _ space: inout ScoringWorkspace) {
    space.rowUse = .joined(transaction)
    if program.expressions.aggregates.isEmpty {
      program.runJoined(&space)
    } else {
      clear(&space)
      for (input, kept) in transaction.first.enumerated() {
        space.inputs[input] = kept.value.value(&space.texts)
        space.unparsable[input] = kept.isUnparsable
      }
      // The values were valid row by row.
      _ = program.run(&space)
    }
    space.rowUse = .scored
  }

  /// Adds the row to the aggregates of its group. A field that is not aggregated must have one value
  /// in the whole group.
  private func aggregate(
    _ space: inout ScoringWorkspace, into transaction: inout Transaction
  ) -> Bool {
    let plans = program.expressions.aggregates
    let group = groupInput ?? -1
    if group >= 0, space.slots[program.inputs[group].slot].isNaN { return true }
    let inputs = program.inputs.indices.map { place in
      KeptValue(space.inputs[place], program.inputs[place].field.dataType, space.texts)
    }
    if transaction.first.isEmpty {
      transaction.first = inputs.indices.map { (inputs[$0], space.unparsable[$0]) }
      transaction.accumulators = Array(repeating: Accumulator(), count: plans.count)
    } else {
      for place in inputs.indices
      where place != group && !program.aggregatedInputs.contains(place)
        && inputs[place] != transaction.first[place].value
      {
        space.invalidInput = place
        space.differsInGroup = true
        return false
      }
    }
    for (place, plan) in plans.enumerated() {
      transaction.accumulators[place].add(plan.field.value(space.slots, space.texts), plan)
    }
    return true
  }
}

extension CompiledModel {
  /// Why a row cannot be scored by itself; nil if it can.
  package var needsOtherRows: String? { program.needsOtherRows }
}

extension ModelProgram {
  var groupInput: Int? {
    let input =
      switch units[0].content {
      case .association(let plan): plan.items.groupInput
      case .sequence(let plan): plan.items.groupInput
      default: expressions.aggregates.first?.groupInput ?? -1
      }
    return input < 0 ? nil : input
  }

  var joinsRows: Bool { groupInput != nil || !expressions.aggregates.isEmpty }

  /// Why a row cannot be scored by itself; nil if it can.
  package var needsOtherRows: String? {
    if !expressions.aggregates.isEmpty { return "it scores what several rows come to" }
    if groupInput != nil { return "it scores transactions of several rows" }
    let isRunning = units.contains { unit in
      if case .baseline(let plan) = unit.content { return plan.isRunning }
      return false
    }
    return isRunning || !expressions.lags.isEmpty ? "its result rests on the rows before" : nil
  }
}
