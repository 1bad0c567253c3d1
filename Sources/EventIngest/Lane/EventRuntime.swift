internal import DataFields
internal import RuleLanguage
internal import StreamFeatures
internal import TabularIO

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
  /// The subject of the record in hand, and its day.
  var place = 0
  private(set) var day: CalendarDate?
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

  /// Reads the fields of a record about a subject with this code; nil unless one is a fault.
  mutating func readFields(
    _ reader: RecordReader, _ columns: [Int], subject: Int32, texts: inout TextInterner,
    scales: [RankScale]
  ) -> FieldFault? {
    aggregation.row.clear()
    for number in plan.fields.indices {
      let given = reader.field(columns[number])
      if number == plan.key, plan.fields[number].type == .text {
        aggregation.row.set(plan.fields[number].slot, to: Int128(subject), origin: .input)
        continue
      }
      if !isRead[number], given.kind == .text || given.kind == .number { continue }
      let result = plan.fields[number].read(
        given, into: &aggregation.row, texts: &texts, scales: scales)
      if case .present = result { continue }
      let fault = plan.fields[number].fault(
        result, given, column: columns[number], isRequired: true)
      if let fault { return fault }
    }
    day = readDay()
    return nil
  }

  /// The record's day, if the event declares a time.
  private func readDay() -> CalendarDate? {
    guard let time = plan.time, case .date = plan.fields[time].type else { return nil }
    let days = aggregation.row.value(plan.fields[time].slot)
    return CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: days))
  }
}
