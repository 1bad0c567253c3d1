import RationaleTestSupport
import Testing
import TreeEnsembles

/// Masks of endings must give what the plain walk gives, bit for bit, whatever the trees and the rows.
@Suite struct MaskedForestTests {
  private static let shapes: [(name: String, shape: RandomTrees.Shape)] = {
    var plain = RandomTrees.Shape()
    plain.isPlain = true
    plain.categoricalFeatures = 0
    plain.treeCount = 19
    plain.depth = 4
    var single = plain
    single.isFloat = true
    var regular = RandomTrees.Shape()
    regular.depth = 3
    regular.treeCount = 20
    regular.categoricalFeatures = 2
    var irregular = regular
    irregular.isIrregular = true
    return [("plain", plain), ("float", single), ("regular", regular), ("irregular", irregular)]
  }()

  private static func value(_ ending: RoutingTable.Ending, _ ensemble: TreeEnsemble) -> Double? {
    guard case .node(let node) = ending, !ensemble.scores[node].isNaN else { return nil }
    return ensemble.scores[node]
  }

  private static func masked(
    _ ensemble: TreeEnsemble, spacing: Int? = nil
  ) -> MaskedForest? {
    MaskedForest(RoutingTable(ensemble), spacing: spacing) { value($0, ensemble).map { [$0] } }
  }

  /// Compares both kernels with the plain sum.
  private static func check(
    _ forest: MaskedForest, _ ensemble: TreeEnsemble, _ row: [Double], _ comment: String
  ) {
    let (sum, missing) = ensemble.sum(row.span)
    var words = [UInt64](repeating: 0, count: forest.wordCount)
    for isPortable in [false, true] {
      var sums = [-1.0, -1.0, -1.0]
      forest.score(row, &words, into: &sums, from: 1, isPortable: isPortable)
      #expect(
        missing > 0 ? sums[1].isNaN : sums[1].bitPattern == sum.bitPattern,
        "\(comment), portable \(isPortable), row \(row)")
      #expect(sums[0] == -1 && sums[2] == -1)
    }
  }

  /// All that may matter of a feature: each threshold and the numbers beside it, categories and what
  /// is none of them, and no value.
  private static func values(of feature: Int, _ ensemble: TreeEnsemble) -> [Double] {
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
    return values.filter { !$0.isNaN }.map { ensemble.round($0) } + [.nan]
  }

  @Test(arguments: shapes.map(\.name))
  func `sums have the same bits as the plain sum on every threshold and beside it`(
    name: String
  ) throws {
    let shape = try #require(Self.shapes.first { $0.name == name }).shape
    var made = 0
    for seed in 0..<60 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      // Vectors for every test, for some, for none.
      for spacing in [1, 3, nil] {
        guard let forest = Self.masked(ensemble, spacing: spacing) else { continue }
        made += 1
        for _ in 0..<8 {
          Self.check(forest, ensemble, random.row(ensemble), "seed \(seed)")
        }
        var row = random.row(ensemble)
        for feature in row.indices {
          let before = row[feature]
          for value in Self.values(of: feature, ensemble) {
            row[feature] = value
            Self.check(forest, ensemble, row, "seed \(seed)")
          }
          row[feature] = before
        }
      }
    }
    #expect(made > 150, "\(made)")
  }

  /// Trees that part a line at their own thresholds, with as many leaves each.
  private static func comb(_ treeCount: Int, leaves: Int, isFloat: Bool) -> TreeEnsemble {
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: isFloat)
    var score = 0.0
    for tree in 0..<treeCount {
      ensemble.beginTree()
      let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
      let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0))
      func grow(_ parent: Int, _ low: Int, _ high: Int) {
        guard high - low > 1 else { return }
        let middle = (low + high) / 2
        for operation in [PredicateOperator.lessThan, .greaterOrEqual] {
          score += 0.1
          let predicate = ensemble.withPredicates {
            $0.append(operation, feature: 0, threshold: Double(middle * treeCount + tree))
          }
          let child = ensemble.appendNode(
            parent: parent, predicate: predicate, .init(score: score))
          if operation == .lessThan { grow(child, low, middle) } else { grow(child, middle, high) }
        }
      }
      grow(root, 0, leaves)
    }
    return ensemble
  }

  @Test(arguments: [false, true])
  func `trees of 64 leaves, where no value is the 64th ending or the 65th`(isFloat: Bool) throws {
    for leaves in [63, 64] {
      let ensemble = Self.comb(33, leaves: leaves, isFloat: isFloat)
      // A missing value gives no prediction, which is one more ending.
      guard let forest = Self.masked(ensemble) else {
        #expect(leaves == 64)
        continue
      }
      #expect(leaves == 63)
      for value in 0..<(64 * 33) {
        for value in [Double(value), Double(value).nextUp, Double(value).nextDown] {
          Self.check(forest, ensemble, [ensemble.round(value)], "leaves")
        }
      }
      Self.check(forest, ensemble, [.nan], "leaves")
    }
  }

  @Test func `several outputs are added side by side, where they were asked for`() throws {
    for seed in 0..<20 as Range<UInt64> {
      var random = RandomTrees(seed: seed, Self.shapes[0].shape)
      let ensemble = random.ensemble()
      let forest = try #require(
        MaskedForest(RoutingTable(ensemble), outputCount: 3) { ending in
          Self.value(ending, ensemble).map { [$0, 2 * $0, -$0] }
        })
      var words = [UInt64](repeating: 0, count: forest.wordCount)
      for _ in 0..<16 {
        let row = random.row(ensemble)
        let (sum, missing) = ensemble.sum(row.span)
        for isPortable in [false, true] {
          var sums = [Double](repeating: 7, count: 5)
          forest.score(row, &words, into: &sums, from: 1, isPortable: isPortable)
          if missing > 0 {
            #expect(sums[1].isNaN && sums[2].isNaN && sums[3].isNaN)
          } else {
            #expect(sums == [7, sum, 2 * sum, -sum, 7])
          }
        }
      }
    }
  }

  @Test func `sets of categories, known and unknown`() throws {
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: false)
    for step in 1...12 {
      ensemble.beginTree(missingValueStrategy: step.isMultiple(of: 2) ? .none : .lastPrediction)
      let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
      let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0.3))
      let values = stride(from: 0, to: 99, by: step).map { Double($0) }
      let inside = ensemble.withPredicates { $0.append(.isIn, feature: 0, values: values) }
      ensemble.appendNode(parent: root, predicate: inside, .init(score: Double(step) * 0.1))
      let outside = ensemble.withPredicates { $0.append(.isNotIn, feature: 0, values: values) }
      ensemble.appendNode(parent: root, predicate: outside, .init(score: -Double(step)))
    }
    for spacing in [1, 4, nil] {
      let forest = try #require(Self.masked(ensemble, spacing: spacing))
      for value in -1..<130 { Self.check(forest, ensemble, [Double(value)], "sets") }
      for value in [0.5, .infinity, -.infinity, .nan] {
        Self.check(forest, ensemble, [value], "sets")
      }
    }
  }

  @Test func `compound tests have no masks`() {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    ensemble.beginTree()
    let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
    let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0.3))
    // Nothing is above infinity, and a missing value is unknown: a test that is no comparison.
    let above = ensemble.withPredicates {
      $0.append(.greaterThan, feature: 0, threshold: .infinity)
    }
    ensemble.appendNode(parent: root, predicate: above, .init(score: 1))
    #expect(Self.masked(ensemble) == nil)
  }
}
