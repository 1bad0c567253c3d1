import DataFields
import ThresholdCells

/// Turns conditions into unions of products of cells: `size < M and (amount == L or coverage == L)`
/// becomes two boxes.
///
/// Each leaf is asked by the engine's own code, on a value of each cell.
struct ConditionProducts {
  /// Why a condition has no such form here.
  enum Refusal: Error {
    /// It comes to more products than the budget has.
    case tooMany
    /// It asks about something that no axis stands for.
    case notBoxes
  }

  let question: DecisionQuestion
  let limit: Int
  let budget: BoxBudget
  /// Where rules are asked, and the decisions that are made on the way wherever they are.
  let everything: CellBox
  let decided: Set<Int>
  var inlined: [Int: InlinedOutcomes] = [:]
  /// Slots of such decisions that stand for one of their outcomes for now.
  var fixed: Set<Int> = []
  /// The question's code with two nodes more: comparisons to search an ordered axis with.
  private var code: RowCode
  private let probe: Int
  var workspace: EvaluationWorkspace
  /// The axis that writes a slot.
  private let axisOfSlot: [Int: Int]
  private var known: [Leaf: [CellProduct]] = [:]
  /// For a slot that an axis writes, the cells in which it has each value.
  private var cellsOfSlot: [Int: [Int128: [Range<Int>]]] = [:]
  /// Products that were compared; what a decision may cost is bounded.
  private var compared = 0
  private var depth = 0

  private struct Leaf: Hashable {
    var kind: ConditionNode.Kind
    var comparison: Comparison
    var left: Int32
    var right: Int32
    var isPositive: Bool
  }

  /// - Parameters:
  ///   - everything: where rules are asked.
  ///   - decided: the decisions without which they are not, as indices of `Program.decisions`.
  init(
    _ question: DecisionQuestion, budget: BoxBudget, within everything: CellBox,
    decided: Set<Int>
  ) {
    self.question = question
    self.budget = budget
    self.everything = everything
    self.decided = decided
    limit = budget.products
    var code = question.program.code
    probe = code.conditions.count
    code.conditions.append(ConditionNode(.isPresent, left: 0, end: probe + 1))
    self.code = code
    workspace = EvaluationWorkspace(question.program)
    var axes: [Int: Int] = [:]
    for (axis, description) in question.axes.enumerated() {
      for write in description.writes.first ?? [] { axes[write.slot] = axis }
    }
    axisOfSlot = axes
  }

  /// The combinations for which a condition holds, or those for which it does not.
  mutating func products(_ root: Int, holding isPositive: Bool = true) throws(Refusal)
    -> [CellProduct]
  {
    depth += 1
    defer { depth -= 1 }
    // Conditions rest on each other through named truth values, to a depth that the checker bounds.
    guard depth < 512 else { throw .notBoxes }
    let node = code.conditions[root]
    switch node.kind {
    case .all, .any:
      // By De Morgan: what does not hold is the union of what fails.
      let isUnion = (node.kind == .any) == isPositive
      var result: [CellProduct] = isUnion ? [] : [CellProduct()]
      var child = root + 1
      while child < node.end {
        let part = try products(child, holding: isPositive)
        if isUnion {
          result += part
        } else {
          compared += result.count * part.count
          guard compared <= 64 * limit else { throw .tooMany }
          result = try Self.meet(result, part, limit)
        }
        guard result.count <= limit else { throw .tooMany }
        child = Int(code.conditions[child].end)
      }
      return isUnion ? Self.joined(result) : result
    case .not:
      return try products(root + 1, holding: !isPositive)
    default:
      return try leaf(root, isPositive)
    }
  }

  /// A long union with what it says of one axis alone as one product: `in ("a", "b", ...)`.
  private static func joined(_ union: [CellProduct]) -> [CellProduct] {
    guard union.count > 16 else { return union }
    var runs: [Int: [Range<Int>]] = [:]
    for product in union where product.factors.count == 1 {
      runs[product.factors[0].axis, default: []] += product.factors[0].cells.runs
    }
    return runs.sorted { $0.key < $1.key }.map { axis, runs in
      CellProduct(axis: axis, CellRuns(runs.sorted { $0.lowerBound < $1.lowerBound }))
    } + union.filter { $0.factors.count != 1 }
  }

  /// What lies in a product of each of two unions.
  static func meet(_ left: [CellProduct], _ right: [CellProduct], _ limit: Int) throws(Refusal)
    -> [CellProduct]
  {
    let (pairs, overflow) = left.count.multipliedReportingOverflow(by: right.count)
    guard !overflow, pairs <= 16 * limit else { throw .tooMany }
    var met: [CellProduct] = []
    for one in left {
      for other in right {
        if let common = one.intersection(other) { met.append(common) }
      }
    }
    guard met.count <= limit else { throw .tooMany }
    return met
  }

  // MARK: Leaves

  private mutating func leaf(_ index: Int, _ isPositive: Bool) throws(Refusal) -> [CellProduct] {
    let node = code.conditions[index]
    let key = Leaf(
      kind: node.kind, comparison: node.comparison, left: node.left, right: node.right,
      isPositive: isPositive)
    if fixed.isEmpty, let products = known[key] { return products }
    let products = try computed(index, node, isPositive)
    if fixed.isEmpty { known[key] = products }
    return products
  }

  mutating func computed(_ index: Int, _ node: ConditionNode, _ isPositive: Bool)
    throws(Refusal) -> [CellProduct]
  {
    if node.kind == .isTrue, axisOfSlot[Int(node.left)] == nil,
      let root = namedCondition(Int(node.left))
    {
      return try products(root, holding: isPositive)
    }
    var slots = [Int(node.left)]
    switch node.kind {
    case .compareWords, .compareQuotients, .compareDoubles: slots.append(Int(node.right))
    default: break
    }
    slots.removeAll { $0 < code.layout.constantCount || fixed.contains($0) }
    for slot in slots where axisOfSlot[slot] == nil {
      return try outcome(index, node, of: slot, isPositive)
    }
    var axes: [Int] = []
    for slot in slots {
      guard let axis = axisOfSlot[slot] else { throw .notBoxes }
      if !axes.contains(axis) { axes.append(axis) }
    }
    switch axes.count {
    case 0:
      let holds = code.evaluate(index, on: workspace.row, lists: question.program.lists).holds
      return holds == isPositive ? [CellProduct()] : []
    case 1:
      let cells = self.cells(index, node, axis: axes[0])
      return product(axes[0], isPositive ? cells : cells.complement(of: size(axes[0])))
    default:
      return try relation(index, axes[0], axes[1], isPositive)
    }
  }

  private func size(_ axis: Int) -> Int { question.axes[axis].cellCount }

  private func product(_ axis: Int, _ cells: CellRuns) -> [CellProduct] {
    cells.isEmpty ? [] : [CellProduct(axis: axis, cells)]
  }

  /// The condition that a named truth value stands for.
  private func namedCondition(_ slot: Int) -> Int? {
    var slot = slot
    var steps = 0
    while let (instruction, _) = question.origins.definition(of: slot), steps < 64 {
      switch instruction.operation {
      case .condition: return Int(instruction.right)
      case .copy: slot = Int(instruction.left)
      default: return nil
      }
      steps += 1
    }
    return nil
  }

  private mutating func set(_ axis: Int, to cell: Int) {
    for write in question.axes[axis].writes[cell] {
      if write.isPresent {
        workspace.row.set(write.slot, to: write.value, over: write.denominator, origin: .derived)
      } else {
        workspace.row.mark(write.slot, .missing, origin: .derived)
      }
    }
  }

  private mutating func holds(_ index: Int, axis: Int, cell: Int) -> Bool {
    set(axis, to: cell)
    return code.evaluate(index, on: workspace.row, lists: question.program.lists).holds
  }

  /// The cells of an axis on which a leaf holds.
  private mutating func cells(_ index: Int, _ node: ConditionNode, axis: Int) -> CellRuns {
    let description = question.axes[axis]
    let (left, right) = (Int(node.left), Int(node.right))
    let comparesConstant =
      description.isOrdered && !description.isComparison && size(axis) > 16
      && (left == description.slot && right >= 0 && right < code.layout.constantCount)
    switch node.kind {
    case .compareWords, .compareQuotients, .compareDoubles:
      if comparesConstant { return cells(comparing: node, axis: axis) }
      if node.kind == .compareWords, size(axis) > 16, right >= 0,
        right < code.layout.constantCount, !fixed.contains(left),
        node.comparison == .equal || node.comparison == .notEqual
      {
        return cells(equal: node, axis: axis)
      }
    default: break
    }
    var runs: [Range<Int>] = []
    for cell in 0..<size(axis) where holds(index, axis: axis, cell: cell) {
      runs.append(cell..<(cell + 1))
    }
    return CellRuns(runs)
  }

  /// Equality with a constant is looked up, not asked of each cell.
  private mutating func cells(equal node: ConditionNode, axis: Int) -> CellRuns {
    let slot = Int(node.left)
    if cellsOfSlot[slot] == nil {
      var cells: [Int128: [Range<Int>]] = [:]
      for (cell, writes) in question.axes[axis].writes.enumerated() {
        for write in writes where write.slot == slot && write.isPresent {
          cells[write.value, default: []].append(cell..<(cell + 1))
        }
      }
      cellsOfSlot[slot] = cells
    }
    let cells = cellsOfSlot[slot] ?? [:]
    let value = code.layout.constants[Int(node.right)].numerator
    if node.comparison == .equal { return CellRuns(cells[value] ?? []) }
    let others = cells.filter { $0.key != value }.values.joined()
    return CellRuns(others.sorted { $0.lowerBound < $1.lowerBound })
  }

  /// A comparison with a constant splits an ordered axis in what lies below, on and above it: two
  /// searches instead of a question to each cell.
  private mutating func cells(comparing node: ConditionNode, axis: Int) -> CellRuns {
    let count = question.axes[axis].valueCount
    let below = firstCell(of: axis, count, failing: .less, node)
    let upTo = firstCell(of: axis, count, failing: .lessOrEqual, node)
    switch node.comparison {
    case .less: return CellRuns([0..<below])
    case .lessOrEqual: return CellRuns([0..<upTo])
    case .equal: return CellRuns([below..<upTo])
    case .notEqual: return CellRuns([0..<below, upTo..<count])
    case .greater: return CellRuns([upTo..<count])
    case .greaterOrEqual: return CellRuns([below..<count])
    }
  }

  private mutating func firstCell(
    of axis: Int, _ count: Int, failing comparison: Comparison, _ node: ConditionNode
  ) -> Int {
    code.conditions[probe] = ConditionNode(
      node.kind, comparison, left: Int(node.left), right: Int(node.right), end: probe + 1)
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      set(axis, to: middle)
      if code.evaluate(probe, on: workspace.row, lists: question.program.lists).holds {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// A leaf over two axes: for each set of cells of the one that stand alike to the other, one
  /// product.
  private mutating func relation(_ index: Int, _ one: Int, _ other: Int, _ isPositive: Bool)
    throws(Refusal) -> [CellProduct]
  {
    let (pairs, overflow) = size(one).multipliedReportingOverflow(by: size(other))
    guard !overflow, pairs <= 4_000_000 else { throw .tooMany }
    var order: [CellRuns] = []
    var alike: [CellRuns: [Range<Int>]] = [:]
    for cell in 0..<size(one) {
      set(one, to: cell)
      var runs: [Range<Int>] = []
      for partner in 0..<size(other)
      where holds(index, axis: other, cell: partner) == isPositive {
        runs.append(partner..<(partner + 1))
      }
      let cells = CellRuns(runs)
      if cells.isEmpty { continue }
      if alike[cells] == nil { order.append(cells) }
      alike[cells, default: []].append(cell..<(cell + 1))
    }
    return order.compactMap { cells in
      CellProduct(axis: one, CellRuns(alike[cells] ?? []))
        .intersection(CellProduct(axis: other, cells))
    }
  }
}
