internal import CTreeKernels

/// The memory that scoring a block of 64 rows needs, aligned as the kernels want it.
///
/// It belongs to one forest, and to one task at a time.
package final class QuantisedRoom {
  /// 64 rows a block.
  package static let rowCount = Int(CTREE_ROWS)

  /// Column by column, 64 features each: set by the caller before ``QuantisedForest/score(_:_:)``.
  package let features: UnsafeMutablePointer<Double>
  /// A bit for each row that this form of the trees cannot settle: it has to be walked.
  package internal(set) var unsettled: UInt64 = 0
  /// Codes of the group that is scored.
  let codes: UnsafeMutablePointer<Int8>
  let indexes: ctree_indexes
  let walkedColumns: UnsafeMutablePointer<UInt16>
  let scratch: UnsafeMutablePointer<UInt8>
  let sums: UnsafeMutableRawPointer
  let missing: UnsafeMutablePointer<UInt32>
  private let layout: EndingValues.Layout

  init(_ forest: QuantisedForest) {
    let rows = Self.rowCount
    func allocate<Item: BinaryInteger>(_ count: Int, of type: Item.Type) -> UnsafeMutablePointer<
      Item
    > {
      let bytes = max(count * MemoryLayout<Item>.stride, 64)
      let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      return memory.initializeMemory(
        as: Item.self, repeating: 0, count: bytes / MemoryLayout<Item>.stride)
    }
    let columns = forest.groups.map(\.columnCount).max() ?? 0
    let fragments = forest.groups.flatMap(\.batches).map { Int($0.fragment_count) }.max() ?? 0
    codes = allocate(columns * rows, of: Int8.self)
    let indexed = forest.indexes.count * rows
    indexes = ctree_indexes(
      places: allocate(indexed, of: UInt16.self), bytes: allocate(indexed, of: UInt8.self),
      bits: allocate(indexed, of: UInt8.self))
    walkedColumns = allocate(forest.walked.columns.count * rows, of: UInt16.self)
    scratch = allocate(2 * fragments * rows, of: UInt8.self)
    missing = allocate(rows, of: UInt32.self)
    let featureCount = max(forest.featureCount, 1) * rows
    features = UnsafeMutableRawPointer.allocate(byteCount: featureCount * 8, alignment: 64)
      .initializeMemory(as: Double.self, repeating: .nan, count: featureCount)
    layout = forest.outputs
    sums = UnsafeMutableRawPointer(allocate(layout.outputCount * rows, of: UInt64.self))
  }

  deinit {
    features.deallocate()
    codes.deallocate()
    indexes.places.deallocate()
    indexes.bytes.deallocate()
    indexes.bits.deallocate()
    walkedColumns.deallocate()
    scratch.deallocate()
    sums.deallocate()
    missing.deallocate()
  }

  /// A sum of a row, after scoring.
  @inline(__always)
  package func sum(_ row: Int, output: Int = 0) -> Double {
    let place = layout.isByRow ? row * layout.outputCount + output : output * Self.rowCount + row
    return layout.isFloat
      ? Double(sums.assumingMemoryBound(to: Float.self)[place])
      : sums.assumingMemoryBound(to: Double.self)[place]
  }

  /// How many trees gave no prediction for a row.
  @inline(__always)
  package func missingCount(_ row: Int) -> Int { Int(missing[row]) }

  /// A bit for each row for which some tree gave no prediction.
  package var missingRows: UInt64 {
    var rows: UInt64 = 0
    for row in 0..<Self.rowCount { rows |= (missing[row] > 0 ? 1 : 0) << UInt64(row) }
    return rows
  }

  /// Copies the sums of all rows, after scoring.
  package func copySums(output: Int = 0, into column: UnsafeMutablePointer<Double>) {
    let rows = Self.rowCount
    if layout.isFloat {
      let sums = sums.assumingMemoryBound(to: Float.self) + output * rows
      for row in 0..<rows { column[row] = Double(sums[row]) }
    } else if layout.isByRow {
      let sums = sums.assumingMemoryBound(to: Double.self) + output
      for row in 0..<rows { column[row] = sums[row * layout.outputCount] }
    } else {
      column.update(from: sums.assumingMemoryBound(to: Double.self) + output * rows, count: rows)
    }
  }

  func clearSums() {
    unsettled = 0
    let count = layout.outputCount * Self.rowCount
    if layout.isFloat {
      sums.initializeMemory(as: Float.self, repeating: 0, count: count)
    } else {
      // What is added to -0 stays as it is, also -0.
      sums.initializeMemory(as: Double.self, repeating: layout.isSum ? 0 : -0.0, count: count)
    }
    missing.update(repeating: 0, count: Self.rowCount)
  }
}
