/// Numbers for whole values of some columns, which are added to a sum one after another.
///
/// Unchecked, since it holds memory by pointers: it is written in the initialiser, before anyone else
/// has the object, only read from then on, and freed with the last reference.
package final class LookUpTables: @unchecked Sendable {
  /// What a column's values add.
  package struct Table {
    package var column: Int
    /// The value of the first entry. Where it is a whole number, the difference to any value that has
    /// an entry is exact.
    package var base: Double
    /// The last one is for values without one, and for missing values. A single entry is that of
    /// `base` itself, whole or not, and nothing is added for other values.
    package var entries: [Double]

    package init(column: Int, base: Double, entries: [Double]) {
      self.column = column
      self.base = base
      self.entries = entries
    }
  }

  private struct Place {
    var column: Int
    var base: Double
    var entries: UnsafeMutableBufferPointer<Double>
  }

  private let tables: UnsafeMutableBufferPointer<Place>

  package init(_ tables: [Table]) {
    self.tables = .allocate(capacity: tables.count)
    _ = self.tables.initialize(
      from: tables.map { table in
        let entries = UnsafeMutableBufferPointer<Double>.allocate(
          capacity: max(table.entries.count, 1))
        entries.initialize(repeating: -0.0)
        for (place, entry) in table.entries.enumerated() { entries[place] = entry }
        return Place(column: table.column, base: table.base, entries: entries)
      })
  }

  deinit {
    for table in tables { table.entries.deallocate() }
    tables.deallocate()
  }

  /// The sum of a single row with what its values add.
  package func sum(_ start: Double, _ values: UnsafePointer<Double>) -> Double {
    var sum = start
    for table in tables {
      let value = values[table.column]
      let last = table.entries.count - 1
      if last == 0 {
        if value == table.base { sum += table.entries[0] }
        continue
      }
      let place = value - table.base
      // False for NaN.
      let isWithin = place >= 0 && place < Double(last)
      let index = isWithin ? Int(place) : last
      // The difference may have been rounded, the sum of whole numbers is not.
      let isThere = isWithin && Double(index) + table.base == value
      sum += table.entries[isThere ? index : last]
    }
    return sum
  }

  /// Adds to the sum of each row of a block what its values add.
  package func add(
    _ columns: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>,
    by kernel: DenseKernel = .fastest
  ) {
    let rows = DenseKernel.rowCount
    for table in tables {
      let values = columns + table.column * rows
      if table.entries.count == 1 {
        for row in 0..<rows where values[row] == table.base { sums[row] += table.entries[0] }
      } else {
        kernel.lookUp(
          values, base: table.base, UnsafeBufferPointer(table.entries), addingTo: sums)
      }
    }
  }
}
