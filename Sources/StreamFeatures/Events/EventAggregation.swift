package import DataFields
package import RuleLanguage

/// Runs the aggregates of one kind of event in two steps: first everything that can fail, on the
/// event's row alone; then the change of state, which cannot.
///
/// So an event whose conversion fails touches no state.
package struct EventAggregation: Sendable {
  /// The event's row: fill its fields, then ``evaluate(lists:)``.
  package var row: RuleRow
  private let plan: EventPlan
  /// The event's aggregates: index among the program's, condition and value.
  private let aggregates: [(index: Int, plan: AggregatePlan)]
  private var conversions: RateConversions
  private let timeSlot: Int?
  /// For each of `aggregates`, whether the event counts for it.
  private var counts: [Bool]
  /// For each of the event's lists, the aggregates that count its elements.
  private let elementAggregates: [[Int]]
  /// What elements add: an aggregate, and the value with its state.
  private var contributions: [Contribution] = []

  private struct Contribution {
    var number: Int
    var value: Int128
    var denominator: Int128
    var state: ValueState
  }

  /// The rates by which the event's amounts were converted.
  package var appliedConversions: [AppliedConversion] { conversions.applied }

  /// What came of evaluating an event.
  package enum Evaluation: Sendable, Hashable {
    /// `contributes` is false where no aggregate counts the event.
    case ready(contributes: Bool)
    case failed(RateConversions.Failure)
  }

  package init(_ program: Program, event: Int) {
    let plan = program.events[event]
    self.plan = plan
    row = RuleRow(plan.code.layout)
    aggregates = plan.aggregates.map { ($0, program.aggregates[$0]) }
    conversions = RateConversions(plan.conversions, tables: program.rateTables)
    timeSlot = plan.time.map { plan.fields[$0].slot }
    counts = Array(repeating: false, count: plan.aggregates.count)
    elementAggregates = plan.lists.indices.map { list in
      plan.aggregates.indices.filter { program.aggregates[plan.aggregates[$0]].list == list }
    }
  }

  /// Whether some aggregate counts the elements of a list.
  package func countsElements(of list: Int) -> Bool { !elementAggregates[list].isEmpty }

  /// Before an event's elements are added.
  package mutating func beginElements() {
    conversions.reset()
    contributions.removeAll(keepingCapacity: true)
  }

  /// Step one for an element whose fields are in the row, before ``evaluate(lists:)``.
  package mutating func addElement(of list: Int, lists: [ListPlan]) -> Evaluation {
    for number in elementAggregates[list] {
      if let failure = evaluate(number, lists: lists) { return .failed(failure) }
      guard counts[number] else { continue }
      counts[number] = false
      guard let slot = aggregates[number].plan.valueSlot else {
        contributions.append(
          Contribution(number: number, value: 1, denominator: 1, state: .present))
        continue
      }
      contributions.append(
        Contribution(
          number: number, value: row.value(slot), denominator: row.denominator(slot),
          state: row.state(slot)))
    }
    return .ready(contributes: !contributions.isEmpty)
  }

  /// Step one: which aggregates count the event, and with which values.
  package mutating func evaluate(lists: [ListPlan]) -> Evaluation {
    if plan.lists.isEmpty { conversions.reset() }
    var contributes = !contributions.isEmpty
    // By index: a plan that is copied out costs more than what it asks for.
    for number in aggregates.indices {
      if aggregates[number].plan.list != nil { continue }
      if let failure = evaluate(number, lists: lists) { return .failed(failure) }
      contributes = contributes || counts[number]
    }
    return .ready(contributes: contributes)
  }

  /// Whether an aggregate counts what is in the row, and with which value; what failed, if something
  /// did.
  @inline(__always)
  private mutating func evaluate(_ number: Int, lists: [ListPlan]) -> RateConversions.Failure? {
    counts[number] = true
    if let condition = aggregates[number].plan.condition {
      let code = aggregates[number].plan.conditionCode
      if !code.isEmpty {
        _ = plan.code.run(code, on: &row, lists: lists, conversions: &conversions)
        // Whether the event counts is not known: it must not pass for one that does not.
        for index in code
        where row.state(Int(plan.code.instructions[index].destination)) == .overflow {
          return .overflow
        }
      }
      counts[number] = plan.code.evaluate(condition, on: row, lists: lists).holds
    }
    guard counts[number] else { return nil }
    let succeeded = plan.code.run(
      aggregates[number].plan.valueCode, on: &row, lists: lists, conversions: &conversions)
    return succeeded ? nil : conversions.failure ?? .overflow
  }

  /// Step two: takes the event into the subject's state.
  package mutating func apply(to state: inout KeyedState, place: Int) {
    let day = timeSlot.map { Int32(truncatingIfNeeded: row.value($0)) } ?? 0
    var new = KeyedState.Contribution(
      value: 1, denominator: 1, isKnown: true, day: day, time: time)
    for contribution in contributions {
      // Fields of an event are never missing; a value computed from them may be (a division by
      // zero), and is left out, as an event that the aggregate does not count.
      if contribution.state == .missing || contribution.state == .outOfRange { continue }
      (new.value, new.denominator) = (contribution.value, contribution.denominator)
      new.isKnown = contribution.state == .present
      state.add(new, to: aggregates[contribution.number].index, for: place)
    }
    for number in aggregates.indices where counts[number] {
      (new.value, new.denominator, new.isKnown) = (1, 1, true)
      if let slot = aggregates[number].plan.valueSlot {
        let found = row.state(slot)
        if found == .missing || found == .outOfRange { continue }
        (new.value, new.denominator) = (row.value(slot), row.denominator(slot))
        new.isKnown = found == .present
      }
      state.add(new, to: aggregates[number].index, for: place)
    }
  }

  /// The event's time in seconds since 1970.
  package var time: Int64 {
    timeSlot.map { Int64(truncatingIfNeeded: row.value($0)) * Self.secondsOfDay } ?? 0
  }

  private static let secondsOfDay: Int64 = 86_400
}
