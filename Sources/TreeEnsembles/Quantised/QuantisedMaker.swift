internal import CTreeKernels

/// Turns a routing table into trees over bytes, and trees over 16 bits where bytes do not do.
struct QuantisedMaker {
  private(set) var runs: [QuantisedForest.Run] = []
  private(set) var groups: [QuantisedGroup] = []
  private(set) var walked: WalkedGroup
  private(set) var indexes: [FeatureIndex] = []
  private(set) var neededFeatures: Set<Int> = []
  let memory = KeptMemory()

  private let table: RoutingTable
  private let isCategorical: [Bool]
  private let outputs: EndingValues.Layout
  private var trees: [SplitTree] = []
  private var indexOfFeature: [Int: Int] = [:]

  init(_ table: RoutingTable, isCategorical: [Bool], outputs: EndingValues.Layout) {
    self.table = table
    self.isCategorical = isCategorical
    self.outputs = outputs
    walked = WalkedGroup(values: EndingValues(outputs))
  }

  /// Returns false where the trees have no such form.
  mutating func make(_ values: QuantisedForest.Values) -> Bool {
    let mayPart = SplitTree.isWorthParting(table)
    for tree in table.entries.indices {
      guard let split = SplitTree(table, tree: tree, mayPart: mayPart) else { return false }
      trees.append(split)
      neededFeatures.formUnion(split.neededFeatures)
    }
    let parts = parts()
    guard makeIndexes(parts) else { return false }
    var walk = WalkedMaker(indexes, indexOfFeature, outputs)
    for part in parts {
      var maker = GroupMaker(part.edges, indexes, indexOfFeature, outputs, memory)
      for tree in part.trees {
        let split = trees[tree]
        let numbers = split.endings.map { values(table.ending($0)) }
        if isWalked(split) {
          let batches = maker.closeBatch()
          if !batches.isEmpty { runs.append(.bytes(group: groups.count, batches: batches)) }
          guard walk.append(split, numbers) else { return false }
          appendWalked(walk.treeCount - 1)
        } else {
          guard maker.append(split, numbers) else { return false }
        }
      }
      let batches = maker.closeBatch()
      if !batches.isEmpty { runs.append(.bytes(group: groups.count, batches: batches)) }
      groups.append(maker.finish())
    }
    walked = walk.finish()
    return true
  }

  /// Whether a byte does not number a tree's endings, or a feature's cells.
  private func isWalked(_ tree: SplitTree) -> Bool {
    if tree.endings.count > SplitTree.endingLimit { return true }
    if tree.tests.count <= Part.edgeLimit { return false }
    var edges: [Int: Set<Double>] = [:]
    for test in tree.tests {
      if case .less(let feature, let threshold, _) = test.question {
        edges[feature, default: []].insert(threshold)
      }
    }
    return edges.values.contains { $0.count > Part.edgeLimit }
  }

  private mutating func appendWalked(_ tree: Int) {
    if case .walked(let trees) = runs.last {
      runs[runs.count - 1] = .walked(trees: trees.lowerBound..<tree + 1)
    } else {
      runs.append(.walked(trees: tree..<tree + 1))
    }
  }

  /// The indexes as the kernels want them.
  var indexPlans: [ctree_index] {
    indexes.map { index in
      switch index {
      case .ranked(let feature, let edges):
        ctree_index(
          edges: memory.keep(edges.padded), codes: nil, count: UInt32(edges.count),
          depth: UInt32(edges.depth), feature: UInt32(feature), missing: UInt32(index.missing))
      case .nominal(let feature, let codes, let missing):
        // Eight codes at a time are read with their neighbours.
        ctree_index(
          edges: nil, codes: memory.keep(codes + [0, 0]), count: UInt32(codes.count), depth: 0,
          feature: UInt32(feature), missing: UInt32(missing))
      }
    }
  }

  // MARK: Parts

  /// Trees that follow each other and have cells in common.
  private struct Part {
    var trees: Range<Int>
    /// The edges of each ordered feature.
    var edges: [Int: Set<Double>] = [:]
    var members: Set<SplitTree.Question> = []

    /// Cells are the codes from -128 on; 127 is a missing value.
    static let edgeLimit = 254
    /// As many columns as stay near the processor.
    static let memberLimit = 1024

    /// Returns false, and changes nothing, where a tree does not fit.
    mutating func add(_ tree: SplitTree, _ isCategorical: [Bool]) -> Bool {
      var newEdges: [Int: Set<Double>] = [:]
      var newMembers: Set<SplitTree.Question> = []
      for test in tree.tests {
        switch test.question {
        case .less(let feature, let threshold, _):
          if edges[feature]?.contains(threshold) != true {
            newEdges[feature, default: []].insert(threshold)
          }
        case .member:
          if !members.contains(test.question) { newMembers.insert(test.question) }
        case .present(let feature):
          if isCategorical[feature], !members.contains(test.question) {
            newMembers.insert(test.question)
          }
        }
      }
      // A first tree fits in any case: what has more edges by itself is walked.
      let isFirst = trees.isEmpty
      for (feature, new) in newEdges where !isFirst {
        if (edges[feature]?.count ?? 0) + new.count > Self.edgeLimit { return false }
      }
      if !isFirst, members.count + newMembers.count > Self.memberLimit { return false }
      for (feature, new) in newEdges { edges[feature, default: []].formUnion(new) }
      members.formUnion(newMembers)
      trees = trees.lowerBound..<trees.upperBound + 1
      return true
    }
  }

  private func parts() -> [Part] {
    var parts = [Part(trees: 0..<0)]
    for (place, tree) in trees.enumerated() {
      if isWalked(tree) {
        parts[parts.count - 1].trees = parts[parts.count - 1].trees.lowerBound..<place + 1
      } else if !parts[parts.count - 1].add(tree, isCategorical) {
        parts.append(Part(trees: place..<place))
        _ = parts[parts.count - 1].add(tree, isCategorical)
      }
    }
    return parts
  }

  // MARK: Indexes

  /// The features that tables are looked up by. Returns false where one has too many values.
  private mutating func makeIndexes(_ parts: [Part]) -> Bool {
    var edges: [Int: Set<Double>] = [:]
    var categories: [Int: Set<Double>] = [:]
    var ranked: Set<Int> = []
    for tree in trees {
      let isWalked = isWalked(tree)
      for test in tree.tests {
        switch test.question {
        case .less(let feature, let threshold, _):
          if isCategorical[feature] { return false }
          edges[feature, default: []].insert(threshold)
          if isWalked { ranked.insert(feature) }
        case .member(let feature, let values, _):
          if isCategorical[feature] {
            categories[feature, default: []].formUnion(values)
          } else {
            // A single value is a cell of its own.
            for value in values {
              edges[feature, default: []].formUnion(
                value < .infinity ? [value, value.nextUp] : [value])
            }
            ranked.insert(feature)
          }
        case .present(let feature):
          if isCategorical[feature] {
            categories[feature, default: []].formUnion([])
          } else if isWalked {
            ranked.insert(feature)
          }
        }
      }
    }
    // Ranking once pays where it is done for several groups and the tables are not large.
    for (feature, edges) in edges where edges.count <= 1 << 14 {
      let users = parts.count { $0.edges[feature] != nil }
      if users > 1 { ranked.insert(feature) }
    }
    for feature in ranked.sorted() {
      let own = edges[feature] ?? []
      guard own.count <= RankedEdges.limit else { return false }
      indexOfFeature[feature] = indexes.count
      indexes.append(.ranked(feature: feature, RankedEdges(own)))
    }
    for feature in categories.keys.sorted() {
      guard let index = nominal(feature, categories[feature] ?? []) else { return false }
      indexOfFeature[feature] = indexes.count
      indexes.append(index)
    }
    return true
  }

  private func nominal(_ feature: Int, _ categories: Set<Double>) -> FeatureIndex? {
    var codes: [UInt16] = []
    for (place, category) in categories.sorted().enumerated() {
      guard category >= 0, category < 65_536, category == category.rounded(),
        place < RankedEdges.limit
      else { return nil }
      while codes.count <= Int(category) { codes.append(0) }
      codes[Int(category)] = UInt16(place + 1)
    }
    return .nominal(feature: feature, codes: codes, missing: UInt16(categories.count + 1))
  }
}
