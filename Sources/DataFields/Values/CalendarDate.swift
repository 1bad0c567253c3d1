/// A day of the proleptic Gregorian calendar, without time or zone.
public struct CalendarDate: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01; negative before.
  public let daysSinceEpoch: Int32

  public init(daysSinceEpoch: Int32) { self.daysSinceEpoch = daysSinceEpoch }

  /// The day with this year (0 to 9999), month (1 to 12) and day, or nil if there is none.
  public init?(year: Int, month: Int, day: Int) {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.daysIn(month: month, year: year)
    else { return nil }
    self.daysSinceEpoch = Int32(Self.days(year: year, month: month, day: day))
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.daysSinceEpoch < right.daysSinceEpoch
  }

  package static func daysIn(month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let shifted = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shifted + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Year, month and day (the same paper, civil_from_days).
  public var components: (year: Int, month: Int, day: Int) {
    let z = Int(daysSinceEpoch) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let leapDays = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, day)
  }
}

extension CalendarDate: CustomStringConvertible {
  /// ISO 8601: `2021-01-27`.
  public var description: String {
    let (year, month, day) = components
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(abs(number))
      let zeros = String(repeating: "0", count: max(0, width - digits.count))
      return (number < 0 ? "-" : "") + zeros + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

/// Why a text is not a date.
package enum DateFault: Error, Sendable, Hashable {
  case malformed
  case noSuchDay
  case timeOfDay

  package var reason: String {
    switch self {
    case .malformed: "is not a date (expected YYYY-MM-DD)"
    case .noSuchDay: "is a day that does not exist"
    case .timeOfDay: "has a time of day, where a date is expected"
    }
  }
}

extension CalendarDate {
  /// Reads `2021-01-27`; a time part of midnight may follow (`1990-01-01 00:00:00.000`, or after
  /// a `T`, with a `Z`).
  package init(parsing text: Span<UInt8>) throws(DateFault) {
    guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else {
      throw .malformed
    }
    func number(_ range: Range<Int>) throws(DateFault) -> Int {
      var value = 0
      for index in range {
        let byte = text[index]
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .malformed }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }
    let year = try number(0..<4)
    let month = try number(5..<7)
    let day = try number(8..<10)
    if text.count > 10 {
      guard text[10] == UInt8(ascii: " ") || text[10] == UInt8(ascii: "T"), text.count >= 16 else {
        throw .malformed
      }
      var end = text.count
      if text[end - 1] == UInt8(ascii: "Z") { end -= 1 }
      var midnight = true
      // hh:mm, then optional :ss, then optional fraction.
      for index in 11..<end {
        let byte = text[index]
        switch index {
        case 13, 16:
          guard byte == UInt8(ascii: ":") else { throw .malformed }
        case 19:
          guard byte == UInt8(ascii: ".") else { throw .malformed }
        default:
          guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .malformed }
          if byte != UInt8(ascii: "0") { midnight = false }
        }
      }
      guard end == 16 || end == 19 || end > 20 else { throw .malformed }
      guard midnight else { throw .timeOfDay }
    }
    guard let date = CalendarDate(year: year, month: month, day: day) else { throw .noSuchDay }
    self = date
  }

  package init(parsing text: String) throws(DateFault) {
    let bytes = Array(text.utf8)
    self = try CalendarDate(parsing: bytes.span)
  }
}
