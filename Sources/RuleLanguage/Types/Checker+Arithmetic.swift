import DataFields
import SourceDiagnostics

extension Checker {
  mutating func negation(_ operand: CheckedExpression, _ syntax: ExpressionSyntax)
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

  mutating func arithmetic(
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
      help: [(left, right), (right, left)].compactMap { bare, other in
        missingUnit(of: bare, beside: other).map { "write the unit:   \(text(bare.span)) \($0)" }
      },
      fixIts: [(left, right), (right, left)].flatMap { bare, other in
        missingUnit(of: bare, beside: other).map { addingUnit($0, after: bare.span) } ?? []
      })
  }

  private func missingUnit(of bare: CheckedExpression, beside other: CheckedExpression)
    -> MeasurementUnit?
  {
    guard let constant = bare.constant, constant.isBare, let unit = other.type.valueType?.unit,
      !unit.isNone
    else { return nil }
    return unit
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
}
