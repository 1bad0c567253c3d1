internal import CTreeKernels

/// Gathers the trees of a group, and the columns of bytes that they look at.
struct GroupMaker {
  private var group: QuantisedGroup
  private var fragments = FragmentMaker()
  private let indexes: [FeatureIndex]
  private let indexOfFeature: [Int: Int]
  /// For each feature, its edges in this group.
  private let edges: [Int: RankedEdges]
  private var columns: [ColumnKey: Int] = [:]
  private let memory: KeptMemory
  private var firstTree = 0
  private var closed = 0

  private enum ColumnKey: Hashable {
    case cells(feature: Int, isMissingHigh: Bool)
    case answers(SplitTree.Question)
  }

  /// Fragments of a batch: what they come to stays in the processor's first cache.
  private static let batchSize = 96

  init(
    _ edges: [Int: Set<Double>], _ indexes: [FeatureIndex], _ indexOfFeature: [Int: Int],
    _ outputs: EndingValues.Layout, _ memory: KeptMemory
  ) {
    self.memory = memory
    group = QuantisedGroup(values: EndingValues(outputs))
    self.edges = edges.mapValues { RankedEdges($0) }
    self.indexes = indexes
    self.indexOfFeature = indexOfFeature
  }

  /// Returns false where there is no room.
  mutating func append(_ tree: SplitTree, _ values: [[Double]?]) -> Bool {
    for test in tree.tests { addColumn(test.question) }
    let root = fragments.append(tree, tree.tests.map { comparison($0.question) })
    guard let (first, hasNull) = group.values.append(values) else { return false }
    group.trees.append(
      ctree_tree(
        first_value: first, ending_count: UInt16(values.count), root: UInt16(root),
        has_null: hasNull))
    if fragments.batchCount >= Self.batchSize { closeFragments() }
    return true
  }

  private mutating func closeFragments() {
    if group.trees.count == firstTree { return }
    let (own, links) = fragments.closeBatch()
    group.batches.append(
      ctree_batch(
        first_fragment: UInt32(own.lowerBound), fragment_count: UInt32(own.count),
        first_link: UInt32(links.lowerBound), link_count: UInt32(links.count),
        first_tree: UInt32(firstTree), tree_count: UInt32(group.trees.count - firstTree)))
    firstTree = group.trees.count
  }

  /// The batches since the last call.
  mutating func closeBatch() -> Range<Int> {
    closeFragments()
    defer { closed = group.batches.count }
    return closed..<group.batches.count
  }

  mutating func finish() -> QuantisedGroup {
    group.fragments = fragments.fragments
    group.links = fragments.links
    group.values.pad()
    return group
  }

  // MARK: Columns

  private func key(_ question: SplitTree.Question) -> ColumnKey {
    switch question {
    case .less(let feature, _, let ifMissing):
      return .cells(feature: feature, isMissingHigh: !ifMissing)
    case .present(let feature):
      if case .nominal = indexOfFeature[feature].map({ indexes[$0] }) { return .answers(question) }
      return .cells(feature: feature, isMissingHigh: true)
    case .member: return .answers(question)
    }
  }

  /// Where a question's column begins, and the bound below which a code is a yes.
  private func comparison(_ question: SplitTree.Question) -> FragmentMaker.Comparison {
    let key = key(question)
    let column = (columns[key] ?? 0) * Int(CTREE_ROWS)
    switch (key, question) {
    case (.cells, .less(let feature, let threshold, _)):
      let place = edges[feature]?.place(of: threshold) ?? 0
      return (column, Int8(place - 127))
    // Only a missing value has the highest code.
    case (.cells, _): return (column, 127)
    default: return (column, 0)
    }
  }

  private mutating func addColumn(_ question: SplitTree.Question) {
    let key = key(question)
    if columns[key] != nil { return }
    let column = group.columnCount
    columns[key] = column
    group.columnCount += 1
    switch key {
    case .cells(let feature, let isMissingHigh): addCells(feature, isMissingHigh, column)
    case .answers(let question): addAnswers(question, column)
    }
  }

  private mutating func addCells(_ feature: Int, _ isMissingHigh: Bool, _ column: Int) {
    let own = edges[feature] ?? RankedEdges([])
    if let index = indexOfFeature[feature], case .ranked(_, let all) = indexes[index] {
      var codes = [Int8](repeating: 0, count: all.count + 2)
      var cell = 0
      for place in 0...all.count {
        // Past this edge, the group's own cell may be the next one.
        if place > 0, cell < own.count, own.padded[cell] == all.padded[place - 1] { cell += 1 }
        codes[place] = Int8(cell - 128)
      }
      codes[all.count + 1] = isMissingHigh ? .max : .min
      appendTable(codes, index, column)
      return
    }
    let place =
      group.cells.firstIndex { $0.feature == UInt32(feature) }
      ?? {
        group.cells.append(
          ctree_cells(
            edges: memory.keep(own.padded), count: UInt32(own.count), depth: UInt32(own.depth),
            feature: UInt32(feature), missing_high: UInt32(CTREE_NONE),
            missing_low: UInt32(CTREE_NONE)))
        return group.cells.count - 1
      }()
    let start = UInt32(column * Int(CTREE_ROWS))
    if isMissingHigh {
      group.cells[place].missing_high = start
    } else {
      group.cells[place].missing_low = start
    }
  }

  private mutating func appendTable(_ codes: [Int8], _ index: Int, _ column: Int) {
    group.tables.append(
      ctree_table(
        codes: memory.keep(codes), index: UInt32(index),
        column: UInt32(column * Int(CTREE_ROWS))))
  }

  private mutating func addAnswers(_ question: SplitTree.Question, _ column: Int) {
    let feature =
      switch question {
      case .less(let feature, _, _), .member(let feature, _, _), .present(let feature): feature
      }
    guard let index = indexOfFeature[feature] else { return }
    let answers = indexes[index].answers(to: question)
    if case .nominal = indexes[index], answers.count <= FeatureIndex.setLimit + 1 {
      var own = ctree_found()
      own.index = UInt32(index)
      own.column = UInt32(column * Int(CTREE_ROWS))
      withUnsafeMutableBytes(of: &own.set) { set in
        for (code, isIn) in answers.enumerated() where isIn {
          set[code & 15] |= 1 << UInt8(code >> 4)
        }
      }
      group.found.append(own)
    } else {
      appendTable(answers.map { $0 ? .min : .max }, index, column)
    }
  }
}
