import DataFields
import SourceDiagnostics
import ThresholdCells

/// Decides conditions in one cell of a grid, as the engine would for any input in that cell.
struct CellEvaluator {
  let grid: DecisionGrid
  let cells: [Int]

  private var checked: CheckedProgram { grid.checked }

  /// The rules that hold, and the one that decides by the decision's hit policy.
  func rules(of decision: CheckedDecision) -> (holding: [Int], deciding: Int?) {
    var holding: [Int] = []
    for (index, rule) in decision.rules.enumerated() {
      guard let condition = rule.condition, holds(condition) else { continue }
      holding.append(index)
    }
    guard decision.hit == .priority else { return (holding, holding.first) }
    let best = holding.min { left, right in
      let a = decision.priorities.firstIndex(of: decision.rules[left].outcome) ?? Int.max
      let b = decision.priorities.firstIndex(of: decision.rules[right].outcome) ?? Int.max
      return (a, left) < (b, right)
    }
    return (holding, best)
  }

  func holds(_ condition: CheckedCondition) -> Bool {
    switch condition {
    case .all(let parts): parts.allSatisfy { holds($0) }
    case .any(let parts): parts.contains { holds($0) }
    case .not(let part): !holds(part)
    case .clause(let clause): holds(clause)
    }
  }

  private func holds(_ clause: CheckedClause) -> Bool {
    switch clause.kind {
    case .compare(let left, let symbol, let right):
      return compare(left, symbol, right)
    case .inList(let value, let list):
      guard case .value(let index) = value.kind else { return false }
      return grid.cell(.member(value: index, list: list), in: cells) == 1
    case .presence(let value, let isMissing):
      return isPresent(value) != isMissing
    case .isTrue(let value):
      return truth(value) == true
    case .fault:
      return false
    }
  }

  private func isPresent(_ expression: CheckedExpression) -> Bool {
    guard case .value(let index) = expression.kind else { return true }
    switch checked.values[index].definition {
    case .rank: return level(expression) != nil
    case .decision: return outcome(index) != nil
    default:
      let key = grid.keyOfValue(index)
      guard let cell = grid.cell(key, in: cells) else { return true }
      return !grid.isMissingCell(key, cell)
    }
  }

  private func truth(_ expression: CheckedExpression) -> Bool? {
    guard case .value(let index) = expression.kind else { return nil }
    if case .let(let item) = checked.values[index].definition,
      case .expression(let body) = checked.lets[item].body
    {
      if case .condition(let condition) = body.kind { return holds(condition) }
      return truth(body)
    }
    if case .decision = checked.values[index].definition {
      return outcome(index).map { $0.number != Quotient(0) }
    }
    let key = grid.keyOfValue(index)
    guard let cell = grid.cell(key, in: cells), !grid.isMissingCell(key, cell) else { return nil }
    return cell == 1
  }

  /// The outcome of a decision that a condition reads; nil if no rule covers the cell.
  private func outcome(_ value: Int) -> ConstantValue? {
    guard case .decision(let index) = checked.values[value].definition else { return nil }
    let decision = checked.decisions[index]
    let (_, deciding) = rules(of: decision)
    var outcome = deciding.map { decision.rules[$0].outcome } ?? decision.otherwise?.outcome
    if outcome != nil,
      let override = checked.overrides.first(where: {
        $0.decision == index && holds($0.condition)
      })
    {
      outcome = override.outcome
    }
    return outcome
  }

  private func level(_ expression: CheckedExpression) -> Int? {
    if let constant = expression.constant { return Int(exactly: constant.number.numerator) }
    guard case .value(let index) = expression.kind else { return nil }
    switch checked.values[index].definition {
    case .rank(let number):
      let rank = checked.ranks[number]
      let key = grid.key(ofOrdered: rank.source)
      guard let axis = grid.axisIndex(key), let cell = grid.cell(key, in: cells),
        !grid.isMissingCell(key, cell)
      else { return nil }
      let cuts = zip(rank.cutPoints, rank.belongsBelow).map {
        AxisCut(value: $0.number, includesValueBelow: $1)
      }
      let interval = cuts.count { grid.grid.axes[axis].isAbove($0, cell: cell) }
      return rank.levels[interval]
    case .decision: return outcome(index).flatMap { Int(exactly: $0.number.numerator) }
    case .let(let item):
      if case .expression(let body) = checked.lets[item].body { return level(body) }
      return nil
    case .field, .result: return nil
    }
  }

  private func compare(
    _ left: CheckedExpression, _ symbol: Comparison, _ right: CheckedExpression
  ) -> Bool {
    if case .value(.rank) = left.type {
      guard let a = level(left), let b = level(right) else { return false }
      return symbol.holds(for: a < b ? -1 : a == b ? 0 : 1)
    }
    if let (value, constant, symbol) = grid.turned(left, symbol, right) {
      return compare(value, symbol, constant)
    }
    if case .value(let a) = left.kind, case .value(let b) = right.kind,
      let x = outcome(a), let y = outcome(b)
    {
      return symbol.holds(for: x == y ? 0 : x.number < y.number ? -1 : 1)
    }
    guard let cell = grid.cell(grid.keyOfPair(left, right), in: cells) else { return false }
    return symbol.holds(for: cell - 1)
  }

  private func compare(
    _ value: CheckedExpression, _ symbol: Comparison, _ constant: ConstantValue
  ) -> Bool {
    switch value.type {
    case .value(.text):
      guard case .value(let index) = value.kind else { return false }
      if case .decision = checked.values[index].definition {
        guard let outcome = outcome(index) else { return false }
        return symbol.holds(for: outcome.text == constant.text ? 0 : 1)
      }
      let key = DecisionGrid.AxisKey.text(index)
      guard let cell = grid.cell(key, in: cells), !grid.isMissingCell(key, cell) else {
        return false
      }
      let choices = grid.textChoices(key)
      let isSame = cell < choices.count && choices[cell] == constant.text
      return symbol.holds(for: isSame ? 0 : 1)
    case .value(.boolean):
      guard let truth = truth(value) else { return false }
      return symbol.holds(for: truth == (constant.number != Quotient(0)) ? 0 : 1)
    default:
      if case .value(let index) = value.kind, let outcome = outcome(index) {
        return symbol.holds(
          for: outcome.number < constant.number
            ? -1 : outcome.number == constant.number ? 0 : 1)
      }
      let key = grid.key(ofOrdered: value)
      guard let axis = grid.axisIndex(key), let cell = grid.cell(key, in: cells),
        !grid.isMissingCell(key, cell)
      else { return false }
      let line = grid.grid.axes[axis]
      let isAtLeast = line.isAbove(
        AxisCut(value: constant.number, includesValueBelow: false), cell: cell)
      let isAbove = line.isAbove(
        AxisCut(value: constant.number, includesValueBelow: true), cell: cell)
      switch symbol {
      case .less: return !isAtLeast
      case .greaterOrEqual: return isAtLeast
      case .lessOrEqual: return !isAbove
      case .greater: return isAbove
      case .equal: return isAtLeast && !isAbove
      case .notEqual: return !(isAtLeast && !isAbove)
      }
    }
  }

  /// A rank's level or a decision's outcome as rules write it; nil if it is missing.
  func describe(_ expression: CheckedExpression, _ value: Int) -> String? {
    if let outcome = outcome(value), outcome.text != nil { return outcome.text.map { "\"\($0)\"" } }
    if case .value(.rank(let scale)) = expression.type {
      return level(expression).map { checked.scales[scale].levels[$0] }
    }
    return outcome(value).map { checked.naturalText($0.number, $0.type) }
  }
}
