import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@testable import PopulationViews

/// Counts over traces made by hand.
@Suite struct DecisionPopulationTests {
  private func trace(_ change: (inout TraceFixtures.Profile) -> Void = { _ in }) throws -> Trace {
    try Trace(
      body: TraceFixtures.invoiceProfileBody(change), schema: TraceFixtures.invoiceProfile,
      digest: TraceFixtures.invoiceProfileDigest)
  }

  @Test func `outcomes, rules, levels and values near cut points`() throws {
    var population = DecisionPopulation(TraceFixtures.invoiceProfile)
    population.add(try trace())
    population.add(
      try trace {
        $0.employees = 50
        $0.levels = [0, 1, 0]
      })
    population.add(
      try trace {
        $0.employees = 48
        $0.levels = [0, 0, 0]
        $0.rule = 0
        $0.outcome = "Steady Customers"
      })
    #expect(population.count == 3)
    #expect(population.decided == 3)
    #expect(population.refused == 0)
    #expect(
      population.sortedOutcomes.map(\.outcome) == ["Developed Customers", "Steady Customers"])
    #expect(population.sortedOutcomes.map(\.count) == [2, 1])
    #expect(population.rules.map(\.decided) == [1, 0, 2])
    #expect(population.otherwise == 2)
    #expect(population.rules.allSatisfy { $0.held + $0.failed + $0.notReached == 3 })
    let size = population.ranks[1]
    #expect(size.levels == [2, 1, 0])
    #expect(size.cutPoints.map(\.name) == ["size.M", "size.L"])
    #expect(size.cutPoints[0].on == 1)
    #expect(size.cutPoints[0].below == 2)
    // 48 is 4 % below 50.
    #expect(size.cutPoints[0].bands.map(\.below) == [0, 1, 1])
    #expect(size.cutPoints[1].below == 3)
  }

  @Test func `refusals by reason and field; a value that is missing has no level`() throws {
    var population = DecisionPopulation(TraceFixtures.invoiceProfile)
    let refused = try trace {
      $0.employees = nil
      $0.hasPerHead = false
      $0.rule = -1
    }
    guard case .refused(let refusal, let field, _) = refused.result else {
      Issue.record("the fixture is decided")
      return
    }
    population.add(refused)
    #expect(population.refused == 1)
    #expect(
      population.refusals == [.init(refusal: refusal, field: field, count: 1)])
    #expect(population.ranks[1].missing == 1)
    #expect(population.ranks[1].levels == [0, 0, 0])
  }
}
