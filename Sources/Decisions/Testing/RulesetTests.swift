import DataFields
import RuleLanguage
package import SourceDiagnostics

/// Runs the tests that stand in ruleset files.
package struct RulesetTests {
  private let library: DecisionLibrary

  package init(_ library: DecisionLibrary) { self.library = library }

  /// How one case ended.
  package struct Outcome: Sendable {
    package var ruleset: String
    package var name: String
    /// What differed; empty if the case passed.
    package var failures: [Diagnostic]
  }

  /// What the cases of a run reached.
  package struct Coverage: Sendable {
    /// Names of rules and overrides, as `decision.rule`, that decided in some case, and that did not.
    package var rulesReached: [String] = []
    package var rulesMissed: [String] = []
    /// Cut points with a case on each side, and without.
    package var cutPointsReached: [String] = []
    package var cutPointsMissed: [String] = []
    /// Cells of tables, as `decision.row 2, column`, that some case met and some did not, and others.
    package var cellsReached: [String] = []
    package var cellsMissed: [String] = []

    package init() {}

    fileprivate mutating func add(_ rule: String, _ isReached: Bool) {
      if isReached { rulesReached.append(rule) } else { rulesMissed.append(rule) }
    }
  }

  /// Runs every test and property of the program, in the order of the files.
  package func run() -> (outcomes: [Outcome], coverage: Coverage) {
    let program = library.program
    var engine = DecisionEngine(library)
    var outcomes: [Outcome] = []
    var decided: Set<Int> = []
    var overriding: Set<Int> = []
    var sides: [[Set<Bool>]] = program.ranks.map {
      Array(repeating: [], count: $0.cutPoints.count)
    }
    var cells = TableCells(program)
    for test in program.tests {
      evaluate(test, with: &engine)
      cells.note(engine.workspace)
      outcomes.append(
        Outcome(
          ruleset: program.rulesets[test.ruleset].name, name: test.name,
          failures: failures(test, engine)))
      for result in engine.workspace.results where result.status == .decided {
        decided.insert(Int(result.rule))
        if result.override >= 0 { overriding.insert(Int(result.override)) }
      }
      for (index, plan) in program.decisions.enumerated()
      where plan.hitPolicy == .collect && engine.workspace.results[index].status == .decided {
        // Every rule that holds counts.
        decided.formUnion(program.collectedRules(of: index, in: engine.workspace))
      }
      note(&sides, engine.workspace.row)
    }
    for property in program.properties {
      outcomes.append(run(property))
    }
    var coverage = coverage(decided, overriding, sides)
    (coverage.cellsReached, coverage.cellsMissed) = cells.names
    return (outcomes, coverage)
  }

  private func evaluate(_ test: TestPlan, with engine: inout DecisionEngine) {
    engine.workspace.clear()
    for given in test.given {
      engine.workspace.row.set(
        given.slot, to: given.value.numerator, over: given.value.denominator, origin: .supplied)
    }
    engine.run(
      Array(library.program.steps.indices), asOf: test.asOf, keepSupplied: true)
  }

  /// What a list of outcomes is, if it is not what was expected.
  private func difference(from list: [Quotient], _ slot: Int, _ engine: DecisionEngine)
    -> [String]
  {
    let program = library.program
    var engine = engine
    guard let decision = program.decisions.firstIndex(where: { $0.slot == slot }) else { return [] }
    let row = engine.workspace.row
    guard row.isPresent(slot) else {
      return ["\(program.decisions[decision].name) is \(row.state(slot))"]
    }
    program.settleRules(of: decision, in: &engine.workspace)
    let override = Int(engine.workspace.results[decision].override)
    let outcomes =
      override >= 0
      ? [program.overrides[override].outcome]
      : program.collectedRules(of: decision, in: engine.workspace).map {
        program.rules[$0].outcome
      }
    if outcomes.map({ row.quotient($0) }) == list { return [] }
    let words = outcomes.map { describe($0, row, engine.texts) }
    return ["\(program.decisions[decision].name) is (\(words.joined(separator: ", ")))"]
  }

  private func failures(_ test: TestPlan, _ engine: DecisionEngine) -> [Diagnostic] {
    let program = library.program
    return test.expected.compactMap { expectation -> Diagnostic? in
      let row = engine.workspace.row
      let name = program.code.layout.slots[expectation.slot].name
      let actual = row.quotient(expectation.slot)
      var found: [String] = []
      if let list = expectation.list {
        found += difference(from: list, expectation.slot, engine)
      } else if actual != expectation.value {
        found.append("\(name) is \(describe(expectation.slot, row, engine.texts))")
      }
      if let decision = expectation.decision, let rule = expectation.rule {
        let deciding = Int(engine.workspace.results[decision].rule)
        // Where several rules make the outcome, each of them does.
        let isOneOfThem =
          program.decisions[decision].hitPolicy == .collect
          && engine.workspace.ruleStates[rule] == .held
        if deciding != rule, !isOneOfThem {
          found.append(
            "\(name) was decided by "
              + (deciding >= 0 ? "`\(program.rules[deciding].name)`" : "no rule"))
        }
      }
      if let decision = expectation.decision, let override = expectation.override,
        Int(engine.workspace.results[decision].override) != override
      {
        found.append("\(name) was not overridden by `\(program.overrides[override].name)`")
      }
      if found.isEmpty { return nil }
      return Diagnostic(
        "V1", .error, "test \"\(test.name)\" failed: \(found.joined(separator: "; "))",
        at: [(expectation.span, "expected this")], in: program.sources)
    }
  }

  /// A slot's value as the ruleset would write it.
  private func describe(_ slot: Int, _ row: RuleRow, _ texts: TextInterner) -> String {
    guard row.isPresent(slot) else { return "\(row.state(slot))" }
    let value = row.value(slot)
    switch library.program.code.layout.slots[slot].type {
    case .rank(let scale): return library.program.scales[scale].levels[Int(value)]
    case .text: return "\"\(texts.text(Int32(truncatingIfNeeded: value)))\""
    case .boolean: return value != 0 ? "true" : "false"
    case .date:
      return CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: value)).description
    case .double: return Double(bitPattern: UInt64(truncatingIfNeeded: value)).description
    case .integer, .decimal: return NumberText.plain(value, scale: scale(of: slot))
    case .quotient:
      let digits = scale(of: slot)
      return NumberText.plain(value, scale: digits)
        + (row.denominator(slot) == 1 ? "" : " / \(row.denominator(slot))")
    }
  }

  private func scale(of slot: Int) -> Int { library.program.code.layout.slots[slot].type.scale }

  /// Notes on which side of each cut point the ranked values lie.
  private func note(_ sides: inout [[Set<Bool>]], _ row: RuleRow) {
    for (index, rank) in library.program.ranks.enumerated() where row.isPresent(rank.source) {
      let isDouble = library.program.code.layout.slots[rank.source].type == .double
      for (number, cut) in rank.cutPoints.enumerated() {
        let order: Int
        if isDouble {
          let score = Double(bitPattern: UInt64(truncatingIfNeeded: row.value(rank.source)))
          let threshold = Double(bitPattern: UInt64(truncatingIfNeeded: cut))
          order = score < threshold ? -1 : score == threshold ? 0 : 1
        } else {
          order = ExactArithmetic.compareProducts(
            row.value(rank.source), 1, cut, row.denominator(rank.source))
        }
        sides[index][number].insert(order > 0 || (order == 0 && !rank.belongsBelow[number]))
      }
    }
  }

  private func coverage(
    _ decided: Set<Int>, _ overriding: Set<Int>, _ sides: [[Set<Bool>]]
  ) -> Coverage {
    let program = library.program
    var coverage = Coverage()
    for decision in program.decisions {
      for rule in Array(decision.rules) + (decision.otherwise.map { [$0] } ?? []) {
        coverage.add("\(decision.name).\(program.rules[rule].name)", decided.contains(rule))
      }
      for override in decision.overrides {
        let name = "\(decision.name).\(program.overrides[override].name)"
        coverage.add(name, overriding.contains(override))
      }
    }
    for (index, rank) in program.ranks.enumerated() {
      for (number, name) in rank.cutPointNames.enumerated() {
        if sides[index][number].count == 2 {
          coverage.cutPointsReached.append(name)
        } else {
          coverage.cutPointsMissed.append(name)
        }
      }
    }
    return coverage
  }

  /// Decides a property for every input.
  private func run(_ property: PropertyPlan) -> Outcome {
    let program = library.program
    var failures: [Diagnostic] = []
    switch PropertyAnalysis(program).verdict(of: property) {
    case .holds: break
    case .fails(let sentences):
      failures.append(
        Diagnostic(
          "V2", .error, "property \"\(property.name)\" does not hold",
          at: [(property.span, "")], in: program.sources, notes: sentences))
    case .notProved(let why):
      failures.append(
        Diagnostic(
          "V3", .error, "property \"\(property.name)\" is not proved",
          at: [(property.span, "")], in: program.sources, notes: ["not proved: \(why)"]))
    }
    return Outcome(
      ruleset: program.rulesets[property.ruleset].name, name: property.name, failures: failures)
  }
}
