internal import DataFields
internal import DenseKernels

/// An expression as operations on columns that need no look at missing values: these go through the
/// four operations as they are. It has the bits of ``ExpressionTable``.
struct ColumnProgram: Sendable {
  /// A number of every row, or a column: a slot's, or one that was computed on the way.
  enum Operand: Sendable {
    case number(Double)
    case slot(Int)
    case column(Int)
  }

  enum Operation: Sendable {
    /// The left operand as it is.
    case copy
    case arithmetic(DenseKernel.Operation)
    /// 1 where the left operand has the value of the right one, 0 where not; missing where it is.
    case indicator
    /// The left operand, or the right one where it is missing.
    case replaceMissing
  }

  struct Step: Sendable {
    var operation: Operation
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
    func result(_ operation: Operation, _ left: Operand, _ right: Operand) -> Step {
      Step(operation: operation, left: left, right: right, target: .column(depth))
    }
    switch node.operation {
    case .constant(let value): return .number(value)
    case .slot(let slot): return .slot(slot)
    case .cast(let from, let to):
      // No number changes on the way to a double.
      guard from == to || to == .double && BlockExpressions.isNumeric(from) else { return nil }
      return append(arguments[0], table, depth: depth)
    case .indicator(let value):
      guard let left = append(arguments[0], table, depth: depth) else { return nil }
      steps.append(result(.indicator, left, .number(value)))
    case .replaceMissing(let value):
      guard let left = append(arguments[0], table, depth: depth) else { return nil }
      steps.append(result(.replaceMissing, left, .number(value)))
    case .call(let function, let mapMissing, let missingResult):
      guard arguments.count == 2, mapMissing.isNaN, missingResult.isNaN else { return nil }
      let operation: DenseKernel.Operation
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
      steps.append(result(.arithmetic(operation), left, right))
    default: return nil
    }
    return .column(depth)
  }

  func run(_ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    for step in steps {
      let (left, isLeftColumn) = Self.values(step.left, space, number: 0)
      let (right, isRightColumn) = Self.values(step.right, space, number: 1)
      let (target, _) = Self.values(step.target, space, number: 0)
      switch step.operation {
      case .copy:
        if isLeftColumn {
          target.update(from: left, count: rows)
        } else {
          target.update(repeating: left[0], count: rows)
        }
      case .arithmetic(let operation):
        DenseKernel.fastest.operate(
          operation, left, isColumn: isLeftColumn, right, isColumn: isRightColumn, into: target)
      case .indicator:
        let value = right[0]
        for row in 0..<rows {
          let number = isLeftColumn ? left[row] : left[0]
          let indicator = number == value ? 1.0 : 0
          target[row] = number.isNaN ? number : indicator
        }
      case .replaceMissing:
        let value = right[0]
        for row in 0..<rows {
          let number = isLeftColumn ? left[row] : left[0]
          target[row] = number.isNaN ? value : number
        }
      }
    }
  }

  @inline(__always)
  private static func values(
    _ operand: Operand, _ space: BlockWorkspace, number place: Int
  ) -> (UnsafeMutablePointer<Double>, isColumn: Bool) {
    switch operand {
    case .number(let number):
      space.numbers[place] = number
      return (space.numbers + place, false)
    case .slot(let slot): return (space.slots + slot * BlockWorkspace.rowCount, true)
    case .column(let column): return (space.columns + column * BlockWorkspace.rowCount, true)
    }
  }
}
