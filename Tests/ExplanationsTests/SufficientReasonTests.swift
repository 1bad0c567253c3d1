import DataFields
import Explanations
import RationaleTestSupport
import Testing
import ThresholdCells

/// Reasons against their definition: every completion is decided.
@Suite struct SufficientReasonTests {
  @Test func `customer 334628087 has two reasons, each of two ranks`() throws {
    let customer = try HybridSamples.customer()
    let cells = CellDecision(customer.overQuantities())
    let names = cells.decided.facts.map(\.name)
    #expect(Set(names) == ["per_head", "enterprise.employees", "currencies"])
    let reasons = SufficientReasons(cells)
    #expect(reasons.reason.isProved)
    #expect(reasons.reason.isMinimal)
    let all = try #require(reasons.all).map { Set($0.map { names[$0] }) }
    #expect(
      Set(all) == [["per_head", "enterprise.employees"], ["per_head", "currencies"]])
    #expect(reasons.necessary.map { names[$0] } == ["per_head"])
    // Widened: an amount of 100,000 or more is L.
    let place = try #require(reasons.reason.facts.firstIndex { names[$0] == "per_head" })
    let axis = try #require(cells.axes[reasons.reason.facts[place]].axis)
    let first = axis.cells[reasons.reason.cells[place].lowerBound]
    #expect(first.lower?.value == Quotient(10_000_000))
    #expect(reasons.reason.cells[place].upperBound == axis.cells.count)
  }

  @Test(arguments: 0..<24)
  func `reasons of rules and trees are those of every completion`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var shape = HybridSamples.Shape()
    shape.facts = seed % 2 == 0 ? 4 : 3
    shape.top = seed % 2 == 0 ? 4 : 6
    shape.isLogistic = seed % 3 == 0
    let directory = try TemporaryDirectory()
    let library = try HybridSamples.library(shape, in: directory, &random)
    for _ in 0..<4 {
      let decided = HybridSamples.decided(library, shape, &random)
      let cells = CellDecision(decided.overQuantities())
      let slots = decided.facts.map(\.slot)
      let brute = BruteForce(decided, top: shape.top)
      let reasons = SufficientReasons(cells)
      func original(_ facts: [Int]) -> Set<Int> {
        Set(facts.compactMap { slots.firstIndex(of: cells.decided.facts[$0].slot) })
      }
      let expected = brute.reasons()
      #expect(reasons.reason.isProved && reasons.reason.isMinimal, "seed \(seed)")
      #expect(expected.contains(original(reasons.reason.facts)), "seed \(seed)")
      #expect(Set(try #require(reasons.all).map(original)) == expected, "seed \(seed)")
      let needed = expected.reduce(Set(decided.facts.indices)) { $0.intersection($1) }
      #expect(original(reasons.necessary) == needed, "seed \(seed)")
      try checkWidened(cells, reasons.reason, brute, slots, seed)
    }
  }

  /// Every point within the widened intervals must agree, and one cell more must not.
  private func checkWidened(
    _ cells: CellDecision, _ reason: SufficientReason, _ brute: BruteForce, _ slots: [Int],
    _ seed: Int
  ) throws {
    func isInside(_ values: [Int], _ ranges: [Range<Int>]) -> Bool {
      zip(reason.facts, ranges).allSatisfy { fact, range in
        guard let place = slots.firstIndex(of: cells.decided.facts[fact].slot),
          let axis = cells.axes[fact].axis
        else { return false }
        return range.contains(axis.cell(of: Quotient(Int128(values[place]))))
      }
    }
    func agrees(_ ranges: [Range<Int>]) -> Bool {
      brute.results.indices.allSatisfy {
        !isInside(brute.values(of: $0), ranges) || brute.results[$0] == brute.decided.result
      }
    }
    #expect(agrees(reason.cells), "seed \(seed)")
    for place in reason.facts.indices {
      let count = cells.axes[reason.facts[place]].cellCount
      let range = reason.cells[place]
      for wider in [
        max(0, range.lowerBound - 1)..<range.upperBound,
        range.lowerBound..<min(count, range.upperBound + 1),
      ] where wider != range {
        var ranges = reason.cells
        ranges[place] = wider
        #expect(!agrees(ranges), "seed \(seed)")
      }
    }
  }
}
