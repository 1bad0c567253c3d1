package import TreeEnsembles

/// What the tests of the forms of trees have in common: shapes, rows that tell, and values.
package enum TreeSamples {
  /// Shapes by name; which of them a form can take is up to the test.
  package static func shapes(
    treeCount: Int, depth: Int, plainDepth: Int, categoricalFeatures: Int = 1
  ) -> [(name: String, shape: RandomTrees.Shape)] {
    var plain = RandomTrees.Shape()
    plain.isPlain = true
    plain.categoricalFeatures = 0
    plain.treeCount = treeCount
    plain.depth = plainDepth
    var single = plain
    single.isFloat = true
    var regular = RandomTrees.Shape()
    regular.depth = depth
    regular.treeCount = treeCount
    regular.categoricalFeatures = categoricalFeatures
    var irregular = regular
    irregular.isIrregular = true
    // A missing value goes one of two ways, as trainers have it.
    var along = regular
    along.strategies = [.defaultChild]
    along.noTrueChildStrategies = [.returnLastPrediction]
    return [
      ("plain", plain), ("float", single), ("regular", regular), ("irregular", irregular),
      ("along", along),
    ]
  }

  /// The score at an ending; nil where there is no prediction.
  package static func score(
    _ ending: RoutingTable.Ending, _ ensemble: TreeEnsemble
  ) -> Double? {
    guard case .node(let node) = ending, !ensemble.scores[node].isNaN else { return nil }
    return ensemble.scores[node]
  }

  /// All that may matter of a feature: each threshold and the numbers beside it, categories and what
  /// is none of them, and no value.
  ///
  /// - Parameter isCategorical: whether values are codes, which have no numbers beside them.
  package static func values(
    of feature: Int, _ ensemble: TreeEnsemble, isCategorical: Bool = false
  ) -> [Double] {
    var values: Set<Double> = [0, 1, 2, 3, 4, 77, -1, 0.5, .infinity, -.infinity]
    let predicates = ensemble.predicates
    for predicate in 0..<predicates.count where predicates.features[predicate] == feature {
      let threshold = predicates.thresholds[predicate]
      values.formUnion([threshold, threshold.nextUp, threshold.nextDown])
      if ensemble.isFloat {
        values.formUnion([Double(Float(threshold).nextUp), Double(Float(threshold).nextDown)])
      }
      values.formUnion(predicates.values(of: predicate))
    }
    if isCategorical { values = values.filter { $0.isInfinite || $0 == $0.rounded() } }
    return values.filter { !$0.isNaN }.sorted().map { ensemble.round($0) } + [.nan]
  }

  /// Appends a tree that parts a line at thresholds of its own.
  ///
  /// - Parameters:
  ///   - leaves: how many.
  ///   - step: how far a threshold is from the next one.
  ///   - shift: what is added to all of them.
  ///   - hasRest: whether the last branch of each is what is left, and not a comparison: a missing
  ///     value goes there.
  package static func appendComb(
    _ leaves: Int, step: Double, shift: Double, feature: Int = 0, hasRest: Bool = false,
    missingValueStrategy: MissingValueStrategy = .none, to ensemble: inout TreeEnsemble
  ) {
    ensemble.beginTree(missingValueStrategy: missingValueStrategy)
    let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
    let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0))
    func grow(_ parent: Int, _ low: Int, _ high: Int) {
      guard high - low > 1 else { return }
      let middle = (low + high) / 2
      for isBelow in [true, false] {
        let threshold = Double(middle) * step + shift
        let predicate = ensemble.withPredicates { table in
          isBelow || !hasRest
            ? table.append(
              isBelow ? .lessThan : .greaterOrEqual, feature: feature, threshold: threshold)
            : always
        }
        let child = ensemble.appendNode(
          parent: parent, predicate: predicate,
          .init(score: 0.1 * Double(ensemble.nodeCount) + 0.01))
        if isBelow { grow(child, low, middle) } else { grow(child, middle, high) }
      }
    }
    grow(root, 0, leaves)
  }
}
