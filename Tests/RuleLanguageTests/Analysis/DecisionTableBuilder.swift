import DataFields
import RuleLanguage
import SourceDiagnostics

/// Builds small programs by hand: inputs, ranks and one decision after the other.
struct DecisionTableBuilder {
  private(set) var program = Program()
  private var constants: [(slot: RowLayout.Slot, value: Quotient)] = []
  private var slots: [RowLayout.Slot] = []
  private let reserved: Int
  private var constantSlots: [ConstantKey: Int] = [:]

  private struct ConstantKey: Hashable {
    var type: ValueType
    var value: Quotient
  }

  /// - Parameter reserved: at least as many as there will be constants.
  init(text: String = "", reserving reserved: Int = 400) {
    self.reserved = reserved
    program.rulesets = [
      RulesetHeader(name: "table", version: 1, path: "rules/table.rules", digest: .zero)
    ]
    if !text.isEmpty {
      _ = program.sources.add(SourceFile(name: "rules/table.rules", text: text))
    }
  }

  /// Constants take the first slots; the others are moved up when the program is built.
  private mutating func constant(_ type: ValueType, _ value: Quotient) -> Int {
    let key = ConstantKey(type: type, value: value)
    if let known = constantSlots[key] { return known }
    constantSlots[key] = constants.count
    constants.append((RowLayout.Slot(name: "", type: type), value))
    return constants.count - 1
  }

  mutating func constant(_ value: Int, _ type: ValueType = .integer(.none)) -> Int {
    constant(type, Quotient(Int128(value)))
  }

  mutating func text(_ text: String) -> Int {
    constant(.text, Quotient(Int128(program.texts.intern(text))))
  }

  mutating func slot(_ name: String, _ type: ValueType) -> Int {
    slots.append(RowLayout.Slot(name: name, type: type))
    return reserved + slots.count - 1
  }

  /// An input field of its own input.
  mutating func input(
    _ name: String, _ type: ValueType = .integer(.none), in bounds: ClosedRange<Int>? = nil,
    missing: MissingPolicy = .refuse
  ) -> Int {
    let slot = slot(name, type)
    let field = FieldPlan(
      name: name, column: name, type: type, slot: slot, missing: missing,
      lowerBound: bounds.map { Int128($0.lowerBound) },
      upperBound: bounds.map { Int128($0.upperBound) })
    program.inputs.append(InputPlan(name: name, source: "static", fields: [field], key: 0))
    return slot
  }

  mutating func scale(_ name: String, _ levels: String...) -> Int {
    program.scales.append(RankScale(name: name, levels: levels, levelTexts: levels))
    return program.scales.count - 1
  }

  mutating func rank(
    _ name: String, _ scale: Int, by source: Int, cuts: [Int], falling: Bool = false, line: Int = 1
  ) -> Int {
    let slot = slot(name, .rank(scale: scale))
    let levels = program.scales[scale].levels
    let order = Array(0...cuts.count)
    let positions = falling ? order.reversed() : order
    program.ranks.append(
      RankPlan(
        name: name, scale: scale, source: source, slot: slot, cutPoints: cuts.map { Int128($0) },
        belongsBelow: cuts.map { _ in false },
        cutPointNames: cuts.indices.map { "\(name).\(levels[positions[$0 + 1]])" },
        levels: positions, line: line))
    program.steps.append(.rank(program.ranks.count - 1))
    return slot
  }

  mutating func compute(
    _ operation: Instruction.Operation, _ left: Int, _ right: Int, to destination: Int
  ) {
    let index = program.code.instructions.count
    program.code.instructions.append(Instruction(operation, left, right, to: destination))
    program.steps.append(.compute(index..<(index + 1), destination: destination))
  }

  indirect enum Condition {
    case compare(Int, Comparison, Int)
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case isMissing(Int)
    case isTrue(Int)
  }

  mutating func condition(_ condition: Condition) -> Int {
    let index = program.code.conditions.count
    func leaf(
      _ kind: ConditionNode.Kind, _ comparison: Comparison = .equal, _ left: Int, _ right: Int = -1
    ) {
      program.code.clauses.append(
        ClauseLabel(text: "", left: left, right: right, comparison: comparison, line: 1))
      program.code.conditions.append(
        ConditionNode(
          kind, comparison, left: left, right: right, end: index + 1,
          clause: program.code.clauses.count - 1))
    }
    func branch(_ kind: ConditionNode.Kind, _ children: [Condition]) {
      program.code.conditions.append(ConditionNode(kind, end: index + 1))
      for child in children { _ = self.condition(child) }
      program.code.conditions[index].end = Int32(program.code.conditions.count)
    }
    switch condition {
    case .compare(let left, let comparison, let right):
      let isQuotient = [left, right].contains {
        if $0 >= reserved, case .quotient = slots[$0 - reserved].type { true } else { false }
      }
      leaf(isQuotient ? .compareQuotients : .compareWords, comparison, left, right)
    case .isMissing(let slot): leaf(.isMissing, .equal, slot)
    case .isTrue(let slot): leaf(.isTrue, .equal, slot)
    case .all(let children): branch(.all, children)
    case .any(let children): branch(.any, children)
    case .not(let child): branch(.not, [child])
    }
    return index
  }

  struct Rule {
    var name: String
    var when: Condition
    var then: String
    var line = 1
  }

  /// Adds a decision and returns its outcome's slot.
  @discardableResult
  mutating func decision(
    _ name: String, _ policy: HitPolicy, _ rules: [Rule], otherwise: String? = nil,
    priorities: [String] = [], line: Int = 1, otherwiseLine: Int = 1
  ) -> Int {
    let slot = slot(name, .text)
    let first = program.rules.count
    for rule in rules {
      let root = condition(rule.when)
      let outcome = text(rule.then)
      program.rules.append(
        RulePlan(
          name: rule.name, reasonCode: nil, reasonText: [], condition: root, outcome: outcome,
          text: "", line: rule.line))
    }
    let range = first..<program.rules.count
    var last: Int?
    if let otherwise {
      last = program.rules.count
      let outcome = text(otherwise)
      program.rules.append(
        RulePlan(
          name: "otherwise", reasonCode: nil, reasonText: [], condition: nil, outcome: outcome,
          text: "", line: otherwiseLine))
    }
    let codes = priorities.map { Int128(program.texts.intern($0)) }
    program.steps.append(.decide(program.decisions.count))
    program.decisions.append(
      DecisionPlan(
        name: name, ruleset: 0, hitPolicy: policy, rules: range, otherwise: last,
        priorities: codes, slot: slot, required: [],
        steps: Array(program.steps.indices), overrides: [], evidence: [], line: line))
    return slot
  }

  /// The program with constants first and every slot in its place.
  func build() -> Program {
    var built = program
    let shift = constants.count - reserved
    func moved(_ slot: Int) -> Int { slot >= reserved ? slot + shift : slot }
    built.code.layout = RowLayout(constants: constants, slots: slots)
    for index in built.code.conditions.indices {
      built.code.conditions[index].left = Int32(moved(Int(built.code.conditions[index].left)))
      built.code.conditions[index].right = Int32(moved(Int(built.code.conditions[index].right)))
    }
    for index in built.code.instructions.indices {
      let one = built.code.instructions[index]
      built.code.instructions[index] = Instruction(
        one.operation, moved(Int(one.left)),
        one.operation == .condition ? Int(one.right) : moved(Int(one.right)),
        to: moved(Int(one.destination)))
    }
    built.steps = built.steps.map {
      if case .compute(let range, let destination) = $0 {
        return .compute(range, destination: moved(destination))
      }
      return $0
    }
    for index in built.ranks.indices {
      built.ranks[index].slot = moved(built.ranks[index].slot)
      built.ranks[index].source = moved(built.ranks[index].source)
    }
    for index in built.inputs.indices {
      built.inputs[index].fields[0].slot = moved(built.inputs[index].fields[0].slot)
    }
    for index in built.decisions.indices {
      built.decisions[index].slot = moved(built.decisions[index].slot)
      built.decisions[index].required = built.inputs.map { $0.fields[0] }
        .filter { $0.missing == .refuse }.map(\.slot)
    }
    for index in built.aggregates.indices {
      built.aggregates[index].resultSlot = moved(built.aggregates[index].resultSlot)
    }
    return built
  }

  /// The slot that a program gives to a name.
  static func slot(_ name: String, in program: Program) -> Int {
    program.code.layout.slot(named: name) ?? -1
  }

  mutating func aggregate(_ name: String, _ function: AggregatePlan.Function, _ type: ValueType)
    -> Int
  {
    let slot = slot(name, type)
    if program.events.isEmpty {
      program.events = [
        EventPlan(
          name: "invoice", source: "invoices", fields: [], key: 0, time: nil, input: 0,
          code: RowCode(), conversions: [], aggregates: [], decisions: [])
      ]
    }
    program.aggregates.append(
      AggregatePlan(
        function: function, event: 0, condition: nil, valueCode: 0..<0, valueSlot: nil,
        valueType: nil, resultSlot: slot))
    return slot
  }
}
