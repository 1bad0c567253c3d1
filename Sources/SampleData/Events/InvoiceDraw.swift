internal import DataFields

/// One invoice, amounts in hundredths of its currency, days since 1970-01-01.
struct InvoiceDraw: Sendable {
  var currency: Currency
  var exclusive: Int
  var inclusive: Int
  var payable: Int
  var issued: Int
  var taxPoint: Int
  var due: Int

  /// Invoice number `event` of a customer, drawn by itself.
  init(_ event: Int, of invoicing: Invoicing, customer: Int, issued: Int, seed: UInt64) {
    self.issued = issued
    var random = SplitMix64(seed, .invoice, customer, event)
    // What makes the paper, before what makes the amount: a cancellation repeats only the latter.
    let cancels =
      invoicing.manner == .natural && event > 0 && random.happens(permille: 24)
    taxPoint = issued - [0, 0, 0, 1, 3, 8][random.below(6)]
    due = issued + Self.term(&random)
    let source = cancels ? event - 1 - random.below(min(event, 3)) : event
    switch invoicing.manner {
    case .published:
      let invoice = PublishedCustomer.invoices[event]
      currency = invoice.currency
      inclusive = invoice.payable
      due = issued + invoice.term
    case .natural:
      (currency, inclusive) = Self.natural(source, of: invoicing, customer, issued, seed)
      if cancels { inclusive = -inclusive }
    case .steady:
      (currency, inclusive) = Self.steady(event, of: invoicing, issued, &random)
    case .exact:
      currency = .huf
      inclusive = Self.paired(event, of: invoicing.count, average: invoicing.average, customer)
    }
    let tax = invoicing.taxPermille
    exclusive = inclusive * 1_000 / (1_000 + tax)
    // Whole forints where the total is one, as invoices in HUF show.
    if currency == .huf, inclusive % 100 == 0 { exclusive = exclusive / 100 * 100 }
    payable = inclusive
  }

  private static func term(_ random: inout SplitMix64) -> Int {
    if random.happens(permille: 12) { return -random.within(1...120) }
    if random.happens(permille: 6) { return random.within(61...360) }
    return [0, 5, 8, 8, 8, 15, 15, 30, 30, 60][random.below(10)]
  }

  /// The currency and amount of an invoice, the same whenever they are drawn; the rate of the day
  /// makes a foreign amount, so a cancellation on another day may differ by the rate.
  private static func natural(
    _ event: Int, of invoicing: Invoicing, _ customer: Int, _ issued: Int, _ seed: UInt64
  ) -> (Currency, Int) {
    var random = SplitMix64(seed, .activity, customer, event + 1)
    let forints = invoicing.average * QuantileTable.spread.draw(&random) / 1_000
    let isForeign = random.happens(permille: invoicing.foreignPermille)
    let odd = random.happens(permille: 80) ? random.below(100) : 0
    // The first of several foreign currencies in the order of codes is no likelier than the others.
    guard isForeign, invoicing.foreign.count > 0,
      let currency = invoicing.foreign.member(random.below(invoicing.foreign.count))
    else { return (.huf, forints * 100 + (forints > 0 ? odd : 0)) }
    return (currency, ExchangeRates.table.fromForints(forints * 100, to: currency, on: issued))
  }

  private static func steady(
    _ event: Int, of invoicing: Invoicing, _ issued: Int, _ random: inout SplitMix64
  ) -> (Currency, Int) {
    let forints = invoicing.average * random.within(600...1_400) / 1_000
    let turn = event % (invoicing.foreign.count + 1)
    guard turn > 0, let currency = invoicing.foreign.member(turn - 1) else {
      return (.huf, forints * 100)
    }
    return (currency, ExchangeRates.table.fromForints(forints * 100, to: currency, on: issued))
  }

  /// Amounts in pairs, one as far above the average as the other is below it.
  static func paired(_ event: Int, of count: Int, average: Int, _ customer: Int) -> Int {
    // An odd one at the end is the average itself.
    guard event < count / 2 * 2 else { return average * 100 }
    var random = SplitMix64(UInt64(customer), .published, event / 2)
    let deviation = average * random.below(400) / 1_000 * 100
    return average * 100 + (event % 2 == 0 ? deviation : -deviation)
  }
}

/// One transfer: an amount in hundredths of a forint.
enum TransferDraw {
  /// What a bank charges for the payment of a duty: customers with nothing else pay only this.
  static let fee = 2_273

  static func amount(
    _ event: Int, of transferring: Transferring, customer: Int, seed: UInt64
  ) -> Int {
    var random = SplitMix64(seed, .transfer, customer, event)
    switch transferring.manner {
    case .exact:
      return InvoiceDraw.paired(
        event, of: transferring.count, average: transferring.average, customer)
    case .steady, .published:
      return transferring.average * random.within(800...1_200) / 1_000 * 100
    case .natural:
      guard transferring.average > fee + 100 else { return fee * 100 }
      return transferring.average * QuantileTable.spread.draw(&random) / 1_000 * 100
    }
  }
}
