internal import CTreeKernels

/// Cuts trees into fragments of up to four tests.
struct FragmentMaker {
  private(set) var fragments: [ctree_fragment] = []
  private(set) var links: [ctree_link] = []
  /// Where the batch that is being filled begins.
  private var first = 0
  /// Its links, each with how far below its tree's root it begins.
  private var open: [(level: Int, link: ctree_link)] = []

  /// What a test looks at: where its column begins among the codes, and its bound.
  typealias Comparison = (column: Int, bound: Int8)

  /// How many fragments the batch has.
  var batchCount: Int { fragments.count - first }

  /// Appends a tree of up to 256 endings, each test as a comparison, and returns its first fragment in
  /// the batch.
  mutating func append(_ tree: SplitTree, _ comparisons: [Comparison]) -> Int {
    let start = batchCount
    guard tree.root >= 0 else {
      fragments.append(fragment([], comparisons) { _ in ~tree.root })
      return start
    }
    let isFirst = Self.firstTests(tree)
    // A fragment's place, by its first test; parents before their children.
    var places: [Int: Int] = [:]
    let roots = tree.tests.indices.reversed().filter { isFirst[$0] }
    for (place, test) in roots.enumerated() { places[test] = start + place }
    var levels = [Int](repeating: 0, count: tree.tests.count)
    for root in roots {
      let tests = Self.tests(of: root, tree, isFirst)
      var own: [Int32: ctree_link] = [:]
      let made = fragment(tests, comparisons) { answers in
        let end = Self.end(root, tests, answers, tree, isFirst)
        guard end >= 0 else { return ~end }
        levels[Int(end)] = max(levels[Int(end)], levels[root] + 1)
        own[
          end,
          default: ctree_link(
            from: UInt16(places[root] ?? 0), to: UInt16(places[Int(end)] ?? 0),
            leads: Self.noBytes)
        ].setLead(answers)
        return 0
      }
      fragments.append(made)
      open += own.sorted { $0.key < $1.key }.map { (levels[root], $0.value) }
    }
    return start
  }

  /// Closes the batch; its links are put so that each finds finished what it leads to.
  mutating func closeBatch() -> (fragments: Range<Int>, links: Range<Int>) {
    let firstLink = links.count
    let order = open.indices.sorted { (-open[$0].level, $0) < (-open[$1].level, $1) }
    links += order.map { open[$0].link }
    open.removeAll()
    defer { first = fragments.count }
    return (first..<fragments.count, firstLink..<links.count)
  }

  // MARK: Fragments

  /// Which tests begin a fragment: those that several ways lead to, and those that find no room with
  /// the test before them.
  private static func firstTests(_ tree: SplitTree) -> [Bool] {
    var isFirst = [Bool](repeating: false, count: tree.tests.count)
    var wayCounts = [Int](repeating: 0, count: tree.tests.count)
    for test in tree.tests {
      for target in [test.onTrue, test.onFalse] where target >= 0 { wayCounts[Int(target)] += 1 }
    }
    // How many tests hang together below and with each.
    var sizes = [Int](repeating: 0, count: tree.tests.count)
    for (place, test) in tree.tests.enumerated() {
      var below: [Int] = []
      for target in [test.onTrue, test.onFalse] where target >= 0 {
        if wayCounts[Int(target)] > 1 {
          isFirst[Int(target)] = true
        } else {
          below.append(Int(target))
        }
      }
      below.sort { sizes[$0] < sizes[$1] }
      sizes[place] = below.reduce(1) { $0 + sizes[$1] }
      while sizes[place] > Int(CTREE_TESTS), let largest = below.popLast() {
        isFirst[largest] = true
        sizes[place] -= sizes[largest]
      }
    }
    isFirst[Int(tree.root)] = true
    return isFirst
  }

  /// The tests of the fragment that begins with one.
  private static func tests(of root: Int, _ tree: SplitTree, _ isFirst: [Bool]) -> [Int] {
    var tests = [root]
    var next = 0
    while next < tests.count {
      let test = tree.tests[tests[next]]
      for target in [test.onTrue, test.onFalse] where target >= 0 && !isFirst[Int(target)] {
        if !tests.contains(Int(target)) { tests.append(Int(target)) }
      }
      next += 1
    }
    return tests
  }

  /// Where the answers lead: an ending, or the first test of another fragment.
  private static func end(
    _ root: Int, _ tests: [Int], _ answers: Int, _ tree: SplitTree, _ isFirst: [Bool]
  ) -> Int32 {
    var target = Int32(root)
    repeat {
      let number = tests.firstIndex(of: Int(target)) ?? 0
      let test = tree.tests[Int(target)]
      target = answers >> number & 1 == 1 ? test.onTrue : test.onFalse
    } while target >= 0 && !isFirst[Int(target)]
    return target
  }

  private func fragment(
    _ tests: [Int], _ comparisons: [Comparison], result: (_ answers: Int) -> Int32
  ) -> ctree_fragment {
    var columns = [UInt32](repeating: 0, count: Int(CTREE_TESTS))
    // Nothing is below the lowest code.
    var bounds = [UInt32](repeating: 0x8080_8080, count: Int(CTREE_TESTS))
    for (place, test) in tests.enumerated() {
      let (column, bound) = comparisons[test]
      columns[place] = UInt32(column)
      bounds[place] = UInt32(UInt8(bitPattern: bound)) * 0x0101_0101
    }
    var fragment = ctree_fragment()
    fragment.columns = (columns[0], columns[1], columns[2], columns[3])
    fragment.bounds = (bounds[0], bounds[1], bounds[2], bounds[3])
    withUnsafeMutableBytes(of: &fragment.results) { results in
      for answers in results.indices { results[answers] = UInt8(result(answers)) }
    }
    return fragment
  }

  private static let noBytes:
    (
      UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
      UInt8, UInt8, UInt8
    ) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

extension ctree_link {
  fileprivate mutating func setLead(_ answers: Int) {
    withUnsafeMutableBytes(of: &leads) { $0[answers] = 255 }
  }
}
