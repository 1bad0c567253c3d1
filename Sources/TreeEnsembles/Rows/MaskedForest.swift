internal import CTreeKernels

/// A routing table as masks of endings: what scores one row at a time.
///
/// The endings of a tree are the bits of a word, in the order of its branches. The answer to a test
/// takes away the endings of the branches before its own; the first ending left when all tests have
/// been answered is that of the row. So tests may be answered in any order, and what a value of a
/// feature takes away from all trees is worked out beforehand.
///
/// A tree of more than 64 endings has no such form, nor has a compound test.
///
/// Unchecked, since it holds pointers, into memory that is only read.
package final class MaskedForest: @unchecked Sendable {
  /// How many words a row needs for what is worked out on the way.
  package let wordCount: Int
  package let outputCount: Int
  /// Whether values are added in single precision.
  package let isFloat: Bool
  /// How much memory the masks and values take.
  package var byteCount: Int { memory.byteCount }
  private let plan: ctree_masked
  private let memory: KeptMemory

  /// - Parameters:
  ///   - outputCount: how many sums there are.
  ///   - isFloat: whether values are added in single precision; nil as the ensemble says.
  ///   - spacing: after how many tests of a feature a vector stands for them; nil for a number that
  ///     suits the trees.
  ///   - values: what each ending adds.
  /// - Returns: nil where the table has no such form.
  package init?(
    _ table: RoutingTable, outputCount: Int = 1, isFloat: Bool? = nil, spacing: Int? = nil,
    values: QuantisedForest.Values
  ) {
    var maker = MaskedMaker(table, spacing: spacing)
    guard outputCount > 0, let targets = maker.make() else { return nil }
    self.outputCount = outputCount
    let isFloat = isFloat ?? table.ensemble.isFloat
    self.isFloat = isFloat
    var endings: [UInt32] = []
    var numbers: [Double] = []
    for targets in targets {
      endings.append(UInt32(numbers.count / outputCount))
      for target in targets {
        // What is no prediction makes no sum.
        numbers += values(table.ending(target)) ?? Array(repeating: .nan, count: outputCount)
      }
    }
    let memory = KeptMemory()
    let kept =
      isFloat
      ? UnsafeRawPointer(memory.keep(numbers.map { Float($0) }))
      : UnsafeRawPointer(memory.keep(numbers))
    plan = ctree_masked(
      columns: memory.keep(maker.columns), column_count: UInt32(maker.columns.count),
      tree_count: UInt32(targets.count), stride: UInt32(maker.stride),
      output_count: UInt32(outputCount), edges: memory.keep(maker.edges),
      cells: memory.keep(maker.cells),
      list_trees: memory.keep(maker.listTrees), list_masks: memory.keep(maker.listMasks),
      vectors: memory.keep(maker.vectors), endings: memory.keep(endings), values: kept)
    self.memory = memory
    wordCount = maker.stride + 2 * maker.columns.count + outputCount
  }

  /// Adds up the values of a row's endings in the order of the trees, one sum an output.
  ///
  /// - Parameters:
  ///   - row: as many features as the table has.
  ///   - words: room for ``wordCount`` words.
  ///   - sums: room for a sum an output.
  ///   - isPortable: whether to do without instructions that only some processors have.
  /// - Complexity: O(features x (log tests + trees)); nothing is allocated.
  package func score(
    _ row: UnsafePointer<Double>, _ words: UnsafeMutablePointer<UInt64>,
    _ sums: UnsafeMutablePointer<Double>, isPortable: Bool = false
  ) {
    withUnsafePointer(to: plan) { plan in
      if isFloat {
        // Sums in single precision stand behind the words until they are widened.
        let narrow = UnsafeMutableRawPointer(words + wordCount - outputCount)
          .assumingMemoryBound(to: Float.self)
        if isPortable {
          ctree_score_masked_float_portable(plan, row, words, narrow)
        } else {
          ctree_score_masked_float(plan, row, words, narrow)
        }
        for output in 0..<outputCount { sums[output] = Double(narrow[output]) }
      } else if isPortable {
        ctree_score_masked_double_portable(plan, row, words, sums)
      } else {
        ctree_score_masked_double(plan, row, words, sums)
      }
    }
  }
}
