/// A tree of a routing table as tests with two answers each: a missing value goes along with one of
/// them, or a test before tells whether it is missing.
struct SplitTree {
  /// What a test asks; a missing value's answer is part of the question.
  enum Question: Hashable {
    /// Whether a number is below a threshold.
    case less(feature: Int, threshold: Double, ifMissing: Bool)
    /// Whether the value is one of some, which rise.
    case member(feature: Int, values: [Double], ifMissing: Bool)
    case present(feature: Int)
  }

  /// Targets from 0 on are tests; a negative one stands for the ending `~target`.
  struct Test {
    var question: Question
    var onTrue: Int32
    var onFalse: Int32
  }

  /// Those that others lead to stand before them.
  private(set) var tests: [Test] = []
  private(set) var root: Int32 = 0
  /// The targets of the table that the endings are.
  private(set) var endings: [Int32] = []
  /// The features without which a row is not settled: where they are missing it goes another way.
  private(set) var neededFeatures: Set<Int> = []

  /// More endings than this have no numbers in a byte.
  static let endingLimit = 256

  private let table: RoutingTable
  /// Whether a missing value may part a way of its own off a test.
  private let partsMissing: Bool
  private var numbers: [Int32: Int32] = [:]
  private var places: [Int32: Int32] = [:]

  /// - Parameter mayPart: whether a missing value may part a way of its own off a test, if a byte
  ///   numbers the endings then.
  /// - Returns: nil if a test is compound, or compares with what is no number.
  init?(_ table: RoutingTable, tree: Int, mayPart: Bool) {
    self.table = table
    let entry = table.entries[tree]
    guard var reached = Self.reached(table, from: entry, partsMissing: mayPart) else { return nil }
    var partsMissing = mayPart
    if mayPart, Self.endingCount(table, reached, partsMissing: true) > Self.endingLimit,
      Self.endingCount(table, reached, partsMissing: false) <= Self.endingLimit
    {
      partsMissing = false
      reached = Self.reached(table, from: entry, partsMissing: false) ?? []
    }
    self.partsMissing = partsMissing
    for place in reached {
      guard add(table.tests[place]) else { return nil }
      places[Int32(place)] = Int32(tests.count - 1)
    }
    root = target(entry)
  }

  /// Whether a missing value parts off as few of a table's tests as to be worth a test of its own each;
  /// rows that lack a value have to be walked otherwise.
  static func isWorthParting(_ table: RoutingTable) -> Bool {
    if table.tests.count <= 512 { return true }
    let parted = table.tests.count { test in
      test.question != .compound && Self.wayOfMissing(test, table) == .parted
    }
    return parted * 2 <= table.tests.count
  }

  /// Where a missing value goes from a test.
  private enum WayOfMissing { case onTrue, onFalse, parted }

  private static func wayOfMissing(
    _ test: RoutingTable.Test, _ table: RoutingTable
  ) -> WayOfMissing {
    // It passes by whatever else is asked of it, to the next test of another value.
    func passing(_ target: Int32) -> Int32 {
      var target = target
      while target >= 0 {
        let next = table.tests[Int(target)]
        guard next.feature == test.feature, next.question != .compound else { break }
        target = next.question == .missing ? next.onTrue : next.onUnknown
      }
      return target
    }
    if test.question == .missing { return .onTrue }
    let end = passing(test.onUnknown)
    if passing(test.onFalse) == end { return .onFalse }
    return passing(test.onTrue) == end ? .onTrue : .parted
  }

  /// The tests that a tree can reach, each after those that it leads to; nil if one is compound.
  private static func reached(
    _ table: RoutingTable, from entry: Int32, partsMissing: Bool
  ) -> [Int]? {
    var reached: Set<Int> = []
    var open = [entry]
    while let target = open.popLast() {
      guard target >= 0, reached.insert(Int(target)).inserted else { continue }
      let test = table.tests[Int(target)]
      if test.question == .compound { return nil }
      open += [test.onTrue, test.onFalse]
      if partsMissing, wayOfMissing(test, table) == .parted { open.append(test.onUnknown) }
    }
    // Tests lead only to later ones.
    return reached.sorted(by: >)
  }

  private static func endingCount(
    _ table: RoutingTable, _ reached: [Int], partsMissing: Bool
  ) -> Int {
    var endings: Set<Int32> = []
    for place in reached {
      let test = table.tests[place]
      var targets = [test.onTrue, test.onFalse]
      if partsMissing, wayOfMissing(test, table) == .parted { targets.append(test.onUnknown) }
      for target in targets where target < 0 { endings.insert(target) }
    }
    return endings.count
  }

  private mutating func target(_ target: Int32) -> Int32 {
    if target >= 0 { return places[target] ?? 0 }
    if let known = numbers[target] { return known }
    let number = ~Int32(endings.count)
    numbers[target] = number
    endings.append(target)
    return number
  }

  private mutating func add(_ test: RoutingTable.Test) -> Bool {
    let feature = Int(test.feature)
    let onTrue = target(test.onTrue)
    let onFalse = target(test.onFalse)
    if test.question == .missing {
      tests.append(
        Test(question: .present(feature: feature), onTrue: onFalse, onFalse: onTrue))
      return true
    }
    let way = Self.wayOfMissing(test, table)
    if way == .parted, !partsMissing { neededFeatures.insert(feature) }
    let isParted = way == .parted && partsMissing
    // What only a missing value decides is not asked.
    if onTrue != onFalse || !isParted {
      guard let question = question(test, ifMissing: way == .onTrue) else { return false }
      tests.append(Test(question: question, onTrue: onTrue, onFalse: onFalse))
    }
    if !isParted { return true }
    let present = onTrue == onFalse ? onTrue : Int32(tests.count - 1)
    let absent = target(test.onUnknown)
    tests.append(
      Test(question: .present(feature: feature), onTrue: present, onFalse: absent))
    return true
  }

  private func question(_ test: RoutingTable.Test, ifMissing: Bool) -> Question? {
    let feature = Int(test.feature)
    switch test.question {
    case .less:
      if test.threshold.isNaN { return nil }
      return .less(feature: feature, threshold: test.threshold, ifMissing: ifMissing)
    case .equal:
      if test.threshold.isNaN { return nil }
      return .member(feature: feature, values: [test.threshold], ifMissing: ifMissing)
    case .member:
      let values = Array(table.ensemble.predicates.values(of: Int(test.predicate)))
      if values.contains(where: \.isNaN) { return nil }
      return .member(feature: feature, values: values, ifMissing: ifMissing)
    case .missing, .compound: return nil
    }
  }
}
