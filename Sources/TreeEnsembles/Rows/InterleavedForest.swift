internal import CTreeKernels

/// A routing table of nothing but comparisons with thresholds, for one row at a time: several trees are
/// walked side by side. Trees may have any number of endings.
final class InterleavedForest: Sendable {
  let wordCount: Int
  let outputCount: Int
  let isFloat: Bool
  let featureCount: Int
  private let nodes: [ctree_node]
  private let roots: [UInt32]
  private let treeCount: Int
  private let floats: [Float]
  private let doubles: [Double]

  /// - Returns: nil where tests ask something else, or nothing at all.
  init?(
    _ table: RoutingTable, outputCount: Int, isFloat: Bool, values: QuantisedForest.Values
  ) {
    let count = table.tests.count
    guard table.asksOnlyLess, count > 0, count < Int(Int32.max), outputCount > 0 else { return nil }
    var numbers: [Double] = []
    var numberOfEnding: [Int32: UInt32] = [:]
    func place(_ target: Int32) -> UInt32 {
      if target >= 0 { return UInt32(target) }
      if let known = numberOfEnding[target] { return known }
      let number = UInt32(count + numberOfEnding.count)
      numberOfEnding[target] = number
      // What is no prediction makes no sum.
      numbers += values(table.ending(target)) ?? Array(repeating: .nan, count: outputCount)
      return number
    }
    nodes = table.tests.map { test in
      ctree_node(
        threshold: test.threshold, feature: UInt32(test.feature), on_true: place(test.onTrue),
        on_false: place(test.onFalse), on_missing: place(test.onUnknown))
    }
    var roots = table.entries.map { place($0) }
    treeCount = roots.count
    while roots.count % Int(CTREE_SIDE_BY_SIDE) > 0 { roots.append(UInt32(count)) }
    guard numbers.count < Int(Int32.max), count + numberOfEnding.count < Int(Int32.max) else {
      return nil
    }
    self.roots = roots
    self.outputCount = outputCount
    self.isFloat = isFloat
    featureCount = table.ensemble.featureCount
    floats = isFloat ? numbers.map { Float($0) } : []
    doubles = isFloat ? [] : numbers
    wordCount = (roots.count + 1) / 2 + outputCount
  }

  func score(
    _ row: UnsafePointer<Double>, _ words: UnsafeMutablePointer<UInt64>,
    _ sums: UnsafeMutablePointer<Double>
  ) {
    let ends = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)
    nodes.withUnsafeBufferPointer { nodes in
      roots.withUnsafeBufferPointer { roots in
        func plan(_ values: UnsafeRawPointer?) -> ctree_interleaved {
          ctree_interleaved(
            nodes: nodes.baseAddress, node_count: UInt32(nodes.count),
            tree_count: UInt32(treeCount), roots: roots.baseAddress, values: values,
            output_count: UInt32(outputCount))
        }
        if isFloat {
          // Sums in single precision stand behind the endings until they are widened.
          let narrow = UnsafeMutableRawPointer(words + wordCount - outputCount)
            .assumingMemoryBound(to: Float.self)
          floats.withUnsafeBytes {
            var plan = plan($0.baseAddress)
            ctree_score_interleaved_float(&plan, row, ends, narrow)
          }
          for output in 0..<outputCount { sums[output] = Double(narrow[output]) }
        } else {
          doubles.withUnsafeBytes {
            var plan = plan($0.baseAddress)
            ctree_score_interleaved_double(&plan, row, ends, sums)
          }
        }
      }
    }
  }
}
