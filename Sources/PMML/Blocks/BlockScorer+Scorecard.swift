internal import DataFields

extension BlockScorer {
  /// A scorecard in tables, characteristic by characteristic: each row's points are added in the
  /// order of ``ModelProgram/runScorecard(_:_:_:)``.
  func runScorecard(
    _ plan: ScorecardPlan, _ tables: ScorecardTables, _ unit: Int, _ count: Int,
    _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    let numbers = space.region + model.program.units[unit].region * rows
    let ranks = space.confidences + model.program.units[unit].region * rows
    let scores = space.predicted + unit * rows
    numbers.update(repeating: .nan, count: plan.reasonCount * rows)
    for row in 0..<count { scores[row] = plan.initialScore }
    // Rows without a score: NaN itself may also be a sum.
    var missing: UInt64 = 0
    for characteristic in tables.characteristics {
      let values = space.slots + characteristic.slot * rows
      characteristic.cells.withUnsafeBufferPointer { cells in
        for row in 0..<count {
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
    }
    let rankCount = model.program.units[unit].reasonRankCount
    for row in 0..<count {
      if missing >> UInt64(row) & 1 != 0 {
        scores[row] = .nan
        continue
      }
      space.setRegion(unit, row, true)
      ReasonRanking.rank(
        numbers + row, count: plan.reasonCount, ranks + row, rankCount: rankCount, stride: rows)
    }
  }

  /// The reasons of a rank, as codes.
  func writeReasons(
    _ rank: Int, _ unit: Int, to codes: UnsafeMutablePointer<Double>, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    guard rank <= model.program.units[unit].reasonRankCount else {
      codes.update(repeating: .nan, count: rows)
      return
    }
    let ranks = space.confidences + (model.program.units[unit].region + rank - 1) * rows
    let isThere = space.hasRegion[unit]
    model.program.units[unit].reasonCodes.withUnsafeBufferPointer { reasons in
      for row in 0..<rows {
        let place = isThere >> UInt64(row) & 1 != 0 ? Int(ranks[row]) : -1
        codes[row] = place < 0 ? .nan : Double(reasons[place])
      }
    }
  }
}
