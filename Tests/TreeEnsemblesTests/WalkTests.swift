import Testing
import TreeEnsembles

/// What happens where a value is missing, strategy by strategy, on the specification's own kind of
/// tree: the root splits on feature 0, its left child on feature 1.
@Suite struct WalkTests {
  private func ensemble(
    _ strategy: MissingValueStrategy,
    _ noTrueChild: NoTrueChildStrategy = .returnNullPrediction
  ) -> TreeEnsemble {
    var ensemble = TreeEnsemble(featureCount: 2, classCount: 0, isFloat: false)
    ensemble.beginTree(missingValueStrategy: strategy, noTrueChildStrategy: noTrueChild)
    let predicates = ensemble.withPredicates { table in
      [
        table.append(.alwaysTrue), table.append(.lessThan, feature: 0, threshold: 5),
        table.append(.lessThan, feature: 1, threshold: 3),
        table.append(.greaterOrEqual, feature: 1, threshold: 3),
        table.append(.greaterThan, feature: 0, threshold: 5),
      ]
    }
    let parents = [-1, 0, 1, 1, 0]
    for (parent, predicate) in zip(parents, predicates) {
      ensemble.appendNode(
        parent: parent, predicate: predicate,
        TreeEnsemble.NodeValues(score: Double(predicate), recordCount: 1))
    }
    ensemble.setDefaultChild(of: 0, to: 4)
    ensemble.setDefaultChild(of: 1, to: 2)
    return ensemble
  }

  private func node(
    _ strategy: MissingValueStrategy, _ row: [Double],
    _ noTrueChild: NoTrueChildStrategy = .returnNullPrediction
  ) -> Int {
    ensemble(strategy, noTrueChild).walk(0, row.span).node
  }

  @Test func `without missing values the strategy does not matter`() {
    for strategy in [MissingValueStrategy.none, .lastPrediction, .defaultChild] {
      #expect(node(strategy, [1, 1]) == 2)
      #expect(node(strategy, [1, 3]) == 3)
      #expect(node(strategy, [6, .nan]) == 4)
    }
  }

  @Test func `a missing value is no reason to enter a child`() {
    #expect(node(.none, [1, .nan]) == -1)
    #expect(node(.none, [1, .nan], .returnLastPrediction) == 1)
    #expect(node(.nullPrediction, [1, .nan], .returnLastPrediction) == -1)
    #expect(node(.lastPrediction, [1, .nan]) == 1)
    #expect(node(.lastPrediction, [.nan, 1]) == 0)
    #expect(node(.defaultChild, [1, .nan]) == 2)
    #expect(node(.defaultChild, [.nan, 1]) == 4)
  }

  @Test func `where no child fits, the last prediction counts only if it is asked for`() {
    #expect(node(.none, [5, 1]) == -1)
    #expect(node(.none, [5, 1], .returnLastPrediction) == 0)
  }

  @Test func `default hops are counted`() {
    let row = [Double.nan, .nan]
    #expect(ensemble(.defaultChild).walk(0, row.span).defaultHops == 1)
    let full = [1.0, 1]
    #expect(ensemble(.defaultChild).walk(0, full.span).defaultHops == 0)
  }

  @Test func `a default child must be a child`() {
    var ensemble = ensemble(.defaultChild)
    let taken = [ensemble.setDefaultChild(of: 1, to: 0), ensemble.setDefaultChild(of: 1, to: 99)]
    #expect(taken == [false, false])
    let row = [1.0, .nan]
    #expect(ensemble.walk(0, row.span).node == 2)
  }
}
