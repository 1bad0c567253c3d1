import RationaleTestSupport
import Testing
import TreeEnsembles

/// The table must end where the plain walk ends, whatever the tree and the row.
@Suite struct RoutingTableTests {
  private static let shapes: [(name: String, shape: RandomTrees.Shape)] = {
    var plain = RandomTrees.Shape()
    plain.isPlain = true
    plain.categoricalFeatures = 0
    plain.treeCount = 5
    var single = plain
    single.isFloat = true
    var regular = RandomTrees.Shape()
    regular.depth = 4
    var irregular = regular
    irregular.isIrregular = true
    var compound = irregular
    compound.hasCompounds = true
    compound.isFloat = true
    var aggregating = compound
    aggregating.strategies = [.weightedConfidence, .aggregateNodes]
    return [
      ("plain", plain), ("float", single), ("regular", regular), ("irregular", irregular),
      ("compound", compound), ("aggregating", aggregating),
    ]
  }()

  @Test(arguments: shapes.map(\.name))
  func `walks end where the plain walk ends`(name: String) throws {
    let shape = try #require(Self.shapes.first { $0.name == name }).shape
    var endings = 0
    for seed in 0..<150 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      let table = RoutingTable(ensemble)
      let counted = try RoutingTable(withRecordCounts: ensemble)
      for _ in 0..<20 {
        let row = random.row(ensemble)
        for tree in ensemble.trees.indices {
          let plain = Self.ending(ensemble.walk(tree, row.span))
          #expect(table.walk(tree, row.span) == plain, "seed \(seed), row \(row), tree \(tree)")
          #expect(counted.walk(tree, row.span) == plain, "seed \(seed), row \(row), tree \(tree)")
          if plain != .null { endings += 1 }
        }
      }
    }
    // Not all of them nowhere.
    #expect(endings > 2000)
  }

  @Test(arguments: shapes.map(\.name))
  func `sums have the same bits as the plain sum`(name: String) throws {
    let shape = try #require(Self.shapes.first { $0.name == name }).shape
    guard shape.strategies.first != .weightedConfidence else { return }
    for seed in 0..<100 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      let table = RoutingTable(ensemble)
      for _ in 0..<20 {
        let row = random.row(ensemble)
        let plain = ensemble.sum(row.span)
        let fast = table.sum(row.span)
        #expect(plain.sum.bitPattern == fast.sum.bitPattern, "seed \(seed), row \(row)")
        #expect(plain.missing == fast.missing, "seed \(seed), row \(row)")
      }
    }
  }

  @Test func `boosted trees become one tight test a split`() {
    var shape = RandomTrees.Shape()
    shape.isPlain = true
    shape.categoricalFeatures = 0
    shape.treeCount = 20
    shape.strategies = [.defaultChild]
    var random = RandomTrees(seed: 7, shape)
    let ensemble = random.ensemble()
    let table = RoutingTable(ensemble)
    let splits = (0..<ensemble.nodeCount).filter { ensemble.firstChild[$0] >= 0 }.count
    #expect(table.asksOnlyLess)
    #expect(table.tests.count <= splits)
  }

  @Test func `record counts are refused where they cannot be divided`() {
    func ensemble(_ counts: [Double]) -> TreeEnsemble {
      var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: false)
      ensemble.beginTree()
      let (always, low, high) = ensemble.withPredicates {
        (
          $0.append(.alwaysTrue), $0.append(.lessThan, feature: 0, threshold: 1),
          $0.append(.greaterOrEqual, feature: 0, threshold: 1)
        )
      }
      for (place, predicate) in [always, low, high].enumerated() {
        ensemble.appendNode(
          parent: place == 0 ? -1 : 0, predicate: predicate,
          TreeEnsemble.NodeValues(score: 1, recordCount: counts[place]))
      }
      return ensemble
    }
    #expect(RoutingTable.recordCountFault(ensemble([10, 4, 6])) == nil)
    #expect(
      RoutingTable.recordCountFault(ensemble([10, 4, .nan])) == .absent(tree: 0, node: 2))
    #expect(
      RoutingTable.recordCountFault(ensemble([10, 4, -6])) == .absent(tree: 0, node: 2))
    #expect(
      RoutingTable.recordCountFault(ensemble([1, 1, 1])) == .inconsistent(tree: 0, node: 0))
    #expect(RoutingTable.recordCountFault(ensemble([0, 0, 0])) == .emptyRoot(tree: 0))
  }

  private static func ending(_ destination: TreeEnsemble.Destination) -> RoutingTable.Ending {
    if destination.node < 0 { return .null }
    return destination.mustAggregate ? .aggregate(destination.node) : .node(destination.node)
  }
}
