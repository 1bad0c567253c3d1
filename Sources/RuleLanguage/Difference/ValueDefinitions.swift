import DataFields
import ReferenceData

/// What each value of a program is, down to inputs, events and the digests of artefacts: a text that
/// is the same in two programs if, and only if, both define the value alike.
///
/// Names are no part of it; what a record calls a field (its column) is.
/// What a field may hold (its bounds) is not either: two versions are compared where both take it.
package struct ValueDefinitions: Sendable {
  /// For each slot, the digest of its definition.
  package private(set) var ofSlot: [String]
  /// The same before another value stands in for a missing one.
  package private(set) var withoutStandIn: [String]
  private let program: Program
  /// Those of the slots of an event's row, while its aggregates are described.
  private var eventSlots: [String] = []

  /// - Complexity: O(size of the program); steps stand in the order in which they can be run.
  package init(_ program: Program) {
    self.program = program
    let layout = program.code.layout
    ofSlot = Array(repeating: "", count: layout.slots.count)
    for slot in 0..<layout.constantCount {
      ofSlot[slot] = Self.constant(layout.constants[slot], layout.slots[slot].type, program)
    }
    withoutStandIn = ofSlot
    addFields()
    for aggregate in program.aggregates { addAggregate(aggregate) }
    for step in program.steps { add(step) }
  }

  /// The definition of a quantity that a question cuts.
  func key(of axis: DecisionAxis) -> String { key(axis.slot, comparing: axis.compared) }

  func key(of draft: QuestionBuilder.Draft) -> String { key(draft.slot, comparing: draft.compared) }

  private func key(_ slot: Int, comparing compared: [Int]) -> String {
    if compared.count == 2 {
      return "\(ofSlot[compared[0]]) compared with \(ofSlot[compared[1]])"
    }
    return withoutStandIn.indices.contains(slot) ? withoutStandIn[slot] : "slot \(slot)"
  }

  /// A condition on the rule row.
  func condition(_ root: Int) -> String { described(root, program.code, ofSlot) }

  // MARK: Pieces

  private static func digest(_ parts: [String]) -> String {
    // Each part by its length, so that none runs into the next.
    let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
    return "\(Digest(of: text.utf8))"
  }

  /// Scales and texts are numbered by each program on its own.
  private static func type(_ type: ValueType, _ program: Program) -> String {
    guard case .rank(let scale) = type else { return "\(type)" }
    return "rank of \(program.scales[scale].levels)"
  }

  private static func constant(_ value: Quotient, _ type: ValueType, _ program: Program) -> String {
    if case .text = type {
      return digest(["text", program.texts.text(Int32(truncatingIfNeeded: value.numerator))])
    }
    let reduced = value.reduced
    return digest([
      "constant", Self.type(type, program), "\(reduced.numerator)/\(reduced.denominator)",
    ])
  }

  private static func standIn(_ value: String, _ other: String) -> String {
    digest(["where missing", value, other])
  }

  private func text(_ word: Int128) -> String {
    program.texts.text(Int32(truncatingIfNeeded: word))
  }

  // MARK: Inputs and events

  private mutating func addFields() {
    for input in program.inputs {
      for field in input.fields where ofSlot.indices.contains(field.slot) {
        let own = Self.digest(
          ["input", input.source, input.fields[input.key].column] + described(field))
        withoutStandIn[field.slot] = own
        ofSlot[field.slot] = own
        if case .value(let constant) = field.missing {
          ofSlot[field.slot] = Self.standIn(own, ofSlot[constant])
        }
      }
    }
  }

  private func described(_ field: FieldPlan) -> [String] {
    let missing = field.missingTexts.map { String(decoding: $0, as: UTF8.self) }.sorted()
    return [field.column, Self.type(field.type, program), "\(missing)"]
  }

  private mutating func addAggregate(_ aggregate: AggregatePlan) {
    guard ofSlot.indices.contains(aggregate.resultSlot), aggregate.event < program.events.count
    else { return }
    let event = program.events[aggregate.event]
    let code = event.code
    eventSlots = Array(repeating: "", count: code.layout.slots.count)
    for slot in 0..<code.layout.constantCount {
      eventSlots[slot] = Self.constant(
        code.layout.constants[slot], code.layout.slots[slot].type, program)
    }
    for field in event.fields {
      let currency = event.fields.first { $0.slot == field.currencySlot }?.column ?? ""
      note(field, ["event", event.source, currency], code)
    }
    for list in event.lists {
      for field in list.fields { note(field, ["element", event.source, list.column], code) }
    }
    for instruction in code.instructions[aggregate.conditionCode] { run(instruction, event) }
    for instruction in code.instructions[aggregate.valueCode] { run(instruction, event) }
    let key = event.fields[event.key]
    let condition = aggregate.condition.map { described($0, code, eventSlots) } ?? "every event"
    let value = aggregate.valueSlot.map { eventSlots[$0] } ?? ""
    let list = aggregate.list.map { event.lists[$0].column } ?? ""
    let own = Self.digest([
      "\(aggregate.function)", event.source, key.column, program.inputs[event.input].source,
      event.time.map { event.fields[$0].column } ?? "", list, condition, value,
      aggregate.window.map { "\($0)" } ?? "all time",
    ])
    withoutStandIn[aggregate.resultSlot] = own
    ofSlot[aggregate.resultSlot] = own
  }

  private mutating func note(_ field: FieldPlan, _ place: [String], _ code: RowCode) {
    guard eventSlots.indices.contains(field.slot) else { return }
    var own = Self.digest(place + described(field))
    if case .value(let constant) = field.missing { own = Self.standIn(own, eventSlots[constant]) }
    eventSlots[field.slot] = own
  }

  private mutating func run(_ instruction: Instruction, _ event: EventPlan) {
    let destination = Int(instruction.destination)
    guard instruction.operation == .convert else {
      eventSlots[destination] = result(instruction, event.code, eventSlots)
      return
    }
    let plan = event.conversions[Int(instruction.right)]
    let table = program.rateTables[plan.table]
    eventSlots[destination] = Self.digest([
      "convert", "\(table.digest)", "\(table.form)", eventSlots[plan.amountSlot],
      eventSlots[plan.currencySlot], eventSlots[plan.dateSlot],
      program.texts.text(plan.targetCode), "\(plan.targetDigits)",
    ])
  }

  // MARK: Steps

  private mutating func add(_ step: Program.Step) {
    switch step {
    case .compute(let range, _):
      for instruction in program.code.instructions[range] {
        let slot = Int(instruction.destination)
        // In place: another value stands in for a missing one.
        let isStandIn =
          instruction.operation == .coalesce && instruction.left == instruction.destination
        ofSlot[slot] = result(instruction, program.code, ofSlot)
        if instruction.operation == .atLeast || instruction.operation == .atMost {
          withoutStandIn[slot] = result(instruction, program.code, withoutStandIn)
        } else if !isStandIn {
          withoutStandIn[slot] = ofSlot[slot]
        }
      }
    case .rank(let index):
      let rank = program.ranks[index]
      let isDouble = program.code.layout.slots[rank.source].type == .double
      set(
        rank.slot,
        Self.digest([
          "rank", ofSlot[rank.source], isDouble ? "double" : "", "\(rank.cutPoints)",
          "\(rank.belongsBelow)", "\(rank.levels)", "\(program.scales[rank.scale].levels)",
        ]))
    case .model(let index):
      let model = program.models[index]
      let feeds = model.feeds.map { "\($0.field) = \(ofSlot[$0.slot])" }.sorted()
      for score in model.scores {
        set(
          score.slot,
          Self.digest(["model", "\(model.artefact.digest)", "\(score.result)"] + feeds))
      }
    case .decide(let index):
      decide(program.decisions[index])
    case .override(let index):
      let override = program.overrides[index]
      let plan = program.decisions[override.decision]
      for slot in [plan.slot] + plan.members.map(\.slot) {
        set(
          slot,
          Self.digest([
            "override", ofSlot[slot], described(override.condition, program.code, ofSlot),
            ofSlot[override.outcome], override.until.map { "\($0)" } ?? "",
          ]))
      }
    }
  }

  private mutating func decide(_ plan: DecisionPlan) {
    let rules = plan.rules.flatMap { rule -> [String] in
      let condition = program.rules[rule].condition.map { described($0, program.code, ofSlot) }
      return [condition ?? "", ofSlot[program.rules[rule].outcome]]
    }
    let own = Self.digest(
      [
        "decision", plan.policyText, "\(plan.priorities.map(text))",
        plan.otherwise.map { ofSlot[program.rules[$0].outcome] } ?? "",
      ] + rules)
    set(plan.slot, own)
    for member in plan.members {
      set(member.slot, Self.digest(["member", own, ofSlot[member.outcome]]))
    }
  }

  private mutating func set(_ slot: Int, _ definition: String) {
    ofSlot[slot] = definition
    withoutStandIn[slot] = definition
  }

  private func result(_ instruction: Instruction, _ code: RowCode, _ slots: [String]) -> String {
    let (left, right) = (Int(instruction.left), Int(instruction.right))
    switch instruction.operation {
    case .copy: return slots[left]
    case .coalesce: return Self.standIn(slots[left], slots[right])
    case .condition: return Self.digest(["condition", described(right, code, slots)])
    case .negate: return Self.digest(["negate", slots[left]])
    case .require:
      return Self.digest(["require", slots[Int(instruction.destination)], slots[left]])
    case .add, .multiply, .addQuotient, .multiplyQuotient:
      // What is added or multiplied comes to the same in either order.
      return Self.digest(["\(instruction.operation)"] + [slots[left], slots[right]].sorted())
    default:
      return Self.digest(["\(instruction.operation)", slots[left], slots[right]])
    }
  }

  private func described(_ root: Int, _ code: RowCode, _ slots: [String]) -> String {
    let end = Int(code.conditions[root].end)
    let nodes = (root..<end).map { index -> String in
      let node = code.conditions[index]
      let (left, right) = (Int(node.left), Int(node.right))
      let length = Int(node.end) - index
      switch node.kind {
      case .all, .any, .not: return "\(node.kind) \(length)"
      case .isPresent, .isMissing, .isTrue: return "\(node.kind) \(slots[left])"
      case .inList: return "in \(slots[left]) \(described(list: right))"
      case .compareWords, .compareQuotients, .compareDoubles:
        return "\(slots[left]) \(node.comparison.symbol) \(slots[right])"
      }
    }
    return Self.digest(nodes)
  }

  private func described(list: Int) -> String {
    let members = program.lists[list].members.map { program.texts.text($0) }
    return Self.digest(members.sorted())
  }
}
