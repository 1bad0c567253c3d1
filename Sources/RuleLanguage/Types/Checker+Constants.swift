import DataFields
import ReferenceData
import SourceDiagnostics

extension Checker {
  /// A constant where a bare number takes the field's unit.
  mutating func ownConstant(_ syntax: ExpressionSyntax, of type: RuleType) -> ConstantValue? {
    guard type != .fault else { return nil }
    let checked = check(syntax, in: .row, expecting: type)
    guard checked.type != .fault else { return nil }
    guard var constant = checked.constant else {
      report("Y1", "expected a constant", at: syntax.span)
      return nil
    }
    let target: ValueType
    switch type {
    case .value(let valueType): target = valueType
    case .amount(let scale, _): target = .decimal(scale: scale, .none)
    case .fault, .stream, .outcomes: return nil
    }
    if constant.isBare, type.isNumber || target.scale > 0 || target == .double {
      constant.isBare = false
      constant.type = target == .double ? .double : retyped(constant.type, unit: target.unit)
    }
    guard agrees(constant, with: target, at: syntax.span) else { return nil }
    guard constant.stored(as: target) != nil else {
      report(
        "Y1", "the number has more digits than its type holds", at: syntax.span,
        label: describe(.value(target)))
      return nil
    }
    constant.type = target
    return constant
  }

  func retyped(_ type: ValueType, unit: MeasurementUnit) -> ValueType {
    switch type {
    case .integer: .integer(unit)
    case .decimal(let scale, _): .decimal(scale: scale, unit)
    case .quotient(let scale, _): .quotient(scale: scale, unit)
    default: type
    }
  }

  /// Whether a constant may stand for a value of the type; reported if not.
  private mutating func agrees(_ constant: ConstantValue, with type: ValueType, at span: SourceSpan)
    -> Bool
  {
    let isNumber = RuleType.value(type).isNumber
    let constantIsNumber = RuleType.value(constant.type).isNumber
    if isNumber, constantIsNumber {
      if constant.type.unit == type.unit || constant.number == Quotient(0) { return true }
      report(
        "Y2", "the units differ", at: span,
        label: "\(unitName(constant.type.unit)), expected \(unitName(type.unit))",
        fixIts: constant.type.unit.isNone ? addingUnit(type.unit, after: span) : [])
      return false
    }
    if constant.type == type || (type == .double && constant.type == .double) { return true }
    report(
      "Y1", "expected \(describe(.value(type)))", at: span, label: describe(.value(constant.type)))
    return false
  }

  func unitName(_ unit: MeasurementUnit) -> String { unit.isNone ? "no unit" : unit.description }

  /// The bounds that a range declares for values of a type.
  mutating func bounds(_ range: RangeSyntax, of type: RuleType) -> ValueBounds {
    guard type.isNumber || type == .value(.date) || type == .value(.double) || isAmount(type)
    else {
      if type != .fault {
        report("Y1", "only a number or a date has bounds", at: range.span, label: describe(type))
      }
      return ValueBounds()
    }
    let lower = ownConstant(range.lower, of: type)
    var upper = ownConstant(range.upper, of: type)
    if !range.includesUpper, let bound = upper {
      // The next lower value that the type holds.
      switch type {
      case .value(.integer), .value(.date):
        upper?.number = bound.number.adding(Quotient(-1)) ?? bound.number
      case .value(.decimal(let scale, _)), .amount(let scale, _):
        let power = ExactArithmetic.powerOfTen(scale) ?? 1
        if let step = Quotient(-1, over: power), let next = bound.number.adding(step) {
          upper?.number = next
        }
      default: break
      }
    }
    if let lower, let upper, lower.number > upper.number {
      report("Y1", "the range is empty", at: range.span)
      return ValueBounds()
    }
    return ValueBounds(lower: lower?.number, upper: upper?.number)
  }

  private func isAmount(_ type: RuleType) -> Bool {
    if case .amount = type { return true }
    return false
  }
}
