import RationaleTestSupport
import Testing
import TreeEnsembles

/// The forms for single rows must give what the plain walk gives, bit for bit, whatever the trees and the
/// rows.
@Suite struct RowForestTests {
  private static let shapes = TreeSamples.shapes(
    treeCount: 19, depth: 3, plainDepth: 4, categoricalFeatures: 2)

  private static func masked(
    _ ensemble: TreeEnsemble, spacing: Int? = nil
  ) -> MaskedForest? {
    MaskedForest(RoutingTable(ensemble), spacing: spacing) {
      TreeSamples.score($0, ensemble).map { [$0] }
    }
  }

  /// The room with the sums of a row from its second place on.
  private static func sums(
    _ forest: MaskedForest, _ row: [Double], room: [Double], _ isPortable: Bool
  ) -> [Double] {
    var words = [UInt64](repeating: 0, count: forest.wordCount)
    var sums = room
    row.withUnsafeBufferPointer { row in
      words.withUnsafeMutableBufferPointer { words in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let row = row.baseAddress, let words = words.baseAddress,
            let sums = sums.baseAddress
          else { return }
          forest.score(row, words, sums + 1, isPortable: isPortable)
        }
      }
    }
    return sums
  }

  /// Compares both kernels with the plain sum.
  private static func check(
    _ forest: MaskedForest, _ ensemble: TreeEnsemble, _ row: [Double], _ comment: String
  ) {
    let (sum, missing) = ensemble.sum(row.span)
    for isPortable in [false, true] {
      let sums = sums(forest, row, room: [-1, -1, -1], isPortable)
      #expect(
        missing > 0 ? sums[1].isNaN : sums[1].bitPattern == sum.bitPattern,
        "\(comment), portable \(isPortable), row \(row)")
      #expect(sums[0] == -1 && sums[2] == -1)
    }
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
          for value in TreeSamples.values(of: feature, ensemble) {
            row[feature] = value
            Self.check(forest, ensemble, row, "seed \(seed)")
          }
          row[feature] = before
        }
      }
    }
    #expect(made > 150, "\(made)")
  }

  @Test(arguments: [false, true])
  func `trees of 64 leaves, where no value is the 64th ending or the 65th`(isFloat: Bool) throws {
    for leaves in [63, 64] {
      var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: isFloat)
      for tree in 0..<33 {
        TreeSamples.appendComb(leaves, step: 33, shift: Double(tree), to: &ensemble)
      }
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
          TreeSamples.score(ending, ensemble).map { [$0, 2 * $0, -$0] }
        })
      for _ in 0..<16 {
        let row = random.row(ensemble)
        let (sum, missing) = ensemble.sum(row.span)
        for isPortable in [false, true] {
          let sums = Self.sums(
            forest, row, room: Array(repeating: 7, count: 5), isPortable)
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

  // MARK: Trees of more endings

  @Test(arguments: [1, 7, 8, 9], [false, true])
  func `trees of any number of leaves are walked side by side`(count: Int, isFloat: Bool) throws {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: isFloat)
    for tree in 0..<count {
      TreeSamples.appendComb(
        [70, 3, 1, 300, 65][tree % 5], step: 0.5, shift: Double(tree) * 0.1, feature: tree % 2,
        hasRest: tree % 3 == 0, missingValueStrategy: tree % 2 == 0 ? .none : .lastPrediction,
        to: &ensemble)
    }
    #expect(Self.masked(ensemble) == nil)
    let forest = try #require(
      RowForest(RoutingTable(ensemble), outputCount: 2) { ending in
        TreeSamples.score(ending, ensemble).map { [$0, -2 * $0] }
      })
    var words = [UInt64](repeating: 0, count: forest.wordCount)
    for feature in 0..<2 {
      for value in TreeSamples.values(of: feature, ensemble) {
        for other in [0.3, .nan, 100] {
          var row = [ensemble.round(other), ensemble.round(other)]
          row[feature] = value
          let (sum, missing) = ensemble.sum(row.span)
          var sums = [5.0, 5, 5, 5]
          forest.score(row, &words, into: &sums, from: 1)
          if missing > 0 {
            #expect(sums[1].isNaN && sums[2].isNaN && sums[0] == 5 && sums[3] == 5, "\(row)")
          } else {
            #expect(sums == [5, sum, -2 * sum, 5], "\(row)")
          }
        }
      }
    }
  }

  @Test func `trees of few endings have masks, others of sets have no form`() {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    TreeSamples.appendComb(70, step: 1, shift: 0, to: &ensemble)
    let values = { (ending: RoutingTable.Ending) in
      TreeSamples.score(ending, ensemble).map { [$0] }
    }
    #expect(RowForest(RoutingTable(ensemble), values: values) != nil)
    ensemble.beginTree()
    let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
    let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0.3))
    let set = ensemble.withPredicates { $0.append(.isIn, feature: 1, values: [1, 3]) }
    ensemble.appendNode(parent: root, predicate: set, .init(score: 1))
    #expect(RowForest(RoutingTable(ensemble), values: values) == nil)
  }
}
