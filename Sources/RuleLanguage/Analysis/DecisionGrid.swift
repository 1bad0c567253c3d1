import DataFields
import SourceDiagnostics
import ThresholdCells

/// A decision as a function on cells: the base quantities on which its conditions depend, cut so
/// that each condition is constant on a cell, and which rules hold in each cell.
///
/// Ranks and decisions that a condition reads are functions of the same cells, so that two ranks
/// of one quantity are not taken for independent.
struct DecisionGrid {
  let checked: CheckedProgram
  let decision: CheckedDecision
  private(set) var keys: [AxisKey] = []
  private var cuts: [AxisKey: [AxisCut]] = [:]
  private var texts: [AxisKey: [String]] = [:]
  private(set) var grid = CellGrid(axes: [])
  private var axisOfKey: [AxisKey: Int] = [:]
  /// What the combinations of a share are made of: what the conditions name themselves.
  private(set) var factors: [Factor] = []
  /// What was found in each cell; nil if there are more cells than the budget.
  private(set) var results: [CellResult]?

  /// How many cells are tried.
  static let budget = 200_000

  /// A quantity that is no function of others, as far as the analysis knows.
  enum AxisKey: Hashable {
    /// A number, a day or a score.
    case ordered(Int)
    case text(Int)
    case truth(Int)
    /// Two values compared with each other: less, equal, greater.
    case order(String)
    case member(value: Int, list: Int)
  }

  enum Factor: Hashable {
    case rank(Int)
    case decision(Int)
    case axis(AxisKey)
  }

  struct CellResult {
    var cells: [Int]
    /// The rules that hold, rising.
    var holding: [Int]
    /// The rule that decides; nil if none holds.
    var deciding: Int?
  }

  init(_ decision: CheckedDecision, in checked: CheckedProgram) {
    self.checked = checked
    self.decision = decision
    for rule in decision.rules { if let condition = rule.condition { collect(condition) } }
    for rule in decision.rules {
      for clause in rule.condition?.clauses ?? [] { addFactors(clause) }
    }
    let axes = keys.map { axis($0) }
    grid = CellGrid(axes: axes)
    for (index, key) in keys.enumerated() { axisOfKey[key] = index }
    enumerate()
  }

  // MARK: Axes

  private mutating func add(_ key: AxisKey) {
    if cuts[key] == nil, texts[key] == nil {
      keys.append(key)
      cuts[key] = []
      texts[key] = []
    }
  }

  private mutating func collect(_ condition: CheckedCondition) {
    for clause in condition.clauses { collect(clause) }
  }

  private mutating func collect(_ clause: CheckedClause) {
    switch clause.kind {
    case .compare(let left, let symbol, let right): collect(left, symbol, right, clause)
    case .inList(let value, let list):
      if case .value(let index) = value.kind { add(.member(value: index, list: list)) }
    case .presence(let value, _): collect(value)
    case .isTrue(let value): collect(value)
    case .fault: break
    }
  }

  /// Adds the axes of a value that a condition reads.
  private mutating func collect(_ expression: CheckedExpression) {
    guard case .value(let index) = expression.kind else { return }
    switch checked.values[index].definition {
    case .rank(let rank): collect(rank: checked.ranks[rank])
    case .decision(let other):
      for rule in checked.decisions[other].rules {
        if let condition = rule.condition { collect(condition) }
      }
      for override in checked.overrides where override.decision == other {
        collect(override.condition)
      }
    case .let(let item):
      if case .expression(let body) = checked.lets[item].body {
        if case .condition(let condition) = body.kind {
          collect(condition)
          return
        }
        if case .value = body.kind {
          collect(body)
          return
        }
      }
      add(key(of: index))
    case .field, .result: add(key(of: index))
    }
  }

  private mutating func collect(rank: CheckedRank) {
    let key = orderedKey(rank.source)
    add(key)
    for (cut, below) in zip(rank.cutPoints, rank.belongsBelow) {
      cuts[key, default: []].append(AxisCut(value: cut.number, includesValueBelow: below))
    }
  }

  private func key(of value: Int) -> AxisKey {
    switch checked.values[value].type {
    case .value(.text): return .text(value)
    case .value(.boolean): return .truth(value)
    case .value(.rank), .value, .amount, .stream, .fault: return .ordered(value)
    }
  }

  /// The axis of a quantity; one that is computed on the spot is known by its text.
  private func orderedKey(_ expression: CheckedExpression) -> AxisKey {
    if case .value(let index) = expression.kind {
      if case .let(let item) = checked.values[index].definition,
        case .expression(let body) = checked.lets[item].body, case .value = body.kind
      {
        return orderedKey(body)
      }
      return .ordered(index)
    }
    return .order("value " + checked.sources[expression.span])
  }

  private mutating func collect(
    _ left: CheckedExpression, _ symbol: Comparison, _ right: CheckedExpression,
    _ clause: CheckedClause
  ) {
    collectSide(left)
    collectSide(right)
    if let (value, constant, _) = constantSide(left, symbol, right) {
      switch value.type {
      case .value(.rank): return
      case .value(.text):
        if case .value(let index) = value.kind, let text = constant.text,
          texts[.text(index)] != nil, texts[.text(index)]?.contains(text) == false
        {
          texts[.text(index)]?.append(text)
        }
      case .value(.boolean): return
      default:
        let key = orderedKey(value)
        add(key)
        cuts[key, default: []].append(
          AxisCut(value: constant.number, includesValueBelow: false))
        if symbol != .less, symbol != .greaterOrEqual {
          cuts[key, default: []].append(
            AxisCut(value: constant.number, includesValueBelow: true))
        }
        if symbol == .lessOrEqual || symbol == .greater {
          cuts[key]?.removeAll {
            $0 == AxisCut(value: constant.number, includesValueBelow: false)
          }
          cuts[key]?.append(AxisCut(value: constant.number, includesValueBelow: true))
        }
      }
      return
    }
    if case .value(.rank) = left.type { return }
    if isDecision(left) || isDecision(right) { return }
    add(pairKey(left, right))
  }

  private mutating func collectSide(_ side: CheckedExpression) {
    switch side.type {
    case .value(.rank), .value(.text), .value(.boolean): collect(side)
    default: break
    }
  }

  private func isDecision(_ side: CheckedExpression) -> Bool {
    guard case .value(let index) = side.kind,
      case .decision = checked.values[index].definition
    else { return false }
    return true
  }

  private func pairKey(_ left: CheckedExpression, _ right: CheckedExpression) -> AxisKey {
    .order("\(checked.sources[left.span]) ? \(checked.sources[right.span])")
  }

  /// A comparison with a constant, turned so that the constant stands right.
  private func constantSide(
    _ left: CheckedExpression, _ symbol: Comparison, _ right: CheckedExpression
  ) -> (CheckedExpression, ConstantValue, Comparison)? {
    if let constant = right.constant { return (left, constant, symbol) }
    guard let constant = left.constant else { return nil }
    let turned: Comparison =
      switch symbol {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      case .equal, .notEqual: symbol
      }
    return (right, constant, turned)
  }

  private func axis(_ key: AxisKey) -> Axis {
    switch key {
    case .ordered(let value):
      let bounds = checked.values[value].bounds
      var axis = Axis(
        cuts: cuts[key] ?? [], lower: bounds.lower, upper: bounds.upper, step: step(of: value))
      if mayBeMissing(value) { axis.addMissingCell() }
      return axis
    case .text(let value):
      return Axis(choices: (texts[key]?.count ?? 0) + 1 + (mayBeMissing(value) ? 1 : 0))
    case .truth(let value): return Axis(choices: mayBeMissing(value) ? 3 : 2)
    case .member: return Axis(choices: 2)
    case .order:
      let cuts = cuts[key] ?? []
      return cuts.isEmpty
        ? Axis(choices: 3) : Axis(cuts: cuts, lower: nil, upper: nil, step: nil)
    }
  }

  private func mayBeMissing(_ value: Int) -> Bool { checked.values[value].missing == .rule }

  /// The distance between neighbours where only whole steps occur.
  func step(of value: Int) -> Quotient? {
    switch checked.values[value].type {
    case .value(.integer), .value(.date): return Quotient(1)
    case .value(.decimal(let scale, _)):
      return ExactArithmetic.powerOfTen(scale).flatMap { Quotient(1, over: $0) }
    default: return nil
    }
  }

  // MARK: Factors

  private mutating func addFactors(_ clause: CheckedClause) {
    func add(_ factor: Factor, _ factors: inout [Factor]) {
      if !factors.contains(factor) { factors.append(factor) }
    }
    switch clause.kind {
    case .compare(let left, let symbol, let right):
      if constantSide(left, symbol, right) == nil, left.type.valueType.map(isPlain) ?? true,
        !isDecision(left), !isDecision(right)
      {
        add(.axis(pairKey(left, right)), &factors)
        return
      }
      for side in [left, right] where side.constant == nil {
        guard case .value(let index) = side.kind else {
          add(.axis(orderedKey(side)), &factors)
          continue
        }
        switch checked.values[index].definition {
        case .rank: add(.rank(index), &factors)
        case .decision: add(.decision(index), &factors)
        default:
          let key = key(of: index)
          if case .ordered = key { add(.axis(orderedKey(side)), &factors) } else {
            add(.axis(key), &factors)
          }
        }
      }
    case .inList(let value, let list):
      if case .value(let index) = value.kind {
        add(.axis(.member(value: index, list: list)), &factors)
      }
    case .presence(let value, _), .isTrue(let value):
      if case .value(let index) = value.kind { add(.axis(key(of: index)), &factors) }
    case .fault: break
    }
  }

  private func isPlain(_ type: ValueType) -> Bool {
    if case .rank = type { return false }
    return true
  }

  // MARK: Evaluation

  private mutating func enumerate() {
    guard !decision.hasFaults else { return }
    var found: [CellResult] = []
    let whole = grid.forEachCell(budget: Self.budget) { cells in
      let evaluator = CellEvaluator(grid: self, cells: cells)
      let (holding, deciding) = evaluator.rules(of: decision)
      found.append(CellResult(cells: cells, holding: holding, deciding: deciding))
    }
    if whole { results = found }
  }

  func cell(_ key: AxisKey, in cells: [Int]) -> Int? { axisOfKey[key].map { cells[$0] } }

  func axisIndex(_ key: AxisKey) -> Int? { axisOfKey[key] }

  func textChoices(_ key: AxisKey) -> [String] { texts[key] ?? [] }

  func key(ofOrdered expression: CheckedExpression) -> AxisKey { orderedKey(expression) }

  func keyOfValue(_ value: Int) -> AxisKey { key(of: value) }

  func keyOfPair(_ left: CheckedExpression, _ right: CheckedExpression) -> AxisKey {
    pairKey(left, right)
  }

  func turned(_ left: CheckedExpression, _ symbol: Comparison, _ right: CheckedExpression)
    -> (CheckedExpression, ConstantValue, Comparison)?
  {
    constantSide(left, symbol, right)
  }

  func isMissingCell(_ key: AxisKey, _ cell: Int) -> Bool {
    guard let axis = axisOfKey[key] else { return false }
    switch key {
    case .ordered: return grid.axes[axis].isMissing(cell)
    case .text(let value): return mayBeMissing(value) && cell == (texts[key]?.count ?? 0) + 1
    case .truth(let value): return mayBeMissing(value) && cell == 2
    case .order, .member: return false
    }
  }

  /// Whether two axes rest on a common quantity, so that some cells may hold no input.
  var hasDependentAxes: Bool {
    var seen = Set<Int>()
    for key in keys {
      switch key {
      case .order: return true
      case .member: continue
      case .ordered(let value), .text(let value), .truth(let value):
        var roots = Set<Int>()
        var pending = [value]
        while let next = pending.popLast() {
          guard roots.insert(next).inserted else { continue }
          switch checked.values[next].definition {
          case .let(let item):
            if case .expression(let body) = checked.lets[item].body { pending += body.values }
          case .result(let model, _):
            pending += checked.models[model].feeds.flatMap(\.value.values)
            // Two results of one model depend on each other.
            roots.insert(-1 - model)
          default: break
          }
        }
        if !seen.isDisjoint(with: roots) { return true }
        seen.formUnion(roots)
      }
    }
    return false
  }
}
