internal import CTreeKernels

/// Turns a routing table into groups of trees over bytes.
struct QuantisedMaker {
  private let table: RoutingTable
  private let isCategorical: [Bool]
  private let outputCount: Int
  private let isFloat: Bool
  /// For each tree, its tests, those that others lead to first.
  private var testsOfTree: [[Int]] = []

  /// An ordered feature has at most 254 edges, so that neither end shares a code with a single value.
  private static let edgeLimit = 254
  /// Nominal codes fit the sets of 128: 0 is any other category, the last is missing.
  private static let categoryLimit = 126
  private static let endingLimit = 256

  init(_ table: RoutingTable, isCategorical: [Bool], outputCount: Int, isFloat: Bool) {
    self.table = table
    self.isCategorical = isCategorical
    self.outputCount = outputCount
    self.isFloat = isFloat
  }

  mutating func make(_ values: QuantisedForest.Values) -> [QuantisedGroup]? {
    for entry in table.entries {
      guard let tests = tests(from: entry) else { return nil }
      testsOfTree.append(tests)
    }
    var groups: [QuantisedGroup] = []
    var tree = 0
    while tree < table.entries.count {
      var cuts = Cuts(featureCount: table.ensemble.featureCount)
      var end = tree
      while end < table.entries.count {
        var wider = cuts
        guard wider.add(testsOfTree[end], table, isCategorical), wider.fits(isCategorical) else {
          break
        }
        cuts = wider
        end += 1
      }
      guard end > tree, let group = group(tree..<end, cuts, values) else { return nil }
      groups.append(group)
      tree = end
    }
    return groups
  }

  /// The tests that a tree can reach, each after those that it leads to; nil if one is compound.
  private func tests(from entry: Int32) -> [Int]? {
    var reached: Set<Int> = []
    var open = [entry]
    while let target = open.popLast() {
      guard target >= 0, reached.insert(Int(target)).inserted else { continue }
      let test = table.tests[Int(target)]
      if test.question == .compound { return nil }
      open += [test.onTrue, test.onFalse, test.onUnknown]
    }
    // Tests lead only to later ones.
    return reached.sorted(by: >)
  }

  /// What the trees of a group compare each feature with.
  private struct Cuts {
    /// Edges of ordered features, and the categories of nominal ones.
    var edges: [Set<Double>]

    init(featureCount: Int) { edges = Array(repeating: [], count: featureCount) }

    /// Returns false where a test has no form as cells.
    mutating func add(_ tests: [Int], _ table: RoutingTable, _ isCategorical: [Bool]) -> Bool {
      for place in tests {
        let test = table.tests[place]
        let feature = Int(test.feature)
        switch test.question {
        case .less:
          if isCategorical[feature] || test.threshold.isNaN { return false }
          edges[feature].insert(test.threshold)
        case .equal:
          if !test.threshold.isFinite { return false }
          edges[feature].insert(test.threshold)
          if !isCategorical[feature] { edges[feature].insert(test.threshold.nextUp) }
        case .member:
          for value in table.ensemble.predicates.values(of: Int(test.predicate)) {
            if !value.isFinite { return false }
            edges[feature].insert(value)
            if !isCategorical[feature] { edges[feature].insert(value.nextUp) }
          }
        case .missing: break
        case .compound: return false
        }
      }
      return true
    }

    func fits(_ isCategorical: [Bool]) -> Bool {
      for (feature, edges) in edges.enumerated() {
        if isCategorical[feature] {
          guard edges.count <= QuantisedMaker.categoryLimit,
            edges.allSatisfy({ $0 >= 0 && $0 < 65_536 && $0 == $0.rounded() })
          else { return false }
        } else if edges.count > QuantisedMaker.edgeLimit {
          return false
        }
      }
      return true
    }
  }

  /// How many endings a tree has, with those of missing values or without.
  private func endingCount(_ tree: Int, unknown: Bool) -> Int {
    var endings: Set<Int32> = []
    for place in testsOfTree[tree] {
      let test = table.tests[place]
      for target in [test.onTrue, test.onFalse] where target < 0 { endings.insert(target) }
      if unknown, test.onUnknown < 0 { endings.insert(test.onUnknown) }
    }
    return endings.count
  }

  // MARK: A group

  private func group(_ range: Range<Int>, _ cuts: Cuts, _ values: QuantisedForest.Values)
    -> QuantisedGroup?
  {
    var builder = GroupBuilder(
      table: table, isCategorical: isCategorical, edges: cuts.edges.map { $0.sorted() })
    for tree in range {
      var endings: [Int32: UInt16] = [:]
      var order: [Int32] = []
      let first = builder.group.tests.count
      var places: [Int32: UInt16] = [:]
      let isFull = endingCount(tree, unknown: true) > Self.endingLimit
      if isFull, endingCount(tree, unknown: false) > Self.endingLimit { return nil }
      func result(_ target: Int32) -> UInt16? {
        if target >= 0 { return places[target] }
        if let known = endings[target] { return known }
        guard order.count < Self.endingLimit else { return nil }
        endings[target] = UInt16(order.count)
        order.append(target)
        return UInt16(order.count - 1)
      }
      for (number, place) in testsOfTree[tree].enumerated() {
        let test = table.tests[place]
        guard Self.endingLimit + number < Int(UInt16.max) - 1, let onTrue = result(test.onTrue),
          let onFalse = result(test.onFalse)
        else { return nil }
        var onUnknown = onFalse
        if isFull, test.onUnknown < 0, test.onUnknown != test.onFalse,
          test.onUnknown != test.onTrue
        {
          builder.group.neededFeatures.insert(Int(test.feature))
        } else {
          guard let target = result(test.onUnknown) else { return nil }
          onUnknown = target
        }
        guard builder.add(test, onTrue, onFalse, onUnknown) else { return nil }
        places[Int32(place)] = UInt16(Self.endingLimit + number)
      }
      guard let root = result(table.entries[tree]) else { return nil }
      let count = builder.group.tests.count - first
      var plan = ctree_tree()
      plan.first_test = UInt32(first)
      plan.test_count = UInt32(count)
      plan.ending_count = UInt32(order.count)
      plan.root = root
      let tests = builder.group.tests[first...]
      plan.is_plain =
        tests.allSatisfy {
          $0.base == 0 && $0.set == builder.none && $0.on_missing == builder.none
        } ? 1 : 0
      builder.add(plan, order.map { values(table.ending($0)) }, outputCount, isFloat: isFloat)
    }
    builder.pad(isFloat: isFloat)
    return builder.group
  }
}

/// Gathers a group's tests, and the columns that they look at.
private struct GroupBuilder {
  let table: RoutingTable
  let isCategorical: [Bool]
  /// For each feature, its rising edges or categories.
  let edges: [[Double]]
  var group = QuantisedGroup()
  let none = UInt16(CTREE_NONE)
  private var columns: [ColumnKey: UInt16] = [:]
  private var masks: [Int: UInt16] = [:]
  private var sets: [[UInt8]: UInt16] = [:]

  private struct ColumnKey: Hashable {
    var feature: Int
    var isMissingHigh: Bool
    var isAbsence: Bool
  }

  init(table: RoutingTable, isCategorical: [Bool], edges: [[Double]]) {
    self.table = table
    self.isCategorical = isCategorical
    self.edges = edges
  }

  /// Returns false where a test does not fit.
  mutating func add(
    _ test: RoutingTable.Test, _ onTrue: UInt16, _ onFalse: UInt16, _ onUnknown: UInt16
  ) -> Bool {
    let feature = Int(test.feature)
    var plan = ctree_test()
    plan.on_true = onTrue
    plan.on_false = onFalse
    plan.on_missing = none
    plan.set = none
    plan.width = 1
    if test.question == .missing {
      guard let column = absence(feature) else { return false }
      plan.column = column
      plan.base = 1
      group.tests.append(plan)
      return true
    }
    let cells: [Int]
    switch test.question {
    case .less: cells = []
    case .equal: cells = self.cells(of: [test.threshold], feature)
    default:
      cells = self.cells(
        of: Array(table.ensemble.predicates.values(of: Int(test.predicate))), feature)
    }
    guard
      isCategorical[feature]
        ? addNominal(&plan, feature, cells, onUnknown)
        : addOrdered(&plan, test, cells, onUnknown)
    else { return false }
    group.tests.append(plan)
    return true
  }

  /// The codes of values that a test names: their cells, or categories.
  private func cells(of values: [Double], _ feature: Int) -> [Int] {
    values.compactMap { place(of: $0, feature).map { $0 + 1 } }
  }

  private func place(of edge: Double, _ feature: Int) -> Int? {
    var (low, high) = (0, edges[feature].count)
    while low < high {
      let middle = (low + high) / 2
      if edges[feature][middle] < edge { low = middle + 1 } else { high = middle }
    }
    return low < edges[feature].count && edges[feature][low] == edge ? low : nil
  }

  private mutating func addOrdered(
    _ plan: inout ctree_test, _ test: RoutingTable.Test, _ cells: [Int], _ onUnknown: UInt16
  ) -> Bool {
    let feature = Int(test.feature)
    if test.question == .less {
      guard let place = place(of: test.threshold, feature) else { return false }
      plan.base = 0
      plan.width = UInt8(place + 1)
    } else {
      // Cells that follow each other are one range; the space between two values is a cell, too.
      guard let first = cells.min(), cells.count == 1 else { return false }
      plan.base = UInt8(first)
    }
    // The highest code is in no range, the lowest is below every threshold.
    let isLess = test.question == .less
    if onUnknown == plan.on_false {
      guard let column = ordered(feature, isMissingHigh: true) else { return false }
      plan.column = column
    } else if onUnknown == plan.on_true, isLess {
      guard let column = ordered(feature, isMissingHigh: false) else { return false }
      plan.column = column
    } else {
      guard let column = ordered(feature, isMissingHigh: true), let mask = mask(feature) else {
        return false
      }
      plan.column = column
      plan.mask = mask
      plan.on_missing = onUnknown
    }
    return true
  }

  private mutating func addNominal(
    _ plan: inout ctree_test, _ feature: Int, _ cells: [Int], _ onUnknown: UInt16
  ) -> Bool {
    guard let column = nominal(feature) else { return false }
    plan.column = column
    var codes = cells
    let missing = edges[feature].count + 1
    if onUnknown == plan.on_true, onUnknown != plan.on_false {
      codes.append(missing)
    } else if onUnknown != plan.on_false {
      guard let mask = mask(feature) else { return false }
      plan.mask = mask
      plan.on_missing = onUnknown
    }
    guard let low = codes.min(), let high = codes.max() else {
      plan.width = 0
      return true
    }
    if high - low + 1 == codes.count {
      plan.base = UInt8(low)
      plan.width = UInt8(codes.count)
      return true
    }
    var bits = [UInt8](repeating: 0, count: 16)
    for code in codes { bits[code & 15] |= 1 << UInt8(code >> 4) }
    if sets[bits] == nil {
      guard sets.count < Int(none) else { return false }
      sets[bits] = UInt16(sets.count)
      group.sets += bits
    }
    plan.set = sets[bits] ?? none
    return true
  }

  // MARK: Columns

  private mutating func column(_ key: ColumnKey, _ kinds: [QuantisedGroup.Column.Kind]) -> UInt16? {
    if let known = columns[key] { return known }
    guard group.columns.count + kinds.count < Int(none) else { return nil }
    let place = UInt16(group.columns.count)
    columns[key] = place
    group.columns += kinds.map { QuantisedGroup.Column(feature: key.feature, kind: $0) }
    return place
  }

  private mutating func ordered(_ feature: Int, isMissingHigh: Bool) -> UInt16? {
    let padding = Array(repeating: Double.infinity, count: 256 - edges[feature].count)
    return column(
      ColumnKey(feature: feature, isMissingHigh: isMissingHigh, isAbsence: false),
      [.ordered(edges: edges[feature] + padding, isMissingHigh: isMissingHigh)])
  }

  private mutating func nominal(_ feature: Int) -> UInt16? {
    var codes: [UInt8] = []
    for (place, category) in edges[feature].enumerated() {
      let category = Int(category)
      while codes.count <= category { codes.append(0) }
      codes[category] = UInt8(place + 1)
    }
    return column(
      ColumnKey(feature: feature, isMissingHigh: true, isAbsence: false),
      [.nominal(codes: codes, missing: UInt8(edges[feature].count + 1)), .setBits])
  }

  private mutating func absence(_ feature: Int) -> UInt16? {
    column(ColumnKey(feature: feature, isMissingHigh: true, isAbsence: true), [.absence])
  }

  private mutating func mask(_ feature: Int) -> UInt16? {
    if let known = masks[feature] { return known }
    guard group.maskedFeatures.count < Int(none) else { return nil }
    let place = UInt16(group.maskedFeatures.count)
    masks[feature] = place
    group.maskedFeatures.append(feature)
    return place
  }

  // MARK: Trees

  mutating func add(
    _ plan: ctree_tree, _ values: [[Double]?], _ outputCount: Int, isFloat: Bool
  ) {
    var plan = plan
    plan.first_value = UInt32(isFloat ? group.floats.count : group.doubles.count)
    plan.has_null = values.contains { $0 == nil } ? 1 : 0
    for output in 0..<outputCount {
      for value in values {
        // Sums begin at 0, to which adding 0 changes nothing.
        let number = value.map { $0[output] } ?? 0
        if isFloat { group.floats.append(Float(number)) } else { group.doubles.append(number) }
      }
    }
    group.nulls += values.map { $0 == nil ? 1 : 0 }
    group.largestTree = max(group.largestTree, Int(plan.test_count))
    group.trees.append(plan)
  }

  /// Room behind the last values, since a kernel reads them by registers.
  mutating func pad(isFloat: Bool) {
    let padding = 64
    if isFloat {
      group.floats += Array(repeating: 0, count: padding)
    } else {
      group.doubles += Array(repeating: 0, count: padding)
    }
  }
}
