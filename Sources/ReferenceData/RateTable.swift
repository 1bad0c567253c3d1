package import DataFields
package import SourceDiagnostics
internal import TabularIO

/// Exchange rates by currency and day: how much of the target currency one unit of another is.
///
/// Rates are exact: integers scaled by 10^``digits``. On a day without a rate the last one before
/// counts, if it is at most ``maximumAge`` days old. Currencies are codes of the interner that the
/// table was loaded with, so that looking one up compares no texts.
package struct RateTable: Sendable {
  /// What the columns of the file are, as a ruleset's `rates` declares them.
  package struct Form: Sendable, Hashable {
    package var dateColumn: String
    package var currencyColumn: String
    package var rateColumn: String
    /// Digits after the point of the rate's declared type.
    package var digits: Int
    /// `previous within 7 d`; 0 if only the day's own rate counts.
    package var maximumAge: Int

    package init(
      dateColumn: String, currencyColumn: String, rateColumn: String, digits: Int,
      maximumAge: Int
    ) {
      self.dateColumn = dateColumn
      self.currencyColumn = currencyColumn
      self.rateColumn = rateColumn
      self.digits = digits
      self.maximumAge = maximumAge
    }
  }

  /// A rate and the day on which it was set.
  package struct Rate: Sendable, Hashable {
    package let value: Int128
    package let date: CalendarDate

    package init(value: Int128, date: CalendarDate) {
      self.value = value
      self.date = date
    }
  }

  package enum Lookup: Sendable, Hashable {
    case found(Rate)
    case unknownCurrency
    /// No rate within the admitted age; the last one before the day, if there is any.
    case noRate(latest: CalendarDate?)
  }

  package let path: String
  package let digest: Digest
  /// The columns that were read, and how.
  package let form: Form
  package let digits: Int
  package let maximumAge: Int
  /// The currencies' codes, rising.
  package private(set) var currencies: [Int32] = []
  // Currency i has the days and rates of starts[i] ..< starts[i + 1], by rising day.
  private var starts: [Int] = [0]
  private var days: [Int32] = []
  private var rates: [Int128] = []

  /// Reads a table and gives its currencies their codes.
  ///
  /// - Throws: every fault of the file: a rate that is not positive or has too many digits, a date
  ///   that does not exist, a currency with two rates on one day.
  package init(
    _ file: ReferenceFile, form: Form, texts: inout TextInterner
  ) throws(DiagnosticsError) {
    path = file.path
    digest = file.digest
    self.form = form
    digits = form.digits
    maximumAge = form.maximumAge
    var entries: [(currency: Int32, day: Int32, rate: Int128, line: Int)] = []
    var rows = try ReferenceRows(
      file, columns: .named([form.dateColumn, form.currencyColumn, form.rateColumn]))
    var line = 1
    while try rows.next() {
      line += 1
      guard let day = Self.day(&rows), let rate = Self.rate(&rows, digits: form.digits) else {
        continue
      }
      let currency = rows.field(1)
      if currency.isEmpty {
        rows.report("a rate has no currency", column: 1)
        continue
      }
      entries.append((texts.intern(currency.span), day, rate, line))
    }
    try rows.finish()
    if entries.isEmpty {
      throw DiagnosticsError(
        Diagnostic(code: "I2", message: "`\(file.path)` has no rates", file: file.path))
    }
    entries.sort { ($0.currency, $0.day, $0.line) < ($1.currency, $1.day, $1.line) }
    for (index, entry) in entries.enumerated() {
      if index > 0,
        (entries[index - 1].currency, entries[index - 1].day) == (
          entry.currency, entry.day
        )
      {
        throw DiagnosticsError(
          Diagnostic(
            code: "I6",
            message: "`\(texts.text(entry.currency))` has two rates on "
              + "\(CalendarDate(daysSinceEpoch: entry.day))",
            file: file.path, path: form.rateColumn))
      }
      if currencies.last != entry.currency {
        if !currencies.isEmpty { starts.append(index) }
        currencies.append(entry.currency)
      }
      days.append(entry.day)
      rates.append(entry.rate)
    }
    starts.append(entries.count)
  }

  private static func day(_ rows: inout ReferenceRows) -> Int32? {
    do throws(DateFault) {
      return try CalendarDate(parsing: rows.field(0).span).daysSinceEpoch
    } catch {
      rows.report("`\(rows.text(0))` \(error.reason)", column: 0)
      return nil
    }
  }

  private static func rate(_ rows: inout ReferenceRows, digits: Int) -> Int128? {
    do throws(NumberFault) {
      let rate = try DecimalText(parsing: rows.field(2).span).scaled(to: digits)
      if rate > 0 { return rate }
      rows.report("`\(rows.text(2))` is not above zero", column: 2)
    } catch {
      rows.report("`\(rows.text(2))` \(error.reason)", column: 2)
    }
    return nil
  }

  /// The first and the last day with any rate.
  package var span: ClosedRange<CalendarDate> {
    let first = days.min() ?? 0
    return CalendarDate(
      daysSinceEpoch: first)...CalendarDate(
        daysSinceEpoch: max(first, days.max() ?? first))
  }

  /// The rate of a currency on a day.
  ///
  /// - Complexity: O(log currencies + log days), no allocation.
  package func rate(of currency: Int32, on date: CalendarDate) -> Lookup {
    let place = Self.firstIndex(in: currencies, 0..<currencies.count) { $0 >= currency }
    guard place < currencies.count, currencies[place] == currency else { return .unknownCurrency }
    let range = starts[place]..<starts[place + 1]
    let after = Self.firstIndex(in: days, range) { $0 > date.daysSinceEpoch }
    guard after > range.lowerBound else { return .noRate(latest: nil) }
    let day = days[after - 1]
    guard Int(date.daysSinceEpoch) - Int(day) <= maximumAge else {
      return .noRate(latest: CalendarDate(daysSinceEpoch: day))
    }
    return .found(Rate(value: rates[after - 1], date: CalendarDate(daysSinceEpoch: day)))
  }

  /// `amount` x `rate`, rounded once, half to even, to `targetDigits` after the point; nil if it
  /// leaves what 38 digits hold.
  package func converted(
    _ amount: Int128, scale: Int, at rate: Rate, targetDigits: Int
  ) -> Int128? {
    let (product, overflow) = amount.multipliedReportingOverflow(by: rate.value)
    if overflow { return nil }
    let surplus = scale + digits - targetDigits
    if surplus <= 0 { return ExactArithmetic.scaled(product, byDigits: -surplus) }
    guard let power = ExactArithmetic.powerOfTen(surplus) else { return nil }
    return ExactArithmetic.dividedHalfEven(product, by: power)
  }

  private static func firstIndex(
    in values: [Int32], _ range: Range<Int>, where isThere: (Int32) -> Bool
  ) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if isThere(values[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
