internal import DataFields

/// The days of the sample, counted from 1970-01-01.
package enum SampleCalendar {
  /// The first day on which events happen.
  package static let first = day(2020, 1, 2)
  /// The last one: a Friday, so that what falls on a weekend can move to the Monday after.
  package static let last = day(2021, 1, 29)
  static let span = last - first + 1

  static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    guard let date = CalendarDate(year: year, month: month, day: day) else {
      preconditionFailure("a date of the sample does not exist")
    }
    return Int(date.daysSinceEpoch)
  }

  static func isWorkday(_ day: Int) -> Bool { weekday(day) < 5 }

  /// Monday 0 to Sunday 6; 1970-01-01 was a Thursday.
  static func weekday(_ day: Int) -> Int {
    let index = (day + 3) % 7
    return index < 0 ? index + 7 : index
  }

  /// The day itself, or the Monday after a weekend.
  static func workday(from day: Int) -> Int {
    let index = weekday(day)
    return index < 5 ? day : day + 7 - index
  }
}
