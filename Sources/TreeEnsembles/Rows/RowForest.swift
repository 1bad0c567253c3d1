/// A routing table in the form that scores one row at a time: masks where trees have few endings, or
/// trees that are walked side by side.
///
/// Making it takes as long as scoring some thousand rows, so it is made when a first row asks.
package final class RowForest: Sendable {
  private enum Form: Sendable {
    case masked(MaskedForest)
    case interleaved(InterleavedForest)
  }

  private let form: Form
  /// How many words a row needs for what is worked out on the way.
  package let wordCount: Int
  package let outputCount: Int
  /// Whether values are added in single precision.
  package let isFloat: Bool
  private let featureCount: Int

  /// - Parameters:
  ///   - outputCount: how many sums there are.
  ///   - isFloat: whether values are added in single precision; nil as the ensemble says.
  ///   - values: what each ending adds.
  /// - Returns: nil where the table has no such form.
  package init?(
    _ table: RoutingTable, outputCount: Int = 1, isFloat: Bool? = nil,
    values: QuantisedForest.Values
  ) {
    let isFloat = isFloat ?? table.ensemble.isFloat
    if let masked = MaskedForest(
      table, outputCount: outputCount, isFloat: isFloat, values: values)
    {
      form = .masked(masked)
      wordCount = masked.wordCount
    } else if let interleaved = InterleavedForest(
      table, outputCount: outputCount, isFloat: isFloat, values: values)
    {
      form = .interleaved(interleaved)
      wordCount = interleaved.wordCount
    } else {
      return nil
    }
    self.outputCount = outputCount
    self.isFloat = isFloat
    featureCount = table.ensemble.featureCount
  }

  /// Adds up the values of a row's endings in the order of the trees, one sum an output.
  ///
  /// A sum has the bits of adding the values one after the other; it is NaN where a tree gives no
  /// prediction.
  ///
  /// - Parameters:
  ///   - row: features, rounded by ``TreeEnsemble/round(_:)``; NaN is missing.
  ///   - words: room for ``wordCount`` words.
  ///   - first: where the sums are written.
  /// - Complexity: O(features x (log tests + trees)) by masks, O(trees x depth) side by side; nothing is
  ///   allocated.
  package func score(
    _ row: [Double], _ words: inout [UInt64], into sums: inout [Double], from first: Int = 0
  ) {
    precondition(
      row.count >= featureCount && words.count >= wordCount && first >= 0
        && sums.count >= first + outputCount, "room for a row")
    row.withUnsafeBufferPointer { row in
      words.withUnsafeMutableBufferPointer { words in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let words = words.baseAddress, let sums = sums.baseAddress else { return }
          // A forest of constants may look at no feature.
          let row = row.baseAddress ?? UnsafePointer(sums)
          switch form {
          case .masked(let forest): forest.score(row, words, sums + first)
          case .interleaved(let forest): forest.score(row, words, sums + first)
          }
        }
      }
    }
  }
}
