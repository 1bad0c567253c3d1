import DataFields
import Testing
import ThresholdCells

@Suite struct ThresholdCellsTests {
  private func cut(_ value: Int128, below: Bool = false) -> AxisCut {
    AxisCut(value: Quotient(value), includesValueBelow: below)
  }

  @Test func `cuts order a value between what lies below and above it`() {
    #expect(
      [cut(5, below: true), cut(6), cut(5)].sorted() == [
        cut(5), cut(5, below: true), cut(6),
      ])
  }

  @Test func `intervals that hold no value of the domain are no cells`() {
    // Whole numbers from 0 to 10, cut below 0, at 5 on both sides, after 5 and before 6, at 20.
    let axis = Axis(
      cuts: [cut(0), cut(5), cut(5, below: true), cut(6), cut(20)], lower: Quotient(0),
      upper: Quotient(10), step: Quotient(1))
    #expect(axis.cellCount == 3)
    let samples = (0..<axis.cellCount).map {
      axis.sample(cell: $0, lower: Quotient(0), upper: Quotient(10), step: Quotient(1))
    }
    #expect(samples == [Quotient(0), Quotient(5), Quotient(6)])
    #expect((0..<3).map { axis.isAbove(cut(5), cell: $0) } == [false, true, true])
    #expect((0..<3).map { axis.isAbove(cut(5, below: true), cell: $0) } == [false, false, true])
  }

  @Test func `without a step there is a value between any two cuts`() throws {
    let axis = Axis(cuts: [cut(5), cut(5, below: true), cut(6)], lower: nil, upper: nil, step: nil)
    #expect(axis.cellCount == 4)
    let between = try #require(axis.sample(cell: 2, lower: nil, upper: nil, step: nil))
    #expect(between > Quotient(5) && between < Quotient(6))
  }

  @Test func `a grid visits every combination once, and none beyond its budget`() {
    let grid = CellGrid(axes: [Axis(choices: 2), Axis(choices: 3), Axis(choices: 4)])
    var seen: [[Int]] = []
    #expect(grid.forEachCell(budget: 24) { seen.append($0) })
    #expect(Set(seen).count == 24)
    #expect(seen.first == [0, 0, 0] && seen.last == [1, 2, 3])
    #expect(!grid.forEachCell(budget: 23) { _ in Issue.record("called") })
    let huge = CellGrid(axes: Array(repeating: Axis(choices: 1_000), count: 30))
    #expect(huge.cellCount == nil)
    #expect(!huge.forEachCell(budget: .max) { _ in Issue.record("called") })
  }

  @Test func `a missing value is a cell above and below nothing`() {
    var axis = Axis(cuts: [cut(5)], lower: nil, upper: nil, step: Quotient(1))
    axis.addMissingCell()
    #expect(axis.cellCount == 3)
    #expect(axis.isMissing(2) && !axis.isMissing(1))
    #expect(axis.cutsBetween(0, 1) == [cut(5)])
    #expect(axis.cutsBetween(1, 2).isEmpty)
  }
}
