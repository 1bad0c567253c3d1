import DataFields
import SourceDiagnostics

extension Lowering {
  /// Lays out an event's row; its aggregates are added as the lets that name them are lowered.
  mutating func lowerEvent(_ index: Int, constantCount: Int) {
    let event = checked.events[index]
    var builder = RowBuilder(constantCount: constantCount)
    var fields: [FieldPlan] = []
    for field in event.fields {
      let type: ValueType
      var currency: Int?
      switch field.type {
      case .value(let value): type = value
      case .amount(let scale, let other):
        type = .decimal(scale: scale, .none)
        currency = constantCount + other
      case .fault, .stream, .outcomes: type = .text
      }
      let slot = builder.slot("\(event.name).\(field.name)", type)
      fields.append(plan(field, slot: slot, missing: .refuse, currency: currency))
    }
    eventRows.append(builder)
    var plan = EventPlan(
      name: event.name, source: event.source, fields: Array(fields[..<event.ownFields.endIndex]),
      key: event.key, time: event.time, input: event.input ?? 0, code: RowCode(), conversions: [],
      aggregates: [], decisions: [])
    plan.lists = event.lists.map { list in
      ListFieldPlan(
        name: list.name, column: list.column, fields: Array(fields[list.fields]),
        isOfValues: list.isOfValues)
    }
    program.events.append(plan)
  }

  /// Lowers an aggregate whose result goes to a slot of the rule row; returns its number.
  mutating func lowerAggregate(_ aggregate: CheckedAggregate, to slot: Int) -> Int {
    let stream = checked.streams[aggregate.stream]
    let event = stream.event
    let conditions = [stream.condition, aggregate.condition].compactMap { $0 }
    var root: Int?
    let conditionStart = eventRows[event].instructions.count
    if !conditions.isEmpty {
      let whole = conditions.count == 1 ? conditions[0] : .all(conditions)
      let prepared = prepareEvent(whole, event)
      let checked = checked
      root = prepared.add(to: &eventRows[event], line: { checked.line($0) })
    }
    let start = eventRows[event].instructions.count
    var valueSlot: Int?
    var valueType: ValueType?
    if let argument = aggregate.argument {
      valueSlot = eventOperand(argument, event)
      valueType = valueSlot.map {
        eventRows[event].others[$0 - eventRows[event].constantCount].type
      }
    }
    let function: AggregatePlan.Function =
      switch aggregate.function {
      case .sum: .sum
      case .mean: .mean
      case .count: .count
      case .min: .minimum
      case .max: .maximum
      case .first: .first
      case .last: .last
      case .countDistinct: .countDistinct
      }
    let index = program.aggregates.count
    program.events[event].aggregates.append(index)
    program.aggregates.append(
      AggregatePlan(
        function: function, event: event, condition: root,
        valueCode: start..<eventRows[event].instructions.count, valueSlot: valueSlot,
        valueType: valueType, resultSlot: slot,
        window: aggregate.window.map { checked.windows[$0].plan },
        conditionCode: conditionStart..<start, list: stream.list))
    return index
  }

  private func fieldSlot(_ event: Int, _ field: Int) -> Int {
    eventRows[event].constantCount + field
  }

  private mutating func eventConstant(_ value: ConstantValue, as type: ValueType, _ event: Int)
    -> Int
  {
    if let text = value.text {
      return eventRows[event].constant(.text, Quotient(code(of: text)))
    }
    return eventRows[event].constant(type, value.stored(as: type) ?? Quotient(0))
  }

  /// The slot of an expression over an event's fields, computed where it must be.
  private mutating func eventOperand(_ expression: CheckedExpression, _ event: Int) -> Int {
    let type = expression.type.valueType ?? .integer(.none)
    switch expression.kind {
    case .eventField(let field):
      return fieldSlot(event, field)
    case .constant(let value):
      // Aggregates read slots of the row, so a constant is copied into one.
      let constant = eventConstant(value, as: value.type, event)
      let slot = eventRows[event].slot("", value.type)
      eventRows[event].emit(.copy, constant, 0, to: slot)
      return slot
    case .negation(let operand):
      let source = eventOperand(operand, event)
      let slot = eventRows[event].slot("", type)
      eventRows[event].emit(.negate, source, 0, to: slot)
      return slot
    case .arithmetic(let symbol, let left, let right):
      return eventArithmetic(symbol, left, right, type, event)
    case .conversion(let amount, let currency, let target, let rates, let date):
      return conversion(amount, currency, target, rates, date, type, event)
    case .value, .asFloat, .condition, .fault:
      return eventRows[event].slot("", type)
    }
  }

  private mutating func eventArithmetic(
    _ symbol: ArithmeticOperator, _ left: CheckedExpression, _ right: CheckedExpression,
    _ type: ValueType, _ event: Int
  ) -> Int {
    let isQuotient = if case .quotient = type { true } else { false }
    let leftScale = left.type.valueType?.scale ?? 0
    let rightScale = right.type.valueType?.scale ?? 0
    var a = eventOperand(left, event)
    var b = eventOperand(right, event)
    let operation: Instruction.Operation
    switch symbol {
    case .add, .subtract:
      a = scaled(a, by: type.scale - leftScale, event)
      b = scaled(b, by: type.scale - rightScale, event)
      operation =
        isQuotient
        ? symbol == .add ? .addQuotient : .subtractQuotient : symbol == .add ? .add : .subtract
    case .multiply: operation = isQuotient ? .multiplyQuotient : .multiply
    case .divide:
      a = scaled(a, by: rightScale, event)
      operation = .divideQuotient
    }
    let slot = eventRows[event].slot("", type)
    eventRows[event].emit(operation, a, b, to: slot)
    return slot
  }

  private mutating func scaled(_ source: Int, by digits: Int, _ event: Int) -> Int {
    guard digits > 0 else { return source }
    let power = eventRows[event].constant(.integer(.none), Quotient(Int128(digits)))
    let slot = eventRows[event].slot("", .integer(.none))
    eventRows[event].emit(.scaleUp, source, power, to: slot)
    return slot
  }

  private mutating func conversion(
    _ amount: CheckedExpression, _ currency: Int, _ target: String, _ rates: Int, _ date: Int,
    _ type: ValueType, _ event: Int
  ) -> Int {
    guard case .amount(let scale, _) = amount.type else { return 0 }
    let plan = ConversionPlan(
      table: rates, amountSlot: eventOperand(amount, event), amountScale: scale,
      currencySlot: fieldSlot(event, currency), dateSlot: fieldSlot(event, date),
      targetCode: Int32(truncatingIfNeeded: code(of: target)), targetDigits: type.scale)
    let number: Int
    if let known = program.events[event].conversions.firstIndex(of: plan) {
      number = known
    } else {
      number = program.events[event].conversions.count
      program.events[event].conversions.append(plan)
    }
    let slot = eventRows[event].slot("", type)
    eventRows[event].emit(.convert, 0, number, to: slot)
    return slot
  }

  // MARK: Conditions on events

  private mutating func prepareEvent(_ condition: CheckedCondition, _ event: Int)
    -> PreparedCondition
  {
    switch condition {
    case .all(let parts): return .all(parts.map { prepareEvent($0, event) })
    case .any(let parts): return .any(parts.map { prepareEvent($0, event) })
    case .not(let part): return .not(prepareEvent(part, event))
    case .clause(let clause): return prepareEvent(clause, event)
    }
  }

  private mutating func prepareEvent(_ clause: CheckedClause, _ event: Int) -> PreparedCondition {
    func field(_ expression: CheckedExpression) -> Int? {
      if case .eventField(let field) = expression.kind { return fieldSlot(event, field) }
      return nil
    }
    switch clause.kind {
    case .compare(let left, let symbol, let right):
      let scale = max(digits(left), digits(right))
      let a = eventSide(left, besides: right, scale, event)
      let b = eventSide(right, besides: left, scale, event)
      let words = isWord(left, besides: right) && isWord(right, besides: left)
      return .leaf(
        words ? .compareWords : .compareQuotients, symbol, left: a, right: b,
        shownLeft: left.constant == nil ? a : -1, shownRight: right.constant == nil ? b : -1,
        clause)
    case .inList(let value, let list):
      let slot = field(value) ?? 0
      return .leaf(.inList, nil, left: slot, right: list, shownLeft: slot, shownRight: -1, clause)
    case .isTrue(let value):
      let slot = field(value) ?? 0
      return .leaf(.isTrue, nil, left: slot, right: -1, shownLeft: slot, shownRight: -1, clause)
    case .presence, .fault:
      return .all([])
    }
  }

  /// The scale and type at which an event's field compares.
  private func comparedType(_ expression: CheckedExpression) -> ValueType {
    switch expression.type {
    case .value(let type): type
    case .amount(let scale, _): .decimal(scale: scale, .none)
    case .fault, .stream, .outcomes: .integer(.none)
    }
  }

  /// The digits after the point at which a side is held; a constant takes those of the other.
  private func digits(_ expression: CheckedExpression) -> Int {
    guard expression.constant == nil else { return 0 }
    switch expression.type {
    case .value(.integer), .value(.decimal), .value(.quotient), .amount:
      return comparedType(expression).scale
    default: return 0
    }
  }

  private func isWord(_ expression: CheckedExpression, besides other: CheckedExpression) -> Bool {
    guard let value = expression.constant, value.text == nil else {
      if case .value(.quotient) = expression.type { return false }
      return true
    }
    return value.stored(as: comparedType(other)) != nil
  }

  private mutating func eventSide(
    _ expression: CheckedExpression, besides other: CheckedExpression, _ scale: Int, _ event: Int
  ) -> Int {
    guard let value = expression.constant else {
      let slot = eventOperand(expression, event)
      return other.constant == nil ? scaled(slot, by: scale - digits(expression), event) : slot
    }
    let type = comparedType(other)
    if isWord(expression, besides: other) { return eventConstant(value, as: type, event) }
    return eventConstant(value, as: .quotient(scale: type.scale, type.unit), event)
  }
}
