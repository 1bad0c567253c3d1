internal import DataFields

/// Made-up exchange rates at plausible levels: HUF for one unit, four decimals, Monday to Friday.
///
/// The committed `huf-rates.csv` and the amounts of the sample come from this one table. It does
/// not depend on the seed of a sample.
package struct ExchangeRates: Sendable {
  /// The first and last day with rates.
  package static let first = SampleCalendar.day(2020, 1, 1)
  package static let last = SampleCalendar.day(2021, 3, 31)

  /// The one table.
  package static let table = ExchangeRates()

  /// `[currency × days]` in units of 0.0001 HUF; 0 on days without a rate.
  private let units: [Int]
  private static let days = last - first + 1

  /// Levels at the start of each quarter (2020 Q1 to 2021 Q2), in forints: our own round figures.
  private static func anchors(_ currency: Currency) -> [Int] {
    switch currency {
    case .cad: [227, 232, 231, 234, 233, 243]
    case .chf: [305, 339, 333, 338, 337, 329]
    case .cny: [42, 46, 45, 46, 45, 47]
    case .eur: [331, 359, 354, 363, 364, 362]
    case .gbp: [389, 406, 391, 398, 403, 424]
    case .huf: []
    case .pln: [78, 79, 80, 80, 79, 78]
    case .ron: [69, 74, 73, 74, 75, 74]
    case .sek: [31, 33, 34, 35, 36, 35]
    case .usd: [296, 327, 316, 309, 297, 308]
    }
  }

  private init() {
    var units = [Int](repeating: 0, count: Currency.allCases.count * Self.days)
    for currency in Currency.foreign {
      let anchors = Self.anchors(currency)
      var random = SplitMix64(2_021_01_27, .rate, Int(currency.rawValue))
      // A random walk that is drawn back to 0, in millionths of the level.
      var deviation = 0
      for day in 0..<Self.days {
        let segment = min(day / 91, anchors.count - 2)
        let offset = day - segment * 91
        let level =
          anchors[segment] * 10_000 + (anchors[segment + 1] - anchors[segment]) * 10_000 * offset
          / 91
        guard SampleCalendar.isWorkday(Self.first + day) else { continue }
        deviation =
          deviation * 94 / 100 + random.within(-3_000...3_000)
          + random.within(-3_000...3_000)
        // The last two digits vary: rates are published to the hundredth, ours use all four.
        units[Int(currency.rawValue) * Self.days + day] =
          level + level * deviation / 1_000_000 + random.below(100)
      }
    }
    self.units = units
  }

  /// The rate of a day with one, in units of 0.0001 HUF.
  package func rate(of currency: Currency, on day: Int) -> Int? {
    guard currency != .huf, (Self.first...Self.last).contains(day) else { return nil }
    let rate = units[Int(currency.rawValue) * Self.days + day - Self.first]
    return rate == 0 ? nil : rate
  }

  /// The rate that converts an amount of this day: the day's, else the last of the 7 days before.
  package func lastRate(of currency: Currency, on day: Int) -> Int? {
    for back in 0...7 {
      if let rate = rate(of: currency, on: day - back) { return rate }
    }
    return nil
  }

  /// An amount in hundredths of its currency as hundredths of a forint, rounded once, half to even.
  package func inForints(_ amount: Int, of currency: Currency, on day: Int) -> Int? {
    guard currency != .huf else { return amount }
    guard let rate = lastRate(of: currency, on: day) else { return nil }
    let product = Int128(amount) * Int128(rate)
    let magnitude = product.magnitude
    var (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10_000)
    if remainder > 5_000 || (remainder == 5_000 && quotient % 2 == 1) { quotient += 1 }
    remainder = quotient
    return Int(product < 0 ? -Int128(remainder) : Int128(remainder))
  }

  /// An amount in hundredths of a forint as hundredths of `currency`, rounded down.
  func fromForints(_ amount: Int, to currency: Currency, on day: Int) -> Int {
    guard let rate = lastRate(of: currency, on: day) else { return amount }
    return Int(Int128(amount) * 10_000 / Int128(rate))
  }
}
