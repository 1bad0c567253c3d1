import RationaleTestSupport
import Testing
import TreeEnsembles

@testable import Attribution

/// Quadrature by every kernel, for single rows and for blocks, and interactions by their definition.
@Suite struct QuadratureTests {
  private static let shapes: [RandomTrees.Shape] = {
    var plain = RandomTrees.Shape()
    plain.isPlain = true
    plain.numericFeatures = 12
    plain.categoricalFeatures = 0
    plain.depth = 11
    plain.treeCount = 3
    var few = RandomTrees.Shape()
    few.numericFeatures = 2
    few.depth = 6
    few.treeCount = 4
    var irregular = RandomTrees.Shape()
    irregular.numericFeatures = 4
    irregular.categoricalFeatures = 2
    irregular.isFloat = true
    irregular.isIrregular = true
    return [plain, few, irregular]
  }()

  private static func game(_ shape: RandomTrees.Shape, _ ensemble: TreeEnsemble) -> TreeGame {
    TreeGame(
      ensemble: ensemble, weights: ensemble.trees.indices.map { 1 - 0.25 * Double($0) },
      constant: 0.5, playerCount: shape.featureCount, missingPrediction: 0)
  }

  private static func fill(_ block: inout TreeSHAP.Block, _ rows: [[Double]]) {
    for (row, values) in rows.enumerated() {
      for (feature, value) in values.enumerated() {
        block.columns[feature * TreeSHAP.blockRowCount + row] = value
      }
    }
  }

  @Test(arguments: shapes.indices)
  func `every kernel gives the same bits, for single rows and for blocks`(place: Int) throws {
    let shape = Self.shapes[place]
    #expect(ShapleyKernel.all.last?.name == "portable")
    for seed in 0..<12 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      let shap = try TreeSHAP(pathDependent: Self.game(shape, ensemble))
      guard case .quadrature(let program) = shap.form else {
        Issue.record("not by quadrature")
        return
      }
      let rows = (0..<TreeSHAP.blockRowCount).map { _ in random.row(ensemble) }
      var room = program.makeRoom()
      let expected = rows.map { row in
        let score = program.run(row.span, shap.table, &room)
        return (score: score, values: room.values)
      }
      for kernel in ShapleyKernel.all {
        var room = program.makeRoom()
        var block = program.makeBlockRoom(featureCount: shape.featureCount, hasPairs: seed % 2 == 0)
        for (row, values) in rows.enumerated() {
          let score = program.run(values.span, shap.table, &room, by: kernel)
          #expect(score == expected[row].score, "\(kernel.name), seed \(seed), row \(row)")
          #expect(room.values == expected[row].values, "\(kernel.name), seed \(seed), row \(row)")
          for (feature, value) in values.enumerated() {
            block.columns[feature * TreeSHAP.blockRowCount + row] = value
          }
        }
        program.run(shap.table, &block, by: kernel)
        for row in rows.indices {
          #expect(block.scores[row] == expected[row].score, "\(kernel.name), seed \(seed)")
          for player in program.players.indices {
            let value = block.values[player * TreeSHAP.blockRowCount + row]
            #expect(
              value == expected[row].values[player], "\(kernel.name), seed \(seed), row \(row)")
          }
        }
      }
    }
  }

  @Test func `a block has what its rows have`() throws {
    for (place, shape) in Self.shapes.enumerated() {
      var random = RandomTrees(seed: 3, shape)
      let ensemble = random.ensemble()
      let game = Self.game(shape, ensemble)
      let background = (0..<2).map { _ in random.row(ensemble) }
      let rows = (0..<37).map { _ in random.row(ensemble) }
      for shap in [
        try TreeSHAP(pathDependent: game), try TreeSHAP(game, background: background),
      ] {
        var block = shap.makeBlock()
        Self.fill(&block, rows)
        shap.attribute(&block, rowCount: rows.count)
        var workspace = shap.makeWorkspace()
        var attributions = [Double](repeating: 0, count: shap.playerCount)
        for (row, values) in rows.enumerated() {
          let score = shap.attribute(values.span, &workspace, into: &attributions)
          #expect(block.rawScores[row] == score, "shape \(place), row \(row)")
          for player in attributions.indices {
            let value = block.attributions[player * TreeSHAP.blockRowCount + row]
            #expect(value == attributions[player], "shape \(place), row \(row)")
          }
        }
      }
    }
  }

  @Test func `a row of a block has no score where single rows have none`() throws {
    var shape = RandomTrees.Shape()
    shape.depth = 3
    shape.treeCount = 1
    var seen = (defined: 0, missing: 0)
    for seed in 0..<150 as Range<UInt64> {
      var random = RandomTrees(seed: seed, shape)
      let ensemble = random.ensemble()
      var game = Self.game(shape, ensemble)
      game.missingPrediction = .nan
      guard let shap = try? TreeSHAP(pathDependent: game) else { continue }
      let rows = (0..<8).map { _ in random.row(ensemble) }
      var block = shap.makeBlock()
      Self.fill(&block, rows)
      shap.attribute(&block, rowCount: rows.count)
      for (row, values) in rows.enumerated() {
        let worth = BruteForce.pathDependent(game, values)
        let isDefined = worth.allSatisfy { !$0.isNaN }
        #expect(block.rawScores[row].isNaN == !isDefined, "seed \(seed), row \(row)")
        if isDefined { seen.defined += 1 } else { seen.missing += 1 }
      }
    }
    #expect(seen.defined > 100 && seen.missing > 20, "\(seen)")
  }

  /// I_ij = sum over S of |S|! (m - |S| - 2)! / (m - 1)! x (v(S + i + j) - v(S + i) - v(S + j) + v(S)).
  private func interaction(_ worth: [Double], _ i: Int, _ j: Int, players: Int) -> Double {
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : Double(n) * factorial(n - 1) }
    var sum = 0.0
    for coalition in worth.indices where coalition >> i & 1 == 0 && coalition >> j & 1 == 0 {
      let size = coalition.nonzeroBitCount
      let weight = factorial(size) * factorial(players - size - 2) / factorial(players - 1)
      sum +=
        weight
        * (worth[coalition | 1 << i | 1 << j] - worth[coalition | 1 << i]
          - worth[coalition | 1 << j] + worth[coalition])
    }
    return sum
  }

  @Test func `interactions are the Shapley interaction index`() throws {
    var shapes = Self.shapes
    shapes[0].numericFeatures = 7
    shapes[0].depth = 6
    for (place, shape) in shapes.enumerated() {
      for seed in 0..<15 as Range<UInt64> {
        var random = RandomTrees(seed: seed, shape)
        let ensemble = random.ensemble()
        let game = Self.game(shape, ensemble)
        let shap = try TreeSHAP(pathDependent: game)
        let rows = (0..<3).map { _ in random.row(ensemble) }
        var block = try shap.makeInteractionBlock()
        Self.fill(&block, rows)
        shap.attribute(&block, rowCount: rows.count)
        for (row, values) in rows.enumerated() {
          let worth = BruteForce.pathDependent(game, values)
          for first in 0..<shap.playerCount {
            for second in first + 1..<shap.playerCount {
              let at = (first * shap.playerCount + second) * TreeSHAP.blockRowCount + row
              let expected = interaction(worth, first, second, players: shap.playerCount)
              #expect(
                abs(block.interactions[at] - expected) <= 1e-12,
                "shape \(place), seed \(seed), row \(row): \(first) and \(second)")
            }
          }
        }
      }
    }
  }

  @Test func `many fields have no interactions, and neither has a background`() throws {
    let shape = Self.shapes[1]
    var random = RandomTrees(seed: 1, shape)
    let ensemble = random.ensemble()
    var game = Self.game(shape, ensemble)
    let background = [random.row(ensemble)]
    #expect(throws: AttributionRefusal.self) {
      try TreeSHAP(game, background: background).makeInteractionBlock()
    }
    game.playerCount = 100_000
    let many = try TreeSHAP(pathDependent: game)
    #expect(throws: AttributionRefusal.self) { try many.makeInteractionBlock() }
  }
}
