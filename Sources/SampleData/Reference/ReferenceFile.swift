/// The reference data that rules name, and that the sample agrees with.
package enum ReferenceFile: String, CaseIterable, Sendable {
  case rates = "huf-rates.csv"
  case doNotContact = "do-not-contact.csv"

  /// The whole file; the same on every machine and for every seed.
  package var bytes: [UInt8] {
    switch self {
    case .rates: Self.makeRates()
    case .doNotContact: Self.makeDoNotContact()
    }
  }

  private static func makeRates() -> [UInt8] {
    var encoder = RecordEncoder(.csv, columns: ["date", "currency", "huf"])
    for day in ExchangeRates.first...ExchangeRates.last {
      for currency in Currency.foreign {
        guard let rate = ExchangeRates.table.rate(of: currency, on: day) else { continue }
        encoder.date(day)
        encoder.text(currency.code)
        encoder.rate(rate)
        encoder.endRecord()
      }
    }
    return encoder.bytes
  }

  /// Customers by index, constructed ones and drawn ones, in every sample of the default size.
  private static func makeDoNotContact() -> [UInt8] {
    var encoder = RecordEncoder(.csv, columns: ["PARTY_ID"])
    let indices = [5, 14, 23] + Array(stride(from: 41, to: 2_000, by: 89))
    for party in indices.map(PartyNumber.of(index:)).sorted() {
      encoder.identifier(party)
      encoder.endRecord()
    }
    return encoder.bytes
  }
}
