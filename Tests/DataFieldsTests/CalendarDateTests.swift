import DataFields
import Foundation
import Testing

@Suite struct CalendarDateTests {
  @Test func `days and components are inverse over ten thousand years`() throws {
    // An independent count: walk the calendar day by day from 1970-01-01.
    var (year, month, day) = (1970, 1, 1)
    for number in 0..<40_000 {
      let date = try #require(CalendarDate(year: year, month: month, day: day))
      #expect(date.daysSinceEpoch == Int32(number))
      #expect(date.components == (year, month, day))
      let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      day += 1
      if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(try CalendarDate(parsing: "1600-02-29").description == "1600-02-29")
    #expect(try CalendarDate(parsing: "0000-01-01").description == "0000-01-01")
    #expect(try CalendarDate(parsing: "1969-12-31").daysSinceEpoch == -1)
  }

  @Test func `a date is coded as its text`() throws {
    let date = try #require(CalendarDate(year: 2021, month: 1, day: 27))
    let data = try JSONEncoder().encode([date])
    #expect(String(decoding: data, as: UTF8.self) == #"["2021-01-27"]"#)
    #expect(try JSONDecoder().decode([CalendarDate].self, from: data) == [date])
    for text in ["2021-02-30", "yesterday", ""] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode([CalendarDate].self, from: Data("[\"\(text)\"]".utf8))
      }
    }
  }

  @Test(arguments: [
    "1990-01-01", "1990-01-01 00:00", "1990-01-01 00:00:00", "1990-01-01 00:00:00.000",
    "1990-01-01T00:00:00Z", "1990-01-01T00:00:00.000000Z",
  ])
  func `a date may carry a midnight`(text: String) throws {
    #expect(try CalendarDate(parsing: text).description == "1990-01-01")
  }

  @Test(arguments: [
    ("2021-02-29", DateFault.noSuchDay), ("2021-13-01", .noSuchDay), ("2021-00-10", .noSuchDay),
    ("2021-01-00", .noSuchDay), ("1900-02-29", .noSuchDay),
    ("2020-11-01 10:11:12.000", .timeOfDay), ("2020-11-01T00:00:01Z", .timeOfDay),
    ("20210101", .malformed), ("2021-1-1", .malformed), ("", .malformed),
    ("2021-01-01x", .malformed),
    ("2021/01/01", .malformed), ("2021-01-01 0", .malformed), ("2021-01-01 00:00:00.", .malformed),
    ("2021-01-01 00:00:0", .malformed),
  ])
  func `what is no date says why`(text: String, fault: DateFault) {
    #expect(throws: fault) { try CalendarDate(parsing: text) }
  }
}
