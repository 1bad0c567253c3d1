internal import DataFields

extension ModelProgram {
  func runSequence(_ plan: SequencePlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    var events: [Transaction.Event]
    switch space.rowUse {
    case .scored, .collected:
      space.collected.items = plan.items.items(space.slots)
      space.collected.time =
        plan.items.orderSlot < 0 ? .nan : space.slots[plan.items.orderSlot]
      if case .collected = space.rowUse { return }
      events = [space.collected]
    case .joined(let transaction): events = transaction.events
    }
    events = plan.inOrder(events)
    let contains = plan.sets.map { set in
      events.map { event in Self.isSubset(set, of: event.items) }
    }
    let region = units[unit].region
    for (place, rule) in (units[unit].rules?.rules ?? []).enumerated() {
      if plan.hasTotal {
        space.region[region + place] = plan.state(of: rule, place, events, contains)
        continue
      }
      var reached = plan.ends(of: rule.antecedent, events, contains, from: nil)
      var state = RulePlan.State.nothing
      if reached.contains(true) {
        reached = plan.ends(
          of: rule.consequent, events, contains, from: (reached, plan.delimiters[place]))
        state = reached.contains(true) ? RulePlan.State.both : RulePlan.State.antecedent
      }
      space.region[region + place] = state
    }
    space.hasRegion[unit] = true
    space.predicted[unit] = ruleValue(plan.prediction, unit, &space)
  }

  /// Both rise.
  static func isSubset(_ part: [Int32], of whole: [Int32]) -> Bool {
    var place = 0
    for item in part {
      while place < whole.count, whole[place] < item { place += 1 }
      if place == whole.count || whole[place] != item { return false }
    }
    return true
  }
}

extension SequencePlan {
  /// The sets of a group as they came. Rows of the same time are one set; without an order field
  /// rows are "spaced one time unit apart".
  func inOrder(_ events: [Transaction.Event]) -> [Transaction.Event] {
    if items.orderSlot < 0 {
      return events.enumerated().map {
        Transaction.Event(time: Double($0.offset), items: $0.element.items)
      }
    }
    // Rows without a time came nowhere in the sequence.
    let known = events.filter { !$0.time.isNaN }
    var merged: [Transaction.Event] = []
    let order = known.indices.sorted {
      (known[$0].time, $0) < (known[$1].time, $1)
    }
    for place in order {
      if let last = merged.last, last.time == known[place].time {
        merged[merged.count - 1].items = ItemTable.unique(last.items + known[place].items)
      } else {
        merged.append(known[place])
      }
    }
    return merged
  }

  /// For each set of a group, whether an occurrence of a sequence ends with it.
  ///
  /// - Parameter start: where what comes before may end, and what stands between.
  /// - Complexity: O(sets of the sequence times sets of the group).
  func ends(
    of sequence: Int, _ events: [Transaction.Event], _ contains: [[Bool]],
    from start: (ends: [Bool], delimiter: SequenceModel.Delimiter)?
  ) -> [Bool] {
    var reached: [Bool] = []
    for (place, step) in sequences[sequence].enumerated() {
      let isThere = contains[step.set]
      if place > 0 {
        reached = follow(reached, isThere, events, step.delimiter, separation)
      } else if let start {
        reached = follow(start.ends, isThere, events, start.delimiter, ruleSeparation)
      } else {
        reached = isThere
      }
    }
    return reached
  }

  /// How far a rule has come where the whole of it may take only so much time.
  ///
  /// What is less than the minimum may still become longer, as long as the rule is not complete.
  /// - Complexity: as ``ends(of:_:_:from:)`` for each set that a rule may begin with.
  func state(
    of rule: RulePlan.Rule, _ number: Int, _ events: [Transaction.Event], _ contains: [[Bool]]
  ) -> Double {
    guard let begin = sequences[rule.antecedent].first?.set else { return RulePlan.State.nothing }
    var state = RulePlan.State.nothing
    for start in events.indices where contains[begin][start] {
      let time = events[start].time
      let end = events[start...].firstIndex { $0.time - time > total.maximum } ?? events.count
      let part = Array(events[start..<end])
      let seen = contains.map { Array($0[start..<end]) }
      // The rule begins with this set and no later one.
      var reached: [Bool] = []
      for (place, step) in sequences[rule.antecedent].enumerated() {
        if place == 0 {
          reached = part.indices.map { $0 == 0 }
        } else {
          reached = follow(reached, seen[step.set], part, step.delimiter, separation)
        }
      }
      guard reached.contains(true) else { continue }
      state = max(state, RulePlan.State.antecedent)
      let ends = ends(of: rule.consequent, part, seen, from: (reached, delimiters[number]))
      if ends.indices.contains(where: { ends[$0] && part[$0].time - time >= total.minimum }) {
        return RulePlan.State.both
      }
    }
    return state
  }

  private func follow(
    _ before: [Bool], _ isThere: [Bool], _ events: [Transaction.Event],
    _ delimiter: SequenceModel.Delimiter, _ separation: SequenceModel.Separation
  ) -> [Bool] {
    if delimiter.window == .sameTimeWindow { return zip(before, isThere).map { $0 && $1 } }
    // How many of the first sets end what comes before.
    var counts = [0]
    for isEnd in before { counts.append(counts[counts.count - 1] + (isEnd ? 1 : 0)) }
    var first = 0
    var last = 0
    return events.indices.map { place in
      let time = events[place].time
      while first < place, time - events[first].time > separation.maximum { first += 1 }
      while last < place, time - events[last].time >= separation.minimum { last += 1 }
      let lower = delimiter.gap == .no ? max(first, place - 1) : first
      let upper = delimiter.gap == .yes ? min(last, place - 1) : last
      return isThere[place] && lower < upper && counts[upper] > counts[lower]
    }
  }
}
