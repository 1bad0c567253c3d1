import DataFields
import RationaleTestSupport
import Testing
import ThresholdCells

@Suite struct ThresholdCellTests {
  private func edge(_ value: Int128, after: Bool = false) -> ThresholdEdge {
    ThresholdEdge(Quotient(value), isAfter: after)
  }

  @Test func `an edge after a whole number is the edge before the next`() {
    let axis = ThresholdAxis(density: .steps, edges: [edge(50, after: true), edge(51)])
    #expect(axis.cells.count == 2)
    #expect(axis.cell(of: Quotient(50)) == 0)
    #expect(axis.cell(of: Quotient(51)) == 1)
  }

  @Test func `among fractions a point is a cell of its own`() throws {
    let axis = ThresholdAxis(density: .continuous, edges: [edge(5, after: true), edge(5)])
    #expect(axis.cells.count == 3)
    let below = try #require(Quotient(9_999, over: 2_000))
    let above = try #require(Quotient(10_001, over: 2_000))
    #expect([below, Quotient(5), above].map(axis.cell) == [0, 1, 2])
  }

  @Test func `thresholds at the ends of the domain and beyond cut nothing`() {
    let domain = ValueDomain(lower: Quotient(1), upper: Quotient(10))
    let axis = ThresholdAxis(
      density: .steps, domain: domain,
      edges: [edge(1), edge(10, after: true), edge(-5), edge(40), edge(10)])
    #expect(axis.cells.count == 2)
    #expect(axis.witness(0) == Quotient(1))
    #expect(axis.witness(1) == Quotient(10))
  }

  @Test func `thresholds at the limits of a word do no harm`() {
    let axis = ThresholdAxis(
      density: .steps, edges: [edge(.max, after: true), edge(.min), edge(.max)])
    #expect(axis.cells.indices.allSatisfy { axis.cell(of: axis.witness($0)) == $0 })
  }

  @Test(arguments: [ThresholdAxis.Density.steps, .continuous])
  func `a witness lies in its cell and in the domain`(density: ThresholdAxis.Density) throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      let low = Int128.random(in: -20...0, using: &random)
      let high = Int128.random(in: 0...20, using: &random)
      let domain = ValueDomain(
        lower: Bool.random(using: &random) ? Quotient(low) : nil,
        upper: Bool.random(using: &random) ? Quotient(high) : nil)
      let edges = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        edge(Int128.random(in: -25...25, using: &random), after: Bool.random(using: &random))
      }
      let axis = ThresholdAxis(density: density, domain: domain, edges: edges)
      for cell in axis.cells.indices {
        let witness = axis.witness(cell)
        #expect(axis.cell(of: witness) == cell)
        #expect(domain.lower.map { witness >= $0 } ?? true)
        #expect(domain.upper.map { witness <= $0 } ?? true)
      }
    }
  }

  @Test func `boxes part a set of combinations without rest or overlap`() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<100 {
      let sizes = (0..<3).map { _ in Int.random(in: 1...4, using: &random) }
      let space = try #require(CombinationSpace(sizes: sizes, budget: 1_000))
      let members = (0..<space.count).map { _ in Int.random(in: 0..<3, using: &random) > 0 }
      let isOrdered = sizes.map { _ in Bool.random(using: &random) }
      let boxes = space.boxes(of: members, limit: .max, isOrdered: isOrdered)
      var times = Array(repeating: 0, count: space.count)
      for combination in boxes.flatMap({ space.combinations(of: $0) }) { times[combination] += 1 }
      #expect(times == members.map { $0 ? 1 : 0 })
      #expect(boxes.allSatisfy { $0.volume == space.combinations(of: $0).count })
    }
  }

  @Test func `a space past the budget is none`() {
    #expect(CombinationSpace(sizes: [1_000, 1_001], budget: 1_000_000) == nil)
    #expect(CombinationSpace(sizes: [.max, .max], budget: .max) == nil)
    #expect(CombinationSpace(sizes: [], budget: 1)?.count == 1)
  }
}
