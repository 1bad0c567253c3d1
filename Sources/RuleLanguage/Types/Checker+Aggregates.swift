import DataFields
import SourceDiagnostics

extension Checker {
  mutating func aggregate(_ syntax: AggregateSyntax, at span: SourceSpan)
    -> (CheckedAggregate, RuleType, ValueBounds)?
  {
    var isFaulty = false
    var window: Int?
    if let name = syntax.window?.name {
      window = windowIndex(name)
      isFaulty = window == nil
    } else if syntax.window == nil {
      let end = span.range.upperBound
      report(
        "Y6", "the aggregate does not say over which time", at: span,
        help: ["add   over all time"],
        fixIts: [
          .init(
            message: "add `over all time`",
            file: program.sources.files[span.file].name, start: end, end: end,
            replacement: " over all time")
        ])
      isFaulty = true
    }
    guard let head = streamHead(syntax.argument) else {
      report(
        "Y6", "the aggregate names no event", at: syntax.argument.span,
        help: ["write the event before the field:   \(eventExample())"])
      return nil
    }
    guard let stream = streamIndex(head) else { return nil }
    let event = program.streams[stream].event
    let list = program.streams[stream].list
    var condition: CheckedCondition?
    if let filter = syntax.filter { condition = eventCondition(filter, event, list) }
    if syntax.function == .count {
      guard namesStream(syntax.argument, event, list) else {
        report(
          "Y6", "`count` counts events", at: syntax.argument.span,
          help: ["`count distinct` counts the values of a field"])
        return nil
      }
      let aggregate = CheckedAggregate(
        function: .count, stream: stream, condition: condition, argument: nil, window: window)
      return isFaulty
        ? nil : (aggregate, .value(.integer(.none)), ValueBounds(lower: Quotient(0)))
    }
    if namesStream(syntax.argument, event, list), !isListOfValues(event, list) {
      let name = text(syntax.argument.span)
      report(
        "Y6", "`\(syntax.function.rawValue)` takes a field of the events",
        at: syntax.argument.span, help: ["write   \(name).\(fieldExample(event, list))"])
      return nil
    }
    let argument = check(syntax.argument, in: .event(event, list: list))
    guard argument.type != .fault, !isFaulty else { return nil }
    guard let (type, bounds) = aggregateType(syntax, argument) else { return nil }
    requireNonZeroDivisors(argument)
    return (
      CheckedAggregate(
        function: syntax.function, stream: stream, condition: condition, argument: argument,
        window: window),
      .value(type), bounds
    )
  }

  private func eventExample() -> String {
    let event = program.events.first { $0.ruleset == ruleset }
    return "\(event?.name ?? "invoice").\(event?.fields.first?.name ?? "amount")"
  }

  private func fieldExample(_ event: Int, _ list: Int?) -> String {
    let record = program.events[event]
    guard let list else {
      let own = record.ownFields
      return (own.first { $0.type.isNumber } ?? own.first)?.name ?? "field"
    }
    let fields = record.fields[record.lists[list].fields]
    let field = fields.first { $0.type.isNumber } ?? fields.first
    return field.map { String($0.name.dropFirst(record.lists[list].name.utf8.count + 1)) }
      ?? "field"
  }

  /// Whether an argument names events or elements, and no field of them.
  private func namesStream(_ syntax: ExpressionSyntax, _ event: Int, _ list: Int?) -> Bool {
    switch syntax.kind {
    case .reference(let parts): parts.count == 1
    case .each(let parts): parts.count == 2
    default: false
    }
  }

  /// The first reference of an expression whose first name is an event or a selection of events.
  private func streamHead(_ syntax: ExpressionSyntax) -> ExpressionSyntax? {
    switch syntax.kind {
    case .each(let parts):
      return ExpressionSyntax(
        id: syntax.id, kind: .each(Array(parts.prefix(2))), span: syntax.span)
    case .reference(let parts):
      guard let first = parts.first else { return nil }
      let symbol = scope.symbols[first.text]?.symbol
      guard isStream(symbol) || symbol == .fault || symbol == nil || parts.count == 2 else {
        return nil
      }
      return ExpressionSyntax(id: syntax.id, kind: .reference([first]), span: first.span)
    case .negation(let operand), .asFloat(let operand), .conversion(let operand, _, _, _):
      return streamHead(operand)
    case .arithmetic(_, let left, let right):
      return streamHead(left) ?? streamHead(right)
    default: return nil
    }
  }

  private mutating func aggregateType(_ syntax: AggregateSyntax, _ argument: CheckedExpression)
    -> (ValueType, ValueBounds)?
  {
    let function = syntax.function
    let range = bounds(of: argument)
    switch argument.type {
    case .amount where function != .countDistinct:
      report(
        "Y2", "these amounts are in different currencies", at: argument.span,
        label: describe(argument.type),
        help: ["convert them:   \(text(argument.span)) to HUF by huf at issued"])
      return nil
    case .stream, .outcomes, .fault: return nil
    default: break
    }
    if function == .countDistinct { return (.integer(.none), ValueBounds(lower: Quotient(0))) }
    guard let type = argument.type.valueType else { return nil }
    switch function {
    case .first, .last: return (type, range)
    case .min, .max:
      if argument.type.isNumber || type == .date { return (type, range) }
    case .sum, .mean:
      guard argument.type.isNumber else { break }
      if case .quotient = type {
        report(
          "Y1", "quotients are not summed event by event", at: argument.span,
          label: describe(argument.type),
          help: ["sum the numerators and divide the sum"])
        return nil
      }
      if function == .mean { return (.quotient(scale: type.scale, type.unit), range) }
      return (type, sumBounds(range))
    case .count, .countDistinct: break
    }
    report(
      "Y1", "`\(function.rawValue)` takes a number", at: argument.span,
      label: describe(argument.type))
    return nil
  }

  private func sumBounds(_ range: ValueBounds) -> ValueBounds {
    ValueBounds(
      lower: range.lower.flatMap { $0 >= Quotient(0) ? $0 : nil },
      upper: range.upper.flatMap { $0 <= Quotient(0) ? $0 : nil })
  }
}
