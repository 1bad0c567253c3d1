internal import DataFields
internal import DenseKernels

extension BlockScorer {
  /// A scorecard in tables, characteristic by characteristic: each row's points are added in the
  /// order of ``ModelProgram/runScorecard(_:_:_:)``.
  func runScorecard(
    _ plan: ScorecardPlan, _ tables: ScorecardTables, _ unit: Int, _ count: Int,
    _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    let columns = space.units[unit]
    let numbers = space.region + columns.region * rows
    let scores = space.predicted + unit * rows
    numbers.update(repeating: .nan, count: plan.reasonCount * rows)
    scores.update(repeating: plan.initialScore, count: rows)
    // Rows without a score: NaN itself may also be a sum.
    var missing: UInt64 = 0
    if let kernels = tables.kernels {
      missing = kernels.add(space.slots, to: scores, numbers: numbers)
    } else {
      for characteristic in tables.characteristics {
        missing |= Self.add(
          characteristic, space.slots + characteristic.slot * rows, to: scores, numbers)
      }
    }
    space.hasRegion[unit] = ~missing
    for row in 0..<rows where missing >> UInt64(row) & 1 != 0 { scores[row] = .nan }
    DenseKernel.fastest.rank(
      numbers, count: plan.reasonCount, rankCount: columns.reasonRankCount,
      into: space.confidences + columns.region * rows)
  }

  /// Adds the points of a characteristic whose cells have several reasons, row by row.
  ///
  /// - Returns: the rows whose cell has no points.
  private static func add(
    _ characteristic: ScorecardTables.Characteristic, _ values: UnsafePointer<Double>,
    to scores: UnsafeMutablePointer<Double>, _ numbers: UnsafeMutablePointer<Double>
  ) -> UInt64 {
    let rows = BlockWorkspace.rowCount
    var missing: UInt64 = 0
    characteristic.cells.withUnsafeBufferPointer { cells in
      for row in 0..<rows {
        let cell = cells[characteristic.cell(of: values[row])]
        if cell.points.isNaN { missing |= 1 << UInt64(row) }
        scores[row] += cell.points
        if cell.reason >= 0 {
          let number = numbers + (cell.reason * rows + row)
          number.pointee =
            number.pointee.isNaN ? cell.difference : number.pointee + cell.difference
        }
      }
    }
    return missing
  }

  /// The reasons of a rank, as codes.
  func writeReasons(
    _ rank: Int, _ unit: Int, to codes: UnsafeMutablePointer<Double>, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    let columns = space.units[unit]
    guard rank <= columns.reasonRankCount else {
      codes.update(repeating: .nan, count: rows)
      return
    }
    DenseKernel.fastest.fetch(
      space.confidences + (columns.region + rank - 1) * rows, columns.reasons,
      rows: space.hasRegion[unit], into: codes)
  }
}
