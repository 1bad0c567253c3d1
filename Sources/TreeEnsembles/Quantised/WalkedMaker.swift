internal import CTreeKernels

/// Gathers the trees that are walked, and the columns of ranks that they look at.
struct WalkedMaker {
  private var group: WalkedGroup
  private let indexes: [FeatureIndex]
  private let indexOfFeature: [Int: Int]
  private var columns: [ColumnKey: Int] = [:]

  private enum ColumnKey: Hashable {
    case ranks(feature: Int, isMissingHigh: Bool)
    case answers(SplitTree.Question)
  }

  init(
    _ indexes: [FeatureIndex], _ indexOfFeature: [Int: Int], _ outputs: EndingValues.Layout
  ) {
    group = WalkedGroup(values: EndingValues(outputs))
    self.indexes = indexes
    self.indexOfFeature = indexOfFeature
  }

  var treeCount: Int { group.trees.count }

  /// Returns false where there is no room.
  mutating func append(_ tree: SplitTree, _ values: [[Double]?]) -> Bool {
    let first = group.steps.count
    let count = tree.tests.count
    guard first + count + values.count < Int(Int32.max),
      let (firstValue, hasNull) = group.values.append(values)
    else { return false }
    // From the root on, so that a walk goes forwards through memory; endings come behind.
    func place(_ target: Int32) -> UInt32 {
      UInt32(target < 0 ? count + Int(~target) : count - 1 - Int(target))
    }
    for test in tree.tests.reversed() {
      guard let (column, bound) = comparison(test.question) else { return false }
      group.steps.append(
        ctree_step(
          column: UInt32(column * Int(CTREE_ROWS)), bound: UInt32(bound),
          on_true: place(test.onTrue), on_false: place(test.onFalse)))
    }
    group.trees.append(
      ctree_walked_tree(
        first_step: UInt32(first), step_count: UInt32(count), root: place(tree.root),
        first_value: firstValue, ending_count: UInt32(values.count), has_null: hasNull))
    return true
  }

  mutating func finish() -> WalkedGroup {
    group.values.pad()
    return group
  }

  /// The column that a question looks at, and the bound below which a number is a yes.
  private mutating func comparison(_ question: SplitTree.Question) -> (column: Int, bound: Int)? {
    switch question {
    case .less(let feature, let threshold, let ifMissing):
      guard let index = indexOfFeature[feature], case .ranked(_, let edges) = indexes[index] else {
        return nil
      }
      let column = column(
        .ranks(feature: feature, isMissingHigh: !ifMissing),
        ifMissing
          ? .missingLow(index, missing: UInt16(indexes[index].missing)) : .index(index))
      return (column, edges.place(of: threshold) + 1)
    case .present(let feature):
      guard let index = indexOfFeature[feature] else { return nil }
      let column = column(.ranks(feature: feature, isMissingHigh: true), .index(index))
      return (column, indexes[index].missing)
    case .member(let feature, _, _):
      guard let index = indexOfFeature[feature] else { return nil }
      let answers = indexes[index].answers(to: question)
      return (column(.answers(question), .table(index, answers.map { $0 ? 0 : 1 })), 1)
    }
  }

  private mutating func column(_ key: ColumnKey, _ kind: WalkedGroup.Column) -> Int {
    if let known = columns[key] { return known }
    columns[key] = group.columns.count
    group.columns.append(kind)
    return group.columns.count - 1
  }
}
