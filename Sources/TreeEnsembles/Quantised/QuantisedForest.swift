internal import CTreeKernels

/// A routing table whose thresholds are bytes: what the kernels of blocks of rows run on.
///
/// For each feature, the thresholds that the trees compare it with cut the line into cells, and a row
/// holds the number of its cell. A test then is a comparison of bytes, and one instruction answers it
/// for 64 rows. A byte tells 256 cells apart; where the trees have more, they are parted into groups,
/// each with cells of its own. Sums run on from group to group, so that they keep the order of the
/// trees.
///
/// The endings of a tree are numbered from 0. A tree of more than 256 is walked, row by row, over cells
/// of 16 bits.
///
/// Where missing values lead elsewhere than both answers of most of a tree's tests, rows that lack such
/// a value are left unsettled.
///
/// Unchecked, since it holds pointers: they lead into `memory`, which is filled before the initialiser
/// ends, only read from then on, and kept as long as the forest.
package struct QuantisedForest: @unchecked Sendable {
  /// What an ending adds to each output; nil if it is no prediction.
  package typealias Values = (_ ending: RoutingTable.Ending) -> [Double]?

  /// Trees that follow each other and are scored alike.
  enum Run: Sendable {
    case bytes(group: Int, batches: Range<Int>)
    case walked(trees: Range<Int>)
  }

  let runs: [Run]
  let groups: [QuantisedGroup]
  let walked: WalkedGroup
  let indexes: [ctree_index]
  /// What the pointers of indexes and groups lead to.
  private let memory: KeptMemory
  /// A row that lacks one of these is unsettled.
  let neededFeatures: [Int]
  let outputs: EndingValues.Layout
  package let featureCount: Int

  /// - Parameters:
  ///   - isCategorical: of each feature, whether its values are codes from 0 on.
  ///   - outputCount: how many sums there are.
  ///   - isFloat: whether values are added in single precision; nil as the ensemble says.
  ///   - isSum: whether values are added up, from 0; those of a single tree may be taken as they are.
  ///   - values: what each ending adds.
  /// - Returns: nil where the table has no such form: it has compound tests, or more thresholds of one
  ///   feature than 16 bits tell apart where a byte does not do.
  package init?(
    _ table: RoutingTable, isCategorical: [Bool], outputCount: Int = 1, isFloat: Bool? = nil,
    isSum: Bool = true, values: Values
  ) {
    featureCount = table.ensemble.featureCount
    outputs = EndingValues.Layout(
      outputCount: outputCount, isFloat: isFloat ?? table.ensemble.isFloat,
      isSum: isSum)
    var maker = QuantisedMaker(table, isCategorical: isCategorical, outputs: outputs)
    guard outputCount > 0, isSum || table.entries.count == 1, maker.make(values) else { return nil }
    runs = maker.runs
    groups = maker.groups
    walked = maker.walked
    indexes = maker.indexPlans
    memory = maker.memory
    neededFeatures = maker.neededFeatures.sorted()
  }

  /// The room that a block of rows needs; reused from block to block, by one task at a time.
  package func makeRoom() -> QuantisedRoom { QuantisedRoom(self) }
}

/// Trees that share their features' cells.
///
/// Unchecked, since it holds pointers, into memory that its forest keeps and that is only read.
struct QuantisedGroup: @unchecked Sendable {
  var columnCount = 0
  var cells: [ctree_cells] = []
  var tables: [ctree_table] = []
  var found: [ctree_found] = []
  var fragments: [ctree_fragment] = []
  var links: [ctree_link] = []
  var batches: [ctree_batch] = []
  var trees: [ctree_tree] = []
  var values: EndingValues
}

/// Trees of too many endings for bytes.
struct WalkedGroup: Sendable {
  /// A column of 64 numbers of 16 bits.
  enum Column: Sendable {
    /// An index, or an index with 0 for a missing value.
    case index(Int)
    case missingLow(Int, missing: UInt16)
    /// 0 or 1, looked up by an index.
    case table(Int, [UInt16])
  }

  var columns: [Column] = []
  var steps: [ctree_step] = []
  var trees: [ctree_walked_tree] = []
  var values: EndingValues
}
