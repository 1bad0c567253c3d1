import DataFields
import ThresholdCells

/// One version of a decision, and what its values are.
struct DecisionVersion {
  let program: Program
  let decision: Int
  let definitions: ValueDefinitions
  let origins: ValueOrigins

  init(_ version: (program: Program, decision: Int)) {
    program = version.program
    decision = version.decision
    definitions = ValueDefinitions(program)
    origins = ValueOrigins(program)
  }

  var plan: DecisionPlan { program.decisions[decision] }

  func name(_ slot: Int) -> String { program.code.layout.slots[slot].name }

  /// The inputs, events and scores that some values rest on, however they are read.
  func bases(of slots: [Int]) -> Set<String> {
    var bases: Set<String> = []
    for slot in slots {
      for base in origins.bases(of: slot).keys { bases.insert(identity(base)) }
    }
    return bases
  }

  private func identity(_ slot: Int) -> String {
    for input in program.inputs {
      if let field = input.fields.first(where: { $0.slot == slot }) {
        return "\(field.column) of \(input.source)"
      }
    }
    if let aggregate = origins.aggregate(at: slot) {
      return "events of \(program.events[aggregate.event].source)"
    }
    return definitions.ofSlot.indices.contains(slot) ? definitions.ofSlot[slot] : "slot \(slot)"
  }

  /// A nameless value as a condition writes it.
  func text(ofNameless slot: Int) -> String? {
    for clause in program.code.clauses where clause.left == slot || clause.right == slot {
      guard let symbol = clause.comparison?.symbol else { continue }
      let sides = clause.text.split(separator: " \(symbol) ").map { String($0) }
      guard sides.count == 2 else { continue }
      return clause.left == slot ? sides[0] : sides[1]
    }
    return nil
  }

  // MARK: Refusals

  /// For want of what the decision is refused: each value by its definition, with its name.
  func causesOfRefusal() -> [String: String] {
    var causes: [String: String] = [:]
    var seen: Set<Int> = []
    addCauses(of: decision, to: &causes, &seen)
    return causes
  }

  private func addCauses(
    of decision: Int, to causes: inout [String: String], _ seen: inout Set<Int>
  ) {
    guard seen.insert(decision).inserted else { return }
    for slot in Set(program.decisions[decision].causes.joined()) {
      if let other = program.decisions.firstIndex(where: { $0.isOutcome(slot) }) {
        addCauses(of: other, to: &causes, &seen)
      } else if origins.missingPolicy(of: slot) == .refuse, canBeMissing(slot) {
        causes[definitions.withoutStandIn[slot]] = name(slot)
      }
    }
  }

  /// Whether a value may itself be missing, and not only for want of one that it rests on.
  private func canBeMissing(_ slot: Int) -> Bool {
    if origins.rank(at: slot) != nil { return false }
    if origins.field(at: slot) != nil || origins.score(at: slot) != nil { return true }
    if let aggregate = origins.aggregate(at: slot) {
      return aggregate.function != .count && aggregate.function != .countDistinct
    }
    guard let (_, step) = origins.definition(of: slot),
      case .compute(let range, _) = program.steps[step]
    else { return false }
    // A division by zero.
    return program.code.instructions[range].contains { instruction in
      guard instruction.operation == .divideQuotient else { return false }
      let divisor = origins.domain(of: Int(instruction.right))
      let isAbove = divisor.lower.map { $0 > Quotient(0) } ?? false
      let isBelow = divisor.upper.map { $0 < Quotient(0) } ?? false
      return !isAbove && !isBelow
    }
  }

  /// The overrides of the decision, as they are tried.
  func overrides() -> [String] {
    plan.overrides.map { override in
      let plan = program.overrides[override]
      return "\(definitions.condition(plan.condition)) \(definitions.ofSlot[plan.outcome]) "
        + (plan.until.map { "\($0)" } ?? "")
    }
  }
}

/// Two versions of a decision, asked so that their answers can be compared.
struct VersionPair {
  let versions: [DecisionVersion]
  /// Values of one name that the versions define otherwise.
  let redefined: [String]

  init(_ old: (program: Program, decision: Int), _ new: (program: Program, decision: Int)) {
    versions = [DecisionVersion(old), DecisionVersion(new)]
    let (before, after) = (versions[0], versions[1])
    var places: [String: Int] = [:]
    for slot in after.plan.evidence { places[after.name(slot)] = slot }
    redefined = before.plan.evidence.compactMap { slot in
      guard before.origins.rank(at: slot) == nil, let other = places[before.name(slot)],
        before.definitions.ofSlot[slot] != after.definitions.ofSlot[other]
      else { return nil }
      return before.name(slot)
    }
  }

  // MARK: Questions

  /// Both versions as products of the cells that they share; nil where one has no such form.
  func products(_ budget: BoxBudget) -> (DecisionProducts, DecisionProducts)? {
    var inlined = [Set<Int>(), Set<Int>()]
    // Decisions that are made on the way may read others.
    for _ in 0...versions.map(\.program.decisions.count).reduce(0, max) {
      let added = redefinedDecisions(questions(inlined))
      if added.allSatisfy(\.isEmpty) { break }
      for side in inlined.indices { inlined[side].formUnion(added[side]) }
    }
    if let products = products(inlined, budget) { return products }
    return inlined.allSatisfy(\.isEmpty) ? nil : products([[], []], budget)
  }

  private func products(_ inlined: [Set<Int>], _ budget: BoxBudget)
    -> (DecisionProducts, DecisionProducts)?
  {
    var refinements: [String: AxisRefinement] = [:]
    for (version, question) in zip(versions, questions(inlined)) {
      for axis in question.axes {
        let refinement = AxisRefinement(axis, of: question)
        let key = version.definitions.key(of: axis)
        if refinements[key]?.formUnion(refinement) == nil { refinements[key] = refinement }
      }
    }
    let asked = questions(inlined, refinements)
    guard let before = DecisionProducts(asked[0], budget: budget),
      let after = DecisionProducts(asked[1], budget: budget)
    else { return nil }
    return (before, after)
  }

  private func questions(_ inlined: [Set<Int>], _ refinements: [String: AxisRefinement] = [:])
    -> [DecisionQuestion]
  {
    zip(versions, inlined).map { version, inlined in
      DecisionQuestion(
        version.program, decision: version.decision,
        sharing: QuestionSharing(
          definitions: version.definitions, refinements: refinements, inlined: inlined))
    }
  }

  /// Decisions whose outcomes one version asks about as the other does not: made on the way, what
  /// they rest on says where they differ.
  private func redefinedDecisions(_ questions: [DecisionQuestion]) -> [Set<Int>] {
    let keys = zip(versions, questions).map { version, question in
      Set(question.axes.map { version.definitions.key(of: $0) })
    }
    return questions.indices.map { side in
      let version = versions[side]
      return Set(
        questions[side].axes.compactMap { axis -> Int? in
          guard !axis.isComparison, let other = version.origins.decision(at: axis.slot),
            version.program.decisions[other].overrides.isEmpty,
            !keys[1 - side].contains(version.definitions.key(of: axis))
          else { return nil }
          return other
        })
    }
  }

  // MARK: Notes

  /// What may end otherwise beyond the outcomes of rules.
  var notes: [String] { refusals() + bounds() + overrides() }

  private func refusals() -> [String] {
    let (before, after) = (versions[0].causesOfRefusal(), versions[1].causesOfRefusal())
    let gone = before.filter { after[$0.key] == nil }.map(\.value)
    let added = after.filter { before[$0.key] == nil }.map(\.value)
    var notes: [String] = []
    for name in Set(gone).union(added).sorted() {
      switch (gone.contains(name), added.contains(name)) {
      case (true, true): notes.append("`\(name)` may be missing for other inputs")
      case (true, false): notes.append("no longer refused where `\(name)` is missing")
      default: notes.append("refused now where `\(name)` is missing")
      }
    }
    return notes
  }

  private func bounds() -> [String] {
    let (before, after) = (versions[0], versions[1])
    return before.plan.evidence.compactMap { slot -> String? in
      guard let field = before.origins.field(at: slot),
        let other = after.plan.evidence.first(where: {
          after.definitions.withoutStandIn[$0] == before.definitions.withoutStandIn[slot]
        }), let same = after.origins.field(at: other),
        field.lowerBound != same.lowerBound || field.upperBound != same.upperBound
      else { return nil }
      return "`\(before.name(slot))` has other bounds: compared where both take it"
    }
  }

  private func overrides() -> [String] {
    let lists = versions.map { $0.overrides() }
    if lists[0] != lists[1] { return ["its overrides changed: compared where none is in force"] }
    return []
  }
}
