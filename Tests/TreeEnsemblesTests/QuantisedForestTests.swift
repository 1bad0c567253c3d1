import RationaleTestSupport
import Testing
import TreeEnsembles

/// Every kernel must give what the plain walk gives, bit for bit, whatever the trees and the rows.
@Suite struct QuantisedForestTests {
  private static let shapes = TreeSamples.shapes(treeCount: 6, depth: 4, plainDepth: 5)

  private static func hasKernel(_ name: String) -> Bool {
    TreeKernel.all.contains { $0.name == name }
  }

  @Test(.enabled(if: hasKernel("avx512"), "this processor lacks AVX-512: its kernel goes untested"))
  func `the kernel for AVX-512 is among those that are tested`() {
    #expect(Self.hasKernel("avx512"))
  }

  @Test(.enabled(if: hasKernel("avx2"), "this processor lacks AVX2: its kernel goes untested"))
  func `the kernel for AVX2 is among those that are tested`() { #expect(Self.hasKernel("avx2")) }

  private static func quantised(_ ensemble: TreeEnsemble, categoricalFrom first: Int = .max)
    -> QuantisedForest?
  {
    QuantisedForest(
      RoutingTable(ensemble), isCategorical: (0..<ensemble.featureCount).map { $0 >= first }
    ) { TreeSamples.score($0, ensemble).map { [$0] } }
  }

  /// What was looked at.
  private struct Seen {
    var settledWithMissing = 0
    var unsettled = 0
  }

  /// Compares rows with the plain sum, by every kernel, twice, so that nothing is left of before.
  @discardableResult
  private static func check(
    _ forest: QuantisedForest, _ ensemble: TreeEnsemble, _ rows: [[Double]], _ comment: String
  ) -> Seen {
    var seen = Seen()
    let block = QuantisedRoom.rowCount
    for kernel in TreeKernel.all {
      let room = forest.makeRoom()
      for start in stride(from: 0, to: rows.count, by: block) {
        let part = rows[start..<min(start + block, rows.count)]
        for (place, row) in part.enumerated() {
          for feature in row.indices { room.features[feature * block + place] = row[feature] }
        }
        forest.score(room, kernel)
        forest.score(room, kernel)
        for (place, row) in part.enumerated() {
          let hasMissing = row.contains(where: \.isNaN)
          if room.unsettled >> UInt64(place) & 1 != 0 {
            #expect(hasMissing, "\(comment), \(kernel.name), row \(row)")
            seen.unsettled += 1
            continue
          }
          if hasMissing { seen.settledWithMissing += 1 }
          let (sum, missing) = ensemble.sum(row.span)
          #expect(
            room.sum(place).bitPattern == sum.bitPattern && room.missingCount(place) == missing
              && (room.missingRows >> UInt64(place) & 1 != 0) == (missing > 0),
            "\(comment), \(kernel.name), row \(row)")
        }
      }
    }
    return seen
  }

  @Test(arguments: shapes.map(\.name))
  func `sums have the bits of the plain sum on every threshold and beside it`(
    name: String
  ) throws {
    let shape = try #require(Self.shapes.first { $0.name == name }).shape
    var made = 0
    var settledWithMissing = 0
    for seed in 0..<60 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      guard let forest = Self.quantised(ensemble, categoricalFrom: shape.numericFeatures) else {
        continue
      }
      made += 1
      var rows = (0..<64).map { _ in random.row(ensemble) }
      let base = random.row(ensemble)
      for feature in base.indices {
        let isCategorical = feature >= shape.numericFeatures
        for value in TreeSamples.values(of: feature, ensemble, isCategorical: isCategorical) {
          rows.append(base)
          rows[rows.count - 1][feature] = value
        }
      }
      let seen = Self.check(forest, ensemble, rows, "\(name), seed \(seed)")
      settledWithMissing += seen.settledWithMissing
    }
    #expect(made > 50, "\(made)")
    #expect(settledWithMissing > 1000 * TreeKernel.all.count, "\(settledWithMissing)")
  }

  @Test(arguments: [false, true])
  func `thresholds beyond what a byte tells apart make groups`(isFloat: Bool) throws {
    // 40 trees with 31 thresholds each, all different.
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: isFloat)
    for tree in 0..<40 {
      TreeSamples.appendComb(
        32, step: 40, shift: Double(tree), hasRest: tree % 2 == 0, to: &ensemble)
    }
    let forest = try #require(Self.quantised(ensemble))
    let rows = TreeSamples.values(of: 0, ensemble).map { [$0] }
    #expect(rows.count > 3 * 31 * 40)
    Self.check(forest, ensemble, rows, "groups")
  }

  @Test(arguments: [false, true])
  func `trees of more than 256 leaves are walked in their turn`(isFloat: Bool) throws {
    var ensemble = TreeEnsemble(featureCount: 3, classCount: 0, isFloat: isFloat)
    for (tree, leaves) in [5, 300, 700, 20, 256, 257, 9].enumerated() {
      TreeSamples.appendComb(
        leaves, step: 0.25, shift: Double(tree) * 0.1, feature: tree % 2, hasRest: true,
        to: &ensemble)
    }
    let forest = try #require(Self.quantised(ensemble))
    var random = SeededGenerator(seed: 3)
    var rows: [[Double]] = []
    for feature in 0..<2 {
      let others = TreeSamples.values(of: 1 - feature, ensemble)
      for value in TreeSamples.values(of: feature, ensemble) {
        var row = [0, 0, Double.nan]
        row[feature] = value
        row[1 - feature] = others.randomElement(using: &random) ?? 0
        rows.append(row)
      }
    }
    let seen = Self.check(forest, ensemble, rows, "walked")
    // All of a tree's missing values go along with one of its answers.
    #expect(seen.unsettled == 0 && seen.settledWithMissing == TreeKernel.all.count * rows.count)
  }

  @Test func `where most missing values go ways of their own, rows that lack them are left`() throws
  {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    for tree in 0..<600 {
      TreeSamples.appendComb(
        2, step: 1, shift: Double(tree) * 0.1, feature: tree % 2,
        missingValueStrategy: .nullPrediction, to: &ensemble)
    }
    let forest = try #require(Self.quantised(ensemble))
    let rows = TreeSamples.values(of: 0, ensemble).map { [$0, 1] } + [[1, .nan], [2, 3]]
    let seen = Self.check(forest, ensemble, rows, "own ways")
    #expect(seen.unsettled == 2 * TreeKernel.all.count && seen.settledWithMissing == 0)
  }

  @Test func `walked trees take sets, and ways of missing values, as the others do`() throws {
    var shape = RandomTrees.Shape()
    shape.depth = 3
    shape.treeCount = 3
    shape.isIrregular = true
    shape.strategies = [.none, .defaultChild]
    var seen = Seen()
    for seed in 0..<30 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      var ensemble = random.ensemble()
      TreeSamples.appendComb(
        260, step: 0.01, shift: -1, feature: 1, hasRest: true, to: &ensemble)
      // Below the last leaf, sets of categories and of numbers, and a test for a missing value.
      func append(_ predicate: (inout PredicateTable) -> Int, below parent: Int) -> Int {
        ensemble.appendNode(
          parent: parent, predicate: ensemble.withPredicates(predicate),
          .init(score: Double(ensemble.nodeCount)))
      }
      let leaf = try #require((0..<ensemble.nodeCount).last { ensemble.firstChild[$0] < 0 })
      let missing = append({ $0.append(.isMissing, feature: 2) }, below: leaf)
      let set = append({ $0.append(.isIn, feature: 3, values: [0, 2, 3]) }, below: leaf)
      _ = append({ $0.append(.isNotIn, feature: 0, values: [0.1, 0.3]) }, below: set)
      _ = append({ $0.append(.equal, feature: 0, threshold: 0.2) }, below: missing)
      _ = append({ $0.append(.lessThan, feature: 2, threshold: 0.2) }, below: leaf)
      guard let forest = Self.quantised(ensemble, categoricalFrom: 3) else { continue }
      var rows: [[Double]] = []
      for feature in 0..<4 {
        for value in TreeSamples.values(of: feature, ensemble, isCategorical: feature == 3) {
          for other in [0.1, 5, Double.nan] {
            rows.append(random.row(ensemble))
            rows[rows.count - 1][1] = other
            rows[rows.count - 1][feature] = value
          }
        }
      }
      let own = Self.check(forest, ensemble, rows, "seed \(seed)")
      seen.settledWithMissing += own.settledWithMissing
      seen.unsettled += own.unsettled
    }
    #expect(seen.settledWithMissing > 10_000, "\(seen)")
  }

  @Test func `255 thresholds of one feature are more than bytes tell from a missing value`() throws
  {
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: false)
    ensemble.beginTree()
    let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
    let never = ensemble.withPredicates { $0.append(.alwaysFalse) }
    let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: .nan))
    let missing = ensemble.withPredicates { $0.append(.isMissing, feature: 0) }
    ensemble.appendNode(parent: root, predicate: missing, .init(score: 7))
    for threshold in 1...255 {
      let below = ensemble.withPredicates {
        $0.append(.lessThan, feature: 0, threshold: Double(threshold))
      }
      // One of them ends as what is above all thresholds does, so that there are 256 endings.
      let isHollow = threshold == 100
      let node = ensemble.appendNode(
        parent: root, predicate: below,
        .init(score: isHollow ? .nan : Double(threshold) * 0.1))
      if isHollow { ensemble.appendNode(parent: node, predicate: never, .init(score: 1)) }
    }
    let forest = try #require(Self.quantised(ensemble))
    Self.check(forest, ensemble, TreeSamples.values(of: 0, ensemble).map { [$0] }, "255")
  }

  @Test func `a 257th ending that is of missing values leaves such rows unsettled`() throws {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    TreeSamples.appendComb(
      255, step: 1, shift: 0, missingValueStrategy: .nullPrediction, to: &ensemble)
    // One more leaf: 256 with values, and one without.
    let split = ensemble.withPredicates { $0.append(.lessThan, feature: 1, threshold: 0) }
    let rest = ensemble.withPredicates { $0.append(.greaterOrEqual, feature: 1, threshold: 0) }
    let leaf = try #require((0..<ensemble.nodeCount).last { ensemble.firstChild[$0] < 0 })
    ensemble.appendNode(parent: leaf, predicate: split, .init(score: -1))
    ensemble.appendNode(parent: leaf, predicate: rest, .init(score: -2))
    let forest = try #require(Self.quantised(ensemble))
    var rows: [[Double]] = []
    for row in 0..<64 { rows.append([Double(row * 4 + 3), row % 2 == 0 ? -0.5 : 0.5]) }
    // Only the last row asks the other feature, but whether it does is not known before.
    rows[5][0] = .nan
    rows[63][1] = .nan
    let seen = Self.check(forest, ensemble, rows, "257th")
    #expect(seen.unsettled == 2 * TreeKernel.all.count && seen.settledWithMissing == 0)
  }

  @Test(arguments: [3, 7])
  func `several outputs are added side by side`(count: Int) throws {
    for seed in 0..<10 as Range<UInt64> {
      var random = RandomTrees(seed: seed, Self.shapes[0].shape)
      var ensemble = random.ensemble()
      TreeSamples.appendComb(
        seed == 0 ? 300 : 100, step: 0.01, shift: -0.5, hasRest: true, to: &ensemble)
      let forest = try #require(
        QuantisedForest(
          RoutingTable(ensemble), isCategorical: [false, false, false], outputCount: count
        ) { ending in
          TreeSamples.score(ending, ensemble).map { score in
            (0..<count).map { score * Double(1 << $0) }
          }
        })
      let rows = (0..<64).map { _ in random.row(ensemble) }
      for kernel in TreeKernel.all {
        let room = forest.makeRoom()
        for (place, row) in rows.enumerated() {
          for feature in row.indices { room.features[feature * 64 + place] = row[feature] }
        }
        forest.score(room, kernel)
        var column = [Double](repeating: 0, count: 64)
        for output in 0..<count {
          column.withUnsafeMutableBufferPointer {
            if let first = $0.baseAddress { room.copySums(output: output, into: first) }
          }
          for (place, row) in rows.enumerated() where room.unsettled >> UInt64(place) & 1 == 0 {
            let sum = ensemble.sum(row.span).sum * Double(1 << output)
            #expect(room.sum(place, output: output) == sum && column[place] == sum)
          }
        }
      }
    }
  }

  @Test func `the values of a single tree are taken as they are, -0 among them`() throws {
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: false)
    TreeSamples.appendComb(4, step: 1, shift: 0, hasRest: true, to: &ensemble)
    let forest = try #require(
      QuantisedForest(
        RoutingTable(ensemble), isCategorical: [false], outputCount: 5, isSum: false
      ) { _ in [-0.0, 0, .nan, -7, .infinity] })
    for kernel in TreeKernel.all {
      let room = forest.makeRoom()
      for row in 0..<64 { room.features[row] = Double(row % 5) }
      forest.score(room, kernel)
      for row in 0..<64 {
        #expect(room.sum(row, output: 0).sign == .minus && room.sum(row, output: 1).sign == .plus)
        #expect(room.sum(row, output: 2).isNaN && room.sum(row, output: 3) == -7)
        #expect(room.sum(row, output: 4) == .infinity)
      }
    }
  }

  /// Trees on one categorical feature, each with a set of every so many categories.
  private static func sets(of count: Int) -> TreeEnsemble {
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: false)
    for step in 2...9 {
      ensemble.beginTree(missingValueStrategy: step.isMultiple(of: 2) ? .none : .lastPrediction)
      let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
      let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0.3))
      let values = stride(from: 0, to: count, by: step).map { Double($0) }
      let inside = ensemble.withPredicates { $0.append(.isIn, feature: 0, values: values) }
      let child = ensemble.appendNode(
        parent: root, predicate: inside, .init(score: Double(step) * 0.1))
      let single = ensemble.withPredicates { $0.append(.equal, feature: 0, threshold: 0) }
      ensemble.appendNode(parent: child, predicate: single, .init(score: 5))
      let rest = step.isMultiple(of: 3) ? always : -1
      let outside =
        rest >= 0
        ? rest : ensemble.withPredicates { $0.append(.isNotIn, feature: 0, values: values) }
      ensemble.appendNode(parent: root, predicate: outside, .init(score: -Double(step)))
    }
    return ensemble
  }

  // 126 are those that a set in a register holds, beside the unknown ones and the missing ones.
  @Test(arguments: [3, 99, 124, 126, 127, 128, 300])
  func `sets of categories, known and unknown`(count: Int) throws {
    let ensemble = Self.sets(of: count)
    let forest = try #require(Self.quantised(ensemble, categoricalFrom: 0))
    let rows = (-2..<count + 70).map { [Double($0)] } + [[.nan], [.infinity], [-.infinity]]
    Self.check(forest, ensemble, rows, "\(count) categories")
  }

  @Test func `sets of numbers`() throws {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    for step in 1...5 {
      ensemble.beginTree(noTrueChildStrategy: .returnLastPrediction)
      let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
      let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0.3))
      let values = (0..<40).map { Double($0 * step) * 0.3 } + [.infinity]
      let inside = ensemble.withPredicates { $0.append(.isIn, feature: 0, values: values) }
      let child = ensemble.appendNode(parent: root, predicate: inside, .init(score: 1.7))
      let below = ensemble.withPredicates { $0.append(.lessThan, feature: 0, threshold: 4) }
      ensemble.appendNode(parent: child, predicate: below, .init(score: 0.9))
    }
    let forest = try #require(Self.quantised(ensemble))
    let rows = TreeSamples.values(of: 0, ensemble).map { [$0, 1] }
    Self.check(forest, ensemble, rows, "numbers")
  }

  @Test func `compound tests have no such form`() {
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: false)
    ensemble.beginTree()
    let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
    let root = ensemble.appendNode(parent: -1, predicate: always, .init(score: 0.3))
    // Nothing is above infinity, and a missing value is unknown: a test that is no comparison.
    let above = ensemble.withPredicates {
      $0.append(.greaterThan, feature: 0, threshold: .infinity)
    }
    ensemble.appendNode(parent: root, predicate: above, .init(score: 1))
    #expect(Self.quantised(ensemble) == nil)
  }
}
