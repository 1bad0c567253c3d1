import RationaleTestSupport
import Testing
import TreeEnsembles

/// Every kernel must give what the plain walk gives, bit for bit, whatever the trees and the rows.
@Suite struct QuantisedForestTests {
  private static let shapes: [(name: String, shape: RandomTrees.Shape)] = {
    var plain = RandomTrees.Shape()
    plain.isPlain = true
    plain.categoricalFeatures = 0
    plain.treeCount = 7
    plain.depth = 5
    var single = plain
    single.isFloat = true
    var regular = RandomTrees.Shape()
    regular.depth = 4
    regular.treeCount = 5
    var irregular = regular
    irregular.isIrregular = true
    return [("plain", plain), ("float", single), ("regular", regular), ("irregular", irregular)]
  }()

  private static func value(_ ending: RoutingTable.Ending, _ ensemble: TreeEnsemble) -> Double? {
    guard case .node(let node) = ending, !ensemble.scores[node].isNaN else { return nil }
    return ensemble.scores[node]
  }

  private static func quantised(_ ensemble: TreeEnsemble, _ shape: RandomTrees.Shape)
    -> QuantisedForest?
  {
    QuantisedForest(
      RoutingTable(ensemble),
      isCategorical: (0..<shape.featureCount).map { $0 >= shape.numericFeatures }
    ) { value($0, ensemble).map { [$0] } }
  }

  @Test(arguments: shapes.map(\.name))
  func `sums have the same bits as the plain sum, and as many predictions are missing`(
    name: String
  ) throws {
    let shape = try #require(Self.shapes.first { $0.name == name }).shape
    var made = 0
    for seed in 0..<150 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      guard let forest = Self.quantised(ensemble, shape) else { continue }
      made += 1
      let rows = (0..<QuantisedRoom.rowCount).map { _ in random.row(ensemble) }
      for kernel in TreeKernel.all {
        let room = forest.makeRoom()
        for (place, row) in rows.enumerated() {
          for feature in row.indices {
            room.features[feature * QuantisedRoom.rowCount + place] = row[feature]
          }
        }
        // Twice, so that nothing is left of the first time.
        forest.score(room, kernel)
        forest.score(room, kernel)
        for (place, row) in rows.enumerated() {
          let (sum, missing) = ensemble.sum(row.span)
          #expect(
            room.sum(place).bitPattern == sum.bitPattern && room.missingCount(place) == missing,
            "\(kernel.name), seed \(seed), row \(row)")
        }
      }
    }
    #expect(made > 120, "\(made)")
  }

  @Test func `thresholds beyond what a byte tells apart make groups`() throws {
    for isFloat in [false, true] {
      // 40 trees with 31 thresholds each, all different.
      var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: isFloat)
      var score = 0.0
      for tree in 0..<40 {
        ensemble.beginTree()
        let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
        let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0))
        func grow(_ parent: Int, _ low: Int, _ high: Int) {
          guard high - low > 1 else { return }
          let middle = (low + high) / 2
          let threshold = Double(middle * 40 + tree)
          score += 0.1
          let below = ensemble.withPredicates {
            $0.append(.lessThan, feature: 0, threshold: threshold)
          }
          let left = ensemble.appendNode(parent: parent, predicate: below, .init(score: score))
          grow(left, low, middle)
          let above = ensemble.withPredicates {
            $0.append(.greaterOrEqual, feature: 0, threshold: threshold)
          }
          let right = ensemble.appendNode(parent: parent, predicate: above, .init(score: -score))
          grow(right, middle, high)
        }
        grow(root, 0, 32)
      }
      let forest = try #require(
        QuantisedForest(RoutingTable(ensemble), isCategorical: [false]) {
          Self.value($0, ensemble).map { [$0] }
        })
      for kernel in TreeKernel.all {
        let room = forest.makeRoom()
        for block in 0..<21 {
          for row in 0..<64 {
            // On each threshold, and one step beside it.
            let value = Double(block * 64 + row)
            room.features[row] = row % 3 == 0 ? value.nextDown : row % 3 == 1 ? value : value.nextUp
          }
          forest.score(room, kernel)
          for row in 0..<64 {
            let expected = ensemble.sum([room.features[row]].span)
            #expect(room.sum(row).bitPattern == expected.sum.bitPattern, "\(kernel.name)")
            #expect(room.missingCount(row) == expected.missing)
          }
        }
      }
    }
  }

  @Test func `a 257th ending that is of missing values leaves such rows unsettled`() throws {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    ensemble.beginTree(missingValueStrategy: .nullPrediction)
    let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
    let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0))
    func grow(_ parent: Int, _ low: Int, _ high: Int) {
      guard high - low > 1 else { return }
      let middle = (low + high) / 2
      for operation in [PredicateOperator.lessThan, .greaterOrEqual] {
        let predicate = ensemble.withPredicates {
          $0.append(operation, feature: 0, threshold: Double(middle))
        }
        let child = ensemble.appendNode(
          parent: parent, predicate: predicate, .init(score: Double(ensemble.nodeCount)))
        if operation == .lessThan { grow(child, low, middle) } else { grow(child, middle, high) }
      }
    }
    grow(root, 0, 255)
    // One more leaf: 256 with values, and one without.
    let split = ensemble.withPredicates { $0.append(.lessThan, feature: 1, threshold: 0) }
    let rest = ensemble.withPredicates { $0.append(.greaterOrEqual, feature: 1, threshold: 0) }
    let leaf = try #require((0..<ensemble.nodeCount).last { ensemble.firstChild[$0] < 0 })
    ensemble.appendNode(parent: leaf, predicate: split, .init(score: -1))
    ensemble.appendNode(parent: leaf, predicate: rest, .init(score: -2))
    let forest = try #require(
      QuantisedForest(RoutingTable(ensemble), isCategorical: [false, false]) {
        Self.value($0, ensemble).map { [$0] }
      })
    for kernel in TreeKernel.all {
      let room = forest.makeRoom()
      for row in 0..<64 {
        room.features[row] = row == 5 ? .nan : Double(row * 4 + 3)
        room.features[64 + row] = row == 63 ? .nan : Double(row % 2) - 0.5
      }
      forest.score(room, kernel)
      // Only the last row asks the other feature, but whether it does is not known before.
      let missing: UInt64 = 1 << 5 | 1 << 63
      #expect(room.unsettled == missing)
      for row in 0..<63 where row != 5 {
        let expected = ensemble.sum([room.features[row], room.features[64 + row]].span)
        #expect(room.sum(row) == expected.sum && room.missingCount(row) == 0)
      }
    }
  }

  @Test func `several outputs are added side by side`() throws {
    let shape = Self.shapes[0].shape
    var random = RandomTrees(seed: 7, shape)
    let ensemble = random.ensemble()
    let forest = try #require(
      QuantisedForest(
        RoutingTable(ensemble), isCategorical: Array(repeating: false, count: shape.featureCount),
        outputCount: 3
      ) { ending in
        Self.value(ending, ensemble).map { [$0, 2 * $0, -$0] }
      })
    let rows = (0..<64).map { _ in random.row(ensemble) }
    for kernel in TreeKernel.all {
      let room = forest.makeRoom()
      for (place, row) in rows.enumerated() {
        for feature in row.indices { room.features[feature * 64 + place] = row[feature] }
      }
      forest.score(room, kernel)
      for (place, row) in rows.enumerated() {
        let sum = ensemble.sum(row.span).sum
        #expect(room.sum(place, output: 0) == sum)
        #expect(room.sum(place, output: 1) == 2 * sum)
        #expect(room.sum(place, output: 2) == -sum)
      }
    }
  }

  @Test func `sets of categories, known and unknown`() throws {
    // Categories 0, 2, 4, ... 98 go left in one tree, in another every third.
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: false)
    for step in 2...9 {
      ensemble.beginTree(missingValueStrategy: step.isMultiple(of: 2) ? .none : .nullPrediction)
      let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
      let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0))
      let values = stride(from: 0, to: 99, by: step).map { Double($0) }
      let inside = ensemble.withPredicates { $0.append(.isIn, feature: 0, values: values) }
      ensemble.appendNode(parent: root, predicate: inside, .init(score: Double(step) * 0.1))
      let outside = ensemble.withPredicates { $0.append(.isNotIn, feature: 0, values: values) }
      ensemble.appendNode(parent: root, predicate: outside, .init(score: -Double(step)))
    }
    let forest = try #require(
      QuantisedForest(RoutingTable(ensemble), isCategorical: [true]) {
        Self.value($0, ensemble).map { [$0] }
      })
    for kernel in TreeKernel.all {
      let room = forest.makeRoom()
      for block in 0..<2 {
        for row in 0..<64 {
          room.features[row] = row == 63 ? .nan : Double(block * 64 + row)
        }
        forest.score(room, kernel)
        for row in 0..<64 {
          let expected = ensemble.sum([room.features[row]].span)
          #expect(room.sum(row).bitPattern == expected.sum.bitPattern, "\(kernel.name) \(row)")
          #expect(room.missingCount(row) == expected.missing, "\(kernel.name) \(row)")
        }
      }
    }
  }
}
