import Testing

@testable import Attribution

/// The arithmetic that every exact attribution stands on, against published numbers.
@Suite struct ExactTests {
  @Test func `the glove game divides as the literature says`() throws {
    // Two left gloves and one right one: 1/6, 1/6, 2/3.
    let game = try ExactShapley.values(playerCount: 3) { coalition in
      coalition & 4 != 0 && coalition & 3 != 0 ? 1 : 0
    }
    for (value, expected) in zip(game.values, [1.0 / 6, 1.0 / 6, 2.0 / 3]) {
      #expect(abs(value - expected) <= 1e-15)
    }
    #expect(game.empty == 0 && game.full == 1)
  }

  @Test func `large games are refused`() {
    #expect(throws: AttributionRefusal.self) {
      try ExactShapley.values(playerCount: 13) { _ in 0 }
    }
  }

  @Test func `quadrature has the published nodes and weights`() {
    let rules = GaussLegendre.rules(upTo: 5)
    // Abramowitz and Stegun, table 25.4, n = 5, brought to [0, 1].
    let nodes = [-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664]
    let weights = [
      0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366,
      0.236926885056189,
    ]
    for place in 0..<5 {
      #expect(abs(rules[5].nodes[place] - (nodes[place] + 1) / 2) <= 1e-15)
      #expect(abs(rules[5].weights[place] - weights[place] / 2) <= 1e-15)
    }
  }

  @Test(arguments: [1, 2, 3, 8, 16, 32])
  func `quadrature is exact to its degree`(count: Int) {
    let rule = GaussLegendre.rules(upTo: count)[count]
    for degree in 0..<2 * count {
      var sum = 0.0
      for (node, weight) in zip(rule.nodes, rule.weights) {
        sum += weight * (0..<degree).reduce(1.0) { power, _ in power * node }
      }
      #expect(abs(sum - 1 / Double(degree + 1)) <= 1e-14, "degree \(degree)")
    }
  }

  @Test func `coalition weights are those of Shapley's formula`() {
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : Double(n) * factorial(n - 1) }
    for a in 0..<15 {
      for b in 0..<15 {
        let expected = factorial(a) * factorial(b) / factorial(a + b + 1)
        #expect(abs(CoalitionWeights.weight(a, b) / expected - 1) <= 1e-14)
      }
    }
  }

  @Test func `product games agree with enumeration`() throws {
    let present = [1.0, 0, 1, 2.5, 1, -1, 0]
    let absent = [0.25, 0.5, 1, 0.5, 0, 0.75, 0.125]
    let expected = try ExactShapley.values(playerCount: 7) { coalition in
      (0..<7).reduce(3) { $0 * (coalition >> UInt32($1) & 1 == 1 ? present[$1] : absent[$1]) }
    }
    var values = [Double](repeating: 0, count: 7)
    var scratch = ProductGame.Scratch()
    ProductGame(playerLimit: 7).add(
      scale: 3, present: present, absent: absent, to: &values, &scratch)
    for (value, exact) in zip(values, expected.values) {
      #expect(abs(value - exact) <= 1e-14)
    }
    #expect(values[2] == 0)
  }
}
