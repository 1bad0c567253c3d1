import DataFields
import Testing

@testable import SampleData

/// The sample read back from its own bytes: what rules will see, computed here by other means.
@Suite struct SampleTests {
  struct Record {
    let fields: [Substring]
    subscript(_ index: Int) -> String { String(fields[index]) }
  }

  static func bytes(_ file: SampleFile, of sample: Sample) -> [UInt8] {
    var all: [UInt8] = []
    sample.write(file) { all += $0 }
    return all
  }

  static func records(_ file: SampleFile, of sample: Sample) -> [Record] {
    String(decoding: bytes(file, of: sample), as: UTF8.self).split(separator: "\n").dropFirst()
      .map { Record(fields: $0.split(separator: ",", omittingEmptySubsequences: false)) }
  }

  /// An exact decimal with two places, in hundredths.
  static func hundredths(_ text: String) throws -> Int {
    let parts = text.split(separator: ".")
    #expect(parts.count == 2 && parts[1].count == 2)
    return try #require(Int(parts.joined()))
  }

  static func rates() throws -> [String: Int] {
    var rates: [String: Int] = [:]
    let text = String(decoding: ReferenceFile.rates.bytes, as: UTF8.self)
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",")
      let units: Int = try #require(Int(fields[2].split(separator: ".").joined()))
      rates["\(fields[0]) \(fields[1])"] = units
    }
    return rates
  }

  /// Amount times rate, rounded half to even to hundredths, by way of a doubled numerator.
  static func converted(_ amount: Int, _ currency: String, on day: String, _ rates: [String: Int])
    throws -> Int
  {
    if currency == "HUF" { return amount }
    let issued = try CalendarDate(parsing: day)
    for back in 0...7 {
      let date = CalendarDate(daysSinceEpoch: issued.daysSinceEpoch - Int32(back))
      guard let rate = rates["\(date) \(currency)"] else { continue }
      let doubled = 2 * amount * rate
      let floor = doubled / 20_000
      let rest = doubled - floor * 20_000
      if rest == 10_000 { return floor % 2 == 0 ? floor : floor + 1 }
      return rest > 10_000 ? floor + 1 : floor
    }
    Issue.record("no rate for \(currency) on \(day)")
    return 0
  }

  @Test(arguments: [1, 2, 77] as [UInt64])
  func `the published customer has the published figures whatever the seed`(seed: UInt64) throws {
    let sample = try Sample(SampleOptions(customers: Sample.minimumCustomers, seed: seed))
    let row = try #require(
      Self.records(.staticData, of: sample).first { $0[0] == "334628087" })
    #expect(row.fields.dropFirst(2) == ["4", "43214", "6", "2", "10"])
    let rates = try Self.rates()
    var (sum, count, cancelled) = (0, 0, 0)
    var currencies: Set<String> = []
    for invoice in Self.records(.invoices, of: sample) where invoice[1] == "334628087" {
      let payable = try Self.hundredths(invoice[5])
      guard payable >= 0 else {
        cancelled += 1
        continue
      }
      count += 1
      currencies.insert(invoice[2])
      sum += try Self.converted(payable, invoice[2], on: invoice[6], rates)
    }
    #expect(count == 230)
    #expect(sum == 28_579_297_600)
    #expect(currencies == ["EUR", "HUF"])
    #expect(cancelled == 4)
    #expect(!Self.records(.transfers, of: sample).contains { $0[1] == "334628087" })
  }

  @Test func `every combination of ranks decides in 2021`() throws {
    let sample = try Sample(SampleOptions(customers: Sample.minimumCustomers))
    let rates = try Self.rates()
    struct Profile {
      var sum = 0, count = 0, currencies: Set<String> = [], last = ""
    }
    var profiles: [String: Profile] = [:]
    for invoice in Self.records(.invoices, of: sample) {
      let payable = try Self.hundredths(invoice[5])
      guard payable >= 0 else { continue }
      var profile = profiles[invoice[1]] ?? Profile()
      profile.sum += try Self.converted(payable, invoice[2], on: invoice[6], rates)
      profile.count += 1
      if invoice[2] != "HUF" { profile.currencies.insert(invoice[2]) }
      profile.last = invoice[6]
      profiles[invoice[1]] = profile
    }
    var combinations: Set<[Int]> = []
    var onCut = 0
    for row in Self.records(.staticData, of: sample) {
      guard let profile = profiles[row[0]], let size = Int(row[2]), size > 0 else { continue }
      guard profile.last >= "2021-01-01" else { continue }
      // Cross-multiplied, as a rational is compared: sum / count / size against the cut points.
      let heads = profile.count * size * 100
      if profile.sum == 10_000 * heads || profile.sum == 100_000 * heads { onCut += 1 }
      combinations.insert([
        profile.sum < 10_000 * heads ? 0 : profile.sum < 100_000 * heads ? 1 : 2,
        size < 50 ? 0 : size < 250 ? 1 : 2,
        profile.currencies.count < 3 ? 0 : profile.currencies.count < 6 ? 1 : 2,
      ])
    }
    #expect(combinations.count == 27)
    #expect(onCut == 2)
  }

  @Test func `every combination of account life and transfer rate decides in 2021`() throws {
    let sample = try Sample(SampleOptions(customers: Sample.minimumCustomers))
    var sums: [String: (sum: Int, count: Int, last: String)] = [:]
    for transfer in Self.records(.transfers, of: sample) {
      let amount = try Self.hundredths(transfer[3])
      #expect(amount >= 0 && transfer[2] == "HUF")
      let old = sums[transfer[1]] ?? (0, 0, "")
      sums[transfer[1]] = (old.sum + amount, old.count + 1, transfer[4])
    }
    var combinations: Set<[Int]> = []
    for row in Self.records(.staticData, of: sample) {
      guard let (sum, count, last) = sums[row[0]], last >= "2021-01-01" else { continue }
      #expect(row[1].hasSuffix(" 00:00:00.000"))
      let created = String(row[1].prefix(10))
      combinations.insert([
        created < "1986-06-01" ? 2 : created < "2002-01-01" ? 1 : 0,
        sum < 529_366 * count * 100 ? 0 : sum < 1_029_500 * count * 100 ? 1 : 2,
      ])
    }
    #expect(combinations.count == 9)
  }

  @Test func `all ten currencies, cancellations and unknown sizes occur`() throws {
    let sample = try Sample(SampleOptions(customers: 300))
    let invoices = Self.records(.invoices, of: sample)
    #expect(Set(invoices.map { $0[2] }) == Set(Currency.allCases.map(\.code)))
    #expect(invoices.contains { $0[5].hasPrefix("-") })
    let sizes = Set(Self.records(.staticData, of: sample).map { $0[2] })
    #expect(sizes.isSuperset(of: ["Ismeretlen", "", "0"]))
  }

  @Test func `events are in time order and convertible, their numbers ascend`() throws {
    let sample = try Sample(SampleOptions(customers: 400, events: 12_000, seed: 9))
    let rates = try Self.rates()
    let invoices = Self.records(.invoices, of: sample)
    let transfers = Self.records(.transfers, of: sample)
    #expect(invoices.count + transfers.count == 12_000)
    #expect(invoices.count == sample.counts[.invoices])
    for (records, date) in [(invoices, 6), (transfers, 4)] {
      for (earlier, later) in zip(records, records.dropFirst()) {
        #expect(earlier[date] <= later[date])
        #expect(earlier[0] < later[0])
      }
    }
    #expect(invoices.first?[6] ?? "" >= "2020-01-02")
    #expect(invoices.last?[6] ?? "" <= "2021-01-29")
    for invoice in invoices where invoice[2] != "HUF" {
      _ = try Self.converted(100, invoice[2], on: invoice[6], rates)
    }
  }

  @Test func `the same options give the same bytes, another seed other ones`() throws {
    let one = try Sample(SampleOptions(customers: 120, seed: 5))
    let two = try Sample(SampleOptions(customers: 120, seed: 5))
    let other = try Sample(SampleOptions(customers: 120, seed: 6))
    for file in SampleFile.allCases {
      #expect(Self.bytes(file, of: one) == Self.bytes(file, of: two))
      #expect(Self.bytes(file, of: one) != Self.bytes(file, of: other))
    }
  }

  @Test func `a larger sample begins with the customers of a smaller one`() throws {
    let small = Self.bytes(.staticData, of: try Sample(SampleOptions(customers: 100)))
    let large = Self.bytes(.staticData, of: try Sample(SampleOptions(customers: 200)))
    #expect(large.starts(with: small))
  }

  @Test func `JSON lines hold the same records`() throws {
    let csv = try Sample(SampleOptions(customers: 60))
    let json = try Sample(SampleOptions(customers: 60, form: .jsonl))
    let lines = String(decoding: Self.bytes(.transfers, of: json), as: UTF8.self)
      .split(separator: "\n")
    let records = Self.records(.transfers, of: csv)
    #expect(lines.count == records.count)
    let first = try #require(records.first)
    #expect(
      lines.first
        == """
        {"TRANSFER_ID":"\(first[0])","PARTY_ID":"\(first[1])","CURRENCY":"HUF",\
        "AMOUNT":\(first[3]),"VALUE_DATE":"\(first[4])"}
        """)
  }

  @Test func `too few customers or events are refused`() throws {
    #expect(throws: SampleFault.self) { try Sample(SampleOptions(customers: 3)) }
    #expect(throws: SampleFault.self) { try Sample(SampleOptions(customers: 100, events: 10)) }
  }
}
