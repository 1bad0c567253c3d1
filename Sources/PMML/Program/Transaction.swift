internal import DataFields

/// Rows that belong together, as far as a model of rules looks at them.
package struct Transaction: Sendable {
  struct Event: Sendable {
    /// When the items came; NaN where no field says.
    var time = Double.nan
    /// Numbers of items, rising.
    var items: [Int32] = []
  }

  var events: [Event] = []

  package init() {}
}

extension CompiledModel {
  /// The input that says which rows belong together, by position in ``inputNames``; nil where every
  /// row stands for itself.
  package var groupInput: Int? {
    let input =
      switch program.units[0].content {
      case .association(let plan): plan.items.groupInput
      case .sequence(let plan): plan.items.groupInput
      default: -1
      }
    return input < 0 ? nil : input
  }

  /// Adds the row that was set to a transaction.
  ///
  /// - Returns: false if a value of the row is invalid; it is not added then.
  package func add(_ space: inout ScoringWorkspace, to transaction: inout Transaction) -> Bool {
    space.rowUse = .collected
    space.collected = Transaction.Event()
    defer { space.rowUse = .scored }
    guard program.run(&space) else { return false }
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
    program.runJoined(&space)
    space.rowUse = .scored
  }
}

extension CompiledModel {
  /// Why a row cannot be scored by itself; nil if it can.
  package var needsOtherRows: String? {
    if groupInput != nil { return "it scores transactions of several rows" }
    let isRunning = program.units.contains { unit in
      if case .baseline(let plan) = unit.content { return plan.isRunning }
      return false
    }
    return isRunning ? "its result rests on the rows before" : nil
  }
}
