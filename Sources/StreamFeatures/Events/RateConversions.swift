package import DataFields
package import ReferenceData
package import RuleLanguage

/// Carries out the conversions of one event by the dated rate tables, and notes why one failed.
package struct RateConversions: ConversionSource, Sendable {
  /// Why an amount could not be converted.
  package enum Failure: Sendable, Hashable {
    case unknownCurrency(Int32)
    case noRate(currency: Int32, day: CalendarDate, latest: CalendarDate?)
    case overflow
  }

  private let plans: [ConversionPlan]
  private let tables: [RateTable]
  package private(set) var failure: Failure?
  /// The rates that were applied since ``reset()``, each once.
  package private(set) var applied: [AppliedConversion] = []

  package init(_ plans: [ConversionPlan], tables: [RateTable]) {
    self.plans = plans
    self.tables = tables
  }

  package mutating func reset() {
    failure = nil
    applied.removeAll(keepingCapacity: true)
  }

  package mutating func convert(
    _ index: Int, in row: inout RuleRow, to destination: Int
  ) -> Bool {
    let plan = plans[index]
    let amount = row.value(plan.amountSlot)
    let currency = Int32(truncatingIfNeeded: row.value(plan.currencySlot))
    if currency == plan.targetCode { return take(amount, plan, in: &row, to: destination) }
    let date = CalendarDate(
      daysSinceEpoch: Int32(truncatingIfNeeded: row.value(plan.dateSlot)))
    let table = tables[plan.table]
    switch table.rate(of: currency, on: date) {
    case .found(let rate):
      let converted = table.converted(
        amount, scale: plan.amountScale, at: rate, targetDigits: plan.targetDigits)
      guard let converted else { return fail(.overflow) }
      row.set(destination, to: converted, origin: .derived)
      let conversion = AppliedConversion(
        table: plan.table, currency: currency, target: plan.targetCode, rate: rate.value,
        digits: table.digits, date: rate.date)
      // Several aggregates of one amount convert it alike.
      if !applied.contains(conversion) { applied.append(conversion) }
      return true
    case .unknownCurrency: return fail(.unknownCurrency(currency))
    case .noRate(let latest):
      return fail(.noRate(currency: currency, day: date, latest: latest))
    }
  }

  /// An amount already in the target currency is taken as it is, but for the number of digits.
  private mutating func take(
    _ amount: Int128, _ plan: ConversionPlan, in row: inout RuleRow, to destination: Int
  ) -> Bool {
    let surplus = plan.amountScale - plan.targetDigits
    let value: Int128? =
      if surplus <= 0 {
        ExactArithmetic.scaled(amount, byDigits: -surplus)
      } else {
        ExactArithmetic.powerOfTen(surplus).flatMap {
          ExactArithmetic.dividedHalfEven(amount, by: $0)
        }
      }
    guard let value else { return fail(.overflow) }
    row.set(destination, to: value, origin: .derived)
    return true
  }

  private mutating func fail(_ failure: Failure) -> Bool {
    self.failure = failure
    return false
  }
}
