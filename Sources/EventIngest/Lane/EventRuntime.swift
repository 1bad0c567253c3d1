internal import DataFields
internal import RuleLanguage
internal import StreamFeatures

/// One kind of event, ready to take records: its plan, its row, and what became of the record in
/// hand.
struct EventRuntime: Sendable {
  enum Outcome {
    case ready(contributes: Bool)
    case unknownSubject
  }

  let plan: EventPlan
  var aggregation: EventAggregation
  var outcome = Outcome.unknownSubject
  /// The subject of the record in hand.
  var place = 0
  /// Fields whose text nothing reads but the record's check: their texts need no codes, which
  /// would cost memory for each new text.
  let isRead: [Bool]

  init(_ program: Program, event: Int) {
    plan = program.events[event]
    aggregation = EventAggregation(program, event: event)
    let read = Self.slotsRead(plan, program)
    isRead = plan.fields.map { $0.type != .text || read.contains($0.slot) }
  }

  private static func slotsRead(_ plan: EventPlan, _ program: Program) -> Set<Int> {
    var slots: Set<Int> = []
    for instruction in plan.code.instructions {
      slots.insert(Int(instruction.left))
      slots.insert(Int(instruction.right))
    }
    for node in plan.code.conditions {
      slots.insert(Int(node.left))
      slots.insert(Int(node.right))
    }
    for conversion in plan.conversions { slots.insert(conversion.currencySlot) }
    for index in plan.aggregates {
      if let slot = program.aggregates[index].valueSlot { slots.insert(slot) }
    }
    return slots
  }

  /// The event's day, if it declares a time.
  var day: CalendarDate? {
    guard let time = plan.time, case .date = plan.fields[time].type else { return nil }
    let days = aggregation.row.value(plan.fields[time].slot)
    return CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: days))
  }
}
