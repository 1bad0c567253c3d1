import DataFields
import SourceDiagnostics

extension Checker {
  private func make(
    _ kind: CheckedExpression.Kind, _ type: RuleType, _ syntax: ExpressionSyntax
  ) -> CheckedExpression {
    CheckedExpression(kind: kind, type: type, span: syntax.span, id: syntax.id)
  }

  private func fault(_ syntax: ExpressionSyntax) -> CheckedExpression {
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
    case .comparison, .and, .or, .not, .within, .oneOf, .inList, .presence:
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
    if case .event(let event) = place {
      return eventReference(parts, syntax, event: event, expecting: expecting)
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
    _ parts: [NameSyntax], _ syntax: ExpressionSyntax, event: Int, expecting: RuleType?
  ) -> CheckedExpression {
    let record = program.events[event]
    var field = parts[0]
    if parts.count == 2 {
      switch scope.symbols[parts[0].text]?.symbol {
      case .event(let other) where other == event: field = parts[1]
      case .stream(let stream) where program.streams[stream].event == event: field = parts[1]
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
    }
    if let index = record.fields.firstIndex(where: { $0.name == field.text }) {
      return make(.eventField(index), record.fields[index].type, syntax)
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
        among: currencies.sorted() + record.fields.map(\.name))
    } else {
      reportUnknown(
        field, as: "field of `\(record.name)`", among: record.fields.map(\.name))
    }
    return fault(syntax)
  }

  // MARK: Arithmetic

  private mutating func negation(_ operand: CheckedExpression, _ syntax: ExpressionSyntax)
    -> CheckedExpression
  {
    guard operand.type != .fault else { return fault(syntax) }
    if case .constant(var constant) = operand.kind, operand.type.isNumber,
      let negated = constant.number.negated
    {
      constant.number = negated
      return make(.constant(constant), operand.type, syntax)
    }
    guard operand.type.isNumber else {
      report("Y1", "`-` takes a number", at: operand.span, label: describe(operand.type))
      return fault(syntax)
    }
    return make(.negation(operand), operand.type, syntax)
  }

  private mutating func arithmetic(
    _ symbol: ArithmeticOperator, _ left: CheckedExpression, _ right: CheckedExpression,
    _ syntax: ExpressionSyntax
  ) -> CheckedExpression {
    guard left.type != .fault, right.type != .fault else { return fault(syntax) }
    guard let a = left.type.valueType, let b = right.type.valueType, left.type.isNumber,
      right.type.isNumber
    else {
      let isAmount = [left, right].contains { if case .amount = $0.type { true } else { false } }
      report(
        isAmount ? "Y2" : "Y1",
        isAmount
          ? "an amount in the event's own currency is converted before it is computed with"
          : "`\(symbol.rawValue)` takes two numbers",
        at: [(left.span, describe(left.type)), (right.span, describe(right.type))],
        connectors: connector(between: left, and: right, symbol.rawValue),
        help: isAmount ? ["for example   \(text(left.span)) to HUF by huf at issued"] : [])
      return fault(syntax)
    }
    var unit = a.unit
    switch symbol {
    case .add, .subtract:
      if a.unit != b.unit {
        if isZero(left) {
          unit = b.unit
        } else if !isZero(right) {
          reportUnits(left, right, symbol.rawValue)
          return fault(syntax)
        }
      }
    case .multiply: unit = a.unit.multiplied(by: b.unit)
    case .divide: unit = a.unit.divided(by: b.unit)
    }
    if let folded = fold(symbol, left, right, unit, syntax) { return folded }
    if symbol == .divide, isZero(right) {
      report("Y5", "division by zero", at: right.span)
      return fault(syntax)
    }
    let type = resultType(symbol, a, b, unit)
    guard type.scale <= 18 else {
      report(
        "Y1", "the result has more than 18 digits after the point", at: syntax.span)
      return fault(syntax)
    }
    return make(.arithmetic(symbol, left, right), .value(type), syntax)
  }

  private func resultType(
    _ symbol: ArithmeticOperator, _ a: ValueType, _ b: ValueType, _ unit: MeasurementUnit
  ) -> ValueType {
    func isQuotient(_ type: ValueType) -> Bool {
      if case .quotient = type { return true }
      return false
    }
    let isWhole = a.scale == 0 && b.scale == 0
    switch symbol {
    case .divide: return .quotient(scale: a.scale, unit)
    case .add, .subtract:
      let scale = max(a.scale, b.scale)
      if isQuotient(a) || isQuotient(b) { return .quotient(scale: scale, unit) }
      return isWhole ? .integer(unit) : .decimal(scale: scale, unit)
    case .multiply:
      let scale = a.scale + b.scale
      if isQuotient(a) || isQuotient(b) { return .quotient(scale: scale, unit) }
      return isWhole ? .integer(unit) : .decimal(scale: scale, unit)
    }
  }

  /// The value of arithmetic on two constants.
  private mutating func fold(
    _ symbol: ArithmeticOperator, _ left: CheckedExpression, _ right: CheckedExpression,
    _ unit: MeasurementUnit, _ syntax: ExpressionSyntax
  ) -> CheckedExpression? {
    guard let x = left.constant, let y = right.constant else { return nil }
    let number: Quotient?
    switch symbol {
    case .add: number = x.number.adding(y.number)
    case .subtract: number = y.number.negated.flatMap { x.number.adding($0) }
    case .multiply: number = x.number.multiplied(by: y.number)
    case .divide:
      if y.number == Quotient(0) {
        report("Y5", "division by zero", at: right.span)
        return fault(syntax)
      }
      number = x.number.divided(by: y.number)
    }
    guard let number else {
      report("X3", "the value of this arithmetic is too large", at: syntax.span)
      return fault(syntax)
    }
    let type: ValueType
    if symbol == .divide {
      type = .quotient(scale: x.type.scale, unit)
    } else {
      type = resultType(symbol, x.type, y.type, unit)
    }
    return make(
      .constant(ConstantValue(type: type, number: number, isBare: x.isBare && y.isBare)),
      .value(type), syntax)
  }

  func isZero(_ expression: CheckedExpression) -> Bool {
    guard let constant = expression.constant else { return false }
    return constant.isBare && constant.number == Quotient(0)
  }

  mutating func reportUnits(
    _ left: CheckedExpression, _ right: CheckedExpression, _ symbol: String
  ) {
    report(
      "Y2", "the units differ",
      at: [(left.span, describe(left.type)), (right.span, describe(right.type))],
      connectors: connector(between: left, and: right, symbol),
      help: unitHelp(left, right) + unitHelp(right, left))
  }

  private func unitHelp(_ bare: CheckedExpression, _ other: CheckedExpression) -> [String] {
    guard let constant = bare.constant, constant.isBare, let unit = other.type.valueType?.unit,
      !unit.isNone
    else { return [] }
    return ["write the unit:   \(text(bare.span)) \(unit)"]
  }

  /// The span of the operator between two operands, to mark it.
  func connector(
    between left: CheckedExpression, and right: CheckedExpression, _ symbol: String
  ) -> [SourceSpan] {
    let bytes = program.sources.files[left.span.file].bytes
    let lower = left.span.range.upperBound
    let upper = right.span.range.lowerBound
    guard left.span.file == right.span.file, lower < upper,
      !bytes[lower..<upper].contains(UInt8(ascii: "\n"))
    else { return [] }
    let wanted = Array(symbol.utf8)
    var place = lower
    while place + wanted.count <= upper {
      if Array(bytes[place..<(place + wanted.count)]) == wanted {
        return [SourceSpan(file: left.span.file, range: place..<(place + wanted.count))]
      }
      place += 1
    }
    return []
  }

  func text(_ span: SourceSpan) -> String { program.sources[span] }

  /// The text of a span on one line, with runs of space made one.
  func flatText(_ span: SourceSpan) -> String {
    var words: [Substring] = []
    for line in text(span).split(whereSeparator: \.isNewline) {
      var line = line
      if let comment = line.firstRange(ofComment: "//") { line = line[..<comment] }
      words += line.split(whereSeparator: \.isWhitespace)
    }
    return words.joined(separator: " ")
  }

  // MARK: Conversion

  private mutating func conversion(
    _ amount: ExpressionSyntax, _ currency: NameSyntax, _ rates: NameSyntax, _ date: NameSyntax,
    _ syntax: ExpressionSyntax, in place: Place
  ) -> CheckedExpression {
    guard case .event(let event) = place else {
      report("Y6", "a conversion stands inside an aggregate over events", at: syntax.span)
      return fault(syntax)
    }
    let operand = check(amount, in: place)
    var isFaulty = operand.type == .fault
    var currencyField = 0
    if case .amount(_, let field) = operand.type {
      currencyField = field
      if case .eventField = operand.kind {} else { isFaulty = true }
    } else if !isFaulty {
      report(
        "Y2", "only an amount in another field's currency is converted", at: operand.span,
        label: describe(operand.type),
        help: ["declare the field as   decimal(2) in currency"])
      isFaulty = true
    }
    var target: MeasurementUnit?
    if let found = scope.units[currency.text]?.unit, found.currencyMinorDigits != nil {
      target = found
    } else {
      let names = scope.units.filter { $0.value.unit.currencyMinorDigits != nil }.keys.sorted()
      reportUnknown(currency, as: "currency", among: names)
    }
    var table: Int?
    switch lookUp(rates, as: "rate table") {
    case .rates(let index)?: table = index
    case let other?: reportKind(rates, is: other, expected: "a rate table")
    case nil: break
    }
    let record = program.events[event]
    guard let dateField = record.fields.firstIndex(where: { $0.name == date.text }) else {
      reportUnknown(date, as: "field of `\(record.name)`", among: record.fields.map(\.name))
      return fault(syntax)
    }
    if record.fields[dateField].type != .value(.date), record.fields[dateField].type != .fault {
      report(
        "Y1", "the rate is looked up by a date", at: date.span,
        label: describe(record.fields[dateField].type))
      return fault(syntax)
    }
    guard !isFaulty, let target, let table else { return fault(syntax) }
    let type = ValueType.decimal(
      scale: CurrencyCodes.minorDigits(of: currency.text), target)
    return make(
      .conversion(
        operand, currencyField: currencyField, target: currency.text, rates: table,
        dateField: dateField),
      .value(type), syntax)
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
