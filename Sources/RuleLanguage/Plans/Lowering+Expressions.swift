import DataFields
import SourceDiagnostics

extension Lowering {
  /// Emits the instructions that put an expression's value into a slot of the rule row.
  mutating func compute(_ expression: CheckedExpression, to destination: Int) {
    switch expression.kind {
    case .value(let value):
      row.emit(.copy, slots[value], 0, to: destination)
    case .constant(let value):
      row.emit(
        .copy, constant(value, as: expression.type.valueType ?? value.type), 0,
        to: destination)
    case .asFloat(let operand):
      compute(operand, to: destination)
    case .negation(let operand):
      row.emit(.negate, self.operand(operand), 0, to: destination)
    case .arithmetic(let symbol, let left, let right):
      arithmetic(symbol, left, right, expression.type.valueType ?? .integer(.none), destination)
    case .condition(let condition):
      let root = lower(condition)
      row.emit(.condition, 0, root, to: destination)
      // Without what it asks about there is no truth value, unless a rule asks for its absence.
      for value in required(condition) { row.emit(.require, slots[value], 0, to: destination) }
    case .eventField, .conversion, .fault:
      // The checker lets these stand only in events, which have rows of their own.
      break
    }
  }

  /// The slot of an operand, computed into a nameless slot if it is not there yet.
  private mutating func operand(_ expression: CheckedExpression) -> Int {
    switch expression.kind {
    case .value(let value): return slots[value]
    case .constant(let value): return constant(value, as: value.type)
    default:
      let slot = row.slot("", expression.type.valueType ?? .integer(.none))
      compute(expression, to: slot)
      return slot
    }
  }

  private mutating func arithmetic(
    _ symbol: ArithmeticOperator, _ left: CheckedExpression, _ right: CheckedExpression,
    _ type: ValueType, _ destination: Int
  ) {
    let isQuotient = if case .quotient = type { true } else { false }
    let rightScale = right.type.valueType?.scale ?? 0
    switch symbol {
    case .add, .subtract:
      let a = operand(left, scaledTo: type.scale)
      let b = operand(right, scaledTo: type.scale)
      let operation: Instruction.Operation =
        isQuotient
        ? symbol == .add ? .addQuotient : .subtractQuotient : symbol == .add ? .add : .subtract
      row.emit(operation, a, b, to: destination)
    case .multiply:
      let a = operand(left)
      let b = operand(right)
      row.emit(isQuotient ? .multiplyQuotient : .multiply, a, b, to: destination)
    case .divide:
      // a / 10^sa over b / 10^sb, held scaled by 10^sa: a x 10^sb over b.
      let a = operand(left, scaledBy: rightScale)
      let b = operand(right)
      row.emit(.divideQuotient, a, b, to: destination)
    }
  }

  mutating func operand(_ expression: CheckedExpression, scaledTo scale: Int) -> Int {
    operand(expression, scaledBy: scale - (expression.type.valueType?.scale ?? 0))
  }

  private mutating func operand(_ expression: CheckedExpression, scaledBy digits: Int) -> Int {
    guard digits > 0 else { return operand(expression) }
    if let value = expression.constant, let power = ExactArithmetic.powerOfTen(digits),
      let stored = value.stored(as: value.type)?.multiplied(by: Quotient(power))
    {
      return row.constant(value.type, stored)
    }
    let source = operand(expression)
    let power = row.constant(.integer(.none), Quotient(Int128(digits)))
    let slot = row.slot("", expression.type.valueType ?? .integer(.none))
    row.emit(.scaleUp, source, power, to: slot)
    return slot
  }

  // MARK: Conditions

  /// Adds the nodes of a condition of the rule row and returns the root.
  ///
  /// Operands that must be computed were made steps before: see ``prepare(_:)``.
  mutating func lower(_ condition: CheckedCondition) -> Int {
    let prepared = prepare(condition)
    let checked = checked
    return prepared.add(to: &row, line: { checked.line($0) })
  }

  /// A condition whose operands are slots.
  indirect enum PreparedCondition {
    case all([PreparedCondition])
    case any([PreparedCondition])
    case not(PreparedCondition)
    case leaf(
      ConditionNode.Kind, Comparison?, left: Int, right: Int, shownLeft: Int, shownRight: Int,
      CheckedClause)
  }

  private mutating func prepare(_ condition: CheckedCondition) -> PreparedCondition {
    switch condition {
    case .all(let parts): return .all(parts.map { prepare($0) })
    case .any(let parts): return .any(parts.map { prepare($0) })
    case .not(let part): return .not(prepare(part))
    case .clause(let clause): return prepare(clause)
    }
  }

  private mutating func prepare(_ clause: CheckedClause) -> PreparedCondition {
    switch clause.kind {
    case .compare(let left, let symbol, let right):
      return comparison(left, symbol, right, clause)
    case .inList(let value, let list):
      let slot = slot(of: value)
      return .leaf(.inList, nil, left: slot, right: list, shownLeft: slot, shownRight: -1, clause)
    case .presence(let value, let isMissing):
      let slot = slot(of: value)
      return .leaf(
        isMissing ? .isMissing : .isPresent, nil, left: slot, right: -1, shownLeft: slot,
        shownRight: -1, clause)
    case .isTrue(let value):
      let slot = slot(of: value)
      return .leaf(.isTrue, nil, left: slot, right: -1, shownLeft: slot, shownRight: -1, clause)
    case .fault:
      return .all([])
    }
  }

  private mutating func comparison(
    _ left: CheckedExpression, _ symbol: Comparison, _ right: CheckedExpression,
    _ clause: CheckedClause
  ) -> PreparedCondition {
    let kind: ConditionNode.Kind
    var a: Int
    var b: Int
    if left.type == .value(.double) {
      kind = .compareDoubles
      a = slot(of: left)
      b = slot(of: right)
    } else if left.type.isNumber {
      (kind, a, b) = numbers(left, right)
    } else {
      kind = .compareWords
      a = slot(of: left)
      b = slot(of: right)
    }
    return .leaf(
      kind, symbol, left: a, right: b, shownLeft: left.constant == nil ? a : -1,
      shownRight: right.constant == nil ? b : -1, clause)
  }

  /// Two numbers at one scale, and whether they compare as words or as fractions.
  private mutating func numbers(_ left: CheckedExpression, _ right: CheckedExpression)
    -> (ConditionNode.Kind, Int, Int)
  {
    let a = left.type.valueType ?? .integer(.none)
    let b = right.type.valueType ?? .integer(.none)
    // A constant is held at the other side's scale, as a fraction where it needs more digits.
    if let value = right.constant {
      let (slot, isWord) = constant(value, besides: a)
      return (isWord ? .compareWords : .compareQuotients, self.slot(of: left), slot)
    }
    if let value = left.constant {
      let (slot, isWord) = constant(value, besides: b)
      return (isWord ? .compareWords : .compareQuotients, slot, self.slot(of: right))
    }
    let scale = max(a.scale, b.scale)
    let isWord = !isQuotient(a) && !isQuotient(b)
    return (
      isWord ? .compareWords : .compareQuotients, step(left, scaledTo: scale),
      step(right, scaledTo: scale)
    )
  }

  private func isQuotient(_ type: ValueType) -> Bool {
    if case .quotient = type { return true }
    return false
  }

  private mutating func constant(_ value: ConstantValue, besides type: ValueType)
    -> (slot: Int, isWord: Bool)
  {
    if !isQuotient(type), let word = value.stored(as: type) {
      return (row.constant(type, word), true)
    }
    let fraction = ValueType.quotient(scale: type.scale, type.unit)
    return (row.constant(fraction, value.stored(as: fraction) ?? Quotient(0)), false)
  }

  /// The slot of an expression, brought to a scale by a step of its own.
  private mutating func step(_ expression: CheckedExpression, scaledTo scale: Int) -> Int {
    let source = slot(of: expression)
    let digits = scale - (expression.type.valueType?.scale ?? 0)
    guard digits > 0 else { return source }
    let start = row.instructions.count
    let power = row.constant(.integer(.none), Quotient(Int128(digits)))
    let slot = row.slot("", expression.type.valueType ?? .integer(.none))
    row.emit(.scaleUp, source, power, to: slot)
    add(.compute(start..<row.instructions.count, destination: slot), filling: slot)
    return slot
  }
}

extension Lowering.PreparedCondition {
  /// Adds the nodes in pre-order and returns the root.
  func add(to row: inout RowBuilder, line: (SourceSpan) -> Int) -> Int {
    let root = row.conditions.count
    switch self {
    case .all(let parts): Self.add(.all, parts, to: &row, line: line)
    case .any(let parts): Self.add(.any, parts, to: &row, line: line)
    case .not(let part): Self.add(.not, [part], to: &row, line: line)
    case .leaf(let kind, let symbol, let left, let right, let shownLeft, let shownRight, let clause):
      let label = row.clauses.count
      row.clauses.append(
        ClauseLabel(
          text: clause.text, left: shownLeft, right: shownRight, comparison: symbol,
          line: line(clause.span)))
      row.conditions.append(
        ConditionNode(
          kind, symbol ?? .equal, left: left, right: right, end: root + 1, clause: label))
    }
    return root
  }

  private static func add(
    _ kind: ConditionNode.Kind, _ parts: [Self], to row: inout RowBuilder,
    line: (SourceSpan) -> Int
  ) {
    let root = row.conditions.count
    row.conditions.append(ConditionNode(kind, end: root + 1))
    for part in parts { _ = part.add(to: &row, line: line) }
    row.conditions[root].end = Int32(row.conditions.count)
  }
}
