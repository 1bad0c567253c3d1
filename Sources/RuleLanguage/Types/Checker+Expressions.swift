import DataFields
import SourceDiagnostics

extension Checker {
  func make(
    _ kind: CheckedExpression.Kind, _ type: RuleType, _ syntax: ExpressionSyntax
  ) -> CheckedExpression {
    CheckedExpression(kind: kind, type: type, span: syntax.span, id: syntax.id)
  }

  func fault(_ syntax: ExpressionSyntax) -> CheckedExpression {
    make(.fault, .fault, syntax)
  }

  /// Resolves and types an expression.
  ///
  /// - Parameter expecting: the type on the other side, which gives meaning to a level's or a
  ///   currency's name that stands alone.
  mutating func check(
    _ syntax: ExpressionSyntax, in place: Place, expecting: RuleType? = nil
  ) -> CheckedExpression {
    switch syntax.kind {
    case .number(let number):
      return self.number(number, syntax)
    case .date(let date):
      let constant = ConstantValue(type: .date, number: Quotient(Int128(date.daysSinceEpoch)))
      return make(.constant(constant), .value(.date), syntax)
    case .text(let text):
      return make(.constant(.text(text)), .value(.text), syntax)
    case .boolean(let value):
      let constant = ConstantValue(type: .boolean, number: Quotient(value ? 1 : 0))
      return make(.constant(constant), .value(.boolean), syntax)
    case .reference(let parts):
      return reference(parts, syntax, in: place, expecting: expecting)
    case .each(let parts):
      return eachReference(parts, syntax, in: place)
    case .negation(let operand):
      return negation(check(operand, in: place), syntax)
    case .arithmetic(let symbol, let left, let right):
      return arithmetic(
        symbol, check(left, in: place), check(right, in: place), syntax)
    case .asFloat(let operand):
      let operand = check(operand, in: place)
      guard operand.type != .fault else { return fault(syntax) }
      guard operand.type.isNumber else {
        report(
          "Y1", "`as float` takes a number", at: operand.span, label: describe(operand.type))
        return fault(syntax)
      }
      guard isFeed else {
        report(
          "Y6", "`as float` stands in a `feed`", at: syntax.span,
          help: ["rules compute exactly; only a model takes floats"])
        return fault(syntax)
      }
      return make(.asFloat(operand), .value(.double), syntax)
    case .conversion(let amount, let currency, let rates, let date):
      return conversion(amount, currency, rates, date, syntax, in: place)
    case .comparison, .and, .or, .not, .within, .oneOf, .inList, .member,
      .presence:
      let condition = condition(syntax, in: place)
      return make(.condition(condition), .value(.boolean), syntax)
    case .aggregate(let aggregate):
      report(
        "Y6", "an aggregate stands alone in a `let`", at: syntax.span,
        help: [
          "give it a name:   let total = \(aggregate.function.rawValue)(...) over all time"
        ])
      return fault(syntax)
    case .filtered:
      report("Y6", "`where` selects events in a `let` or inside an aggregate", at: syntax.span)
      return fault(syntax)
    case .tuple:
      report("X3", "several values stand only where a test expects a list", at: syntax.span)
      return fault(syntax)
    case .fault:
      return fault(syntax)
    }
  }

  private mutating func number(_ number: NumberSyntax, _ syntax: ExpressionSyntax)
    -> CheckedExpression
  {
    guard let power = ExactArithmetic.powerOfTen(number.value.scale),
      let value = Quotient(number.value.coefficient, over: power)
    else { return fault(syntax) }
    var unit = MeasurementUnit.none
    if let written = number.unit {
      guard let known = self.unit(written) else { return fault(syntax) }
      unit = known
    }
    let type: ValueType =
      number.value.scale == 0
      ? .integer(unit) : .decimal(scale: number.value.scale, unit)
    return make(
      .constant(ConstantValue(type: type, number: value, isBare: number.unit == nil)),
      .value(type), syntax)
  }

  // MARK: Names

  private mutating func reference(
    _ parts: [NameSyntax], _ syntax: ExpressionSyntax, in place: Place, expecting: RuleType?
  ) -> CheckedExpression {
    if case .event(let event, let list) = place {
      return eventReference(parts, syntax, event: event, list: list, expecting: expecting)
    }
    if parts.count == 1 {
      let name = parts[0]
      guard let found = scope.symbols[name.text] else {
        if let level = level(name, expecting: expecting, syntax) { return level }
        reportUnknownValue(name, expecting: expecting)
        return fault(syntax)
      }
      switch found.symbol {
      case .value(let index):
        return make(.value(index), program.values[index].type, syntax)
      case .input(let input):
        report(
          "N3", "`\(name.text)` is an input, expected a value", at: name.span,
          help: ["name a field:   \(name.text).\(program.inputs[input].fields.first?.name ?? "")"])
      case let other: reportKind(name, is: other, expected: "a value")
      }
      return fault(syntax)
    }
    guard parts.count == 2 else {
      report("N3", "a name has at most two parts here", at: syntax.span)
      return fault(syntax)
    }
    return member(parts, syntax)
  }

  private mutating func member(_ parts: [NameSyntax], _ syntax: ExpressionSyntax)
    -> CheckedExpression
  {
    guard let symbol = lookUp(parts[0], as: "input, model or scale") else { return fault(syntax) }
    switch symbol {
    case .input(let input):
      let record = program.inputs[input]
      let full = "\(record.name).\(parts[1].text)"
      if let index = valueIndex(full, of: record.ruleset) {
        return make(.value(index), program.values[index].type, syntax)
      }
      reportUnknown(
        parts[1], as: "field of `\(record.name)`", among: record.fields.map(\.name))
    case .model(let model):
      let model = program.models[model]
      let full = "\(model.name).\(parts[1].text)"
      if let index = valueIndex(full, of: model.ruleset) {
        return make(.value(index), program.values[index].type, syntax)
      }
      let names = model.results.map {
        String(program.values[$0.value].name.dropFirst(model.name.count + 1))
      }
      reportUnknown(parts[1], as: "result of `\(model.name)`", among: names)
    case .scale(let scale):
      if let level = program.scales[scale].levels.firstIndex(of: parts[1].text) {
        return rankLevel(scale, level, syntax)
      }
      reportUnknown(
        parts[1], as: "level of `\(program.scales[scale].name)`",
        among: program.scales[scale].levels)
    case .event, .stream:
      report(
        "Y6", "an event's field stands inside an aggregate", at: syntax.span,
        help: ["for example   last(\(parts[0].text).\(parts[1].text)) over all time"])
    case let other: reportKind(parts[0], is: other, expected: "an input, a model or a scale")
    }
    return fault(syntax)
  }

  private func rankLevel(_ scale: Int, _ level: Int, _ syntax: ExpressionSyntax)
    -> CheckedExpression
  {
    let constant = ConstantValue(
      type: .rank(scale: scale), number: Quotient(Int128(level)))
    return make(.constant(constant), .value(.rank(scale: scale)), syntax)
  }

  /// A level's name that stands alone, where a rank of its scale is expected.
  private func level(_ name: NameSyntax, expecting: RuleType?, _ syntax: ExpressionSyntax)
    -> CheckedExpression?
  {
    guard case .value(.rank(let scale))? = expecting,
      let level = program.scales[scale].levels.firstIndex(of: name.text)
    else { return nil }
    return rankLevel(scale, level, syntax)
  }

  private mutating func reportUnknownValue(_ name: NameSyntax, expecting: RuleType?) {
    if expecting == .fault { return }
    if case .value(.rank(let scale))? = expecting {
      reportUnknown(
        name, as: "value or level of `\(program.scales[scale].name)`",
        among: program.scales[scale].levels + knownNames)
      return
    }
    let fields = program.inputs.filter { scopes[ruleset].symbols[$0.name] != nil }
      .flatMap { input in input.fields.filter { $0.name == name.text }.map { (input, $0) } }
    if let (input, field) = fields.first {
      report(
        "N1", "no value is called `\(name.text)`", at: name.span,
        help: ["the input's field is   \(input.name).\(field.name)"])
      return
    }
    reportUnknown(name, as: "value", among: knownNames)
  }

  private mutating func eventReference(
    _ parts: [NameSyntax], _ syntax: ExpressionSyntax, event: Int, list: Int?,
    expecting: RuleType?
  ) -> CheckedExpression {
    let record = program.events[event]
    var field = parts[0]
    if parts.count == 2 {
      switch scope.symbols[parts[0].text]?.symbol {
      case .event(let other) where other == event: field = parts[1]
      case .stream(let stream)
      where program.streams[stream].event == event
        && (program.streams[stream].list == nil || program.streams[stream].list == list):
        field = parts[1]
      case nil:
        reportUnknown(parts[0], as: "event", among: knownNames)
        return fault(syntax)
      case .fault: return fault(syntax)
      default:
        report(
          "Y6", "a condition on events reads only fields of `\(record.name)`", at: syntax.span)
        return fault(syntax)
      }
    } else if parts.count > 2 {
      report("N3", "a name has at most two parts here", at: syntax.span)
      return fault(syntax)
    } else if let list, record.lists[list].isOfValues,
      case .stream(let stream)? = scope.symbols[field.text]?.symbol,
      program.streams[stream].event == event, program.streams[stream].list == list,
      let index = record.elementField(named: "", of: list)
    {
      return make(.eventField(index), record.fields[index].type, syntax)
    }
    if let index = record.field(named: field.text, of: list) {
      return make(.eventField(index), record.fields[index].type, syntax)
    }
    if record.lists.contains(where: { $0.name == field.text }) {
      report(
        "Y6", "a list is taken element by element", at: syntax.span,
        help: ["for example   let \(field.text) = each \(record.name).\(field.text)"])
      return fault(syntax)
    }
    if parts.count == 1, expecting == .value(.text),
      let unit = scope.units[field.text]?.unit, unit.currencyMinorDigits != nil
    {
      return make(.constant(.text(field.text)), .value(.text), syntax)
    }
    if scope.symbols[field.text] != nil, parts.count == 1 {
      report(
        "Y6", "a condition on events reads only fields of `\(record.name)`", at: syntax.span)
      return fault(syntax)
    }
    if expecting == .value(.text), parts.count == 1 {
      let currencies = scope.units.filter { $0.value.unit.currencyMinorDigits != nil }.keys
      reportUnknown(
        field, as: "currency or field of `\(record.name)`",
        among: currencies.sorted() + record.names(of: list))
    } else {
      reportUnknown(
        field, as: "field of `\(record.name)`", among: record.names(of: list))
    }
    return fault(syntax)
  }
}

extension Substring {
  /// Where a comment begins, outside of texts in quotes.
  func firstRange(ofComment mark: String) -> Index? {
    var isInText = false
    var place = startIndex
    while place < endIndex {
      if self[place] == "\"" { isInText.toggle() }
      if !isInText, self[place...].hasPrefix(mark) { return place }
      place = index(after: place)
    }
    return nil
  }
}
