import RationaleTestSupport
import Testing
import TreeEnsembles

@testable import Attribution

/// Attributions of trees against the enumeration of all coalitions.
@Suite struct TreeSHAPTests {
  private static let shapes: [(name: String, shape: RandomTrees.Shape)] = {
    var plain = RandomTrees.Shape()
    plain.isPlain = true
    plain.numericFeatures = 6
    plain.categoricalFeatures = 0
    plain.depth = 5
    var stumps = plain
    stumps.depth = 1
    stumps.treeCount = 5
    var repeated = RandomTrees.Shape()
    repeated.numericFeatures = 2
    repeated.depth = 6
    var regular = RandomTrees.Shape()
    regular.numericFeatures = 4
    regular.categoricalFeatures = 2
    regular.depth = 4
    var single = regular
    single.isFloat = true
    single.noTrueChildStrategies = [.returnLastPrediction]
    var irregular = regular
    irregular.isIrregular = true
    irregular.depth = 3
    var classes = regular
    classes.classCount = 3
    return [
      ("plain", plain), ("stumps", stumps), ("repeated", repeated), ("regular", regular),
      ("float", single), ("irregular", irregular), ("classes", classes),
    ]
  }()

  private static func game(_ shape: RandomTrees.Shape, _ ensemble: TreeEnsemble) -> TreeGame {
    TreeGame(
      ensemble: ensemble, output: shape.classCount > 0 ? .probability(1) : .score,
      weights: ensemble.trees.indices.map { 1 - 0.25 * Double($0) }, constant: 0.5,
      playerCount: shape.featureCount, missingPrediction: 0)
  }

  private func check(
    _ shap: TreeSHAP, _ row: [Double], _ worth: [Double], _ note: String
  ) throws {
    var workspace = shap.makeWorkspace()
    var attributions = [Double](repeating: .nan, count: shap.playerCount)
    let raw = try #require(shap.attribute(row.span, &workspace, into: &attributions), "\(note)")
    let expected = BruteForce.shapley(worth, players: shap.playerCount)
    for player in expected.indices {
      #expect(abs(attributions[player] - expected[player]) <= 1e-12, "\(note), player \(player)")
    }
    #expect(abs(shap.baseValue - worth[0]) <= 1e-12, "\(note)")
    #expect(abs(raw - worth[worth.count - 1]) <= 1e-12, "\(note)")
    let sum = attributions.reduce(shap.baseValue, +)
    #expect(abs(sum - raw) <= 1e-12 * (1 + abs(raw)), "\(note)")
  }

  @Test(arguments: shapes.map(\.name))
  func `interventional values are the Shapley values of mixtures`(name: String) throws {
    let shape = try #require(Self.shapes.first { $0.name == name }).shape
    for seed in 0..<25 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      let game = Self.game(shape, ensemble)
      let background = (0..<3).map { _ in random.row(ensemble) }
      let shap = try TreeSHAP(game, background: background)
      for _ in 0..<3 {
        let row = random.row(ensemble)
        let worth = BruteForce.interventional(game, row, background: background)
        try check(shap, row, worth, "seed \(seed), row \(row)")
      }
    }
  }

  @Test(arguments: shapes.map(\.name))
  func `path-dependent values are the Shapley values of record counts`(name: String) throws {
    let shape = try #require(Self.shapes.first { $0.name == name }).shape
    for seed in 0..<25 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      let game = Self.game(shape, ensemble)
      let shap = try TreeSHAP(pathDependent: game)
      for _ in 0..<3 {
        let row = random.row(ensemble)
        let worth = BruteForce.pathDependent(game, row)
        try check(shap, row, worth, "seed \(seed), row \(row)")
      }
    }
  }

  @Test func `predicates over several fields are attributed over a background`() throws {
    var shape = RandomTrees.Shape()
    shape.isIrregular = true
    shape.hasCompounds = true
    shape.numericFeatures = 4
    var refused = 0
    for seed in 0..<40 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      let game = Self.game(shape, ensemble)
      let background = (0..<3).map { _ in random.row(ensemble) }
      let shap = try TreeSHAP(game, background: background)
      for _ in 0..<3 {
        let row = random.row(ensemble)
        let worth = BruteForce.interventional(game, row, background: background)
        try check(shap, row, worth, "seed \(seed), row \(row)")
      }
      let spansFields = ensemble.predicate.contains {
        Set(ensemble.predicates.features(of: Int($0))).count > 1
      }
      do throws(AttributionRefusal) {
        _ = try TreeSHAP(pathDependent: game)
        // Such a predicate may stand where no way leads.
      } catch {
        #expect(spansFields, "seed \(seed): \(error.reason)")
        refused += 1
      }
    }
    #expect(refused > 5)
  }

  @Test func `features of one field come and go together`() throws {
    var shape = RandomTrees.Shape()
    shape.numericFeatures = 6
    shape.categoricalFeatures = 1
    shape.depth = 4
    for seed in 0..<25 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      var game = Self.game(shape, ensemble)
      game.players = [0, 1, 0, 2, 1, 3, 0]
      game.playerCount = 4
      let background = (0..<3).map { _ in random.row(ensemble) }
      let shap = try TreeSHAP(game, background: background)
      let row = random.row(ensemble)
      let worth = BruteForce.interventional(game, row, background: background)
      try check(shap, row, worth, "seed \(seed), row \(row)")
    }
  }

  @Test func `a score is missing exactly where some mixture has no prediction`() throws {
    var shape = RandomTrees.Shape()
    shape.depth = 2
    shape.treeCount = 1
    var seen = (defined: 0, missing: 0, refused: 0)
    for seed in 0..<150 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      var game = Self.game(shape, ensemble)
      game.missingPrediction = .nan
      let background = (0..<2).map { _ in random.row(ensemble) }
      let row = random.row(ensemble)
      let worth = BruteForce.interventional(game, row, background: background)
      guard let shap = try? TreeSHAP(game, background: background) else {
        #expect(worth[0].isNaN, "seed \(seed)")
        seen.refused += 1
        continue
      }
      if worth.contains(where: \.isNaN) {
        var workspace = shap.makeWorkspace()
        var attributions = [Double](repeating: 0, count: shap.playerCount)
        #expect(
          shap.attribute(row.span, &workspace, into: &attributions) == nil, "seed \(seed)")
        seen.missing += 1
      } else {
        try check(shap, row, worth, "seed \(seed)")
        seen.defined += 1
      }
    }
    #expect(seen.defined > 20 && seen.missing > 5 && seen.refused > 5, "\(seen)")
  }

  @Test func `ways of more fields than are tabulated are worked out as exactly`() throws {
    // A chain: each node's left child ends, its right child asks the next field.
    var ensemble = TreeEnsemble(featureCount: 10, classCount: 0, isFloat: false)
    ensemble.beginTree(missingValueStrategy: .defaultChild)
    let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
    var parent = ensemble.appendNode(
      parent: -1, predicate: always, TreeEnsemble.NodeValues(score: 0, recordCount: 4096))
    var count = 4096.0
    for depth in 0..<60 {
      let (low, high) = ensemble.withPredicates { table in
        let feature = depth % 10
        let threshold = Double(depth / 10) * 0.1
        return (
          table.append(.lessThan, feature: feature, threshold: threshold),
          table.append(.greaterOrEqual, feature: feature, threshold: threshold)
        )
      }
      let score = Double(depth * depth % 17) - 8
      let leaf = ensemble.appendNode(
        parent: parent, predicate: low,
        TreeEnsemble.NodeValues(score: score, recordCount: count * 0.125))
      count *= 0.875
      let next = ensemble.appendNode(
        parent: parent, predicate: high,
        TreeEnsemble.NodeValues(score: 3, recordCount: count))
      ensemble.setDefaultChild(of: parent, to: depth % 3 == 0 ? leaf : next)
      parent = next
    }
    let game = TreeGame(ensemble: ensemble)
    var random = SeededGenerator(seed: 11)
    func row() -> [Double] {
      (0..<10).map { _ in
        let step = Int.random(in: 0...11, using: &random)
        return step == 11 ? .nan : Double(step) * 0.1
      }
    }
    let background = (0..<4).map { _ in row() }
    let interventional = try TreeSHAP(game, background: background)
    let pathDependent = try TreeSHAP(pathDependent: game)
    for _ in 0..<4 {
      let row = row()
      try check(
        interventional, row, BruteForce.interventional(game, row, background: background),
        "\(row)")
      try check(pathDependent, row, BruteForce.pathDependent(game, row), "\(row)")
    }
  }

  @Test func `a field that no tree asks about gets exactly nothing`() throws {
    var shape = RandomTrees.Shape()
    shape.numericFeatures = 3
    shape.categoricalFeatures = 0
    for seed in 0..<10 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      var game = Self.game(shape, ensemble)
      game.players = [0, 3, 4]
      game.playerCount = 6
      let row = random.row(ensemble)
      for shap in [
        try TreeSHAP(game, background: [random.row(ensemble)]), try TreeSHAP(pathDependent: game),
      ] {
        var workspace = shap.makeWorkspace()
        var attributions = [Double](repeating: .nan, count: 6)
        _ = shap.attribute(row.span, &workspace, into: &attributions)
        #expect(attributions[1] == 0 && attributions[2] == 0 && attributions[5] == 0)
      }
    }
  }

  @Test func `fields that do the same share evenly`() throws {
    // Both of two fields must be high.
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    ensemble.beginTree()
    let predicates = ensemble.withPredicates { table in
      [table.append(.alwaysTrue)]
        + (0..<2).flatMap {
          [
            table.append(.lessThan, feature: $0, threshold: 1),
            table.append(.greaterOrEqual, feature: $0, threshold: 1),
          ]
        }
    }
    for (place, parent) in [-1, 0, 0, 2, 2].enumerated() {
      ensemble.appendNode(
        parent: parent, predicate: predicates[place],
        TreeEnsemble.NodeValues(
          score: place == 4 ? 3 : 0, recordCount: [8, 4, 4, 2, 2][place]))
    }
    let game = TreeGame(ensemble: ensemble)
    let row = [1.0, 1]
    for shap in [
      try TreeSHAP(game, background: [[0, 0]]), try TreeSHAP(pathDependent: game),
    ] {
      var workspace = shap.makeWorkspace()
      var attributions = [0.0, 0]
      let raw = shap.attribute(row.span, &workspace, into: &attributions)
      #expect(raw == 3)
      #expect(attributions[0] == attributions[1])
      #expect(abs(attributions[0] - (3 - shap.baseValue) / 2) <= 1e-15)
    }
  }

  @Test func `the attributions of a sum are the sums of the attributions`() throws {
    var shape = RandomTrees.Shape()
    shape.treeCount = 1
    shape.depth = 4
    for seed in 0..<15 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let parts = [random.ensemble(), random.ensemble()]
      let background = (0..<3).map { _ in random.row(parts[0]) }
      let row = random.row(parts[0])
      var doubled = shape
      doubled.treeCount = 2
      // The same draws again, as one ensemble.
      var again = RandomTrees(seed: seed, doubled)
      let whole = again.ensemble()
      func attributions(_ ensemble: TreeEnsemble) throws -> [Double] {
        let game = TreeGame(ensemble: ensemble, missingPrediction: 0)
        let shap = try TreeSHAP(game, background: background)
        var workspace = shap.makeWorkspace()
        var attributions = [Double](repeating: .nan, count: shap.playerCount)
        _ = shap.attribute(row.span, &workspace, into: &attributions)
        return attributions
      }
      let sums = try zip(attributions(parts[0]), attributions(parts[1])).map { $0 + $1 }
      for (sum, value) in zip(sums, try attributions(whole)) {
        #expect(abs(sum - value) <= 1e-13, "seed \(seed)")
      }
    }
  }

  @Test func `the same row has the same bits, whatever was attributed before`() throws {
    var random = RandomTrees(seed: 3, Self.shapes[3].shape)
    let ensemble = random.ensemble()
    let game = Self.game(Self.shapes[3].shape, ensemble)
    let shap = try TreeSHAP(game, background: (0..<5).map { _ in random.row(ensemble) })
    let rows = (0..<20).map { _ in random.row(ensemble) }
    var shared = shap.makeWorkspace()
    for row in rows {
      var fresh = shap.makeWorkspace()
      var first = [Double](repeating: .nan, count: shap.playerCount)
      var second = first
      _ = shap.attribute(row.span, &shared, into: &first)
      _ = shap.attribute(row.span, &fresh, into: &second)
      #expect(first.map(\.bitPattern) == second.map(\.bitPattern))
    }
  }

  @Test func `an empty background is refused`() {
    var random = RandomTrees(seed: 1, RandomTrees.Shape())
    let game = TreeGame(ensemble: random.ensemble())
    #expect(throws: AttributionRefusal.self) { try TreeSHAP(game, background: []) }
  }
}
