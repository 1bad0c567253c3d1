package import DataFields
package import PMML
import TreeEnsembles

/// How many records each node of a model's trees covers, in place of the `recordCount`s of the
/// document: what path-dependent attribution averages by.
///
/// Trees are numbered as they stand in the document, and the nodes of each from its root on.
package struct NodeCovers: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// Rows that were counted.
    case rows(Int)
    /// Every branch of a node is as likely as the others: an assumption, no data.
    case uniform
  }

  package let source: Source
  /// For each tree, a number a node.
  package private(set) var trees: [[Double]]

  package init(source: Source, trees: [[Double]]) {
    self.source = source
    self.trees = trees
  }

  /// As many records for each branch of a node.
  package init(uniformFor model: CompiledModel) {
    source = .uniform
    trees = model.treePlans.flatMap { plan in
      plan.ensemble.trees.map { Self.uniform($0, plan.ensemble) }
    }
  }

  private static func uniform(_ tree: TreeEnsemble.Tree, _ ensemble: TreeEnsemble) -> [Double] {
    var covers = [Double](repeating: 1, count: tree.nodes.count)
    for node in tree.nodes {
      let children = ensemble.children(of: node)
      // Where no child is taken the node itself may be the prediction.
      let branches = children.count + (keepsSome(tree, ensemble, children) ? 1 : 0)
      for child in children {
        covers[child - tree.root] = covers[node - tree.root] / Double(branches)
      }
    }
    return covers
  }

  /// Whether records may stay at a node that has children: not where the last child takes all that
  /// the others leave.
  private static func keepsSome(
    _ tree: TreeEnsemble.Tree, _ ensemble: TreeEnsemble, _ children: [Int]
  ) -> Bool {
    guard tree.noTrueChildStrategy == .returnLastPrediction, children.count == 1 else {
      return false
    }
    return ensemble.operators[children[0]] != .alwaysTrue
  }

  /// Counts the rows of a background at the nodes that they pass.
  ///
  /// - Throws: the row that is not valid for the model.
  /// - Complexity: O(rows x trees x depth).
  package init(
    counting background: ModelMatrix, in model: CompiledModel
  ) throws(AttributionRefusal) {
    source = .rows(background.rowCount)
    let plans = model.treePlans
    trees = plans.flatMap { plan in
      plan.ensemble.trees.map { Array(repeating: 0, count: $0.nodes.count) }
    }
    let feeds = BackgroundFeeds(model, background)
    var space = model.makeWorkspace()
    for row in 0..<background.rowCount {
      try feeds.score(row, model, &space)
      var first = 0
      for plan in plans {
        count(plan, space, from: first)
        first += plan.ensemble.trees.count
      }
    }
  }

  private mutating func count(_ plan: TreePlan, _ space: ScoringWorkspace, from first: Int) {
    var features = [Double](repeating: .nan, count: plan.featureSlots.count)
    plan.gather(space.slots, into: &features)
    for (place, tree) in plan.ensemble.trees.enumerated() {
      var node = plan.ensemble.walk(place, features.span).node
      while node >= 0 {
        trees[first + place][node - tree.root] += 1
        node = Int(plan.ensemble.parent[node])
      }
    }
  }

  /// The ensemble of a model's tree plan with these covers; nil if they are another model's.
  func covered(_ plan: TreePlan, of model: CompiledModel) -> TreeEnsemble? {
    var first = 0
    for other in model.treePlans {
      let count = other.ensemble.trees.count
      if other === plan {
        guard first + count <= trees.count else { return nil }
        return other.ensemble.with(recordCounts: trees[first..<first + count].flatMap { $0 })
      }
      first += count
    }
    return nil
  }

  /// `over 5,000 counted rows`, for the method's name.
  var note: String {
    switch source {
    case .rows(1): "over 1 counted row"
    case .rows(let count): "over \(count) counted rows"
    case .uniform: "over uniform branches"
    }
  }
}
