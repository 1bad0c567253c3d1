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
  }

  /// Step one: which aggregates count the event, and with which values.
  package mutating func evaluate(lists: [ListPlan]) -> Evaluation {
    conversions.reset()
    var contributes = false
    // By index: a plan that is copied out costs more than what it asks for.
    for number in aggregates.indices {
      counts[number] = true
      if let condition = aggregates[number].plan.condition {
        let code = aggregates[number].plan.conditionCode
        if !code.isEmpty {
          _ = plan.code.run(code, on: &row, lists: lists, conversions: &conversions)
          // Whether the event counts is not known: it must not pass for one that does not.
          for index in code
          where row.state(Int(plan.code.instructions[index].destination)) == .overflow {
            return .failed(.overflow)
          }
        }
        counts[number] = plan.code.evaluate(condition, on: row, lists: lists).holds
      }
      guard counts[number] else { continue }
      contributes = true
      let succeeded = plan.code.run(
        aggregates[number].plan.valueCode, on: &row, lists: lists, conversions: &conversions)
      if !succeeded { return .failed(conversions.failure ?? .overflow) }
    }
    return .ready(contributes: contributes)
  }

  /// Step two: takes the event into the subject's state.
  package mutating func apply(to state: inout KeyedState, place: Int) {
    let time = timeSlot.map { Int32(truncatingIfNeeded: row.value($0)) } ?? 0
    for number in aggregates.indices where counts[number] {
      let index = aggregates[number].index
      guard let slot = aggregates[number].plan.valueSlot else {
        state.columns[index].add(1, over: 1, time: time, for: place)
        continue
      }
      switch row.state(slot) {
      case .present:
        state.columns[index].add(
          row.value(slot), over: row.denominator(slot), time: time, for: place)
      case .missing, .outOfRange:
        // Fields of an event are never missing; a value computed from them may be (a division by
        // zero), and is left out, as an event that the aggregate does not count.
        continue
      case .overflow:
        state.columns[index].fail(place)
      }
    }
  }
}
