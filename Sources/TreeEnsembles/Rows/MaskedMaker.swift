internal import CTreeKernels

/// Turns a routing table into masks of endings.
struct MaskedMaker {
  private(set) var columns: [ctree_masked_column] = []
  private(set) var edges: [Double] = []
  private(set) var cells: [ctree_cell] = []
  private(set) var listTrees: [UInt32] = []
  private(set) var listMasks: [UInt64] = []
  private(set) var vectors: [UInt64] = []
  /// How many words a vector has.
  let stride: Int

  private let table: RoutingTable
  private let spacing: Int
  private var tests: [MaskedTest] = []
  /// How many values the tests of each feature name.
  private var valueCounts: [Int32: Int] = [:]
  private var endsEarly = false

  private static let endingLimit = 64

  init(_ table: RoutingTable, spacing: Int?) {
    self.table = table
    stride = (table.entries.count + 15) / 16 * 16
    // A vector is read by registers, a list word by word: about as fast as a quarter of its length.
    self.spacing = spacing ?? max(32, table.entries.count / 3)
  }

  /// The targets at the endings of each tree; nil where there is no such form.
  mutating func make() -> [[Int32]]? {
    guard table.entries.count < Int(Int32.max), let named = countValues() else { return nil }
    var endings: [[Int32]] = []
    for (tree, entry) in table.entries.enumerated() {
      guard let targets = self.endings(UInt32(tree), entry) else { return nil }
      endings.append(targets)
    }
    let byFeature = Dictionary(grouping: tests, by: \.feature)
    // The lists of values take about as much room as the document gives them.
    var budget = 4 * (named + tests.count) + 4096
    for feature in byFeature.keys.sorted() {
      let tests = byFeature[feature] ?? []
      addOrdered(feature, tests.filter { $0.question == .less })
      guard addNominal(feature, tests.filter { $0.question != .less }, &budget) else { return nil }
    }
    guard max(cells.count, listTrees.count, vectors.count) < Int(Int32.max) else { return nil }
    return endings
  }

  /// Counts the values that tests name; nil where one is no number.
  private mutating func countValues() -> Int? {
    var values: [Int32: Set<Double>] = [:]
    var named = 0
    for test in table.tests where test.question == .equal || test.question == .member {
      let own = self.values(of: test.question, test.threshold, test.predicate)
      if own.contains(where: \.isNaN) { return nil }
      values[test.feature, default: []].formUnion(own)
      named += own.count
    }
    valueCounts = values.mapValues(\.count)
    return named
  }

  /// The values for which a test is true.
  private func values(
    of question: RoutingTable.Question, _ threshold: Double, _ predicate: Int32
  ) -> [Double] {
    switch question {
    case .equal: return [threshold]
    case .member: return Array(table.ensemble.predicates.values(of: Int(predicate)))
    default: return []
    }
  }

  // MARK: Trees

  /// The targets at a tree's endings; nil if they are too many.
  private mutating func endings(_ tree: UInt32, _ entry: Int32) -> [Int32]? {
    let first = tests.count
    // Either may take fewer endings: to let a missing value go along with another answer for as long
    // as it can, or to part it off where that ends the matter.
    for endsEarly in [false, true] {
      var targets: [Int32] = []
      self.endsEarly = endsEarly
      if expand(entry, tree, &targets, present: [], depth: 0) { return targets }
      tests.removeLast(tests.count - first)
    }
    return nil
  }

  /// Where a walk goes from a target if a feature is missing: the first test of another one.
  private func passing(_ target: Int32, missing feature: Int32) -> Int32 {
    var target = target
    while target >= 0 {
      let test = table.tests[Int(target)]
      guard test.feature == feature, test.question != .compound else { break }
      target = test.question == .missing ? test.onTrue : test.onUnknown
    }
    return target
  }

  /// Numbers the endings below a target and appends the tests that lead to them.
  ///
  /// - Parameter present: features that are not missing where the target is reached.
  private mutating func expand(
    _ target: Int32, _ tree: UInt32, _ targets: inout [Int32], present: Set<Int32>, depth: Int
  ) -> Bool {
    if target < 0 {
      targets.append(target)
      return targets.count <= Self.endingLimit
    }
    let test = table.tests[Int(target)]
    // On each step down at least one ending is left behind.
    guard depth < Self.endingLimit, test.question != .compound, !test.threshold.isNaN else {
      return false
    }
    let isPresent = present.contains(test.feature)
    let withFeature = present.union([test.feature])
    // Where only a missing value makes a difference, that is the question.
    if test.question == .missing || test.onTrue == test.onFalse {
      let start = targets.count
      guard
        expand(test.onFalse, tree, &targets, present: withFeature, depth: depth + 1)
      else { return false }
      if isPresent { return true }
      tests.append(
        MaskedTest(
          tree: tree, feature: test.feature, question: .missing,
          ofMissing: Self.mask(start..<targets.count)))
      return expand(
        test.question == .missing ? test.onTrue : test.onUnknown, tree, &targets,
        present: present, depth: depth + 1)
    }
    let isSwapped = takesFewerWhereTrue(test)
    let (first, last) = isSwapped ? (test.onFalse, test.onTrue) : (test.onTrue, test.onFalse)
    let onMissing = passing(test.onUnknown, missing: test.feature)
    let mayGoAlong = !(endsEarly && onMissing < 0)
    let goesFirst =
      test.onUnknown == first || mayGoAlong && passing(first, missing: test.feature) == onMissing
    let goesLast =
      !goesFirst
      && (test.onUnknown == last
        || mayGoAlong && passing(last, missing: test.feature) == onMissing)
    var mask = MaskedTest(
      tree: tree, feature: test.feature, question: test.question, threshold: test.threshold,
      predicate: test.predicate, isSwapped: isSwapped)
    let start = targets.count
    guard
      expand(
        first, tree, &targets, present: goesFirst ? present : withFeature, depth: depth + 1)
    else { return false }
    if !isPresent, !goesFirst {
      mask.ofMissing = Self.mask(start..<targets.count)
      if !goesLast {
        guard expand(onMissing, tree, &targets, present: present, depth: depth + 1) else {
          return false
        }
      }
    }
    mask.ofLast = Self.mask(start..<targets.count)
    tests.append(mask)
    return expand(
      last, tree, &targets, present: goesLast ? present : withFeature, depth: depth + 1)
  }

  /// A word without some endings.
  private static func mask(_ endings: Range<Int>) -> UInt64 {
    let upTo = endings.upperBound >= 64 ? UInt64.max : (1 << UInt64(endings.upperBound)) - 1
    let before = endings.lowerBound >= 64 ? UInt64.max : (1 << UInt64(endings.lowerBound)) - 1
    return ~(upTo & ~before)
  }

  /// Whether the values for which a test is true are fewer than those of the feature for which it is
  /// not: then it is the endings of the others that come first, and are taken away by those few.
  private func takesFewerWhereTrue(_ test: RoutingTable.Test) -> Bool {
    switch test.question {
    case .equal: return true
    case .member:
      // Half of the values that anything asks for; which ones they are is settled later.
      return table.ensemble.predicates.values(of: Int(test.predicate)).count
        <= (valueCounts[test.feature] ?? 0) / 2
    default: return false
    }
  }

  // MARK: Columns

  /// Tests of `<`, by thresholds: those not above a value take away what comes first in their trees.
  private mutating func addOrdered(_ feature: Int32, _ unordered: [MaskedTest]) {
    if unordered.isEmpty { return }
    let tests = unordered.sorted { ($0.threshold, $0.tree) < ($1.threshold, $1.tree) }
    var column = begin(feature, isNominal: false)
    var vector = UInt32(CTREE_NO_VECTOR)
    var first = UInt32(listTrees.count)
    cells.append(ctree_cell(vector: vector, first: first, end: first))
    var place = 0
    while place < tests.count {
      let threshold = tests[place].threshold
      edges.append(threshold)
      column.edge_count += 1
      while place < tests.count, tests[place].threshold == threshold {
        listTrees.append(tests[place].tree)
        listMasks.append(tests[place].ofLast)
        place += 1
      }
      if listTrees.count - Int(first) >= spacing {
        // From here on, a vector stands for all tests so far, and the list begins anew.
        vector = appendVector(after: vector, Int(first)..<listTrees.count)
        first = UInt32(listTrees.count)
      }
      cells.append(ctree_cell(vector: vector, first: first, end: UInt32(listTrees.count)))
    }
    addMissing(tests)
    columns.append(column)
  }

  /// Tests for single values, and for absence. False where they would take too much room.
  private mutating func addNominal(
    _ feature: Int32, _ tests: [MaskedTest], _ budget: inout Int
  ) -> Bool {
    if tests.isEmpty { return true }
    var column = begin(feature, isNominal: true)
    var values: Set<Double> = []
    for test in tests { values.formUnion(self.values(of: test)) }
    let rising = values.sorted()
    edges += rising
    column.edge_count = UInt32(rising.count)
    var places: [Double: Int] = [:]
    for (place, value) in rising.enumerated() { places[value] = place + 1 }
    // For each cell, what is taken away: first of it that of all other values.
    var taken: [[(tree: UInt32, mask: UInt64)]] = Array(repeating: [], count: rising.count + 1)
    for test in tests where test.question != .missing {
      let own = Set(self.values(of: test).compactMap { places[$0] })
      let takers = test.isSwapped ? Array(own) : taken.indices.filter { !own.contains($0) }
      budget -= takers.count
      guard budget >= 0 else { return false }
      for cell in takers { taken[cell].append((test.tree, test.ofLast)) }
    }
    for entries in taken { append(entries) }
    addMissing(tests)
    columns.append(column)
    return true
  }

  private func values(of test: MaskedTest) -> [Double] {
    values(of: test.question, test.threshold, test.predicate)
  }

  private func begin(_ feature: Int32, isNominal: Bool) -> ctree_masked_column {
    ctree_masked_column(
      feature: UInt32(feature), first_edge: UInt32(edges.count), edge_count: 0,
      first_cell: UInt32(cells.count), is_nominal: isNominal ? 1 : 0)
  }

  private mutating func addMissing(_ tests: [MaskedTest]) {
    append(tests.filter { $0.ofMissing != .max }.map { ($0.tree, $0.ofMissing) })
  }

  /// Appends a cell of its own: a word a tree.
  private mutating func append(_ entries: [(tree: UInt32, mask: UInt64)]) {
    let first = listTrees.count
    for entry in entries.sorted(by: { $0.tree < $1.tree }) {
      if listTrees.count > first, listTrees.last == entry.tree {
        listMasks[listMasks.count - 1] &= entry.mask
      } else {
        listTrees.append(entry.tree)
        listMasks.append(entry.mask)
      }
    }
    var vector = UInt32(CTREE_NO_VECTOR)
    if listTrees.count - first >= spacing {
      vector = appendVector(after: vector, first..<listTrees.count)
      listTrees.removeLast(listTrees.count - first)
      listMasks.removeLast(listMasks.count - first)
    }
    cells.append(
      ctree_cell(vector: vector, first: UInt32(first), end: UInt32(listTrees.count)))
  }

  /// Appends the vector of another one and a part of the list.
  private mutating func appendVector(after other: UInt32, _ list: Range<Int>) -> UInt32 {
    var words = [UInt64](repeating: .max, count: stride)
    if other != UInt32(CTREE_NO_VECTOR) {
      let start = Int(other) * stride
      words = Array(vectors[start..<start + stride])
    }
    for place in list { words[Int(listTrees[place])] &= listMasks[place] }
    vectors += words
    return UInt32(vectors.count / stride - 1)
  }
}

/// A test, by what its answers take away from the endings of its tree.
struct MaskedTest {
  var tree: UInt32
  var feature: Int32
  var question: RoutingTable.Question
  var threshold = 0.0
  var predicate: Int32 = -1
  /// Whether the branch that comes last is where the test is true, and not where it is false.
  var isSwapped = false
  /// What is left where the value is missing.
  var ofMissing = UInt64.max
  /// What is left where the branch that comes last is taken.
  var ofLast = UInt64.max
}
