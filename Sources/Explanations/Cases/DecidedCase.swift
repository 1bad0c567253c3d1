package import DataFields
package import DecisionTrace
package import Decisions
package import RuleLanguage
import ThresholdCells

/// One decision with all that it was made on, ready to be asked what would have come of other facts.
package struct DecidedCase: Sendable {
  package let library: DecisionLibrary
  /// Index of the program's decision.
  package let decision: Int
  package let asOf: CalendarDate?
  package let facts: [Fact]
  package let result: CaseResult
  /// The rule that decided; nil where the decision was refused.
  package let rule: Int?
  let origins: ValueOrigins
  let context: [(slot: Int, value: Quotient?)]
  /// What each model of the decision compares what it is fed with.
  let modelCuts: [Int: ModelCuts]
  /// The engine as the decision left it.
  let engine: DecisionEngine

  package var program: Program { library.program }
  /// How values are printed.
  package var words: ValueWords { ValueWords(scales: program.scales, texts: engine.texts) }
  package var plan: DecisionPlan { library.program.decisions[decision] }

  /// Why a trace cannot be made a case of.
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The library's decision of this name is another.
    case otherRules(String)
    /// The engine decides otherwise than the trace says.
    case differs(String)

    package var description: String {
      switch self {
      case .otherRules(let name): "the rules do not make the decision `\(name)` of this trace"
      case .differs(let name): "the decision `\(name)` comes out otherwise than its trace says"
      }
    }
  }

  /// The case of a trace.
  ///
  /// A derived value that its own inputs do not give again, since it was made of something without a
  /// name, is a fact itself.
  /// - Throws: `Fault` if the library makes another decision of it.
  package init(_ trace: Trace, library: DecisionLibrary) throws(Fault) {
    guard
      let decision = library.schemas.firstIndex(where: { $0.digest == trace.schemaDigest })
    else { throw .otherRules(trace.schema.decision) }
    let schema = library.schemas[decision]
    var engine = DecisionEngine(library)
    var given: [(slot: Int, value: Quotient?)] = []
    var derived: [(slot: Int, value: Quotient?)] = []
    for (slot, value) in zip(schema.fieldSlots, trace.values) {
      let word = value.content.flatMap { Self.word($0, &engine) }
      // What was out of range or too large is as good as missing to everything that rests on it.
      if value.origin == .derived {
        derived.append((slot, word))
      } else {
        given.append((slot, word))
      }
    }
    var made = DecidedCase(
      library: library, decision: decision, given: given, asOf: trace.asOf, engine: engine)
    let lost = derived.filter { made.engine.workspace.row.quotient($0.slot) != $0.value }
    if !lost.isEmpty {
      made = DecidedCase(
        library: library, decision: decision, given: given + lost, asOf: trace.asOf,
        engine: engine, origins: made.origins, modelCuts: made.modelCuts)
    }
    guard made.agrees(made.result, with: trace.result, made.engine) else {
      throw .differs(trace.schema.decision)
    }
    self = made
  }

  /// A case of values that are given to slots.
  package init(
    library: DecisionLibrary, decision: Int, given: [(slot: Int, value: Quotient?)],
    asOf: CalendarDate?
  ) {
    self.init(
      library: library, decision: decision, given: given, asOf: asOf,
      engine: DecisionEngine(library))
  }

  /// - Parameters:
  ///   - context: values that are given as well and are nobody's to ask about.
  ///   - origins: those of the program, if they are known; and what its models compare.
  init(
    library: DecisionLibrary, decision: Int, given: [(slot: Int, value: Quotient?)],
    context: [(slot: Int, value: Quotient?)] = [], asOf: CalendarDate?, engine: DecisionEngine,
    origins: ValueOrigins? = nil, modelCuts: [Int: ModelCuts]? = nil
  ) {
    self.library = library
    self.decision = decision
    self.asOf = asOf
    let program = library.program
    let origins = origins ?? ValueOrigins(program)
    self.origins = origins
    // Worked out of a masked value, a value is masked as well.
    let protections = ValueProtection.ofSlots(program)
    facts = given.map {
      Self.fact(
        $0.slot, $0.value, isMasked: protections[$0.slot].maskKeeps != nil, program, origins)
    }
    let modelCuts = modelCuts ?? Self.modelCuts(library, decision)
    self.modelCuts = modelCuts
    var engine = engine
    // A text that nothing names, so that models take it for a category that they do not know.
    _ = engine.texts.intern(Self.otherText)
    // Texts that only models know must have one code in every question.
    for model in modelCuts.keys.sorted() {
      for text in modelCuts[model]?.categories ?? [] { _ = engine.texts.intern(text) }
    }
    var evaluator = CaseEvaluator(
      engine, facts: facts, context: context, steps: program.decisions[decision].steps,
      decision: decision, asOf: asOf)
    self.context = context
    result = evaluator.result(of: [])
    rule = evaluator.rule
    self.engine = evaluator.engine
  }

  /// What stands for every text that neither the rules nor the models name.
  static let otherText = "any other text"

  /// Its code.
  var otherCode: Int32 { engine.texts.code(of: Self.otherText) ?? Int32.max }

  /// Decides on the facts with some of them changed.
  package func makeEvaluator() -> CaseEvaluator {
    CaseEvaluator(
      engine, facts: facts, context: context, steps: plan.steps, decision: decision, asOf: asOf)
  }

  /// Whether a result of an engine is what a trace says.
  func agrees(_ own: CaseResult, with result: Trace.Result, _ engine: DecisionEngine) -> Bool {
    switch (own, result) {
    case (.decided(let words), .decided(let outcome, _)):
      let type = outcomeType
      let printed = ValueWords(scales: program.scales, texts: engine.texts)
      let contents = words.map { printed.content($0, type) }
      if case .list(let items) = outcome { return items == contents }
      return contents.count == 1 && contents[0] == outcome
    case (.refused(let own), .refused(let other, _, _)): return own.rawValue == other.rawValue
    default: return false
    }
  }

  /// The type of the outcome, or of each of a list.
  package var outcomeType: ValueType {
    let layout = program.code.layout
    guard plan.collectsList else { return layout.slots[plan.slot].type }
    return plan.rules.first.map { layout.slots[program.rules[$0].outcome].type } ?? .text
  }

  private static func modelCuts(
    _ library: DecisionLibrary, _ decision: Int
  ) -> [Int: ModelCuts] {
    var cuts: [Int: ModelCuts] = [:]
    for step in library.program.decisions[decision].steps {
      if case .model(let model) = library.program.steps[step] {
        cuts[model] = ModelCuts(library.models[model])
      }
    }
    return cuts
  }

  static func word(_ content: Trace.Content, _ engine: inout DecisionEngine) -> Quotient? {
    switch content {
    case .boolean(let flag): Quotient(flag ? 1 : 0)
    case .number(let number, _, _, _): number
    case .date(let date): Quotient(Int128(date.daysSinceEpoch))
    case .text(let text): Quotient(Int128(engine.texts.intern(text)))
    case .double(let number): Quotient(Int128(number.bitPattern))
    case .list: nil
    }
  }

  private static func fact(
    _ slot: Int, _ value: Quotient?, isMasked: Bool, _ program: Program, _ origins: ValueOrigins
  ) -> Fact {
    let declared = program.code.layout.slots[slot]
    var actionable = Actionability.yes
    var step: Int128?
    var isKey = false
    var name = declared.name
    if let field = origins.field(at: slot) {
      actionable = field.actionable
      step = field.step
      isKey = program.inputs.contains { $0.fields[$0.key].slot == slot }
    } else if let plan = program.lets.first(where: { $0.slot == slot }) {
      actionable = plan.actionable
      step = plan.step
    } else if origins.score(at: slot) != nil || origins.decision(at: slot) != nil {
      // What a model or another decision gave is nobody's to change.
      actionable = .no
    }
    if name.isEmpty {
      name = program.models.flatMap(\.feeds).first { $0.slot == slot }?.field ?? "value \(slot)"
    }
    return Fact(
      slot: slot, name: name, type: declared.type, value: value, domain: origins.domain(of: slot),
      actionable: actionable, step: step.map { Quotient($0) }, isKey: isKey, isMasked: isMasked)
  }
}
