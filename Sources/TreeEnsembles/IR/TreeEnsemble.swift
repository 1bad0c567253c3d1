/// What happens where a child's predicate is unknown (PMML TreeModel@missingValueStrategy).
package enum MissingValueStrategy: String, Sendable, Hashable, CaseIterable {
  case none, lastPrediction, nullPrediction, defaultChild, weightedConfidence, aggregateNodes
}

/// What happens where no child's predicate is true (PMML TreeModel@noTrueChildStrategy).
package enum NoTrueChildStrategy: String, Sendable, Hashable, CaseIterable {
  case returnNullPrediction, returnLastPrediction
}

/// One or more decision trees in parallel arrays: the one form that scoring and attribution share.
///
/// Nodes have any number of children, each with its own predicate, as in PMML: the first child
/// whose predicate is true is entered. Nodes of a tree stand in document order, a parent before its
/// children. Absent numbers are NaN, absent positions -1.
package struct TreeEnsemble: Sendable {
  /// One tree of the ensemble.
  package struct Tree: Sendable, Hashable {
    package var root: Int
    /// The tree's nodes.
    package var nodes: Range<Int>
    package var missingValueStrategy: MissingValueStrategy
    package var noTrueChildStrategy: NoTrueChildStrategy
    package var missingValuePenalty: Double
  }

  /// Whether features and scores are single precision (`x-mathContext="float"`).
  package let isFloat: Bool
  /// How many features a row has.
  package let featureCount: Int
  /// Classes of a classifier; 0 for regression.
  package let classCount: Int
  package internal(set) var trees: [Tree] = []

  // Nodes. A simple predicate is held here; for the others `predicate` is its position.
  package internal(set) var operators: [PredicateOperator] = []
  package internal(set) var features: [Int32] = []
  package internal(set) var thresholds: [Double] = []
  package internal(set) var predicate: [Int32] = []
  package internal(set) var parent: [Int32] = []
  package internal(set) var firstChild: [Int32] = []
  package internal(set) var nextSibling: [Int32] = []
  package internal(set) var defaultChild: [Int32] = []
  /// A number, or the position of a class.
  package internal(set) var scores: [Double] = []
  package internal(set) var recordCounts: [Double] = []
  /// Where the node's class probabilities begin in ``probabilities``.
  package internal(set) var distributions: [Int32] = []
  /// `classCount` numbers for each node that has a score distribution.
  package internal(set) var probabilities: [Double] = []
  package internal(set) var confidences: [Double] = []
  package internal(set) var classRecordCounts: [Double] = []
  package internal(set) var predicates: PredicateTable
  // The last child so far, so that appending to a wide node stays cheap.
  private var lastChild: [Int32] = []

  package init(featureCount: Int, classCount: Int, isFloat: Bool) {
    self.featureCount = featureCount
    self.classCount = classCount
    self.isFloat = isFloat
    predicates = PredicateTable(isFloat: isFloat)
  }

  package var nodeCount: Int { parent.count }

  /// What the trees know of one node.
  package struct NodeValues {
    package var score: Double
    package var recordCount: Double
    package var defaultChild: Int = -1
    /// Probabilities, confidences and record counts of the classes; empty where absent.
    package var probabilities: [Double] = []
    package var confidences: [Double] = []
    package var classRecordCounts: [Double] = []

    package init(score: Double, recordCount: Double = .nan) {
      self.score = score
      self.recordCount = recordCount
    }
  }

  /// Makes room for `nodes` further nodes, of which `shared` have a score distribution.
  package mutating func reserve(nodes: Int, shared: Int) {
    let count = nodeCount + nodes
    operators.reserveCapacity(count)
    features.reserveCapacity(count)
    thresholds.reserveCapacity(count)
    predicate.reserveCapacity(count)
    parent.reserveCapacity(count)
    firstChild.reserveCapacity(count)
    nextSibling.reserveCapacity(count)
    lastChild.reserveCapacity(count)
    defaultChild.reserveCapacity(count)
    scores.reserveCapacity(count)
    recordCounts.reserveCapacity(count)
    distributions.reserveCapacity(count)
    probabilities.reserveCapacity(probabilities.count + shared * classCount)
    confidences.reserveCapacity(confidences.count + shared * classCount)
    classRecordCounts.reserveCapacity(classRecordCounts.count + shared * classCount)
    predicates.reserve(nodes)
  }

  /// Begins a tree; its nodes are appended next.
  package mutating func beginTree(
    missingValueStrategy: MissingValueStrategy = .none,
    noTrueChildStrategy: NoTrueChildStrategy = .returnNullPrediction,
    missingValuePenalty: Double = 1
  ) {
    trees.append(
      Tree(
        root: nodeCount, nodes: nodeCount..<nodeCount, missingValueStrategy: missingValueStrategy,
        noTrueChildStrategy: noTrueChildStrategy, missingValuePenalty: missingValuePenalty))
  }

  /// Appends a node to the tree that was begun last: its root (parent -1), then each node after its
  /// parent and its earlier siblings.
  ///
  /// - Parameter predicate: a predicate of ``predicates``.
  @discardableResult
  package mutating func appendNode(parent: Int, predicate: Int, _ values: NodeValues) -> Int {
    let node = nodeCount
    operators.append(predicates.operators[predicate])
    features.append(predicates.features[predicate])
    thresholds.append(predicates.thresholds[predicate])
    self.predicate.append(Int32(predicate))
    self.parent.append(Int32(parent))
    firstChild.append(-1)
    nextSibling.append(-1)
    lastChild.append(-1)
    defaultChild.append(-1)
    scores.append(values.score)
    recordCounts.append(values.recordCount)
    if values.probabilities.isEmpty {
      distributions.append(-1)
    } else {
      distributions.append(Int32(probabilities.count))
      probabilities += padded(values.probabilities)
      confidences += padded(values.confidences)
      classRecordCounts += padded(values.classRecordCounts)
    }
    if parent >= 0 {
      if firstChild[parent] < 0 {
        firstChild[parent] = Int32(node)
      } else {
        nextSibling[Int(lastChild[parent])] = Int32(node)
      }
      lastChild[parent] = Int32(node)
    }
    if let last = trees.indices.last { trees[last].nodes = trees[last].root..<node + 1 }
    return node
  }

  private func padded(_ list: [Double]) -> [Double] {
    list.count == classCount
      ? list : (0..<classCount).map { $0 < list.count ? list[$0] : .nan }
  }

  /// Names the child that is entered where a value is missing.
  ///
  /// - Returns: false, and nothing is changed, if it is not a child of the node: a walk could
  ///   otherwise go round in circles.
  @discardableResult
  package mutating func setDefaultChild(of node: Int, to child: Int) -> Bool {
    guard parent.indices.contains(child), parent[child] == Int32(node) else { return false }
    defaultChild[node] = Int32(child)
    return true
  }

  /// The same trees with other record counts; nil if they are not one a node.
  package func with(recordCounts: [Double]) -> TreeEnsemble? {
    guard recordCounts.count == nodeCount else { return nil }
    var copy = self
    copy.recordCounts = recordCounts
    return copy
  }

  /// Appends a predicate over one feature to ``predicates``, and gives its place.
  package mutating func appendPredicate(
    _ operation: PredicateOperator, feature: Int = 0, threshold: Double = 0
  ) -> Int {
    predicates.append(operation, feature: feature, threshold: threshold)
  }

  /// Appends `isIn` or `isNotIn` to ``predicates``, and gives its place.
  package mutating func appendPredicate(
    _ operation: PredicateOperator, feature: Int, values: [Double]
  ) -> Int {
    predicates.append(operation, feature: feature, values: values)
  }

  package mutating func withPredicates<Value>(_ body: (inout PredicateTable) -> Value) -> Value {
    body(&predicates)
  }

  /// A node's children in order.
  package func children(of node: Int) -> [Int] {
    var children: [Int] = []
    var child = Int(firstChild[node])
    while child >= 0 {
      children.append(child)
      child = Int(nextSibling[child])
    }
    return children
  }

  /// Rounds a row of features to what the ensemble compares: single precision if it says so.
  package func round(_ value: Double) -> Double { isFloat ? Double(Float(value)) : value }
}
