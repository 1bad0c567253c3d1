import Attribution
import DataFields
import DecisionTrace
import Decisions
import RuleLanguage

extension LevelAttribution {
  /// The raw inputs' level: the players are the facts, and a coalition is worth what the whole of the
  /// decision makes of it, derived values, ranks and models included. So a fact that two ranks rest
  /// on is one player.
  ///
  /// - Complexity: O(2^facts x rows) decisions; of a large population evenly spaced rows are taken.
  package init(rawLevelOf decided: DecidedCase, _ population: Population) throws(Refusal) {
    let axes = decided.axes()
    // A fact that nothing asks about contributes exactly nothing.
    let players = decided.facts.indices.filter { axes[$0].cellCount > 1 || !axes[$0].isExact }
    guard players.count <= ExactShapley.playerLimit else {
      throw Refusal(
        reason: "\(players.count) facts are more than the \(ExactShapley.playerLimit) whose"
          + " coalitions are enumerated")
    }
    guard population.count > 0 else { throw Refusal(reason: "no row of the population is decided") }
    let limit = max(1, Self.rawDecisionLimit >> players.count)
    let taken = min(population.count, limit)
    let rows = (0..<taken).map { population.rows[$0 * population.count / taken] }
    var evaluator = decided.makeEvaluator()
    let game: (empty: Double, full: Double, values: [Double])
    do throws(AttributionRefusal) {
      game = try ExactShapley.values(playerCount: players.count) { coalition in
        var total = 0
        for row in rows {
          var changes: [FactChange] = []
          for (place, fact) in players.enumerated() where coalition >> UInt32(place) & 1 == 0 {
            changes.append(FactChange(fact: fact, value: row[fact]))
          }
          if evaluator.result(of: changes) == decided.result { total += 1 }
        }
        return Double(total) / Double(rows.count)
      }
    } catch { throw Refusal(reason: error.reason) }
    let words = decided.words
    self.init(
      baseValue: game.empty, full: game.full,
      parts: players.indices.map { place in
        let fact = decided.facts[players[place]]
        return Part(
          name: fact.name,
          value: fact.isMasked
            ? "" : fact.value.map { words.content($0, fact.type).displayText } ?? "missing",
          attribution: game.values[place])
      },
      method: taken == population.count
        ? "interventional, \(taken) rows, exact"
        : "interventional, \(taken) of \(population.count) rows, exact")
  }

  /// Decisions that one attribution may take.
  static let rawDecisionLimit = 1 << 18
}
