import Testing
import TreeEnsembles

/// Three-valued logic as the specification's tables have it.
@Suite struct PredicateTests {
  private static let truths: [Truth] = [.isTrue, .isFalse, .isUnknown]

  /// A compound of comparisons whose answers are the given ones.
  private func compound(_ operation: PredicateOperator, _ answers: [Truth]) -> Truth {
    var table = PredicateTable()
    let operands = answers.indices.map {
      table.append(.lessThan, feature: $0, threshold: 1)
    }
    let predicate = table.append(operation, operands: operands)
    let row = answers.map { $0 == .isTrue ? 0.0 : $0 == .isFalse ? 2.0 : .nan }
    return table.evaluate(predicate, row.span)
  }

  @Test func `and, or and xor follow the truth tables`() {
    for first in Self.truths {
      for second in Self.truths {
        let both = [first, second]
        let and: Truth =
          both.contains(.isFalse) ? .isFalse : both.contains(.isUnknown) ? .isUnknown : .isTrue
        let or: Truth =
          both.contains(.isTrue) ? .isTrue : both.contains(.isUnknown) ? .isUnknown : .isFalse
        let xor: Truth =
          both.contains(.isUnknown) ? .isUnknown : first != second ? .isTrue : .isFalse
        #expect(compound(.and, both) == and)
        #expect(compound(.or, both) == or)
        #expect(compound(.xor, both) == xor)
      }
    }
  }

  @Test func `surrogate takes the first operand that is not unknown`() {
    #expect(compound(.surrogate, [.isUnknown, .isFalse, .isTrue]) == .isFalse)
    #expect(compound(.surrogate, [.isTrue, .isFalse]) == .isTrue)
    #expect(compound(.surrogate, [.isUnknown, .isUnknown]) == .isUnknown)
  }

  @Test(arguments: [
    (PredicateOperator.lessThan, [Truth.isTrue, .isFalse, .isFalse]),
    (.lessOrEqual, [.isTrue, .isTrue, .isFalse]),
    (.greaterThan, [.isFalse, .isFalse, .isTrue]),
    (.greaterOrEqual, [.isFalse, .isTrue, .isTrue]),
    (.equal, [.isFalse, .isTrue, .isFalse]),
    (.notEqual, [.isTrue, .isFalse, .isTrue]),
  ])
  func `comparisons decide below, on and above the threshold`(
    operation: PredicateOperator, expected: [Truth]
  ) {
    var table = PredicateTable()
    let predicate = table.append(operation, feature: 0, threshold: 2)
    for (value, truth) in zip([1.5, 2, 2.5], expected) {
      let row = [value]
      #expect(table.evaluate(predicate, row.span) == truth)
    }
    let missing = [Double.nan]
    #expect(table.evaluate(predicate, missing.span) == .isUnknown)
  }

  @Test func `only isMissing and isNotMissing decide on a missing value`() {
    var table = PredicateTable()
    let isMissing = table.append(.isMissing, feature: 0)
    let isNotMissing = table.append(.isNotMissing, feature: 0)
    let isIn = table.append(.isIn, feature: 0, values: [3, 1])
    let isNotIn = table.append(.isNotIn, feature: 0, values: [3, 1])
    let rows: [[Double]] = [[.nan], [1], [2]]
    #expect(rows.map { table.evaluate(isMissing, $0.span) } == [.isTrue, .isFalse, .isFalse])
    #expect(rows.map { table.evaluate(isNotMissing, $0.span) } == [.isFalse, .isTrue, .isTrue])
    #expect(rows.map { table.evaluate(isIn, $0.span) } == [.isUnknown, .isTrue, .isFalse])
    #expect(rows.map { table.evaluate(isNotIn, $0.span) } == [.isUnknown, .isFalse, .isTrue])
  }

  @Test func `thresholds of single precision are rounded as values are`() {
    var ensemble = TreeEnsemble(featureCount: 1, classCount: 0, isFloat: true)
    let predicate = ensemble.withPredicates {
      $0.append(.lessThan, feature: 0, threshold: 0.1)
    }
    // 0.1 rounds up to a float; in double precision it would lie below that.
    let row = [ensemble.round(0.1)]
    #expect(ensemble.predicates.evaluate(predicate, row.span) == .isFalse)
  }
}
