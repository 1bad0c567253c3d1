/// Why path-dependent expectations cannot be had from a tree's record counts.
package enum RecordCountFault: Error, Sendable, Hashable {
  /// A node has no record count, or one that is not a number from 0 on.
  case absent(tree: Int, node: Int)
  /// A node's children have more records than the node.
  case inconsistent(tree: Int, node: Int)
  /// The root has no records.
  case emptyRoot(tree: Int)
}

extension RoutingTable {
  /// Makes the table for scoring: tests whose answer is known are left out, and compound predicates
  /// are split into tests on single features.
  ///
  /// - Complexity: O(nodes + predicates).
  package init(_ ensemble: TreeEnsemble) {
    var maker = RoutingMaker(ensemble: ensemble, usesRecordCounts: false)
    self = maker.make()
  }

  /// Makes the table with the share of the records that pass each test.
  ///
  /// A child's share is its record count among those of itself and its later siblings, and, where
  /// the node keeps its own prediction (`returnLastPrediction`), of the records that no child took.
  /// Below a node without records the shares are equal. Compound predicates stay whole, since
  /// counts say nothing of their parts.
  package init(withRecordCounts ensemble: TreeEnsemble) throws(RecordCountFault) {
    try Self.checkRecordCounts(ensemble)
    var maker = RoutingMaker(ensemble: ensemble, usesRecordCounts: true)
    self = maker.make()
  }

  /// Whether path-dependent expectations can be had: nil if so.
  package static func recordCountFault(_ ensemble: TreeEnsemble) -> RecordCountFault? {
    do throws(RecordCountFault) {
      try checkRecordCounts(ensemble)
      return nil
    } catch { return error }
  }

  private static func checkRecordCounts(_ ensemble: TreeEnsemble) throws(RecordCountFault) {
    let counts = ensemble.recordCounts
    for (tree, plan) in ensemble.trees.enumerated() {
      for node in plan.nodes {
        guard counts[node].isFinite, counts[node] >= 0 else {
          throw .absent(tree: tree, node: node)
        }
        var total = 0.0
        var child = Int(ensemble.firstChild[node])
        while child >= 0 {
          total += counts[child]
          child = Int(ensemble.nextSibling[child])
        }
        // Some producers write 1 everywhere. The slack is for counts rounded or weighted in single
        // precision.
        guard !(total > counts[node] * 1.001) else { throw .inconsistent(tree: tree, node: node) }
      }
      guard counts[plan.root] > 0 else { throw .emptyRoot(tree: tree) }
    }
  }
}

/// Turns nodes into tests, children before parents.
struct RoutingMaker {
  private struct Splitting: Hashable {
    let predicate: Int
    let onTrue: Int32
    let onFalse: Int32
    let onUnknown: Int32
  }

  private let ensemble: TreeEnsemble
  private let usesRecordCounts: Bool
  private var table: RoutingTable
  // What compound predicates already split into, below one node.
  private var splittings: [Splitting: Int32] = [:]
  // Splitting a compound predicate may copy its operands; past this size they stay whole.
  private let splitLimit: Int

  init(ensemble: TreeEnsemble, usesRecordCounts: Bool) {
    self.ensemble = ensemble
    self.usesRecordCounts = usesRecordCounts
    table = RoutingTable(empty: ensemble)
    splitLimit = 8 * (ensemble.nodeCount + ensemble.predicates.count) + 1024
  }

  mutating func make() -> RoutingTable {
    var targets = [Int32](repeating: RoutingTable.nullTarget, count: ensemble.nodeCount)
    for tree in ensemble.trees {
      for node in tree.nodes.reversed() { targets[node] = target(of: node, in: tree, targets) }
      let null = RoutingTable.nullTarget
      table.entries.append(
        test(
          Int(ensemble.predicate[tree.root]), targets[tree.root], null, null, share: 1,
          splits: !usesRecordCounts))
    }
    putRootsFirst()
    table.asksOnlyLess = table.tests.allSatisfy { $0.question == .less }
    return table
  }

  /// The target that stands for having entered a node.
  private mutating func target(
    of node: Int, in tree: TreeEnsemble.Tree, _ targets: [Int32]
  ) -> Int32 {
    let children = ensemble.children(of: node)
    if children.isEmpty { return ~Int32(node) }
    splittings.removeAll(keepingCapacity: true)
    let hasScore = !ensemble.scores[node].isNaN || ensemble.distributions[node] >= 0
    let last = hasScore ? ~Int32(node) : RoutingTable.nullTarget
    var next =
      tree.noTrueChildStrategy == .returnLastPrediction ? last : RoutingTable.nullTarget
    var rest = surplus(of: node, in: tree, children)
    for (place, child) in children.enumerated().reversed() {
      let unknown: Int32
      switch tree.missingValueStrategy {
      case .none: unknown = next
      case .lastPrediction: unknown = last
      case .nullPrediction: unknown = RoutingTable.nullTarget
      case .defaultChild:
        let chosen = Int(ensemble.defaultChild[node])
        unknown = chosen < 0 ? RoutingTable.nullTarget : targets[chosen]
      case .weightedConfidence, .aggregateNodes: unknown = ~Int32(node + ensemble.nodeCount)
      }
      let count = ensemble.recordCounts[child]
      rest += count
      let share = rest > 0 ? count / rest : 1 / Double(children.count - place)
      next = test(
        Int(ensemble.predicate[child]), targets[child], next, unknown, share: share,
        splits: !usesRecordCounts)
    }
    return next
  }

  /// The records of a node that none of its children took and that keep its own prediction.
  private func surplus(of node: Int, in tree: TreeEnsemble.Tree, _ children: [Int]) -> Double {
    guard usesRecordCounts, tree.noTrueChildStrategy == .returnLastPrediction else { return 0 }
    var taken = 0.0
    for child in children.reversed() { taken += ensemble.recordCounts[child] }
    return max(0, ensemble.recordCounts[node] - taken)
  }

  /// Appends tests for a predicate and returns the first one's place.
  private mutating func test(
    _ predicate: Int, _ onTrue: Int32, _ onFalse: Int32, _ onUnknown: Int32, share: Double,
    splits: Bool
  ) -> Int32 {
    let table = ensemble.predicates
    let feature = table.features[predicate]
    let threshold = table.thresholds[predicate]
    func simple(
      _ question: RoutingTable.Question, _ threshold: Double, negated: Bool = false
    ) -> Int32 {
      append(
        RoutingTable.Test(
          threshold: threshold, feature: feature, predicate: Int32(predicate),
          onTrue: negated ? onFalse : onTrue, onFalse: negated ? onTrue : onFalse,
          onUnknown: onUnknown, question: question), share: negated ? 1 - share : share)
    }
    switch table.operators[predicate] {
    case .alwaysTrue: return onTrue
    case .alwaysFalse: return onFalse
    case .lessThan: return simple(.less, threshold)
    case .greaterOrEqual: return simple(.less, threshold, negated: true)
    // Not above the threshold is below the next number after it.
    case .lessOrEqual where threshold < .infinity: return simple(.less, threshold.nextUp)
    case .greaterThan where threshold < .infinity:
      return simple(.less, threshold.nextUp, negated: true)
    // Nothing lies above infinity.
    case .lessOrEqual, .greaterThan:
      return simple(.compound, threshold)
    case .equal: return simple(.equal, threshold)
    case .notEqual: return simple(.equal, threshold, negated: true)
    case .isIn: return simple(.member, 0)
    case .isNotIn: return simple(.member, 0, negated: true)
    case .isMissing: return simple(.missing, 0)
    case .isNotMissing: return simple(.missing, 0, negated: true)
    case .and, .or, .xor, .surrogate:
      guard splits, self.table.tests.count < splitLimit else { return simple(.compound, 0) }
      return split(predicate, onTrue, onFalse, onUnknown)
    }
  }

  /// Appends the tests of a compound predicate's operands, last operand first.
  private mutating func split(
    _ predicate: Int, _ onTrue: Int32, _ onFalse: Int32, _ onUnknown: Int32
  ) -> Int32 {
    let key = Splitting(
      predicate: predicate, onTrue: onTrue, onFalse: onFalse, onUnknown: onUnknown)
    if let known = splittings[key] { return known }
    // Where the operands so far leave the matter open, and where one of them was unknown or, for
    // `xor`, an odd number of them was true.
    var open: Int32
    var other: Int32
    switch ensemble.predicates.operators[predicate] {
    case .and: (open, other) = (onTrue, onUnknown)
    case .or: (open, other) = (onFalse, onUnknown)
    case .xor: (open, other) = (onFalse, onTrue)
    default: (open, other) = (onUnknown, onUnknown)
    }
    let operands = ensemble.predicates.operands(of: predicate)
    for (place, operand) in operands.enumerated().reversed() {
      let (after, otherAfter) = (open, other)
      // Nothing comes before the first operand that could make its state another.
      let needsOther = place > 0
      func part(_ onTrue: Int32, _ onFalse: Int32, _ onUnknown: Int32) -> Int32 {
        test(operand, onTrue, onFalse, onUnknown, share: .nan, splits: true)
      }
      switch ensemble.predicates.operators[predicate] {
      case .and:
        open = part(after, onFalse, otherAfter)
        if needsOther { other = part(otherAfter, onFalse, otherAfter) }
      case .or:
        open = part(onTrue, after, otherAfter)
        if needsOther { other = part(onTrue, otherAfter, otherAfter) }
      case .xor:
        open = part(otherAfter, after, onUnknown)
        if needsOther { other = part(after, otherAfter, onUnknown) }
      default:
        open = part(onTrue, onFalse, after)
      }
    }
    splittings[key] = open
    return open
  }

  private mutating func append(_ given: RoutingTable.Test, share: Double) -> Int32 {
    var test = given
    if test.question == .missing { test.onUnknown = test.onFalse }
    if test.question != .compound {
      test.onTrue = skip(test.onTrue, after: test, .isTrue)
      test.onFalse = skip(test.onFalse, after: test, .isFalse)
      test.onUnknown = skip(test.onUnknown, after: test, .isUnknown)
    }
    if test.onTrue == test.onFalse, test.onTrue == test.onUnknown { return test.onTrue }
    table.tests.append(test)
    if usesRecordCounts { table.trueShares.append(share) }
    return Int32(table.tests.count - 1)
  }

  /// The first test after `target` whose answer does not follow from the answer just given.
  private func skip(_ target: Int32, after test: RoutingTable.Test, _ answer: Truth) -> Int32 {
    var target = target
    while target >= 0 {
      let next = table.tests[Int(target)]
      guard let implied = implied(next, by: test, answer) else { return target }
      if usesRecordCounts, answer != .isUnknown {
        // Records are averaged over here: a test may be left out only where they say the same.
        if implied == .isUnknown { return target }
        let share = table.trueShares[Int(target)]
        if implied == .isTrue, share != 1 { return target }
        if implied == .isFalse, share != 0 { return target }
      }
      switch implied {
      case .isTrue: target = next.onTrue
      case .isFalse: target = next.onFalse
      case .isUnknown: target = next.onUnknown
      }
    }
    return target
  }

  /// The answer to a test that follows from the answer to an earlier one on the same feature.
  private func implied(
    _ next: RoutingTable.Test, by test: RoutingTable.Test, _ answer: Truth
  ) -> Truth? {
    guard next.feature == test.feature, next.question != .compound else { return nil }
    let isMissing = test.question == .missing ? answer == .isTrue : answer == .isUnknown
    if isMissing { return next.question == .missing ? .isTrue : .isUnknown }
    switch (test.question, next.question) {
    case (_, .missing): return .isFalse
    case (.less, .less):
      if answer == .isTrue, test.threshold <= next.threshold { return .isTrue }
      if answer == .isFalse, test.threshold >= next.threshold { return .isFalse }
      return nil
    case (.equal, .equal):
      if test.threshold == next.threshold { return answer }
      return answer == .isTrue ? .isFalse : nil
    case (.equal, .less):
      guard answer == .isTrue else { return nil }
      return test.threshold < next.threshold ? .isTrue : .isFalse
    case (.member, .member):
      let predicates = ensemble.predicates
      let isSame =
        predicates.values(of: Int(test.predicate)) == predicates.values(of: Int(next.predicate))
      return isSame ? answer : nil
    default: return nil
    }
  }

  /// Leaves out tests that nothing leads to any more, and turns the list round, so that a tree is
  /// walked forwards through memory.
  private mutating func putRootsFirst() {
    let count = table.tests.count
    var isReached = [Bool](repeating: false, count: count)
    for entry in table.entries where entry >= 0 { isReached[Int(entry)] = true }
    var places = [Int32](repeating: -1, count: count)
    var kept: Int32 = 0
    // Tests lead only to tests that were made before them.
    for place in (0..<count).reversed() where isReached[place] {
      places[place] = kept
      kept += 1
      let test = table.tests[place]
      for target in [test.onTrue, test.onFalse, test.onUnknown] where target >= 0 {
        isReached[Int(target)] = true
      }
    }
    func moved(_ target: Int32) -> Int32 { target < 0 ? target : places[Int(target)] }
    var tests: [RoutingTable.Test] = []
    tests.reserveCapacity(Int(kept))
    var shares: [Double] = []
    for place in (0..<count).reversed() where isReached[place] {
      var test = table.tests[place]
      test.onTrue = moved(test.onTrue)
      test.onFalse = moved(test.onFalse)
      test.onUnknown = moved(test.onUnknown)
      tests.append(test)
      if usesRecordCounts { shares.append(table.trueShares[place]) }
    }
    table.tests = tests
    table.trueShares = shares
    table.entries = table.entries.map(moved)
  }
}
