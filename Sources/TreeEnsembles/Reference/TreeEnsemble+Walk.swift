extension TreeEnsemble {
  /// Where a row ends in a tree.
  package struct Destination: Sendable, Hashable {
    /// The node whose score is the prediction; -1 if the prediction is missing.
    package var node: Int
    /// How often a default child was entered for want of a value.
    package var defaultHops: Int
    /// Whether the node's children must be weighed against each other, since a value is missing
    /// (`weightedConfidence`, `aggregateNodes`).
    package var mustAggregate: Bool

    package init(node: Int, defaultHops: Int = 0, mustAggregate: Bool = false) {
      self.node = node
      self.defaultHops = defaultHops
      self.mustAggregate = mustAggregate
    }
  }

  /// Sends a row down a tree.
  ///
  /// Scoring and attribution both route by this function, so that they cannot disagree.
  ///
  /// - Parameter row: `featureCount` features, rounded by ``round(_:)``; NaN is missing.
  /// - Complexity: O(depth x children).
  package func walk(_ tree: Int, _ row: Span<Double>) -> Destination {
    let plan = trees[tree]
    // "Node predicates are evaluated top-down", the root's among them.
    if truth(plan.root, row) != .isTrue { return Destination(node: -1) }
    return walk(plan, from: plan.root, row)
  }

  private func walk(_ plan: Tree, from start: Int, _ row: Span<Double>) -> Destination {
    var node = start
    var hops = 0
    descend: while true {
      var child = Int(firstChild[node])
      if child < 0 { return Destination(node: node, defaultHops: hops) }
      while child >= 0 {
        switch truth(child, row) {
        case .isTrue:
          node = child
          continue descend
        case .isFalse: break
        case .isUnknown:
          switch plan.missingValueStrategy {
          case .none: break
          case .nullPrediction: return Destination(node: -1, defaultHops: hops)
          case .lastPrediction: return lastPrediction(node, hops)
          case .weightedConfidence, .aggregateNodes:
            return Destination(node: node, defaultHops: hops, mustAggregate: true)
          case .defaultChild:
            let next = Int(defaultChild[node])
            if next < 0 { return Destination(node: -1, defaultHops: hops) }
            hops += 1
            node = next
            continue descend
          }
        }
        child = Int(nextSibling[child])
      }
      switch plan.noTrueChildStrategy {
      case .returnNullPrediction: return Destination(node: -1, defaultHops: hops)
      case .returnLastPrediction: return lastPrediction(node, hops)
      }
    }
  }

  private func lastPrediction(_ node: Int, _ hops: Int) -> Destination {
    // A node without a score cannot give a prediction.
    let hasScore = !scores[node].isNaN || distributions[node] >= 0
    return Destination(node: hasScore ? node : -1, defaultHops: hops)
  }

  /// The truth of a node's predicate.
  @inline(__always)
  package func truth(_ node: Int, _ row: Span<Double>) -> Truth {
    let operation = operators[node]
    switch operation {
    case .alwaysTrue: return .isTrue
    case .alwaysFalse: return .isFalse
    case .isIn, .isNotIn, .and, .or, .xor, .surrogate:
      return predicates.evaluate(Int(predicate[node]), row)
    default: return operation.compare(row[Int(features[node])], thresholds[node])
    }
  }

  /// The sum of the trees' scores in tree order, and how many trees gave none.
  ///
  /// Single precision adds in single precision, as the trainer does.
  package func sum(_ row: Span<Double>) -> (sum: Double, missing: Int) {
    var missing = 0
    if isFloat {
      var sum: Float = 0
      for tree in trees.indices {
        let node = walk(tree, row).node
        if node < 0 || scores[node].isNaN { missing += 1 } else { sum += Float(scores[node]) }
      }
      return (Double(sum), missing)
    }
    var sum = 0.0
    for tree in trees.indices {
      let node = walk(tree, row).node
      if node < 0 || scores[node].isNaN { missing += 1 } else { sum += scores[node] }
    }
    return (sum, missing)
  }
}
