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
    /// The state has it: the lane that this one goes on from had taken it.
    case counted
  }

  let plan: EventPlan
  var aggregation: EventAggregation
  var outcome = Outcome.unknownSubject
  /// Why an element of the record in hand cannot be counted; nil where none failed.
  private var failure: RateConversions.Failure?
  /// The subject of the record in hand, and its day.
  var place = 0
  private(set) var day: CalendarDate?
  /// Its time in seconds since 1970.
  private(set) var time: Int64 = 0
  /// How much earlier than the latest event of the lane one of these may be; nil where no window asks.
  let lateness: Int64?
  /// Fields whose text nothing reads but the record's check: their texts need no codes, which
  /// would cost memory for each new text.
  let isRead: [Bool]
  private let isElementRead: [[Bool]]

  init(_ program: Program, event: Int) {
    plan = program.events[event]
    aggregation = EventAggregation(program, event: event)
    lateness = WindowLateness.allowed(event, in: program)
    let read = Self.slotsRead(plan, program)
    isRead = plan.fields.map { $0.type != .text || read.contains($0.slot) }
    isElementRead = plan.lists.map { list in
      list.fields.map { $0.type != .text || read.contains($0.slot) }
    }
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
    _ reader: RecordReader, _ reading: SourcePlan.Reading, subject: Int32,
    texts: inout TextInterner, scales: [RankScale], members: [ListPlan]
  ) -> FieldFault? {
    let columns = reading.columns
    failure = nil
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
    time = aggregation.time
    if plan.lists.isEmpty { return nil }
    return readElements(
      reader, reading.listColumns, texts: &texts, scales: scales, members: members)
  }

  /// Which aggregates count the record and its elements, and with which values.
  mutating func evaluate(members: [ListPlan]) -> EventAggregation.Evaluation {
    failure.map { .failed($0) } ?? aggregation.evaluate(lists: members)
  }

  /// Reads the elements of the record's lists, each through the row.
  private mutating func readElements(
    _ reader: RecordReader, _ columns: [Int], texts: inout TextInterner, scales: [RankScale],
    members: [ListPlan]
  ) -> FieldFault? {
    aggregation.beginElements()
    for (list, column) in columns.enumerated() where aggregation.countsElements(of: list) {
      let listPlan = plan.lists[list]
      let given = reader.field(column)
      switch given.kind {
      case .text, .structure: break
      case .absent, .null, .number, .boolean:
        let isMissing = given.kind == .absent || given.kind == .null
        return FieldFault(
          column: column, code: isMissing ? "missing-field" : "invalid-value",
          reason: listPlan.name + (isMissing ? " is missing" : " is no list"))
      }
      if given.bytes.isEmpty {
        return FieldFault(
          column: column, code: "missing-field", reason: "\(listPlan.name) is missing")
      }
      let elements: ListText
      do throws(ListText.Fault) {
        elements = try ListText(
          given.bytes, names: listPlan.isOfValues ? nil : listPlan.fields.map(\.column))
      } catch {
        return FieldFault(
          column: column, code: "invalid-value", reason: "\(listPlan.name): \(error.reason)")
      }
      for element in 0..<elements.count {
        for (number, field) in listPlan.fields.enumerated() {
          let isRead = isElementRead[list][number]
          let fault = elements.withField(element, number) { value -> FieldFault? in
            if !isRead, value.kind == .text || value.kind == .number { return nil }
            let result = field.read(
              value, into: &aggregation.row, texts: &texts, scales: scales)
            return field.fault(result, value, column: column, isRequired: true)
          }
          if var fault {
            fault.reason = "element \(element + 1) of \(fault.reason)"
            return fault
          }
        }
        if case .failed(let failure) = aggregation.addElement(of: list, lists: members) {
          self.failure = failure
          return nil
        }
      }
    }
    return nil
  }

  /// The record's day, if the event declares a time.
  private func readDay() -> CalendarDate? {
    guard let time = plan.time, case .date = plan.fields[time].type else { return nil }
    let days = aggregation.row.value(plan.fields[time].slot)
    return CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: days))
  }
}
