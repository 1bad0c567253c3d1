internal import DataFields
internal import DenseKernels

/// An expression as operations that need no look at missing values, which go through them as they are:
/// on columns, or on the slots of a single row. It has the bits of ``ExpressionTable``.
struct ColumnProgram: Sendable {
  /// A number of every row, or a column: a slot's, or one that was computed on the way.
  enum Operand: Sendable {
    case number(Double)
    case slot(Int)
    case column(Int)
  }

  struct Step: Sendable {
    var operation: ColumnSteps.Operation
    var left: Operand
    var right: Operand
    /// A slot or a column.
    var target: Operand
  }

  private(set) var steps: [Step] = []

  /// - Parameters:
  ///   - target: the slot or column where the values go.
  ///   - depth: columns from there on are free.
  /// - Returns: nil if the expression is no such one.
  init?(_ index: Int, of table: ExpressionTable, into target: Operand, depth: Int) {
    guard let result = append(index, table, depth: depth) else { return nil }
    if let last = steps.indices.last, case .column = result {
      steps[last].target = target
    } else {
      steps.append(Step(operation: .copy, left: result, right: .number(0), target: target))
    }
  }

  /// Does what another program does, afterwards.
  mutating func append(_ other: ColumnProgram) { steps += other.steps }

  /// Columns below `depth` hold what is still needed.
  private mutating func append(_ index: Int, _ table: ExpressionTable, depth: Int) -> Operand? {
    let node = table.nodes[index]
    let arguments = table.arguments[
      Int(node.arguments.lowerBound)..<Int(node.arguments.upperBound)
    ].map { Int($0) }
    func result(_ operation: ColumnSteps.Operation, _ left: Operand, _ right: Operand) -> Step {
      Step(operation: operation, left: left, right: right, target: .column(depth))
    }
    switch node.operation {
    case .constant(let value): return .number(value)
    case .slot(let slot): return .slot(slot)
    case .cast(let from, let to):
      let isNumeric = BlockExpressions.isNumeric(from)
      guard from == to || isNumeric && (to == .double || to == .float),
        let left = append(arguments[0], table, depth: depth)
      else { return nil }
      // No number changes on the way to a double.
      if from == to || to == .double { return left }
      steps.append(result(.single, left, .number(0)))
    case .indicator(let value):
      guard let left = append(arguments[0], table, depth: depth) else { return nil }
      steps.append(result(.indicator, left, .number(value)))
    case .replaceMissing(let value):
      guard let left = append(arguments[0], table, depth: depth) else { return nil }
      steps.append(result(.replaceMissing, left, .number(value)))
    case .call(let function, let mapMissing, let missingResult):
      guard arguments.count == 2, mapMissing.isNaN, missingResult.isNaN else { return nil }
      let operation: ColumnSteps.Operation
      switch function {
      case .plus: operation = .add
      case .minus: operation = .subtract
      case .times: operation = .multiply
      case .divide where node.dataType != .integer: operation = .divide
      default: return nil
      }
      guard let left = append(arguments[0], table, depth: depth),
        let right = append(arguments[1], table, depth: depth + 1)
      else { return nil }
      steps.append(result(operation, left, right))
    default: return nil
    }
    return .column(depth)
  }

  /// Appends the steps with the places that their operands have in a workspace.
  func append(to resolved: ColumnSteps, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    func column(_ operand: Operand) -> UnsafeMutablePointer<Double> {
      switch operand {
      case .slot(let slot): space.slots + slot * rows
      case .column(let column): space.columns + column * rows
      // A number is never a target.
      case .number: space.columns
      }
    }
    func operand(_ operand: Operand) -> ColumnSteps.Operand {
      if case .number(let number) = operand { return .number(number) }
      return .column(UnsafePointer(column(operand)))
    }
    for step in steps {
      resolved.append(
        step.operation, operand(step.left), operand(step.right), into: column(step.target))
    }
  }
}
