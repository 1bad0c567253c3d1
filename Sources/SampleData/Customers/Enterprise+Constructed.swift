/// The first customers of every sample are constructed rather than drawn, so that the published
/// customer, every combination of ranks, the cut points themselves and unknown sizes occur in the
/// smallest sample, and have decisions in 2021.
///
/// | index | is |
/// | --- | --- |
/// | 0 | the customer of the published report |
/// | 1 to 27 | amount, size and coverage, each small, medium and large |
/// | 1 to 9 | account life and transfer rate besides |
/// | 28, 29 | amount per head, transfer rate and date of creation exactly on a cut point |
/// | 30, 31 | as many foreign currencies as a cut point says |
/// | 32 to 34 | a size that is unknown, in each of the register's ways |
extension Enterprise {
  /// How many customers are constructed: a sample has at least one more than these.
  static let constructedCount = 35

  mutating func construct(index: Int) {
    switch index {
    case 0: constructPublished()
    case 1...27: constructRanks(combination: index - 1)
    case 28...29: constructCutPoint(upper: index == 29)
    case 30...31:
      size = "49"
      invoicing = .steady(average: 49 * 40_000, currencies: index == 30 ? 3 : 6, from: index)
      transferring = nil
    case 32...34:
      size = Marginals.unknownSizes[index - 32].text
      invoicing = .steady(average: 250_000, currencies: 1, from: 3)
      transferring = nil
    default: break
    }
  }

  /// 4 employees, EUR beside HUF; ``PublishedCustomer`` has the invoices.
  private mutating func constructPublished() {
    (size, activity, region, county, package) = ("4", 43_214, 6, 2, 10)
    created = SampleCalendar.day(1997, 4, 14)
    lastLogin = SampleCalendar.day(2021, 1, 25)
    invoicing = Invoicing(
      count: PublishedCustomer.invoices.count, average: 1_242_578, manner: .published)
    transferring = nil
  }

  private mutating func constructRanks(combination: Int) {
    let (amount, head, coverage) = (combination / 9, combination / 3 % 3, combination % 3)
    let employees = [9, 99, 499][head]
    size = String(employees)
    let perHead = [4_000, 40_000, 400_000][amount]
    invoicing = .steady(
      average: perHead * employees, currencies: [1, 4, 7][coverage], from: combination)
    transferring = nil
    guard combination < 9 else { return }
    created =
      [
        SampleCalendar.day(2010, 9, 6), SampleCalendar.day(1994, 11, 21),
        SampleCalendar.day(1975, 5, 12),
      ][combination / 3]
    transferring = Transferring(
      count: 26, average: [100_000, 700_000, 2_000_000][combination % 3], manner: .steady)
  }

  private mutating func constructCutPoint(upper: Bool) {
    size = upper ? "250" : "50"
    created = upper ? SampleCalendar.day(2002, 1, 1) : SampleCalendar.day(1986, 6, 1)
    invoicing = Invoicing(
      count: 26, average: upper ? 250 * 100_000 : 50 * 10_000, manner: .exact)
    transferring = Transferring(
      count: 26, average: upper ? 1_029_500 : 529_366, manner: .exact)
  }
}

extension Invoicing {
  /// Enough invoices that the last ones, with every currency before them, fall in January 2021.
  fileprivate static func steady(average: Int, currencies: Int, from start: Int) -> Invoicing {
    var foreign = CurrencySet()
    for offset in 0..<currencies {
      // 3 is EUR: a set of one holds it, larger ones take turns through all nine.
      let position = currencies == 1 ? 3 : (start + offset) % Currency.foreign.count
      foreign.insert(Currency.foreign[position])
    }
    return Invoicing(count: 32, average: average, foreign: foreign, manner: .steady)
  }
}
