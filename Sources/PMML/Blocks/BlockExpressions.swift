internal import DataFields

/// Expressions that are worked out for a block of rows at once: references, constants, casts of
/// numbers and the four operations. Their results have the bits of ``ExpressionTable``.
struct BlockExpressions: Sendable {
  private let table: ExpressionTable

  init(_ table: ExpressionTable) { self.table = table }

  static func isNumeric(_ type: ModelDataType) -> Bool {
    switch type {
    case .integer, .float, .double: true
    default: false
    }
  }

  func isInColumns(_ index: Int) -> Bool {
    let node = table.nodes[index]
    let arguments = table.arguments[Int(node.arguments.lowerBound)..<Int(node.arguments.upperBound)]
    guard arguments.allSatisfy({ isInColumns(Int($0)) }) else { return false }
    switch node.operation {
    case .constant, .slot, .replaceMissing, .indicator: return true
    case .cast(let from, let to):
      return from == to || Self.isNumeric(from) && Self.isNumeric(to)
    case .call(let function, _, _):
      switch function {
      case .plus, .times: return arguments.count == 2
      case .minus: return arguments.count == 2
      case .divide: return arguments.count == 2 && node.dataType != .integer
      default: return false
      }
    default: return false
    }
  }

  /// How many columns an expression needs on the way.
  func depth(_ index: Int) -> Int {
    let node = table.nodes[index]
    let first = Int(node.arguments.lowerBound)
    return (0..<node.arguments.count).map { $0 + depth(Int(table.arguments[first + $0])) }
      .reduce(1, max)
  }

  /// Writes the values of an expression for all rows of a block.
  ///
  /// - Parameter stack: columns of 64 above `top` are free; `top` gets the result.
  func evaluate(_ index: Int, _ space: BlockWorkspace, into top: Int) {
    let rows = BlockWorkspace.rowCount
    let node = table.nodes[index]
    let first = Int(node.arguments.lowerBound)
    for place in 0..<node.arguments.count {
      evaluate(Int(table.arguments[first + place]), space, into: top + place)
    }
    let x = top * rows
    switch node.operation {
    case .constant(let value): for row in 0..<rows { space.columns[x + row] = value }
    case .slot(let slot):
      for row in 0..<rows { space.columns[x + row] = space.slots[slot * rows + row] }
    case .replaceMissing(let replacement):
      for row in 0..<rows where space.columns[x + row].isNaN {
        space.columns[x + row] = replacement
      }
    case .indicator(let wanted):
      for row in 0..<rows where !space.columns[x + row].isNaN {
        space.columns[x + row] = space.columns[x + row] == wanted ? 1 : 0
      }
    case .cast(let from, let to):
      if from == to { return }
      for row in 0..<rows {
        space.columns[x + row] = ExpressionTable.cast(
          space.columns[x + row], from, to, &space.row.texts)
      }
    case .call(let function, let mapMissing, let missingResult):
      call(function, mapMissing, missingResult, space, x)
    default: break
    }
  }

  private func call(
    _ function: BuiltInFunction, _ mapMissing: Double, _ missingResult: Double,
    _ space: BlockWorkspace, _ x: Int
  ) {
    let rows = BlockWorkspace.rowCount
    func each(_ operation: (Double, Double) -> Double) {
      let left = space.columns + x
      let right = left + rows
      for row in 0..<rows {
        let isMissing = left[row].isNaN || right[row].isNaN
        let value = isMissing ? mapMissing : operation(left[row], right[row])
        left[row] = value.isNaN ? missingResult : value
      }
    }
    switch function {
    case .plus: each { $0 + $1 }
    case .minus: each { $0 - $1 }
    case .times: each { $0 * $1 }
    default: each { $1 == 0 ? .nan : $0 / $1 }
    }
  }
}
