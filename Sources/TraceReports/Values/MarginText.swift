import DataFields
package import DecisionTrace

/// What a change of rank would take, in words: `−67.8 % → M (< amount.L = 100,000)`.
package enum MarginText {
  package static func text(_ margin: Trace.Margin, of value: Trace.Value) -> String {
    let symbol =
      switch (margin.isAbove, margin.belongsBelow) {
      case (true, true): "≤"
      case (true, false): "<"
      case (false, true): ">"
      case (false, false): "≥"
      }
    let place = "\(symbol) \(margin.cutPointName) = \(cutPoint(margin))"
    // What a change would take tells where a masked value lies.
    let change = value.isMasked ? "" : change(margin, of: value) + " "
    return "\(change)→ \(margin.levelBeyond) (\(place))"
  }

  private static func cutPoint(_ margin: Trace.Margin) -> String {
    margin.cutPoint.bareText
  }

  /// The least change that reaches the other side, as the value's type has it: whole steps for
  /// whole numbers and days, a share of the value for other numbers, a difference for scores.
  private static func change(_ margin: Trace.Margin, of value: Trace.Value) -> String {
    switch (value.content, margin.distance) {
    case (.date, .number(let days, _, _, _)):
      return steps(margin, distance: days.numerator, unit: MeasurementUnit("d"))
    case (.number(let number, let scale, _, let unit), .number(let distance, _, _, _)):
      if case .quotient = value.field.type { return share(margin, distance, of: number) }
      return scale == 0
        ? steps(margin, distance: distance.numerator, unit: unit)
        : share(margin, distance, of: number)
    case (.double, .double(let distance)):
      if distance == 0 { return beyond(margin) }
      return NumberForm.signed(-distance, digits: NumberForm.digits(for: [distance]))
    default:
      return "?"
    }
  }

  /// A cut point belongs to one side; where that is the near one, the far one begins a step later.
  private static func steps(
    _ margin: Trace.Margin, distance: Int128, unit: MeasurementUnit
  ) -> String {
    var (change, isTooLarge) = Int128.zero.subtractingReportingOverflow(distance)
    if margin.isAbove != margin.belongsBelow {
      let (next, overflow) = change.addingReportingOverflow(margin.isAbove ? -1 : 1)
      change = next
      isTooLarge = isTooLarge || overflow
    }
    if isTooLarge { return beyond(margin) }
    let digits = NumberText.grouped(change, scale: 0)
    let number = change < 0 ? NumberForm.minus(digits) : "+" + digits
    return unit.isNone
      ? number : number + " " + UnitWords.text(unit, isOne: change == 1 || change == -1)
  }

  private static func share(
    _ margin: Trace.Margin, _ distance: Quotient, of number: Quotient
  ) -> String {
    let value = number.nearestDouble
    if distance.numerator == 0 { return beyond(margin) }
    guard value != 0 else { return "from 0" }
    return NumberForm.percent(-distance.nearestDouble / value.magnitude)
  }

  private static func beyond(_ margin: Trace.Margin) -> String {
    margin.isAbove ? "any decrease" : "any increase"
  }
}
