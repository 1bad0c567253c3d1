import DataFields
import FileIO
import Testing

@testable import SampleData

@Suite struct ReferenceFileTests {
  @Test func `every Monday to Friday has a rate for each foreign currency`() throws {
    let rates = try SampleTests.rates()
    var days = 0
    for day in ExchangeRates.first...ExchangeRates.last {
      let date = CalendarDate(daysSinceEpoch: Int32(day))
      let isWorkday = rates["\(date) EUR"] != nil
      for currency in Currency.foreign {
        #expect((rates["\(date) \(currency.code)"] != nil) == isWorkday)
      }
      if isWorkday { days += 1 }
    }
    // 2020 has 262 of them, January to March 2021 has 64.
    #expect(days == 326)
    #expect(rates.count == 326 * 9)
    #expect(rates["2021-01-23 EUR"] == nil && rates["2021-01-25 EUR"] != nil)
  }

  @Test(arguments: ReferenceFile.allCases)
  func `the committed file is what the generator writes`(file: ReferenceFile) throws {
    // This file lies in Tests/SampleDataTests.
    let root = FilePath.parent(FilePath.parent(FilePath.parent(#filePath)))
    let committed = try WholeFile.read(FilePath.join(root, "rules/reference/\(file.rawValue)"))
    #expect(committed == file.bytes)
  }

  @Test func `rates stay near their levels and move little in a day`() throws {
    for (currency, levels) in [
      (Currency.eur, 3_150_000...3_800_000), (.usd, 2_800_000...3_400_000),
      (.cny, 400_000...500_000),
    ] {
      var previous: Int?
      for day in ExchangeRates.first...ExchangeRates.last {
        guard let rate = ExchangeRates.table.rate(of: currency, on: day) else { continue }
        #expect(levels.contains(rate))
        if let previous { #expect(abs(rate - previous) * 50 < rate) }
        previous = rate
      }
    }
  }

  @Test func `party numbers are distinct, of nine digits`() {
    var seen: Set<Int> = []
    for index in 0..<50_000 {
      let number = PartyNumber.of(index: index)
      #expect((200_000_000...999_999_999).contains(number))
      seen.insert(number)
    }
    #expect(seen.count == 50_000)
  }

  @Test func `nobody on the list is the published customer, everybody is in the sample`() throws {
    let listed = String(decoding: ReferenceFile.doNotContact.bytes, as: UTF8.self)
      .split(separator: "\n")
    #expect(listed.first == "PARTY_ID")
    let sample = try Sample(SampleOptions())
    let parties = Set(SampleTests.records(.staticData, of: sample).map { $0[0] })
    for party in listed.dropFirst() {
      #expect(party != "334628087")
      #expect(parties.contains(String(party)))
    }
  }
}
