import DataFields
import DecisionTrace
import Decisions
import RuleLanguage

extension DerivedExplanation {
  /// Works out what follows from a case.
  ///
  /// - Parameter population: rows of others, for what moved the outcome and for what is plausible.
  /// - Complexity: see ``SufficientReasons``, ``CounterfactualSearch`` and ``LevelAttribution``.
  package init(_ decided: DecidedCase, population: Population? = nil, options: Options = Options())
  {
    outcome = decided.words.outcome(decided.result, decided.outcomeType)
    self.population = population?.name
    // Of a refusal the trace says for want of what; nothing more follows.
    guard decided.result.isDecided else { return }
    rawMargins = Self.rawMargins(decided)
    if options.reasons { takeReasons(decided, limit: options.boxLimit) }
    if options.flips { takeFlips(decided, population) }
    if let population { takeLevels(decided, population, isRaw: options.raw) }
  }

  private mutating func takeReasons(_ decided: DecidedCase, limit: Int) {
    let cells = CellDecision(decided.overQuantities())
    let found = SufficientReasons(cells, limit: limit)
    let facts = cells.decided.facts
    // Where a fact is compared with a masked one, its interval would tell that one.
    let tells = !cells.operands.isCovered && facts.contains(where: \.isMasked)
    let conditions = found.reason.facts.indices.map { place in
      let fact = found.reason.facts[place]
      var condition = Condition(
        found.reason.cells[place], of: cells.axes[fact], facts[fact], cells.decided.words)
      if tells {
        condition = Condition(fact: condition.fact, isMasked: true)
      }
      return condition
    }
    reason = Reason(
      conditions: conditions, isProved: found.reason.isProved, isMinimal: found.reason.isMinimal,
      factCount: cells.axes.indices.filter { !cells.isIdle($0) }.count,
      boxCount: found.reason.boxCount)
    necessary = found.necessary.map { facts[$0].name }
    reasons = found.all.map { $0.map { $0.map { facts[$0].name } } }
  }

  private mutating func takeFlips(_ decided: DecidedCase, _ population: Population?) {
    let search = CounterfactualSearch(
      decided, spreads: population?.spreads(decided.facts) ?? [])
    let plausibility = population.map { Plausibility($0, decided) }
    var evaluator = decided.makeEvaluator()
    flips = search.best.compactMap { found in
      // Decided once more: what does not end so is not shown.
      guard evaluator.result(of: found.changes) == found.result else {
        isOptimal = false
        return nil
      }
      let after = evaluator.row
      return Flip(
        outcome: decided.words.outcome(found.result, decided.outcomeType),
        changes: found.changes.compactMap { change(of: decided, $0, population) },
        moved: Self.moved(decided, after), cost: found.cost,
        support: plausibility?.support(after, found.result))
    }
    idle = search.idle.map { decided.facts[$0].name }
    fixed = decided.facts.filter { !$0.isKey && $0.actionable == .no }.map(\.name)
    singleDoubts = search.singleDoubts
    pairDoubts = search.pairDoubts
    isOptimal = isOptimal && search.isOptimal
  }

  private func change(
    of decided: DecidedCase, _ change: FactChange, _ population: Population?
  ) -> Change? {
    let fact = decided.facts[change.fact]
    guard let value = change.value else { return nil }
    return Change(
      fact: fact.name,
      from: fact.isMasked ? nil : fact.value.map { decided.words.content($0, fact.type) },
      to: decided.words.content(value, fact.type), type: fact.type,
      percentile: fact.isOrdered
        ? population?.percentile(of: value, fact: change.fact, fact) : nil)
  }

  /// The ranks whose levels the changed row has otherwise.
  private static func moved(_ decided: DecidedCase, _ after: RuleRow) -> [Moved] {
    let program = decided.program
    let before = decided.engine.workspace.row
    var moved: [Moved] = []
    for step in decided.plan.steps {
      guard case .rank(let index) = program.steps[step] else { continue }
      let plan = program.ranks[index]
      let (old, new) = (before.quotient(plan.slot), after.quotient(plan.slot))
      guard old != new else { continue }
      func level(_ value: Quotient?) -> String {
        value.map { decided.words.content($0, .rank(scale: plan.scale)).plainText } ?? "missing"
      }
      moved.append(Moved(rank: plan.name, from: level(old), to: level(new)))
    }
    return moved
  }

  private mutating func takeLevels(
    _ decided: DecidedCase, _ population: Population, isRaw: Bool
  ) {
    do throws(LevelAttribution.Refusal) {
      table = try LevelAttribution(tableLevelOf: decided, population)
    } catch { refusals.append("of the table: \(error.reason)") }
    if population.count == 1 {
      scores = ScoreDifference.all(decided, against: population.rows[0])
    }
    guard isRaw else { return }
    do throws(LevelAttribution.Refusal) {
      raw = try LevelAttribution(rawLevelOf: decided, population)
    } catch { refusals.append("of the inputs: \(error.reason)") }
  }
}

/// How often the population has the ranks of a changed case.
private struct Plausibility {
  private let slots: [Int]
  private var counts: [Key: Int] = [:]

  private struct Key: Hashable {
    var levels: [Quotient?]
    var result: CaseResult
  }

  init(_ population: Population, _ decided: DecidedCase) {
    let program = decided.program
    slots = decided.plan.steps.compactMap {
      if case .rank(let rank) = program.steps[$0] { program.ranks[rank].slot } else { nil }
    }
    var evaluator = decided.makeEvaluator()
    for (row, result) in zip(population.rows, population.results) {
      _ = evaluator.result(
        of: row.enumerated().map { FactChange(fact: $0.offset, value: $0.element) })
      let key = Key(levels: slots.map { evaluator.row.quotient($0) }, result: result)
      counts[key, default: 0] += 1
    }
  }

  func support(_ row: RuleRow, _ result: CaseResult) -> Int {
    counts[Key(levels: slots.map { row.quotient($0) }, result: result)] ?? 0
  }
}
