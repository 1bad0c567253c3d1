internal import CDenseKernels

/// Cells between rising edges, each with its points and what these count for as a reason.
///
/// Unchecked, since it holds memory by pointers: it is written in the initialiser, before anyone else
/// has the object, only read from then on, and freed with the last reference.
package final class CellTable: @unchecked Sendable {
  /// More edges are better searched than counted.
  package static let edgeLimit = 64

  private let memory: UnsafeMutablePointer<Double>
  private let cells: UnsafeMutablePointer<cdense_cells>

  /// - Parameters:
  ///   - edges: where a cell ends and the next begins, which has the edge; up to ``edgeLimit``.
  ///   - points: one a cell, the last for a missing value; NaN where a row has no sum.
  ///   - differences: one a cell.
  package init(edges: [Double], points: [Double], differences: [Double]) {
    let cellCount = edges.count + 2
    memory = .allocate(capacity: edges.count + 2 * cellCount)
    memory.initialize(repeating: .nan, count: edges.count + 2 * cellCount)
    for (place, edge) in edges.enumerated() { memory[place] = edge }
    let point = memory + edges.count
    let difference = point + cellCount
    for place in 0..<min(cellCount, points.count) { point[place] = points[place] }
    for place in 0..<min(cellCount, differences.count) { difference[place] = differences[place] }
    cells = .allocate(capacity: 1)
    cells.initialize(
      to: cdense_cells(
        edges: memory, points: point, differences: difference,
        edge_count: UInt32(edges.count), padding: 0))
  }

  deinit {
    memory.deallocate()
    cells.deallocate()
  }

  /// Adds the points of each row's cell to its sum, and the difference to its number, which is NaN
  /// where there is none yet.
  ///
  /// - Returns: the rows whose cell has no points.
  package func add(
    _ values: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>,
    numbers: UnsafeMutablePointer<Double>?, by kernel: DenseKernel = .fastest
  ) -> UInt64 {
    kernel.addCells(cells, values, sums, numbers)
  }
}
