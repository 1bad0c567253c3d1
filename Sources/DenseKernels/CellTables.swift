internal import CDenseKernels

/// Columns whose values fall into cells between rising edges; a cell has points, and what these count
/// for as a reason.
///
/// Unchecked, since it holds memory by pointers: it is written in the initialiser, before anyone else
/// has the object, only read from then on, and freed with the last reference.
package final class CellTables: @unchecked Sendable {
  /// More edges are better searched than counted.
  package static let edgeLimit = 64

  package struct Table {
    package var column: Int
    /// The number that differences go to; -1 if there is none.
    package var reason: Int
    /// Where a cell ends and the next begins, which has the edge; up to ``edgeLimit``.
    package var edges: [Double]
    /// One a cell, the last for a missing value; NaN where a row has no sum.
    package var points: [Double]
    /// One a cell.
    package var differences: [Double]

    package init(
      column: Int, reason: Int, edges: [Double], points: [Double], differences: [Double]
    ) {
      self.column = column
      self.reason = reason
      self.edges = edges
      self.points = points
      self.differences = differences
    }
  }

  private struct Place {
    var column: Int
    var reason: Int
    var memory: UnsafeMutablePointer<Double>
    var cells: cdense_cells
  }

  private let tables: UnsafeMutableBufferPointer<Place>

  package init(_ tables: [Table]) {
    self.tables = .allocate(capacity: tables.count)
    _ = self.tables.initialize(from: tables.map { Self.place($0) })
  }

  private static func place(_ table: Table) -> Place {
    let cellCount = table.edges.count + 2
    let memory = UnsafeMutablePointer<Double>.allocate(
      capacity: table.edges.count + 2 * cellCount)
    memory.initialize(repeating: .nan, count: table.edges.count + 2 * cellCount)
    for (place, edge) in table.edges.enumerated() { memory[place] = edge }
    let points = memory + table.edges.count
    let differences = points + cellCount
    for (place, point) in table.points.prefix(cellCount).enumerated() { points[place] = point }
    for (place, difference) in table.differences.prefix(cellCount).enumerated() {
      differences[place] = difference
    }
    return Place(
      column: table.column, reason: table.reason, memory: memory,
      cells: cdense_cells(
        edges: memory, points: points, differences: differences,
        edge_count: UInt32(table.edges.count), padding: 0))
  }

  deinit {
    for table in tables { table.memory.deallocate() }
    tables.deallocate()
  }

  /// The sum of a single row with the points of its cells; nil if one of them has none.
  ///
  /// - Parameter numbers: gets the differences of each reason; NaN where there is none yet.
  package func sum(
    _ start: Double, _ values: UnsafePointer<Double>, numbers: UnsafeMutablePointer<Double>
  ) -> Double? {
    var sum = start
    for table in tables {
      let value = values[table.column]
      let edgeCount = Int(table.cells.edge_count)
      var cell = 0
      for edge in 0..<edgeCount { cell += value >= table.cells.edges[edge] ? 1 : 0 }
      if value.isNaN { cell = edgeCount + 1 }
      let points = table.cells.points[cell]
      if points.isNaN { return nil }
      sum += points
      guard table.reason >= 0 else { continue }
      let number = numbers[table.reason]
      let difference = table.cells.differences[cell]
      numbers[table.reason] = number.isNaN ? difference : number + difference
    }
    return sum
  }

  /// The same of a block of rows.
  ///
  /// - Returns: the rows of which a cell has no points.
  package func add(
    _ columns: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>,
    numbers: UnsafeMutablePointer<Double>, by kernel: DenseKernel = .fastest
  ) -> UInt64 {
    let rows = DenseKernel.rowCount
    var missing: UInt64 = 0
    for place in tables.indices {
      let reason = tables[place].reason
      withUnsafePointer(to: &tables[place].cells) { cells in
        missing |= kernel.addCells(
          cells, columns + tables[place].column * rows, sums,
          reason < 0 ? nil : numbers + reason * rows)
      }
    }
    return missing
  }
}
