internal import TreeEnsembles

/// A decision tree as the document writes it.
///
/// Nodes and what they list are plain numbers and places in ``texts``: a forest has some hundred
/// thousand of them, and none is looked at more than a few times.
struct TreeModel: Sendable {
  struct ScoreDistribution: Sendable {
    var value: TextPool.Place
    var recordCount: Double
    /// NaN where there is none.
    var confidence: Double
    var probability: Double
    var node: Int32
  }

  /// What a node asks.
  enum Test: Sendable {
    case alwaysTrue
    case alwaysFalse
    /// The field is the code of its name among the reader's names of fields.
    case simple(field: Int32, PredicateOperator, value: TextPool.Place, line: Int32)
    /// Values among ``TreeModel/setValues``.
    case set(field: Int32, isIn: Bool, first: Int32, count: Int32, line: Int32)
    /// One of ``TreeModel/predicates``.
    case other(Int32)
  }

  struct Node: Sendable {
    var id: TextPool.Place
    var score: TextPool.Place
    var defaultChild: TextPool.Place
    /// NaN where there is none.
    var recordCount: Double
    var test = Test.alwaysTrue
    var firstDistribution: Int32 = 0
    var distributionCount: Int32 = 0
    var parent: Int32
    var line: Int32

    var distributions: Range<Int> {
      Int(firstDistribution)..<Int(firstDistribution) + Int(distributionCount)
    }
  }

  var missingValueStrategy: MissingValueStrategy
  var noTrueChildStrategy: NoTrueChildStrategy
  var missingValuePenalty: Double
  /// In document order.
  var nodes: [Node] = []
  /// Node by node.
  private(set) var distributions: [ScoreDistribution] = []
  var setValues: [TextPool.Place] = []
  var predicates: [PredicateSyntax] = []
  var texts = TextPool()
  /// Models that leaves hold, by the positions of the leaves.
  var embedded: [(node: Int, model: ModelElement)] = []
  /// Whether the distributions of some node stand behind those of its children.
  private var isScattered = false

  init(
    missingValueStrategy: MissingValueStrategy, noTrueChildStrategy: NoTrueChildStrategy,
    missingValuePenalty: Double
  ) {
    self.missingValueStrategy = missingValueStrategy
    self.noTrueChildStrategy = noTrueChildStrategy
    self.missingValuePenalty = missingValuePenalty
  }

  mutating func append(_ distribution: ScoreDistribution) {
    let node = Int(distribution.node)
    if nodes[node].distributionCount == 0 {
      nodes[node].firstDistribution = Int32(distributions.count)
    } else if nodes[node].distributions.upperBound != distributions.count {
      isScattered = true
    }
    nodes[node].distributionCount += 1
    distributions.append(distribution)
  }

  /// To be called when all nodes are there.
  mutating func gatherDistributions() {
    guard isScattered else { return }
    // In their order within each node.
    let places = distributions.indices.sorted {
      (distributions[$0].node, $0) < (distributions[$1].node, $1)
    }
    distributions = places.map { distributions[$0] }
    var first: Int32 = 0
    for node in nodes.indices {
      nodes[node].firstDistribution = first
      first += nodes[node].distributionCount
    }
    isScattered = false
  }
}
