package import DataFields
package import DecisionTrace
import ReferenceData
import RuleLanguage

/// How one decision's trace is filled from the program's slots: the schema, and for each of its
/// parts the slot or rule that it comes from.
///
/// A class, so that an engine takes hold of it with one reference for each trace.
package final class DecisionSchema: Sendable {
  package let schema: TraceSchema
  /// SHA-256 of the schema's bytes.
  package let digest: Digest
  package let bytes: [UInt8]
  /// The slot of each field, and how its values are written; the slot of each rank's level.
  package let fieldSlots: [Int]
  package let fieldForms: [TracedForm]
  package let outcomeForm: TracedForm
  package let outcomeSlot: Int
  /// Whether the outcome is a list.
  package let isList: Bool
  package let rankSlots: [Int]
  /// The program's rules that the schema's rules are, in order.
  package let rules: [Int]
  /// Number, within its rule, of each of the program's clauses.
  package let clauseNumbers: [Int32]
  /// The program's models and overrides that the schema's are.
  package let models: [Int]
  package let overrides: [Int]
  /// The program's rate tables that the decision rests on.
  package let rateTables: [Int]

  /// Derives the schema of decision number `index` of a program.
  ///
  /// - Parameter methods: for each of the program's models, how attributions are computed and what
  ///   they add up to.
  init(
    _ program: Program, decision index: Int,
    methods: [(method: String, attributed: String)]
  ) {
    var builder = SchemaBuilder(program: program, decision: program.decisions[index])
    let schema = builder.build(methods: methods)
    let bytes = schema.encoded()
    self.schema = schema
    self.bytes = bytes
    self.digest = Digest(of: bytes)
    self.fieldSlots = builder.fieldSlots
    self.fieldForms = schema.fields.map { TracedForm($0.type) }
    self.outcomeForm = TracedForm(schema.outcomeType)
    self.outcomeSlot = program.decisions[index].slot
    self.isList = schema.outcomeIsList
    self.rankSlots = builder.ranks.map { program.ranks[$0].slot }
    self.rules = builder.rules
    self.clauseNumbers = builder.clauseNumbers
    self.models = builder.models
    self.overrides = program.decisions[index].overrides
    self.rateTables = builder.rateTables()
  }
}

/// Collects what a decision's trace holds, in the order of the decision's evidence.
private struct SchemaBuilder {
  let program: Program
  let decision: DecisionPlan
  var fieldSlots: [Int] = []
  var ranks: [Int] = []
  var models: [Int] = []
  var rules: [Int] = []
  var clauseNumbers: [Int32] = []

  private let protections: [ValueProtection]

  init(program: Program, decision: DecisionPlan) {
    self.program = program
    self.decision = decision
    protections = ValueProtection.ofSlots(program)
    clauseNumbers = Array(repeating: -1, count: program.code.clauses.count)
    rules = Array(decision.rules) + (decision.otherwise.map { [$0] } ?? [])
    for slot in decision.evidence {
      if let rank = program.ranks.firstIndex(where: { $0.slot == slot }) {
        ranks.append(rank)
      } else {
        add(slot)
      }
    }
    // A rank's value and a model's feeds are shown even where they have no name of their own.
    for rank in ranks { add(program.ranks[rank].source) }
    for (index, model) in program.models.enumerated()
    where model.scores.contains(where: { fieldSlots.contains($0.slot) }) {
      models.append(index)
      for feed in model.feeds { add(feed.slot) }
    }
  }

  private mutating func add(_ slot: Int) {
    if !fieldSlots.contains(slot) { fieldSlots.append(slot) }
  }

  mutating func build(methods: [(method: String, attributed: String)]) -> TraceSchema {
    let header = program.rulesets[decision.ruleset]
    let layout = program.code.layout
    return TraceSchema(
      decision: decision.name, ruleset: header.name, version: header.version, path: header.path,
      rulesetDigest: header.digest, hitPolicy: decision.policyText,
      fields: fieldSlots.map(field), ranks: ranks.map(rank), rules: rules.map { rule($0) },
      models: models.map { model($0, methods[$0]) },
      overrides: decision.overrides.map(override), artefacts: artefacts(),
      outcomeType: portable(
        decision.collectsList ? outcomeType() : layout.slots[decision.slot].type),
      outcomeIsList: decision.collectsList)
  }

  /// The type of the outcomes of a list: a constant of it is the outcome of each rule.
  private func outcomeType() -> ValueType {
    rules.first.map { program.code.layout.slots[program.rules[$0].outcome].type } ?? .text
  }

  /// A type without the program's own numbering of scales.
  private func portable(_ type: ValueType) -> ValueType {
    if case .rank = type { .rank(scale: 0) } else { type }
  }

  private func field(_ slot: Int) -> TraceSchema.Field {
    let declared = program.code.layout.slots[slot]
    var field = TraceSchema.Field(
      name: declared.name, kind: .derived, type: portable(declared.type), definition: "", line: 0,
      isPersonal: protections[slot].isPersonal, maskKeeps: protections[slot].maskKeeps)
    for input in program.inputs {
      for (index, plan) in input.fields.enumerated() where plan.slot == slot {
        field.kind = index == input.key ? .key : .input
        return field
      }
    }
    if let plan = program.lets.first(where: { $0.slot == slot }) {
      field.kind = plan.aggregate == nil ? .derived : .aggregate
      field.definition = plan.text
      field.line = plan.line
    } else if let model = program.models.first(where: { $0.scores.contains { $0.slot == slot } }) {
      field.kind = .score
      field.line = model.line
    } else if let other = program.decisions.first(where: { $0.isOutcome(slot) }) {
      field.kind = .outcome
      field.line = other.line
    } else if let feed = program.models.flatMap(\.feeds).first(where: { $0.slot == slot }),
      field.name.isEmpty
    {
      field.name = feed.field
    } else if let rank = program.ranks.first(where: { $0.source == slot }), field.name.isEmpty {
      field.name = "value of \(rank.name)"
    }
    return field
  }

  private func rank(_ index: Int) -> TraceSchema.Rank {
    let plan = program.ranks[index]
    let scale = program.scales[plan.scale]
    return TraceSchema.Rank(
      name: plan.name, field: fieldSlots.firstIndex(of: plan.source) ?? 0, scale: scale.name,
      levels: scale.levels, levelTexts: scale.levelTexts, cutPoints: plan.cutPoints,
      cutPointNames: plan.cutPointNames, belongsBelow: plan.belongsBelow,
      intervalLevels: plan.levels, line: plan.line)
  }

  private func operand(_ slot: Int) -> TraceSchema.Operand {
    if let rank = ranks.firstIndex(where: { program.ranks[$0].slot == slot }) {
      return .rank(rank)
    }
    return fieldSlots.firstIndex(of: slot).map { .field($0) } ?? .unnamed
  }

  private mutating func rule(_ index: Int) -> TraceSchema.Rule {
    let plan = program.rules[index]
    var clauses: [TraceSchema.Clause] = []
    if let root = plan.condition {
      for node in program.code.conditions[root..<Int(program.code.conditions[root].end)]
      where node.clause >= 0 {
        let label = program.code.clauses[Int(node.clause)]
        clauseNumbers[Int(node.clause)] = Int32(clauses.count)
        clauses.append(
          TraceSchema.Clause(
            text: label.text, left: operand(label.left), right: operand(label.right),
            symbol: label.comparison?.symbol ?? ""))
      }
    }
    return TraceSchema.Rule(
      name: plan.name, isOtherwise: index == decision.otherwise, reasonCode: plan.reasonCode,
      reason: plan.reasonText.map { piece in
        switch piece {
        case .text(let text): .text(text)
        case .slot(let slot): .operand(operand(slot))
        }
      },
      text: plan.text, clauses: clauses, line: plan.line)
  }

  private func model(
    _ index: Int, _ method: (method: String, attributed: String)
  ) -> TraceSchema.Model {
    let plan = program.models[index]
    return TraceSchema.Model(
      name: plan.name, path: plan.artefact.path, digest: plan.artefact.digest,
      features: plan.feeds.map(\.field),
      featureFields: plan.feeds.map { fieldSlots.firstIndex(of: $0.slot) ?? 0 },
      scoreFields: plan.scores.compactMap { fieldSlots.firstIndex(of: $0.slot) },
      method: method.method, attributed: method.attributed,
      isAttributedOnRead: plan.explanation?.isOnRead ?? false)
  }

  private func override(_ index: Int) -> TraceSchema.Override {
    let plan = program.overrides[index]
    return TraceSchema.Override(
      name: plan.name, reasonCode: plan.reasonCode, authority: plan.authority,
      until: plan.until, text: plan.text, line: plan.line)
  }

  private func artefacts() -> [TraceSchema.Artefact] {
    let header = program.rulesets[decision.ruleset]
    var artefacts = [
      TraceSchema.Artefact(role: "ruleset", path: header.path, digest: header.digest)
    ]
    for index in models {
      let plan = program.models[index]
      artefacts.append(
        TraceSchema.Artefact(
          role: "model", path: plan.artefact.path, digest: plan.artefact.digest))
      if let artefact = expectation(of: plan) { artefacts.append(artefact) }
    }
    for index in rateTables() {
      let table = program.rateTables[index]
      artefacts.append(
        TraceSchema.Artefact(role: "rates", path: table.path, digest: table.digest))
    }
    for index in lists() {
      let list = program.lists[index].artefact
      artefacts.append(TraceSchema.Artefact(role: "list", path: list.path, digest: list.digest))
    }
    return artefacts
  }

  /// The file that a model's attributions are set against, if there is one.
  private func expectation(of plan: ModelPlan) -> TraceSchema.Artefact? {
    func artefact(_ role: String, _ file: ArtefactReference) -> TraceSchema.Artefact {
      TraceSchema.Artefact(role: role, path: file.path, digest: file.digest)
    }
    return switch plan.explanation?.expectation {
    case .background(let file): artefact("background", file)
    // The averages are in the model's own file.
    case .modelStats: artefact("background", plan.artefact)
    case .covers(let file): artefact("covers", file)
    case .recordCounts, .uniformBranches, nil: nil
    }
  }

  /// The rate tables behind the aggregates that the decision rests on. Tables of other rulesets in
  /// the same program must not show: the schema is the decision's alone.
  func rateTables() -> [Int] {
    var slots = Set(decision.evidence + decision.required)
    for case .compute(let range, _) in decision.steps.map({ program.steps[$0] }) {
      for instruction in program.code.instructions[range] {
        slots.formUnion([Int(instruction.left), Int(instruction.right)])
      }
    }
    var tables: Set<Int> = []
    for aggregate in program.aggregates where slots.contains(aggregate.resultSlot) {
      let event = program.events[aggregate.event]
      for instruction in event.code.instructions[aggregate.valueCode]
      where instruction.operation == .convert {
        tables.insert(event.conversions[Int(instruction.right)].table)
      }
    }
    return tables.sorted()
  }

  private func lists() -> [Int] {
    let roots =
      rules.compactMap { program.rules[$0].condition }
      + decision.overrides.map { program.overrides[$0].condition }
    var lists: Set<Int> = []
    for root in roots {
      let end = Int(program.code.conditions[root].end)
      for node in program.code.conditions[root..<end] where node.kind == .inList {
        lists.insert(Int(node.right))
      }
    }
    return lists.sorted()
  }
}
