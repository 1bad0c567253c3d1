internal import DataFields

/// A pattern of `formatDatetime`, read with the model: "the same syntax as for the function strftime",
/// in the C locale.
struct DateTimePattern: Sendable {
  /// What is wrong with a pattern.
  struct Fault: Error, Sendable {
    var reason: String
  }

  private enum Part: Sendable {
    case text(String)
    case directive(UInt8)
  }

  private var parts: [Part] = []
  /// Whether it shows a date, which a time does not have.
  private(set) var showsDate = false

  init(_ pattern: String) throws(Fault) {
    var literal: [UInt8] = []
    let bytes = Array(pattern.utf8)
    var place = 0
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "%") else {
        literal.append(bytes[place])
        place += 1
        continue
      }
      place += 1
      // Alternative forms of a locale; the C locale has none.
      if place < bytes.count, bytes[place] == UInt8(ascii: "E") || bytes[place] == UInt8(ascii: "O")
      {
        place += 1
      }
      guard place < bytes.count else { throw Fault(reason: "it ends within a directive") }
      let letter = bytes[place]
      place += 1
      switch letter {
      case UInt8(ascii: "%"): literal.append(letter)
      case UInt8(ascii: "n"): literal.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): literal.append(UInt8(ascii: "\t"))
      default:
        guard Self.dates.contains(letter) || Self.times.contains(letter) else {
          let name = "`%\(String(decoding: [letter], as: UTF8.self))`"
          throw Fault(
            reason: letter | 0x20 == UInt8(ascii: "z")
              ? "\(name) asks for a time zone, which times do not have" : "\(name) is no directive")
        }
        if Self.dates.contains(letter) { showsDate = true }
        parts.append(.text(String(decoding: literal, as: UTF8.self)))
        literal = []
        parts.append(.directive(letter))
      }
    }
    parts.append(.text(String(decoding: literal, as: UTF8.self)))
  }

  private static let dates = Array("aAbBcCdDeFgGhjmuUVwWxyY".utf8)
  private static let times = Array("HIMprRSTX".utf8)

  /// The text of a time, in seconds since 1970-01-01; nil if it is too far away.
  func text(_ seconds: Double) -> String? {
    guard let moment = Moment(seconds) else { return nil }
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .directive(let letter): text += moment.text(letter)
      }
    }
    return text
  }
}

/// A time taken apart.
private struct Moment {
  let year: Int
  let month: Int
  let day: Int
  /// 0 is the first of January.
  let dayOfYear: Int
  /// 0 is Sunday.
  let weekday: Int
  let hour: Int
  let minute: Int
  let second: Int

  init?(_ seconds: Double) {
    let days = (seconds / 86_400).rounded(.down)
    guard days.magnitude < 1e7 else { return nil }
    let date = CalendarDate(daysSinceEpoch: Int32(days))
    (year, month, day) = date.components
    var before = 0
    for earlier in 1..<month { before += CalendarDate.daysIn(month: earlier, year: year) }
    dayOfYear = before + day - 1
    // 1970-01-01 was a Thursday.
    weekday = ((Int(days) + 4) % 7 + 7) % 7
    let time = Int(seconds - days * 86_400)
    (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60)
  }

  private static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  private static func padded(_ number: Int, _ width: Int, _ pad: String = "0") -> String {
    let text = String(number.magnitude)
    return (number < 0 ? "-" : "")
      + String(repeating: pad, count: max(0, width - text.utf8.count)) + text
  }

  private static func floorModulo(_ number: Int, _ divisor: Int) -> Int {
    (number % divisor + divisor) % divisor
  }

  func text(_ letter: UInt8) -> String {
    func two(_ number: Int) -> String { Self.padded(number, 2) }
    func all(_ letters: String, _ separator: String) -> String {
      letters.utf8.map { text($0) }.joined(separator: separator)
    }
    let hourOfHalf = hour % 12 == 0 ? 12 : hour % 12
    let week = isoWeek
    return switch Character(UnicodeScalar(letter)) {
    case "a": String(Self.weekdays[weekday].prefix(3))
    case "A": Self.weekdays[weekday]
    case "b", "h": String(Self.months[month - 1].prefix(3))
    case "B": Self.months[month - 1]
    case "c": all("abe", " ") + " " + text(UInt8(ascii: "T")) + " " + text(UInt8(ascii: "Y"))
    case "C": two((year - Self.floorModulo(year, 100)) / 100)
    case "d": two(day)
    case "D", "x": all("mdy", "/")
    case "e": Self.padded(day, 2, " ")
    case "F": all("Ymd", "-")
    case "g": two(Self.floorModulo(week.year, 100))
    case "G": String(week.year)
    case "H": two(hour)
    case "I": two(hourOfHalf)
    case "j": Self.padded(dayOfYear + 1, 3)
    case "m": two(month)
    case "M": two(minute)
    case "p": hour < 12 ? "AM" : "PM"
    case "r": all("IMS", ":") + " " + text(UInt8(ascii: "p"))
    case "R": all("HM", ":")
    case "S": two(second)
    case "T", "X": all("HMS", ":")
    case "u": String(weekday == 0 ? 7 : weekday)
    // "The first Sunday (Monday) of the year begins week 1; days before it are in week 0."
    case "U": two((dayOfYear + 7 - weekday) / 7)
    case "W": two((dayOfYear + 7 - (weekday + 6) % 7) / 7)
    case "V": two(week.number)
    case "w": String(weekday)
    case "y": two(Self.floorModulo(year, 100))
    default: String(year)
    }
  }

  /// The week by ISO 8601: the first has the year's first Thursday.
  private var isoWeek: (year: Int, number: Int) {
    let day = weekday == 0 ? 7 : weekday
    let number = (dayOfYear + 1 - day + 10) / 7
    if number < 1 { return (year - 1, Self.weeks(in: year - 1)) }
    if number > Self.weeks(in: year) { return (year + 1, 1) }
    return (year, number)
  }

  private static func weeks(in year: Int) -> Int {
    /// The weekday of the 31st of December.
    func last(_ year: Int) -> Int {
      floorModulo(year + year / 4 - year / 100 + year / 400, 7)
    }
    return last(year) == 4 || last(year - 1) == 3 ? 53 : 52
  }
}
