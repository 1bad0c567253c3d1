import Attribution
import DataFields
import DecisionTrace
import Decisions
import RuleLanguage

extension LevelAttribution {
  /// The table's level: the players are the ranks, scores, outcomes and values that the decision's own
  /// conditions read, each set against its joint distribution in the population.
  ///
  /// A value and the ranks that cut it come and go together.
  /// - Complexity: O(2^players x distinct rows of players) decisions.
  package init(tableLevelOf decided: DecidedCase, _ population: Population) throws(Refusal) {
    let players = TablePlayers(decided)
    let count = players.groups.count
    guard count > 0 else { throw Refusal(reason: "the decision asks nothing") }
    guard count <= ExactShapley.playerLimit else {
      throw Refusal(
        reason: "a table of \(count) quantities takes more than the"
          + " \(ExactShapley.playerLimit) that are enumerated")
    }
    guard population.count > 0 else { throw Refusal(reason: "no row of the population is decided") }
    let rows = players.distinct(population, decided)
    guard rows.count << count <= Self.decisionLimit else {
      throw Refusal(
        reason: "\(rows.count) distinct rows of \(count) quantities are too many to enumerate")
    }
    var evaluator = decided.makeEvaluator()
    let own = players.values(decided.engine.workspace.row)
    var known: [[Quotient?]: Bool] = [:]
    func endsSo(_ values: [Quotient?]) -> Bool {
      if let known = known[values] { return known }
      let result = evaluator.result(
        of: [], supplying: zip(players.slots, values).map { ($0, $1) })
      known[values] = result == decided.result
      return result == decided.result
    }
    let game: (empty: Double, full: Double, values: [Double])
    do throws(AttributionRefusal) {
      game = try ExactShapley.values(playerCount: count) { coalition in
        var total = 0
        for (values, weight) in rows {
          var mixed = values
          for (place, group) in players.groupOfSlot.enumerated()
          where coalition >> UInt32(group) & 1 != 0 {
            mixed[place] = own[place]
          }
          if endsSo(mixed) { total += weight }
        }
        return Double(total) / Double(population.count)
      }
    } catch { throw Refusal(reason: error.reason) }
    self.init(
      baseValue: game.empty, full: game.full,
      parts: players.groups.indices.map {
        Part(
          name: players.groups[$0], value: players.shown($0, decided),
          attribution: game.values[$0])
      }, method: "interventional, \(population.count) rows, exact")
  }

  /// Decisions that one attribution may take.
  static let decisionLimit = 1 << 22
}

/// What a decision's own conditions read, grouped by the quantity behind it.
private struct TablePlayers {
  /// A group's name: that of its one rank, else of its quantity.
  private(set) var groups: [String] = []
  private(set) var slots: [Int] = []
  private(set) var groupOfSlot: [Int] = []

  init(_ decided: DecidedCase) {
    let program = decided.program
    let origins = decided.origins
    let plan = decided.plan
    let roots =
      plan.rules.compactMap { program.rules[$0].condition }
      + plan.overrides.map { program.overrides[$0].condition }
    var quantities: [Int] = []
    for slot in roots.flatMap(decided.operands) where slot >= 0 && !origins.isConstant(slot) {
      guard !slots.contains(slot) else { continue }
      let base = origins.copied(slot)
      let rank = origins.rank(at: base)
      let quantity = rank.map { origins.copied(program.ranks[$0].source) } ?? base
      let own = program.code.layout.slots[base].name
      if let group = quantities.firstIndex(of: quantity) {
        let name = program.code.layout.slots[quantity].name
        if !name.isEmpty { groups[group] = name }
        groupOfSlot.append(group)
      } else {
        groupOfSlot.append(quantities.count)
        quantities.append(quantity)
        groups.append(own.isEmpty ? "a value" : own)
      }
      slots.append(slot)
    }
  }

  func values(_ row: RuleRow) -> [Quotient?] { slots.map { row.quotient($0) } }

  /// The rows of the population as the players see them, each with how often it occurs.
  func distinct(
    _ population: Population, _ decided: DecidedCase
  ) -> [(values: [Quotient?], weight: Int)] {
    var evaluator = decided.makeEvaluator()
    var places: [[Quotient?]: Int] = [:]
    var found: [(values: [Quotient?], weight: Int)] = []
    for row in population.rows {
      _ = evaluator.result(
        of: row.enumerated().map { FactChange(fact: $0.offset, value: $0.element) })
      let values = values(evaluator.row)
      if let place = places[values] {
        found[place].weight += 1
      } else {
        places[values] = found.count
        found.append((values, 1))
      }
    }
    return found
  }

  func shown(_ group: Int, _ decided: DecidedCase) -> String {
    let row = decided.engine.workspace.row
    guard let place = groupOfSlot.firstIndex(of: group), let value = row.quotient(slots[place])
    else { return "missing" }
    if ValueProtection.ofSlots(decided.program)[slots[place]].maskKeeps != nil { return "" }
    let type = decided.program.code.layout.slots[slots[place]].type
    return decided.words.content(value, type).displayText
  }
}
