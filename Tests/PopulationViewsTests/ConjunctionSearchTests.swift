import RationaleTestSupport
import Testing

@testable import PopulationViews

/// The best rule, against the enumeration of all of them.
@Suite struct ConjunctionSearchTests {
  private struct Game {
    var sets: [RowSet]
    var subjects: [Int]
    var universe: RowSet
    var group: RowSet
  }

  /// Thresholds of a few fields, both ways, and categories; rows in and out of a group at random, or
  /// by a rule with some noise.
  private func game(_ random: inout SeededGenerator) -> Game {
    let rowCount = Int.random(in: 1...150, using: &random)
    let fieldCount = Int.random(in: 1...4, using: &random)
    var sets: [RowSet] = []
    var subjects: [Int] = []
    var values: [[Int]] = []
    for field in 0..<fieldCount {
      let column = (0..<rowCount).map { _ in Int.random(in: 0...5, using: &random) }
      values.append(column)
      for threshold in 1...3 {
        sets.append(RowSet(rowCount: rowCount) { column[$0] >= threshold })
        subjects.append(3 * field)
        sets.append(RowSet(rowCount: rowCount) { column[$0] < threshold })
        subjects.append(3 * field + 1)
        sets.append(RowSet(rowCount: rowCount) { column[$0] == threshold })
        subjects.append(3 * field + 2)
      }
    }
    let noise = Int.random(in: 0...3, using: &random)
    var group = RowSet(rowCount: rowCount)
    for row in 0..<rowCount {
      let isMeant = values[0][row] >= 2 && values[values.count - 1][row] < 4
      if isMeant != (Int.random(in: 0...9, using: &random) < noise) { group.insert(row) }
    }
    let drops = Bool.random(using: &random)
    let universe = RowSet(rowCount: rowCount) { !drops || values[0][$0] != 5 }
    return Game(sets: sets, subjects: subjects, universe: universe, group: group)
  }

  /// By the definition: every conjunction of conditions, whatever they are about.
  private func bruteForce(
    _ game: Game, _ quality: RuleQuality, longest: Int
  ) -> (conditions: [Int], cover: RuleQuality.Cover)? {
    let rows = (0..<game.universe.rowCount).filter { game.universe.contains($0) }
    let groupCount = rows.count { game.group.contains($0) }
    var best: (conditions: [Int], cover: RuleQuality.Cover, score: Double, precision: Double)?
    func look(_ conditions: [Int]) {
      let held = rows.filter { row in conditions.allSatisfy { game.sets[$0].contains(row) } }
      let inside = held.count { game.group.contains($0) }
      if inside == 0 { return }
      let precision = Double(inside) / Double(held.count)
      let coverage = Double(inside) / Double(groupCount)
      let score =
        switch quality {
        case .f1: 2 * precision * coverage / (precision + coverage)
        case .weightedRelativeAccuracy:
          Double(held.count) / Double(rows.count)
            * (precision - Double(groupCount) / Double(rows.count))
        }
      let cover = RuleQuality.Cover(inside: inside, outside: held.count - inside)
      guard let found = best else {
        best = (conditions, cover, score, precision)
        return
      }
      if abs(score - found.score) > 1e-12 {
        if score > found.score { best = (conditions, cover, score, precision) }
      } else if conditions.count == found.conditions.count,
        abs(precision - found.precision) > 1e-12
      {
        if precision > found.precision { best = (conditions, cover, score, precision) }
      }
    }
    // Shorter ones come first, and those whose conditions stand first.
    let all = game.sets.indices
    for first in all { look([first]) }
    if longest > 1 {
      for first in all { for second in all where second > first { look([first, second]) } }
    }
    if longest > 2 {
      for first in all {
        for second in all where second > first {
          for third in all where third > second { look([first, second, third]) }
        }
      }
    }
    return best.map { ($0.conditions, $0.cover) }
  }

  @Test(arguments: RuleQuality.allCases, 1...3)
  func `the best rule is the one that enumeration finds`(
    quality: RuleQuality, longest: Int
  ) throws {
    var random = SeededGenerator(seed: 40 + UInt64(longest))
    for turn in 0..<(longest == 3 ? 12 : 25) {
      let game = game(&random)
      let search = ConjunctionSearch(
        quality, sets: game.sets, subjects: game.subjects, universe: game.universe,
        group: game.group, longest: longest)
      let found = search.result()
      let expected = bruteForce(game, quality, longest: longest)
      #expect(found?.conditions == expected?.conditions, "turn \(turn)")
      #expect(found?.cover == expected?.cover, "turn \(turn)")
      if let found {
        #expect(found.isProved)
        #expect(found.bound == found.quality)
      }
    }
  }

  @Test func `a search whose budget ends says so, with a bound that holds`() throws {
    var random = SeededGenerator(seed: 9)
    var unproved = 0
    for budget in [0, 40, 400, 2_000, 6_000] {
      for _ in 0..<4 {
        let game = game(&random)
        func search(_ budget: Int) -> ConjunctionSearch.Result? {
          ConjunctionSearch(
            .f1, sets: game.sets, subjects: game.subjects, universe: game.universe,
            group: game.group, budget: budget
          ).result()
        }
        guard let found = search(budget), let best = search(.max) else { continue }
        #expect(found.quality <= best.quality)
        #expect(best.quality <= found.bound)
        if !found.isProved { unproved += 1 }
      }
    }
    #expect(unproved > 0)
  }

  @Test func `a group that no condition holds for has no rule`() {
    let group = RowSet(rowCount: 70) { $0 == 69 }
    let search = ConjunctionSearch(
      .f1, sets: [RowSet(rowCount: 70) { $0 < 60 }], subjects: [0],
      universe: RowSet(rowCount: 70) { _ in true }, group: group)
    #expect(search.result() == nil)
  }
}
