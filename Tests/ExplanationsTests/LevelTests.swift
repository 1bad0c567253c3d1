import DataFields
import Explanations
import RationaleTestSupport
import Testing

/// Attributions of levels against the definition of Shapley values: averages over all orders.
@Suite struct LevelTests {
  /// The average, over all orders of the players, of what each adds when it joins.
  private func shapley(_ count: Int, _ worth: (Set<Int>) -> Double) -> [Double] {
    var sums = Array(repeating: 0.0, count: count)
    var orders = 0.0
    func visit(_ joined: [Int]) {
      if joined.count == count {
        orders += 1
        for place in joined.indices {
          let before = Set(joined[..<place])
          sums[joined[place]] += worth(before.union([joined[place]])) - worth(before)
        }
        return
      }
      for player in 0..<count where !joined.contains(player) { visit(joined + [player]) }
    }
    visit([])
    return sums.map { $0 / orders }
  }

  @Test(arguments: 0..<8)
  func `inputs contribute what they add in every order`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(500 + seed))
    var shape = HybridSamples.Shape()
    shape.facts = 4
    shape.hasQuotient = seed % 2 == 0
    let directory = try TemporaryDirectory()
    let library = try HybridSamples.library(shape, in: directory, &random)
    let decided = HybridSamples.decided(library, shape, &random)
    let rows = (0..<20).map { _ -> [Quotient?] in
      (0..<4).map { _ in Quotient(Int128(Int.random(in: 0...shape.top, using: &random))) }
    }
    let population = Population(rows: rows, for: decided)
    #expect(population.count == 20)
    let level = try LevelAttribution(rawLevelOf: decided, population)
    var evaluator = decided.makeEvaluator()
    func worth(_ coalition: Set<Int>) -> Double {
      var count = 0
      for row in rows {
        let changes = (0..<4).filter { !coalition.contains($0) }.map {
          FactChange(fact: $0, value: row[$0])
        }
        if evaluator.result(of: changes) == decided.result { count += 1 }
      }
      return Double(count) / 20
    }
    let expected = shapley(4, worth)
    #expect((level.baseValue - worth([])).magnitude < 1e-15)
    for (fact, value) in zip(decided.facts, expected) {
      // A fact that nothing asks about is no player, and adds nothing.
      let part = level.parts.first { $0.name == fact.name }?.attribution ?? 0
      #expect((part - value).magnitude < 1e-14, "seed \(seed) \(fact.name)")
    }
    #expect(level.residual.magnitude < 1e-14)
  }

  @Test func `ranks contribute against the joint distribution of the rows`() throws {
    let customer = try HybridSamples.customer()
    // Averages, heads and currencies of ten others: two of them with a rank of M, one of L and L.
    let others: [(Int128, Int128, Int128)] = [
      (5_000_000, 3, 0), (900_000, 2, 1), (70_000_000, 60, 4), (12_000_000, 1, 0),
      (3_000_000, 260, 7), (88_000, 8, 2), (1_000, 1, 0), (990_000_000, 300, 9),
      (45_000_000, 20, 3), (2_000_000, 70, 1),
    ]
    let key = customer.facts[0].value
    let rows = others.map { average, heads, currencies -> [Quotient?] in
      [key, Quotient(heads), Quotient(average), Quotient(currencies)]
    }
    let population = Population(rows: rows, for: customer)
    let level = try LevelAttribution(tableLevelOf: customer, population)
    #expect(Set(level.parts.map(\.name)) == ["amount", "size", "coverage"])
    func rank(_ value: Int128, _ low: Int128, _ high: Int128) -> Int {
      value < low ? 0 : value < high ? 1 : 2
    }
    // The published rules, written again: steady, under-performing, developed.
    func isDeveloped(_ amount: Int, _ size: Int, _ coverage: Int) -> Bool {
      !(amount == size && size == coverage) && !(size < coverage && amount < coverage)
    }
    let ranks = others.map { average, heads, currencies in
      [
        rank(average, 1_000_000 * heads, 10_000_000 * heads), rank(heads, 50, 250),
        rank(currencies, 3, 6),
      ]
    }
    let own = [2, 0, 0]
    let expected = shapley(3) { coalition in
      let count = ranks.count { row in
        let mixed = (0..<3).map { coalition.contains($0) ? own[$0] : row[$0] }
        return isDeveloped(mixed[0], mixed[1], mixed[2])
      }
      return Double(count) / 10
    }
    for (name, value) in zip(["amount", "size", "coverage"], expected) {
      let part = try #require(level.parts.first { $0.name == name })
      #expect((part.attribution - value).magnitude < 1e-15, "\(name)")
    }
    #expect(level.residual.magnitude < 1e-15)
  }
}
