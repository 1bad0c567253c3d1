internal import CTreeKernels

/// The kernel in Swift: what the others are checked against, and what runs where there is no other.
enum PortableKernel {
  private typealias Bytes = SIMD64<UInt8>

  private static func load(_ rows: UnsafePointer<UInt8>, _ place: Int) -> Bytes {
    UnsafeRawPointer(rows + 64 * place).load(as: Bytes.self)
  }

  static func quantise(
    _ edges: UnsafePointer<Double>, _ values: UnsafePointer<Double>,
    _ low: UnsafeMutablePointer<UInt8>, _ high: UnsafeMutablePointer<UInt8>,
    _ missing: inout UInt64
  ) {
    for row in 0..<Int(CTREE_ROWS) {
      let value = values[row]
      var count = 0
      var step = 128
      while step > 0 {
        if edges[count + step - 1] <= value {
          count += step
        }
        step /= 2
      }
      low[row] = UInt8(count)
      high[row] = value.isNaN ? 255 : UInt8(count)
      if value.isNaN { missing |= 1 << UInt64(row) }
    }
  }

  static func add(
    _ forest: ctree_forest, _ codes: UnsafePointer<UInt8>, _ masks: UnsafePointer<UInt64>,
    _ results: UnsafeMutablePointer<UInt8>, _ sums: UnsafeMutableRawPointer,
    _ missing: UnsafeMutablePointer<UInt32>, isFloat: Bool
  ) {
    for ending in 0..<Int(CTREE_ENDINGS) {
      (results + 64 * ending).update(repeating: UInt8(ending), count: 64)
    }
    for place in 0..<Int(forest.tree_count) {
      let tree = forest.trees[place]
      for number in 0..<Int(tree.test_count) {
        let test = forest.tests[Int(tree.first_test) + number]
        let result = answer(test, forest, codes, masks, results)
        UnsafeMutableRawPointer(results + 64 * (Int(CTREE_ENDINGS) + number))
          .storeBytes(of: result, as: Bytes.self)
      }
      let ends = results + 64 * Int(tree.root)
      let first = Int(tree.first_value)
      for output in 0..<Int(forest.output_count) {
        let start = first + output * Int(tree.ending_count)
        if isFloat {
          let values = forest.values.assumingMemoryBound(to: Float.self) + start
          let sum = sums.assumingMemoryBound(to: Float.self) + 64 * output
          for row in 0..<64 { sum[row] += values[Int(ends[row])] }
        } else {
          let values = forest.values.assumingMemoryBound(to: Double.self) + start
          let sum = sums.assumingMemoryBound(to: Double.self) + 64 * output
          for row in 0..<64 { sum[row] += values[Int(ends[row])] }
        }
      }
      if tree.has_null != 0 {
        let nulls = forest.nulls + first / Int(forest.output_count)
        for row in 0..<64 { missing[row] += UInt32(nulls[Int(ends[row])]) }
      }
    }
  }

  @inline(__always)
  private static func answer(
    _ test: ctree_test, _ forest: ctree_forest, _ codes: UnsafePointer<UInt8>,
    _ masks: UnsafePointer<UInt64>, _ results: UnsafePointer<UInt8>
  ) -> Bytes {
    let code = load(codes, Int(test.column))
    let distance = code &- Bytes(repeating: test.base)
    var isTrue = distance .< Bytes(repeating: test.width)
    if test.set != UInt16(CTREE_NONE) {
      let set = forest.sets + 16 * Int(test.set)
      let bit = load(codes, Int(test.column) + 1)
      isTrue = SIMDMask(repeating: false)
      for row in 0..<64 {
        if set[Int(code[row] & 15)] & bit[row] != 0 { isTrue[row] = true }
      }
    }
    var result = load(results, Int(test.on_false))
      .replacing(with: load(results, Int(test.on_true)), where: isTrue)
    if test.on_missing != UInt16(CTREE_NONE) {
      let mask = masks[Int(test.mask)]
      for row in 0..<64 where mask >> UInt64(row) & 1 != 0 {
        result[row] = results[64 * Int(test.on_missing) + row]
      }
    }
    return result
  }
}
