import DataFields
import DecisionTrace
import Decisions
import Explanations
import RationaleTestSupport
import RuleLanguage
import Testing

/// Counterfactuals against every point of a grid.
@Suite struct CounterfactualTests {
  /// The least cost of changing exactly these facts to reach a result, over the grid; nil if it is
  /// never reached.
  private func least(
    _ brute: BruteForce, _ changed: Set<Int>, _ search: CounterfactualSearch
  ) -> [CaseResult: Double] {
    let facts = brute.decided.facts
    let own = facts.map { Int($0.value?.numerator ?? -1) }
    var best: [CaseResult: Double] = [:]
    for point in brute.results.indices {
      let values = brute.values(of: point)
      guard facts.indices.allSatisfy({ (values[$0] != own[$0]) == changed.contains($0) }),
        brute.results[point] != brute.decided.result
      else { continue }
      let cost = changed.sorted().reduce(0.0) {
        $0 + search.distance.distance(facts[$1], at: $1, to: Quotient(Int128(values[$1])))
      }
      best[brute.results[point]] = min(best[brute.results[point]] ?? .infinity, cost)
    }
    return best
  }

  @Test(arguments: 0..<24)
  func `flips of one and two facts are the nearest of the grid`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(100 + seed))
    var shape = HybridSamples.Shape()
    shape.facts = 3
    shape.top = 6
    shape.isLogistic = seed % 3 == 0
    shape.hasQuotient = seed % 4 == 3
    let directory = try TemporaryDirectory()
    let library = try HybridSamples.library(shape, in: directory, &random)
    for _ in 0..<3 {
      let decided = HybridSamples.decided(library, shape, &random)
      let brute = BruteForce(decided, top: shape.top)
      let search = CounterfactualSearch(decided)
      #expect(search.singleDoubts.isEmpty, "seed \(seed)")
      var reached: Set<CaseResult> = []
      for fact in decided.facts.indices {
        let expected = least(brute, [fact], search)
        let found = search.singles.filter { $0.changes[0].fact == fact }
        #expect(
          Dictionary(uniqueKeysWithValues: found.map { ($0.result, $0.cost) }) == expected,
          "seed \(seed) fact \(fact)")
        reached.formUnion(expected.keys)
      }
      var pairs: [CaseResult: Double] = [:]
      for (first, second) in [(0, 1), (0, 2), (1, 2)] {
        pairs.merge(least(brute, [first, second], search)) { min($0, $1) }
      }
      pairs = pairs.filter { !reached.contains($0.key) }
      let found = Dictionary(uniqueKeysWithValues: search.pairs.map { ($0.result, $0.cost) })
      if search.pairDoubts.isEmpty {
        #expect(found == pairs, "seed \(seed)")
      } else {
        // What is found is there, and never nearer than the nearest.
        for (result, cost) in found { #expect(cost >= (pairs[result] ?? .infinity)) }
      }
      try checkEach(search)
    }
  }

  /// Every counterfactual, decided again.
  private func checkEach(_ search: CounterfactualSearch) throws {
    var evaluator = search.decided.makeEvaluator()
    for flip in search.singles + search.pairs + search.larger {
      #expect(evaluator.result(of: flip.changes) == flip.result)
      #expect(flip.result != search.decided.result)
      for change in flip.changes {
        let value = try #require(change.value)
        #expect(search.decided.facts[change.fact].mayBecome(value))
      }
    }
  }

  @Test func `no change of head-count alone makes customer 334628087 other than developed`() throws
  {
    let customer = try HybridSamples.customer()
    let search = CounterfactualSearch(customer)
    let head = try #require(customer.facts.firstIndex { $0.name == "enterprise.employees" })
    #expect(search.axes[head].isExact)
    #expect(!search.singles.contains { $0.changes[0].fact == head })
    // The ranks that head-count goes through: amount, size.
    let curve = try #require(search.curves.first { $0.axis.fact == head })
    #expect(curve.parts.count > 4)
    #expect(curve.parts.allSatisfy { $0.result == customer.result })
    // A mean below 40,000 HUF is less than 10,000 a head: all three ranks are S then.
    let average = try #require(customer.facts.firstIndex { $0.name == "average" })
    let flip = try #require(search.singles.first { $0.changes[0].fact == average })
    #expect(flip.changes[0].value == Quotient(3_999_999))
    #expect(customer.words.outcome(flip.result, customer.outcomeType) == "Steady Customers")
  }

  @Test func `what may not be changed is not, and steps are kept`() throws {
    let rules = """
      ruleset steps version 1 {
        owner "Tests"
      }
      input e from "s" {
        id text key
        a int in 0 ... 1000 step 7 actionable increase
        b int in 0 ... 1000 actionable no
        c int in 0 ... 1000 actionable decrease
      }
      decision d: text hit first {
        rule up reason D-1 "" when e.a >= 50 then "up"
        rule no reason D-2 "" when e.b >= 50 then "no"
        rule down reason D-3 "" when e.c < 5 then "down"
        otherwise reason D-4 "" then "rest"
      }
      """
    let directory = try TemporaryDirectory()
    let library = try DecisionLibraryText.library(rules, in: directory)
    let decided = try DecisionLibraryText.decided(library, ["e.a": 10, "e.b": 10, "e.c": 10])
    let search = CounterfactualSearch(decided)
    let names = decided.facts.map(\.name)
    let found = Dictionary(
      uniqueKeysWithValues: search.singles.map {
        (names[$0.changes[0].fact], $0.changes[0].value)
      })
    // 10 + 6 x 7 is the first whole number of steps that is not below 50.
    #expect(found == ["e.a": Quotient(52), "e.c": Quotient(4)])
  }
}

/// Margins in the inputs' own units.
@Suite struct RawMarginTests {
  @Test func `an amount a head is moved by the mean or by the heads`() throws {
    let customer = try HybridSamples.customer()
    let margins = DerivedExplanation(customer).rawMargins
    func words(_ margin: DerivedExplanation.RawMargin) -> String {
      let symbol = (margin.isAbove ? ">" : "<") + (margin.bound.isIncluded ? "=" : "")
      return "\(margin.rank) \(margin.levelBeyond): \(margin.fact) \(symbol)"
        + " \(margin.bound.value.plainText)"
    }
    // 310,644.54 a head of 4: below 100,000 with a mean below 400,000, or with 13 heads.
    #expect(
      Set(margins.map(words)) == [
        "amount M: average < 400000.00", "amount M: enterprise.employees >= 13",
      ])
  }

  @Test(arguments: 0..<40)
  func `on either side of a margin the rank is what is said`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(900 + seed))
    let rules = """
      ruleset margins version 1 {
        owner "Tests"
      }
      input e from "s" {
        id text key
        a int in 0 ... 1000
        b int in 1 ... 50
        c int in -20 ... 20
      }
      let value = (e.a - e.c * \(Int.random(in: 1...5, using: &random))) / e.b
      scale S: Low < Middle < High
      rank r: S by value {
        Low below \(Int.random(in: 1...10, using: &random))
        Middle up to \(Int.random(in: 11...60, using: &random))
        High otherwise
      }
      decision d: text hit first {
        rule low reason D-1 "" when r == Low then "low"
        otherwise reason D-2 "" then "rest"
      }
      """
    let directory = try TemporaryDirectory()
    let library = try DecisionLibraryText.library(rules, in: directory)
    let decided = try DecisionLibraryText.decided(
      library,
      [
        "e.a": Int.random(in: 0...1000, using: &random),
        "e.b": Int.random(in: 1...50, using: &random),
        "e.c": Int.random(in: -20...20, using: &random),
      ])
    var evaluator = decided.makeEvaluator()
    _ = evaluator.result(of: [])
    let slot = try #require(library.program.code.layout.slot(named: "r"))
    let own = evaluator.row.value(slot)
    for margin in DerivedExplanation(decided).rawMargins {
      let fact = try #require(decided.facts.firstIndex { $0.name == margin.fact })
      guard case .number(let bound, _, _, _) = margin.bound.value else {
        Issue.record("no number")
        continue
      }
      #expect(margin.bound.isIncluded)
      let back = try #require(bound.adding(Quotient(margin.isAbove ? -1 : 1)))
      _ = evaluator.result(of: [FactChange(fact: fact, value: bound)])
      let names = library.program.scales[0].levels
      #expect(names[Int(evaluator.row.value(slot))] == margin.levelBeyond, "seed \(seed)")
      _ = evaluator.result(of: [FactChange(fact: fact, value: back)])
      #expect(evaluator.row.value(slot) == own, "seed \(seed)")
    }
  }
}
