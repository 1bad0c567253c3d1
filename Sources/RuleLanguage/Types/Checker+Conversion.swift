import DataFields
import SourceDiagnostics

extension Checker {
  mutating func conversion(
    _ amount: ExpressionSyntax, _ currency: NameSyntax, _ rates: NameSyntax, _ date: NameSyntax,
    _ syntax: ExpressionSyntax, in place: Place
  ) -> CheckedExpression {
    guard case .event(let event, let list) = place else {
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
    guard let dateField = record.field(named: date.text, of: list) else {
      reportUnknown(date, as: "field of `\(record.name)`", among: record.names(of: list))
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
