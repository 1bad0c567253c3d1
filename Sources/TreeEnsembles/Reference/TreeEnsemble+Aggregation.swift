extension TreeEnsemble {
  /// Class weights where a value is missing below a node, by the tree's strategy.
  ///
  /// `weightedConfidence`: the children that are not false, each scored in turn and weighted by its
  /// share of the records, "applied recursively". `aggregateNodes`: the record counts of every leaf
  /// that can still be reached.
  ///
  /// - Parameter into: `classCount` confidences (or probabilities) are written here.
  /// - Returns: false if the tree does not hold what the strategy needs.
  package func aggregate(
    _ tree: Int, at node: Int, _ row: Span<Double>, into weights: inout [Double]
  ) -> Bool {
    for index in weights.indices { weights[index] = 0 }
    switch trees[tree].missingValueStrategy {
    case .weightedConfidence:
      return weigh(tree, node, row, 1, &weights)
    case .aggregateNodes:
      guard collect(node, row, &weights) else { return false }
      var total = 0.0
      for weight in weights { total += weight }
      guard total > 0 else { return false }
      for index in weights.indices { weights[index] /= total }
      return true
    default: return false
    }
  }

  private func weigh(
    _ tree: Int, _ node: Int, _ row: Span<Double>, _ factor: Double, _ weights: inout [Double]
  ) -> Bool {
    // Down to the next unknown child, or a leaf.
    var unknown = false
    var next = -1
    var child = Int(firstChild[node])
    var total = 0.0
    var reachable = 0
    while child >= 0 {
      let truth = truth(child, row)
      if truth == .isTrue, !unknown {
        next = child
        break
      }
      if truth == .isUnknown { unknown = true }
      if truth != .isFalse {
        total += recordCounts[child]
        reachable += 1
      }
      child = Int(nextSibling[child])
    }
    if next >= 0 { return weigh(tree, next, row, factor, &weights) }
    if !unknown || reachable == 0 {
      guard firstChild[node] < 0 || trees[tree].noTrueChildStrategy == .returnLastPrediction,
        distributions[node] >= 0
      else { return false }
      let start = Int(distributions[node])
      for index in weights.indices { weights[index] += factor * confidences[start + index] }
      return true
    }
    guard total > 0 else { return false }
    child = Int(firstChild[node])
    while child >= 0 {
      if truth(child, row) != .isFalse {
        let share = factor * (recordCounts[child] / total)
        if !weigh(tree, child, row, share, &weights) { return false }
      }
      child = Int(nextSibling[child])
    }
    return true
  }

  private func collect(_ node: Int, _ row: Span<Double>, _ weights: inout [Double]) -> Bool {
    var child = Int(firstChild[node])
    if child < 0 {
      guard distributions[node] >= 0 else { return false }
      let start = Int(distributions[node])
      for index in weights.indices { weights[index] += classRecordCounts[start + index] }
      return true
    }
    while child >= 0 {
      let truth = truth(child, row)
      if truth != .isFalse, !collect(child, row, &weights) { return false }
      if truth == .isTrue { break }
      child = Int(nextSibling[child])
    }
    return true
  }
}
