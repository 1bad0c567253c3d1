internal import CTreeKernels

/// What the endings of trees add to the outputs, laid out as the kernels want it.
struct EndingValues: Sendable {
  struct Layout: Sendable {
    let outputCount: Int
    /// Whether values are added in single precision.
    let isFloat: Bool
    /// Whether values are added up, from 0; of a single tree they can be taken as they are.
    let isSum: Bool

    /// Whether an ending's values stand side by side, as do the sums of a row. With few outputs, those
    /// of one output do.
    var isByRow: Bool { outputCount > 3 && !isFloat && isSum }
  }

  let layout: Layout
  private(set) var floats: [Float] = []
  private(set) var doubles: [Double] = []
  private(set) var nulls: [UInt8] = []

  init(_ layout: Layout) { self.layout = layout }

  /// Appends the values of a tree's endings.
  ///
  /// - Returns: where they begin, and whether some are no prediction; nil where there is no room.
  mutating func append(_ values: [[Double]?]) -> (first: UInt32, hasNull: UInt32)? {
    let first = layout.isFloat ? floats.count : doubles.count
    guard first + values.count * layout.outputCount < Int(Int32.max) else { return nil }
    // Adding 0 changes no sum that begins at 0.
    if layout.isByRow {
      let none = [Double](repeating: 0, count: layout.outputCount)
      for value in values { doubles += value ?? none }
    } else {
      for output in 0..<layout.outputCount {
        for value in values {
          let number = value?[output] ?? 0
          if layout.isFloat { floats.append(Float(number)) } else { doubles.append(number) }
        }
      }
    }
    nulls += values.map { $0 == nil ? 1 : 0 }
    return (UInt32(first), values.contains { $0 == nil } ? 1 : 0)
  }

  /// Room behind the last values, since a kernel reads them by registers.
  mutating func pad() {
    let padding = 64
    if layout.isFloat {
      floats += Array(repeating: 0, count: padding)
    } else {
      doubles += Array(repeating: 0, count: padding)
    }
  }

  /// Calls with the values in place: nothing is copied and nothing may escape.
  func withPlan(_ body: (ctree_values) -> Void) {
    nulls.withUnsafeBufferPointer { nulls in
      func run(_ values: UnsafeRawPointer?) {
        body(
          ctree_values(
            values: values, nulls: nulls.baseAddress, output_count: UInt32(layout.outputCount),
            by_row: layout.isByRow ? 1 : 0))
      }
      if layout.isFloat {
        floats.withUnsafeBytes { run($0.baseAddress) }
      } else {
        doubles.withUnsafeBytes { run($0.baseAddress) }
      }
    }
  }
}
