/// The currencies of the sample, in the order of their codes.
package enum Currency: UInt8, CaseIterable, Sendable {
  case cad, chf, cny, eur, gbp, huf, pln, ron, sek, usd

  package var code: String {
    switch self {
    case .cad: "CAD"
    case .chf: "CHF"
    case .cny: "CNY"
    case .eur: "EUR"
    case .gbp: "GBP"
    case .huf: "HUF"
    case .pln: "PLN"
    case .ron: "RON"
    case .sek: "SEK"
    case .usd: "USD"
    }
  }

  package static let foreign: [Currency] = allCases.filter { $0 != .huf }
}

/// A set of currencies in two bytes: a customer's, of whom there may be millions.
struct CurrencySet: Sendable, Hashable {
  private var bits: UInt16 = 0

  init(_ currencies: some Sequence<Currency> = []) {
    for currency in currencies { insert(currency) }
  }

  mutating func insert(_ currency: Currency) { bits |= 1 << UInt16(currency.rawValue) }
  func contains(_ currency: Currency) -> Bool { bits & 1 << UInt16(currency.rawValue) != 0 }
  var count: Int { bits.nonzeroBitCount }

  /// The member at `position` in the order of codes.
  func member(_ position: Int) -> Currency? {
    var seen = 0
    for currency in Currency.allCases where contains(currency) {
      if seen == position { return currency }
      seen += 1
    }
    return nil
  }
}
