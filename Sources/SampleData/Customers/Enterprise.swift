internal import DataFields

/// One row of the static data, and when the enterprise last logged in.
struct Enterprise: Sendable {
  let party: Int
  /// Days since 1970-01-01.
  var created: Int
  /// The upper bound of the head-count class as the register writes it, or its word for unknown.
  var size: String
  var activity: Int
  var region: Int
  var county: Int
  var package: Int
  var lastLogin: Int?
  var invoicing: Invoicing?
  var transferring: Transferring?
}

/// How a customer invoices.
struct Invoicing: Sendable {
  /// All invoices of the sample's period, cancelled ones included.
  var count: Int
  /// The usual invoice, in HUF.
  var average: Int
  var foreign = CurrencySet()
  var manner = Manner.natural
  /// Per mille of the invoices that are in a foreign currency.
  var foreignPermille = 0
  /// Per mille of the amount that is value added tax on top.
  var taxPermille = 270
  var worksWeekends = false

  enum Manner: Sendable {
    /// Amounts of a lognormal shape; some are cancelled.
    case natural
    /// Within 40 per cent of the average, each foreign currency in turn: the ranks are certain.
    case steady
    /// Pairs around the average whose mean is exactly the average, in HUF.
    case exact
    /// The customer of the published report.
    case published
  }
}

/// How a customer makes transfers, always in HUF.
struct Transferring: Sendable {
  var count: Int
  /// The usual transfer, in HUF.
  var average: Int
  var manner = Invoicing.Manner.natural
  var worksWeekends = false
}

extension Enterprise {
  /// The enterprise with this index, drawn from the marginals or constructed.
  init(index: Int, seed: UInt64) {
    var random = SplitMix64(seed, .enterprise, index)
    party = PartyNumber.of(index: index)
    let age = random.below(1_000)
    let oldest = SampleCalendar.day(1951, 2, 1)
    let middle = SampleCalendar.day(1986, 6, 1)
    let recent = SampleCalendar.day(2002, 1, 1)
    created =
      switch age {
      case ..<40: random.within(oldest...(middle - 1))
      case ..<380: random.within(middle...(recent - 1))
      default: random.within(recent...SampleCalendar.day(2019, 12, 31))
      }
    let sizeIndex = random.pick(Marginals.sizeWeights)
    size = String(Marginals.sizes[sizeIndex])
    activity = Register.activities[random.pick(Register.activityWeights)].code
    let place = Register.places[random.pick(Register.placeWeights)]
    (region, county) = (place.region, place.county)
    package = random.pick(Marginals.packageWeights[min(sizeIndex, 5)])
    let loginPermille = package >= 6 ? 850 : 450
    if random.happens(permille: loginPermille) {
      // The lesser of two draws: most have logged in lately.
      let days = min(random.below(400), random.below(400))
      lastLogin = SampleCalendar.last - days
    }
    drawActivity(sizeIndex: sizeIndex, index: index, seed: seed)
    // Last, so that who has an unknown size is otherwise drawn like everyone.
    var unknown = random.below(1_000)
    for (text, permille) in Marginals.unknownSizes {
      if (0..<permille).contains(unknown) { size = text }
      unknown -= permille
    }
    construct(index: index)
  }

  private mutating func drawActivity(sizeIndex: Int, index: Int, seed: UInt64) {
    var random = SplitMix64(seed, .activity, index)
    let sizeClass =
      switch sizeIndex {
      case 0: 0
      case ...2: 1
      case ...4: 2
      default: 3
      }
    let habit = Marginals.habit(ofPackage: package)
    let worksWeekends = random.happens(permille: 150)
    let invoices = random.happens(permille: Marginals.invoicingPermille[package][sizeClass])
    if invoices {
      let base = habit.invoiceAverages.draw(&random)
      var invoicing = Invoicing(
        count: habit.invoiceCounts.draw(&random),
        average: base * Marginals.averageFactors[sizeClass] / 1_000)
      invoicing.worksWeekends = worksWeekends
      invoicing.taxPermille = [270, 270, 270, 0, 50][random.pick([40, 20, 10, 28, 2])]
      // Who invoices more invoices abroad more often.
      let factor = invoicing.count < 10 ? 50 : invoicing.count < 100 ? 90 : 180
      if random.happens(permille: Marginals.foreignPermille[package] * factor / 100) {
        for _ in 0...random.pick(Marginals.foreignCountWeights) {
          invoicing.foreign.insert(Currency.foreign[random.pick(Marginals.foreignWeights)])
        }
        // One in nine of them never invoices in HUF.
        invoicing.foreignPermille =
          random.happens(permille: 110) ? 1_000 : random.within(50...600)
      }
      self.invoicing = invoicing
    }
    let permille = Marginals.transferringPermille[package]
    if random.happens(permille: invoices ? permille.invoicing : permille.others) {
      var transferring = Transferring(
        count: habit.transferCounts.draw(&random), average: habit.transferAverages.draw(&random))
      transferring.worksWeekends = worksWeekends
      self.transferring = transferring
    }
  }
}
