internal import CTreeKernels

/// The memory that scoring a block of 64 rows needs, aligned as the kernels want it.
///
/// It belongs to one forest, and to one task at a time.
package final class QuantisedRoom {
  /// 64 rows a block.
  package static let rowCount = Int(CTREE_ROWS)

  let codes: UnsafeMutablePointer<UInt8>
  let masks: UnsafeMutablePointer<UInt64>
  let results: UnsafeMutablePointer<UInt8>
  /// Column by column, 64 features each: set by the caller before ``QuantisedForest/score(_:_:)``.
  package let features: UnsafeMutablePointer<Double>
  let sums: UnsafeMutableRawPointer
  let missing: UnsafeMutablePointer<UInt32>
  /// A bit for each row that this form of the trees cannot settle: it has to be walked.
  package internal(set) var unsettled: UInt64 = 0
  private let outputCount: Int
  private let isFloat: Bool

  init(_ forest: QuantisedForest) {
    let rows = Self.rowCount
    func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 64), alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 64))
      return memory
    }
    let columns = forest.groups.map(\.columns.count).max() ?? 0
    let masks = forest.groups.map(\.maskedFeatures.count).max() ?? 0
    let tests = forest.groups.map(\.largestTree).max() ?? 0
    codes = allocate(columns * rows).assumingMemoryBound(to: UInt8.self)
    self.masks = allocate(masks * 8).assumingMemoryBound(to: UInt64.self)
    results = allocate((Int(CTREE_ENDINGS) + tests + 1) * rows)
      .assumingMemoryBound(to: UInt8.self)
    features = allocate(forest.featureCount * rows * 8).assumingMemoryBound(to: Double.self)
    sums = allocate(forest.outputCount * rows * 8)
    missing = allocate(rows * 4).assumingMemoryBound(to: UInt32.self)
    outputCount = forest.outputCount
    isFloat = forest.isFloat
  }

  deinit {
    codes.deallocate()
    masks.deallocate()
    results.deallocate()
    features.deallocate()
    sums.deallocate()
    missing.deallocate()
  }

  /// A sum of a row, after scoring.
  @inline(__always)
  package func sum(_ row: Int, output: Int = 0) -> Double {
    let place = output * Self.rowCount + row
    return isFloat
      ? Double(sums.assumingMemoryBound(to: Float.self)[place])
      : sums.assumingMemoryBound(to: Double.self)[place]
  }

  /// How many trees gave no prediction for a row.
  @inline(__always)
  package func missingCount(_ row: Int) -> Int { Int(missing[row]) }

  func clearSums() {
    unsettled = 0
    let bytes = outputCount * Self.rowCount * (isFloat ? 4 : 8)
    sums.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    missing.update(repeating: 0, count: Self.rowCount)
  }
}
