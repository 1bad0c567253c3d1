package import TreeEnsembles

/// Random trees of every shape that PMML allows, and random rows for them.
package struct RandomTrees {
  /// What a random tree may hold.
  package struct Shape: Sendable {
    package var numericFeatures = 3
    /// Features that are codes from 0 to 3.
    package var categoricalFeatures = 1
    package var depth = 3
    package var treeCount = 2
    package var isFloat = false
    package var classCount = 0
    package var strategies: [MissingValueStrategy] = [
      .none, .lastPrediction, .nullPrediction, .defaultChild,
    ]
    package var noTrueChildStrategies: [NoTrueChildStrategy] = [
      .returnNullPrediction, .returnLastPrediction,
    ]
    /// Whether siblings may ask different fields, overlap, or leave gaps.
    package var isIrregular = false
    /// Whether predicates may be compound; over several fields, if irregular.
    package var hasCompounds = false
    /// Whether every split is binary and numeric, as a boosting library's.
    package var isPlain = false

    package init() {}

    package var featureCount: Int { numericFeatures + categoricalFeatures }
  }

  package var random: SeededGenerator
  package let shape: Shape

  package init(seed: UInt64, _ shape: Shape) {
    random = SeededGenerator(seed: seed)
    self.shape = shape
  }

  /// An ensemble with record counts that add up.
  package mutating func ensemble() -> TreeEnsemble {
    var ensemble = TreeEnsemble(
      featureCount: shape.featureCount, classCount: shape.classCount, isFloat: shape.isFloat)
    for _ in 0..<shape.treeCount {
      ensemble.beginTree(
        missingValueStrategy: shape.strategies.randomElement(using: &random) ?? .none,
        noTrueChildStrategy: shape.noTrueChildStrategies.randomElement(using: &random)
          ?? .returnNullPrediction)
      let always = ensemble.withPredicates { $0.append(.alwaysTrue) }
      let root = node(-1, always, 1000, in: &ensemble)
      grow(root, 1000, depth: Int.random(in: 0...shape.depth, using: &random), in: &ensemble)
    }
    return ensemble
  }

  /// A row; a third of the rows have no missing value.
  package mutating func row(_ ensemble: TreeEnsemble) -> [Double] {
    let mayMiss = Int.random(in: 0..<3, using: &random) > 0
    return (0..<shape.featureCount).map { feature in
      if mayMiss, Int.random(in: 0..<4, using: &random) == 0 { return .nan }
      if feature >= shape.numericFeatures {
        return Double(Int.random(in: 0..<5, using: &random))
      }
      return ensemble.round(numberOrInfinity())
    }
  }

  // A coarse grid, so that values often meet thresholds exactly; 0.1 is not a float.
  private mutating func number() -> Double {
    Double(Int.random(in: -4...4, using: &random)) * 0.1
  }

  // Now and then nothing that a grid holds.
  private mutating func numberOrInfinity() -> Double {
    guard Int.random(in: 0..<40, using: &random) == 0 else { return number() }
    return Bool.random(using: &random) ? .infinity : -.infinity
  }

  private mutating func node(
    _ parent: Int, _ predicate: Int, _ count: Double, in ensemble: inout TreeEnsemble
  ) -> Int {
    var values = TreeEnsemble.NodeValues(
      score: Double.random(in: -2...2, using: &random), recordCount: count)
    if shape.classCount > 0 {
      values.probabilities = (0..<shape.classCount).map { _ in
        Double.random(in: 0...1, using: &random)
      }
    }
    return ensemble.appendNode(parent: parent, predicate: predicate, values)
  }

  private mutating func grow(
    _ parent: Int, _ count: Double, depth: Int, in ensemble: inout TreeEnsemble
  ) {
    if depth == 0 { return }
    let predicates = siblings(in: &ensemble)
    let leavesSome = shape.isIrregular && Bool.random(using: &random)
    var shares = predicates.map { _ in Double(Int.random(in: 0...6, using: &random)) }
    if shares.allSatisfy({ $0 == 0 }) { shares[0] = 1 }
    let total = shares.reduce(0, +) + (leavesSome ? 1 : 0)
    // The first branch takes what the others leave, so that depth varies.
    var children: [(node: Int, count: Double)] = []
    for (predicate, share) in zip(predicates, shares) {
      let count = count * share / total
      let child = node(parent, predicate, count, in: &ensemble)
      children.append((child, count))
      let below = Bool.random(using: &random) ? depth - 1 : 0
      grow(child, count, depth: children.count == 1 ? depth - 1 : below, in: &ensemble)
    }
    if let child = children.randomElement(using: &random), Int.random(in: 0..<5, using: &random) > 0
    {
      ensemble.setDefaultChild(of: parent, to: child.node)
    }
  }

  private mutating func siblings(in ensemble: inout TreeEnsemble) -> [Int] {
    let feature = Int.random(in: 0..<shape.featureCount, using: &random)
    let isNumber = feature < shape.numericFeatures
    let threshold = number()
    var random = random
    defer { self.random = random }
    let isPlain = shape.isPlain
    let hasCompounds = shape.hasCompounds
    let irregular = shape.isIrregular && Int.random(in: 0..<3, using: &random) == 0
    if irregular {
      var copy = self
      copy.random = random
      defer { random = copy.random }
      return (0..<Int.random(in: 1...3, using: &copy.random)).map { _ in
        copy.predicate(depth: hasCompounds ? 2 : 0, on: nil, in: &ensemble)
      }
    }
    if hasCompounds, Int.random(in: 0..<3, using: &random) == 0 {
      var copy = self
      copy.random = random
      defer { random = copy.random }
      let first = copy.predicate(depth: 2, on: feature, in: &ensemble)
      return [first, ensemble.withPredicates { $0.append(.alwaysTrue) }]
    }
    return ensemble.withPredicates { table in
      if isNumber {
        let shift = Double(Int.random(in: 1...3, using: &random)) * 0.1
        switch isPlain
          ? Int.random(in: 0..<2, using: &random) : Int.random(in: 0..<6, using: &random)
        {
        case 0:
          return [
            table.append(.lessThan, feature: feature, threshold: threshold),
            table.append(.greaterOrEqual, feature: feature, threshold: threshold),
          ]
        case 1:
          return [
            table.append(.lessOrEqual, feature: feature, threshold: threshold),
            table.append(.greaterThan, feature: feature, threshold: threshold),
          ]
        case 2:
          return [
            table.append(.greaterThan, feature: feature, threshold: threshold),
            table.append(.alwaysTrue),
          ]
        case 3:
          return [
            table.append(.lessThan, feature: feature, threshold: threshold),
            table.append(.lessThan, feature: feature, threshold: threshold + shift),
            table.append(.greaterOrEqual, feature: feature, threshold: threshold + shift),
          ]
        case 4:
          return [
            table.append(.isMissing, feature: feature),
            table.append(.lessOrEqual, feature: feature, threshold: threshold),
            table.append(.isNotMissing, feature: feature),
          ]
        default:
          return [
            table.append(.equal, feature: feature, threshold: threshold),
            table.append(.notEqual, feature: feature, threshold: threshold),
          ]
        }
      }
      let codes = (0..<4).filter { _ in Bool.random(using: &random) }.map(Double.init)
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        return [
          table.append(.isIn, feature: feature, values: codes),
          table.append(.isNotIn, feature: feature, values: codes),
        ]
      case 1:
        return (0..<5).map { table.append(.equal, feature: feature, threshold: Double($0)) }
      default:
        return [
          table.append(.isNotIn, feature: feature, values: codes), table.append(.alwaysTrue),
        ]
      }
    }
  }

  /// A predicate on one feature, or on any.
  private mutating func predicate(
    depth: Int, on given: Int?, in ensemble: inout TreeEnsemble
  ) -> Int {
    let feature = given ?? Int.random(in: 0..<shape.featureCount, using: &random)
    if depth > 0, Bool.random(using: &random) {
      let operations: [PredicateOperator] = [.and, .or, .xor, .surrogate]
      let operation = operations[Int.random(in: 0..<4, using: &random)]
      let operands = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        predicate(depth: depth - 1, on: given, in: &ensemble)
      }
      return ensemble.withPredicates { $0.append(operation, operands: operands) }
    }
    let threshold = numberOrInfinity()
    if feature >= shape.numericFeatures {
      let codes = (0..<4).filter { _ in Bool.random(using: &random) }.map(Double.init)
      return ensemble.withPredicates { $0.append(.isIn, feature: feature, values: codes) }
    }
    let operations: [PredicateOperator] = [
      .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual, .equal, .notEqual, .isMissing,
      .isNotMissing, .alwaysTrue, .alwaysFalse,
    ]
    let operation = operations[Int.random(in: 0..<operations.count, using: &random)]
    return ensemble.withPredicates {
      $0.append(operation, feature: feature, threshold: threshold)
    }
  }
}
