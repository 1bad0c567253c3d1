import DataFields
import ReferenceData
import SourceDiagnostics
import ThresholdCells

/// Lays a checked program flat: names become slots, expressions instructions, conditions nodes.
///
/// Constants stand before all other slots of a row, and how many there are is known only at the
/// end; so everything is laid out twice, the first time to count.
struct Lowering {
  let checked: CheckedProgram
  var program = Program()
  /// The rule row's constants, slots and code.
  var row: RowBuilder
  /// The rows of the events.
  var eventRows: [RowBuilder] = []
  /// Where each checked value stands in the rule row.
  var slots: [Int] = []
  var ranksByValue: [Int: Int] = [:]
  /// Which checked decision each plan is, and where the rules of each begin.
  var firstRule: [Int] = []
  var otherwiseRule: [Int?] = []
  /// The step that computes each slot.
  var stepOfSlot: [Int: Int] = [:]
  var stepOfOverride: [Int] = []

  static func program(_ checked: CheckedProgram) throws(DiagnosticsError) -> Program {
    var texts = TextInterner()
    var tables: [RateTable] = []
    var lists: [ListPlan] = []
    var diagnostics: [Diagnostic] = []
    for rates in checked.rates {
      do throws(DiagnosticsError) {
        tables.append(
          try RateTable(
            ReferenceFile(path: rates.artefact.path, bytes: rates.bytes),
            form: .init(
              dateColumn: rates.dateColumn, currencyColumn: rates.currencyColumn,
              rateColumn: rates.rateColumn, digits: rates.rateDigits,
              maximumAge: rates.maximumAgeInDays),
            texts: &texts))
      } catch { diagnostics += error.diagnostics }
    }
    for list in checked.lists {
      do throws(DiagnosticsError) {
        let members = try ReferenceList(
          ReferenceFile(path: list.artefact.path, bytes: list.bytes), column: list.column,
          texts: &texts)
        lists.append(ListPlan(artefact: list.artefact, members: members.members))
      } catch { diagnostics += error.diagnostics }
    }
    if !diagnostics.isEmpty { throw DiagnosticsError(diagnostics) }
    var counting = Lowering(checked, texts: texts, constantCount: 0)
    counting.lower(eventConstantCounts: checked.events.map { _ in 0 })
    let counts = counting.program.events.map(\.code.layout.constantCount)
    var lowering = Lowering(checked, texts: texts, constantCount: counting.row.constants.count)
    lowering.program.rateTables = tables
    lowering.program.lists = lists
    lowering.lower(eventConstantCounts: counts)
    // Only now do slots stand where they will.
    lowering.boundAggregates()
    lowering.program.buildIndexes()
    return lowering.program
  }

  private init(_ checked: CheckedProgram, texts: TextInterner, constantCount: Int) {
    self.checked = checked
    self.row = RowBuilder(constantCount: constantCount)
    program.texts = texts
  }

  private mutating func lower(eventConstantCounts: [Int]) {
    program.sources = checked.sources
    program.rulesets = checked.rulesets.map(\.header)
    program.scales = checked.scales.map {
      RankScale(name: $0.name, levels: $0.levels, levelTexts: $0.titles)
    }
    for value in checked.values {
      slots.append(row.slot(value.name, value.type.valueType ?? .integer(.none)))
    }
    lowerInputs()
    for (index, count) in eventConstantCounts.enumerated() {
      lowerEvent(index, constantCount: count)
    }
    for step in checked.order {
      switch step {
      case .let(let index): lowerLet(index)
      case .rank(let index): lowerRank(index)
      case .model(let index): lowerModel(index)
      case .decision(let index): lowerDecision(index)
      case .override(let index): lowerOverride(index)
      }
    }
    program.code = row.code()
    finishDecisions()
    lowerTests()
  }

  /// The code of a text, in the interner of the program.
  mutating func code(of text: String) -> Int128 { Int128(program.texts.intern(text)) }

  /// The slot of a constant, held as a value of `type`.
  mutating func constant(_ constant: ConstantValue, as type: ValueType) -> Int {
    var word = constant.stored(as: type) ?? Quotient(0)
    var type = type
    if let text = constant.text {
      word = Quotient(code(of: text))
      type = .text
    }
    return row.constant(type, word)
  }

  func line(_ span: SourceSpan) -> Int { checked.line(span) }

  mutating func policy(_ rule: MissingRule, as type: ValueType) -> MissingPolicy {
    switch rule {
    case .refuse, .never: .refuse
    case .rule: .rule
    case .value(let value): .value(constant: constant(value, as: type))
    }
  }

  // MARK: Inputs

  private mutating func lowerInputs() {
    var places: [[Int]: Int] = [:]
    for (place, value) in checked.values.enumerated() {
      if case .field(let input, let field) = value.definition { places[[input, field]] = place }
    }
    for (index, input) in checked.inputs.enumerated() {
      var fields: [FieldPlan] = []
      for (number, field) in input.fields.enumerated() {
        guard let value = places[[index, number]] else { continue }
        // The missing rule of the value, which a rule may have changed by asking for it.
        fields.append(plan(field, slot: slots[value], missing: checked.values[value].missing))
      }
      program.inputs.append(
        InputPlan(name: input.name, source: input.source, fields: fields, key: input.key))
    }
  }

  mutating func plan(_ field: CheckedField, slot: Int, missing: MissingRule, currency: Int? = nil)
    -> FieldPlan
  {
    let type: ValueType
    switch field.type {
    case .value(let value): type = value
    case .amount(let scale, _): type = .decimal(scale: scale, .none)
    case .fault, .stream, .outcomes: type = .text
    }
    func word(_ bound: Quotient?) -> Int128? {
      bound.flatMap {
        ConstantValue(type: type, number: $0).stored(as: type)?.numerator
      }
    }
    return FieldPlan(
      name: field.name, column: field.column, type: type, slot: slot,
      missingTexts: field.missingTexts.map { Array($0.utf8) },
      missing: policy(missing, as: type), lowerBound: word(field.bounds.lower),
      upperBound: word(field.bounds.upper), currencySlot: currency,
      isKey: false, isPersonal: field.isPersonal, maskKeeps: field.maskKeeping,
      actionable: field.actionability,
      step: field.step.flatMap { $0.stored(as: type)?.numerator })
  }

  // MARK: Steps

  /// Adds a step that fills a slot.
  mutating func add(_ step: Program.Step, filling slot: Int) {
    stepOfSlot[slot] = program.steps.count
    program.steps.append(step)
  }

  /// The slot of an expression's value; what must be computed becomes a step of its own.
  mutating func slot(of expression: CheckedExpression) -> Int {
    switch expression.kind {
    case .value(let value): return slots[value]
    case .constant(let value): return constant(value, as: value.type)
    case .asFloat(let operand): return slot(of: operand)
    default:
      let start = row.instructions.count
      let slot = row.slot("", expression.type.valueType ?? .integer(.none))
      compute(expression, to: slot)
      add(.compute(start..<row.instructions.count, destination: slot), filling: slot)
      return slot
    }
  }

  // MARK: Lets

  private mutating func lowerLet(_ index: Int) {
    let item = checked.lets[index]
    let value = checked.values[item.value]
    let slot = slots[item.value]
    guard let type = value.type.valueType else { return }
    var aggregate: Int?
    let start = row.instructions.count
    let policy = policy(value.missing, as: type)
    switch item.body {
    case .aggregate(let body): aggregate = lowerAggregate(body, to: slot)
    case .expression(let expression): compute(expression, to: slot)
    }
    if case .value(let standIn) = policy { row.emit(.coalesce, slot, standIn, to: slot) }
    // As fractions, for a bound may have more digits than its type.
    let fraction = ValueType.quotient(scale: type.scale, type.unit)
    func bound(_ bound: Quotient?) -> Quotient? {
      guard type != .double else { return nil }
      return bound.flatMap { ConstantValue(type: type, number: $0).stored(as: fraction) }
    }
    if item.hasDomain {
      for (limit, operation) in [
        (value.bounds.lower, Instruction.Operation.atLeast), (value.bounds.upper, .atMost),
      ] {
        guard let limit = bound(limit) else { continue }
        row.emit(operation, slot, row.constant(fraction, limit), to: slot)
      }
    }
    if start < row.instructions.count {
      add(.compute(start..<row.instructions.count, destination: slot), filling: slot)
    }
    var plan = LetPlan(
      name: value.name, slot: slot, missing: policy, aggregate: aggregate,
      actionable: item.actionability, step: item.step?.stored(as: type)?.reduced.numerator,
      text: item.text, line: line(item.span), lowerBound: bound(value.bounds.lower),
      upperBound: bound(value.bounds.upper))
    plan.isPersonal = item.isPersonal
    program.lets.append(plan)
  }

  /// What is supplied for an aggregate must be what events can add up to.
  private mutating func boundAggregates() {
    let origins = ValueOrigins(program)
    for index in program.lets.indices where program.lets[index].aggregate != nil {
      let slot = program.lets[index].slot
      if program.code.layout.slots[slot].type == .double { continue }
      let domain = origins.domain(of: slot)
      program.lets[index].lowerBound = domain.lower
      program.lets[index].upperBound = domain.upper
    }
  }

  // MARK: Ranks

  private mutating func lowerRank(_ index: Int) {
    let rank = checked.ranks[index]
    let value = checked.values[rank.value]
    var source = slot(of: rank.source)
    let slot = slots[rank.value]
    guard var type = rank.source.type.valueType else { return }
    if case .quotient(let scale, let unit) = type, let digits = rank.extraDigits(beyond: scale) {
      type = .quotient(scale: scale + digits, unit)
      let power = row.constant(.integer(.none), Quotient(Int128(digits)))
      let start = row.instructions.count
      let finer = row.slot("", type)
      row.emit(.scaleUp, source, power, to: finer)
      add(.compute(start..<row.instructions.count, destination: finer), filling: finer)
      source = finer
    }
    let levels = checked.scales[rank.scale].levels
    ranksByValue[rank.value] = program.ranks.count
    add(.rank(program.ranks.count), filling: slot)
    program.ranks.append(
      RankPlan(
        name: value.name, scale: rank.scale, source: source, slot: slot,
        cutPoints: rank.cutPoints.map { $0.stored(as: type)?.reduced.numerator ?? 0 },
        belongsBelow: rank.belongsBelow,
        cutPointNames: rank.levels.dropFirst().map { "\(value.name).\(levels[$0])" },
        levels: rank.levels, line: line(rank.span)))
  }

  // MARK: Models

  private mutating func lowerModel(_ index: Int) {
    let model = checked.models[index]
    let feeds = model.feeds.map {
      ModelPlan.Feed(field: $0.field, slot: slot(of: $0.value))
    }
    let step = program.steps.count
    program.steps.append(.model(program.models.count))
    var scores: [ModelPlan.Score] = []
    for result in model.results {
      stepOfSlot[slots[result.value]] = step
      scores.append(
        ModelPlan.Score(
          name: checked.values[result.value].name, result: result.result,
          slot: slots[result.value], lowerBound: result.lower, upperBound: result.upper))
    }
    program.models.append(
      ModelPlan(
        name: model.name, artefact: model.artefact, feeds: feeds, scores: scores,
        explanation: model.explanation, line: line(model.span)))
  }

  // MARK: Tests

  private mutating func lowerTests() {
    for test in checked.tests {
      let given = test.given.compactMap { given -> TestPlan.Given? in
        guard let word = word(given.constant, of: given.value) else { return nil }
        return TestPlan.Given(slot: slots[given.value], value: word)
      }
      let expected = test.expected.map { expectation -> TestPlan.Expectation in
        var decision: Int?
        var rule: Int?
        var override: Int?
        switch expectation.rule {
        case .rule(let index, let number)?:
          decision = index
          rule = firstRule[index] + number
        case .otherwise(let index)?:
          decision = index
          rule = otherwiseRule[index]
        case .override(let index)?:
          decision = checked.overrides[index].decision
          override = index
        case nil: break
        }
        return TestPlan.Expectation(
          slot: slots[expectation.value],
          value: expectation.constant.flatMap { word($0, of: expectation.value) },
          list: expectation.list.map { list in list.compactMap { outcomeWord($0) } },
          decision: decision, rule: rule, override: override, span: expectation.span)
      }
      program.tests.append(
        TestPlan(
          name: test.name, ruleset: test.ruleset, asOf: test.asOf, given: given,
          expected: expected, span: test.span))
    }
    for property in checked.properties {
      program.properties.append(
        PropertyPlan(
          name: property.name, ruleset: property.ruleset, slot: slots[property.value],
          input: slots[property.input], rises: property.rises, span: property.span))
    }
  }

  private mutating func outcomeWord(_ constant: ConstantValue) -> Quotient? {
    if let text = constant.text { return Quotient(code(of: text)) }
    return constant.stored(as: constant.type)
  }

  private mutating func word(_ constant: ConstantValue, of value: Int) -> Quotient? {
    if let text = constant.text { return Quotient(code(of: text)) }
    guard let type = checked.values[value].type.valueType else { return nil }
    return constant.stored(as: type)
  }
}
