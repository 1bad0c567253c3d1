internal import DataFields

/// The invoices of customer 334628087, whose figures are published: 230 invoices that were kept,
/// in EUR and HUF, of 285,792,976.00 HUF in all after conversion.
///
/// The amounts are made up; their number, currencies and sum are not. They are the same in every
/// sample. Four cancelled invoices lie between them, which a profile leaves out.
package enum PublishedCustomer {
  /// The sum of the kept invoices in hundredths of a forint.
  package static let total = 28_579_297_600
  package static let keptCount = 230

  struct Invoice: Sendable {
    var day: Int
    var currency: Currency
    /// Hundredths of the currency; negative where cancelled.
    var payable: Int
    /// Days from issue to due date.
    var term: Int
  }

  static let invoices: [Invoice] = makeInvoices()

  private static let cancelled: Set<Int> = [38, 97, 151, 206]

  private static func makeInvoices() -> [Invoice] {
    let count = keptCount + cancelled.count
    var random = SplitMix64(334_628_087, .published, 0)
    var invoices: [Invoice] = []
    var weights: [Int] = []
    var foreignSum = 0
    let schedule = EventSchedule(
      count: count, customer: 0, seed: 334_628_087, purpose: .invoiceDay, worksWeekends: false)
    for number in 0..<count {
      let day = schedule.day(of: number)
      let usual = [8, 8, 8, 15, 30][random.below(5)]
      // The published extremes of this customer's payment terms: -82 and 34 days.
      let term = number == 57 ? -82 : number == 101 ? 34 : usual
      if cancelled.contains(number), let taken = invoices.last {
        weights.append(0)
        invoices.append(
          Invoice(day: day, currency: taken.currency, payable: -taken.payable, term: 0))
      } else if number % 9 == 4 {
        let payable = random.within(85_000...690_000)
        // INVARIANT: every day of the sample has a rate within the 7 days before it.
        foreignSum += ExchangeRates.table.inForints(payable, of: .eur, on: day) ?? 0
        weights.append(0)
        invoices.append(Invoice(day: day, currency: .eur, payable: payable, term: term))
      } else {
        weights.append(random.within(60...340) * random.within(60...340))
        invoices.append(Invoice(day: day, currency: .huf, payable: 0, term: term))
      }
    }
    shareOut(total - foreignSum, by: weights, among: &invoices)
    takeBack(&invoices)
    return invoices
  }

  /// Whole forints in proportion to the weights; the last one makes the sum exact.
  private static func shareOut(_ sum: Int, by weights: [Int], among invoices: inout [Invoice]) {
    let all = weights.reduce(0, +)
    var rest = sum
    let last = weights.lastIndex { $0 > 0 } ?? 0
    for number in invoices.indices where weights[number] > 0 {
      let share = Int(Int128(sum) * Int128(weights[number]) / Int128(all)) / 100 * 100
      invoices[number].payable = number == last ? rest : share
      rest -= share
    }
  }

  /// A cancelled invoice repeats the amount of the one before it, with a minus.
  private static func takeBack(_ invoices: inout [Invoice]) {
    for number in cancelled where number > 0 {
      invoices[number].payable = -invoices[number - 1].payable
    }
  }
}
