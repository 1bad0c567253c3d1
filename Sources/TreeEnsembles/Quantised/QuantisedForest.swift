internal import CTreeKernels

/// A routing table whose thresholds are bytes: what the kernels of blocks of rows run on.
///
/// For each feature, the thresholds that the trees compare it with cut the line into cells, and a row
/// holds the number of its cell. A test then is a comparison of bytes, and one instruction answers it
/// for 64 rows. A byte tells 256 cells apart; where the trees have more, they are parted into groups,
/// each with cells of its own. Sums run on from group to group, so that they keep the order of the
/// trees.
///
/// The endings of a tree are numbered from 0; a tree of more than 256 has no such form. Where the
/// 257th is that of rows without a value, such rows are left unsettled, and have to be walked.
package struct QuantisedForest: Sendable {
  /// What an ending adds to each output; nil if it is no prediction.
  package typealias Values = (_ ending: RoutingTable.Ending) -> [Double]?

  let groups: [QuantisedGroup]
  package let outputCount: Int
  package let featureCount: Int
  /// Whether values are added in single precision.
  package let isFloat: Bool

  /// - Parameters:
  ///   - isCategorical: of each feature, whether its values are codes from 0 on.
  ///   - outputCount: how many sums there are.
  ///   - isFloat: whether values are added in single precision; nil as the ensemble says.
  ///   - values: what each ending adds.
  /// - Returns: nil where the table has no such form: it has compound tests, a tree with more than
  ///   256 endings, or more thresholds of one feature in a tree than a byte tells apart.
  package init?(
    _ table: RoutingTable, isCategorical: [Bool], outputCount: Int = 1, isFloat: Bool? = nil,
    values: Values
  ) {
    self.outputCount = outputCount
    featureCount = table.ensemble.featureCount
    self.isFloat = isFloat ?? table.ensemble.isFloat
    var maker = QuantisedMaker(
      table, isCategorical: isCategorical, outputCount: outputCount, isFloat: self.isFloat)
    guard let groups = maker.make(values) else { return nil }
    self.groups = groups
  }

  /// The room that a block of rows needs; reused from block to block, by one task at a time.
  package func makeRoom() -> QuantisedRoom { QuantisedRoom(self) }
}

/// Trees that share their features' cells.
struct QuantisedGroup: Sendable {
  /// How a feature becomes a column of codes.
  struct Column: Sendable {
    enum Kind: Sendable {
      /// 256 rising edges, padded with infinity, and whether a missing value has the highest code
      /// or the lowest.
      case ordered(edges: [Double], isMissingHigh: Bool)
      /// For each category from 0 on its code; others have code 0, a missing value the last.
      case nominal(codes: [UInt8], missing: UInt8)
      /// 1 << (code / 16) of the nominal column before.
      case setBits
      /// 1 where the value is missing.
      case absence
    }

    var feature: Int
    var kind: Kind
  }

  var columns: [Column] = []
  /// The features whose missing values have masks, by mask.
  var maskedFeatures: [Int] = []
  /// Features without which a row is not settled here: a missing value leads to an ending for which
  /// a tree has no number left.
  var neededFeatures: Set<Int> = []
  var tests: [ctree_test] = []
  var trees: [ctree_tree] = []
  var sets: [UInt8] = []
  var floats: [Float] = []
  var doubles: [Double] = []
  var nulls: [UInt8] = []
  var largestTree = 0
}
