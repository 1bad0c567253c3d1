package import DataFields
package import DecisionTrace
package import RuleLanguage

/// Makes decisions on rows, one at a time: the scratch memory of one lane over a shared library.
///
/// Fill `workspace.row`, ``run(_:asOf:keepSupplied:)`` the steps, then ask for traces. Once its
/// buffers have grown, a decision by rules alone allocates nothing.
package struct DecisionEngine: Sendable {
  package let library: DecisionLibrary
  /// Starts as a copy of the program's texts, so that the program's codes hold here.
  package var texts: TextInterner
  package var workspace: EvaluationWorkspace
  private var models: [ModelScorer]

  package init(_ library: DecisionLibrary) {
    self.library = library
    texts = library.program.texts
    workspace = EvaluationWorkspace(library.program)
    models = library.models.map { ModelScorer($0) }
  }

  /// Runs steps of the program in order on the row.
  ///
  /// - Parameters:
  ///   - steps: indices of `Program.steps`, rising.
  ///   - keepSupplied: leave alone what the row holds with the origin *supplied*.
  package mutating func run(
    _ steps: [Int], asOf: CalendarDate?, keepSupplied: Bool = false
  ) {
    let contents = library.contents
    let steps = steps.span
    var place = 0
    while true {
      // The program runs all that it can at a time: a call for each step would copy it each time.
      place = contents.program.run(
        steps, from: place, asOf: asOf, in: &workspace, keepSupplied: keepSupplied)
      guard place < steps.count else { return }
      if case .model(let model) = contents.program.steps[steps[place]] {
        models[model].score(&workspace.row, texts: &texts, keepSupplied: keepSupplied)
      }
      place += 1
    }
  }

  /// Writes the body of the trace of a decision that has just been made.
  package mutating func encodeTrace(
    of decision: Int, _ context: TraceContext, into encoder: inout TraceBodyEncoder
  ) {
    let plan = library.contents.schemas[decision]
    library.contents.settleRules(of: decision, in: &workspace)
    Self.encodeEvidence(plan, context, workspace, texts, into: &encoder)
    for model in plan.models {
      models[model].encodeAttributions(
        into: &encoder,
        key: DecisionKey.key(
          source: context.source, record: context.record, index: context.index))
    }
    encodeResult(of: decision, plan, into: &encoder)
    encoder.previous(context.previousOutcome.map { texts.utf8($0) })
    encoder.lineage(length: context.lineageLength, head: context.lineageHead)
    if context.conversions.isEmpty {
      encoder.conversions(count: 0)
    } else {
      encodeConversions(context.conversions, plan, into: &encoder)
    }
  }

  /// The parts of a body up to what became of the rules.
  ///
  /// Apart, with all that it reads lent to it: within a mutating method each read would count
  /// references.
  private static func encodeEvidence(
    _ plan: DecisionSchema, _ context: TraceContext, _ workspace: EvaluationWorkspace,
    _ texts: TextInterner, into encoder: inout TraceBodyEncoder
  ) {
    texts.withUTF8(context.subject) { subject in
      encoder.begin(
        schema: plan.digest, source: context.source.span, record: context.record,
        index: context.index, subject: subject, asOf: context.asOf)
    }
    encoder.values(
      of: workspace.row, slots: plan.fieldSlots, forms: plan.fieldForms, texts: texts)
    encoder.ranks(of: workspace.row, slots: plan.rankSlots)
    encoder.rules(
      plan.rules, states: workspace.ruleStates, decidingClauses: workspace.decidingClauses,
      clauseNumbers: plan.clauseNumbers)
  }

  /// Only rates of tables that the decision rests on: the event may feed others as well.
  private func encodeConversions(
    _ conversions: [AppliedConversion], _ schema: DecisionSchema,
    into encoder: inout TraceBodyEncoder
  ) {
    var count = 0
    for conversion in conversions where schema.rateTables.contains(conversion.table) { count += 1 }
    encoder.conversions(count: count)
    for conversion in conversions where schema.rateTables.contains(conversion.table) {
      encoder.conversion(
        from: texts.utf8(conversion.currency), to: texts.utf8(conversion.target),
        rate: conversion.rate, digits: conversion.digits, date: conversion.date)
    }
  }

  private func encodeResult(
    of decision: Int, _ schema: DecisionSchema, into encoder: inout TraceBodyEncoder
  ) {
    let result = workspace.results[decision]
    let slot = schema.outcomeSlot
    func position(_ rule: Int32) -> Int? {
      rule < 0 ? nil : schema.rules.firstIndex(of: Int(rule))
    }
    let isList = schema.isList
    if isList, result.status == .decided, let rule = position(result.rule) {
      if result.override >= 0 {
        encoder.decided(rule: rule, count: 1)
        encodeOutcome(
          library.program.overrides[Int(result.override)].outcome, schema, into: &encoder)
      } else {
        encoder.decided(rule: rule, count: collectedCount(schema))
        encodeCollected(schema, into: &encoder)
      }
    } else if result.status == .decided, let rule = position(result.rule) {
      encoder.decided(
        rule: rule, schema.outcomeForm, value: workspace.row.value(slot),
        denominator: workspace.row.denominator(slot), texts: texts)
    } else {
      encoder.refused(
        result.refusal.rawValue,
        field: schema.fieldSlots.firstIndex(of: Int(result.refusedSlot)),
        rule: position(result.rule), conflicting: position(result.conflictingRule))
    }
    if result.override >= 0,
      let index = schema.overrides.firstIndex(of: Int(result.override))
    {
      if isList {
        encoder.override(index, replacedCount: collectedCount(schema))
        encodeCollected(schema, into: &encoder)
      } else {
        encoder.override(index, schema.outcomeForm, replaced: result.replaced, texts: texts)
      }
    } else {
      encoder.noOverride()
    }
  }

  private func collectedCount(_ schema: DecisionSchema) -> Int {
    var count = 0
    for rule in schema.rules where workspace.ruleStates[rule] == .held { count += 1 }
    return count
  }

  private func encodeCollected(_ schema: DecisionSchema, into encoder: inout TraceBodyEncoder) {
    for rule in schema.rules where workspace.ruleStates[rule] == .held {
      encodeOutcome(library.program.rules[rule].outcome, schema, into: &encoder)
    }
  }

  private func encodeOutcome(
    _ slot: Int, _ schema: DecisionSchema, into encoder: inout TraceBodyEncoder
  ) {
    encoder.listed(schema.outcomeForm, value: workspace.row.value(slot), texts: texts)
  }

  /// The outcomes of a decision of a list that has just been made, as they are printed.
  package mutating func listedOutcomes(of decision: Int) -> [String] {
    let program = library.program
    guard workspace.results[decision].status == .decided else { return [] }
    program.settleRules(of: decision, in: &workspace)
    let override = Int(workspace.results[decision].override)
    let slots =
      override >= 0
      ? [program.overrides[override].outcome]
      : program.collectedRules(of: decision, in: workspace).map { program.rules[$0].outcome }
    return slots.map { slot in
      let value = workspace.row.value(slot)
      switch program.code.layout.slots[slot].type {
      case .text: return texts.text(Int32(truncatingIfNeeded: value))
      case .boolean: return value != 0 ? "true" : "false"
      case .date: return CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: value)).description
      case .double: return Double(bitPattern: UInt64(truncatingIfNeeded: value)).description
      case .integer, .decimal, .quotient, .rank:
        return NumberText.plain(value, scale: program.code.layout.slots[slot].type.scale)
      }
    }
  }

  /// The outcome of a decision that has just been made, as a text's code (a list as it is printed);
  /// nil if it was refused or its outcome is neither.
  package mutating func outcomeCode(of decision: Int) -> Int32? {
    guard workspace.results[decision].status == .decided else { return nil }
    if library.contents.schemas[decision].isList {
      return texts.intern(listedOutcomes(of: decision).joined(separator: ", "))
    }
    let slot = library.contents.schemas[decision].outcomeSlot
    guard library.contents.program.code.layout.slots[slot].type == .text else { return nil }
    return Int32(truncatingIfNeeded: workspace.row.value(slot))
  }
}

/// What a trace says beside the row and the rules: whose decision it is and where it came from.
package struct TraceContext: Sendable {
  /// The source's name or its file's digest, as UTF-8.
  package var source: [UInt8]
  /// The record's number in the source, from 1, and the event within the record, from 0.
  package var record: Int
  package var index: Int
  /// The subject's code in the engine's texts.
  package var subject: Int32
  package var asOf: CalendarDate?
  /// The subject's previous outcome, as a code in the engine's texts.
  package var previousOutcome: Int32?
  package var lineageLength: Int
  package var lineageHead: Digest?
  /// The rates by which the event that led to the decision was converted.
  package var conversions: [AppliedConversion]

  package init(
    source: [UInt8], record: Int, index: Int, subject: Int32, asOf: CalendarDate?,
    previousOutcome: Int32?, lineageLength: Int, lineageHead: Digest?,
    conversions: [AppliedConversion] = []
  ) {
    self.source = source
    self.record = record
    self.index = index
    self.subject = subject
    self.asOf = asOf
    self.previousOutcome = previousOutcome
    self.lineageLength = lineageLength
    self.lineageHead = lineageHead
    self.conversions = conversions
  }
}
