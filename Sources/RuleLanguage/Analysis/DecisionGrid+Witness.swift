import DataFields
import SourceDiagnostics
import ThresholdCells

extension DecisionGrid {
  /// An input in a cell, as a rule author would write it: `employees = 50 person, ...`.
  func witness(_ cells: [Int]) -> String {
    keys.enumerated().map { index, key in describe(key, cells[index]) }.joined(separator: ", ")
  }

  private func describe(_ key: AxisKey, _ cell: Int) -> String {
    if isMissingCell(key, cell) { return "\(name(key)) missing" }
    switch key {
    case .ordered(let value):
      let bounds = checked.values[value].bounds
      guard let axis = axisIndex(key),
        let sample = grid.axes[axis].sample(
          cell: cell, lower: bounds.lower, upper: bounds.upper, step: step(of: value))
      else { return name(key) }
      let type = checked.values[value].type.valueType
      let unit = type?.unit.isNone == false ? " \(type?.unit.description ?? "")" : ""
      return "\(name(key)) = \(checked.naturalText(sample, type))\(unit)"
    case .text:
      let choices = textChoices(key)
      return cell < choices.count
        ? "\(name(key)) = \"\(choices[cell])\"" : "\(name(key)) = any other text"
    case .truth: return "\(name(key)) = \(cell == 1)"
    case .member(_, let list):
      return "\(name(key)) \(cell == 1 ? "in" : "not in") list \(checked.lists[list].artefact.path)"
    case .order(let text):
      let sides = text.split(separator: "?", maxSplits: 1)
      guard sides.count == 2 else { return text }
      return "\(sides[0])\(["<", "==", ">"][min(cell, 2)])\(sides[1])"
    }
  }

  private func name(_ key: AxisKey) -> String {
    switch key {
    case .ordered(let value), .text(let value), .truth(let value), .member(let value, _):
      checked.values[value].name
    case .order(let text): text
    }
  }

  /// The ranks and decisions that conditions name, in a cell: `amount = L, size = S`.
  func combination(_ cells: [Int]) -> String {
    let evaluator = CellEvaluator(grid: self, cells: cells)
    return factors.map { factor in
      switch factor {
      case .rank(let value), .decision(let value):
        "\(checked.values[value].name) = \(evaluator.text(of: value) ?? "missing")"
      case .axis(let key):
        axisIndex(key).map { describe(key, cells[$0]) } ?? name(key)
      }
    }.joined(separator: ", ")
  }

  /// What tells combinations apart.
  func signature(_ cells: [Int]) -> [String] {
    let evaluator = CellEvaluator(grid: self, cells: cells)
    return factors.map { factor in
      switch factor {
      case .rank(let value), .decision(let value): evaluator.text(of: value) ?? "-"
      case .axis(let key): axisIndex(key).map { String(cells[$0]) } ?? "-"
      }
    }
  }

  var isOfRanks: Bool {
    factors.allSatisfy { if case .rank = $0 { true } else { false } }
  }

  func notProved(_ code: String, _ what: String) -> Diagnostic {
    let count = grid.cellCount.map { "\($0) cells" } ?? "more cells than can be counted"
    return Diagnostic(
      code, .warning, "not proved: \(what)", at: [(decision.span, "")], in: checked.sources,
      notes: ["the thresholds in use make \(count), and \(Self.budget) are tried"])
  }
}

extension CellEvaluator {
  /// A rank's level or a decision's outcome in this cell, as rules write it.
  func text(of value: Int) -> String? {
    let expression = CheckedExpression(
      kind: .value(value), type: grid.checked.values[value].type,
      span: grid.checked.values[value].span, id: NodeID(0))
    return describe(expression, value)
  }
}
