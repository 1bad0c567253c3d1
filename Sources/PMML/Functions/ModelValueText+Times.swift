internal import DataFields

/// Times as ISO 8601 writes them.
extension ModelValueText {
  /// Seconds since 1970-01-01 of a value of a type of dates or times, since midnight of a time; nil
  /// for other types.
  static func seconds(_ value: Double, _ type: ModelDataType) -> Double? {
    switch type {
    case .date, .dateDaysSince0, .dateDaysSince1960, .dateDaysSince1970, .dateDaysSince1980:
      (value + epoch(type)) * 86_400
    case .dateTimeSecondsSince0, .dateTimeSecondsSince1960, .dateTimeSecondsSince1970,
      .dateTimeSecondsSince1980:
      value + epoch(type) * 86_400
    case .dateTime, .time, .timeSeconds: value
    case .string, .boolean, .integer, .float, .double: nil
    }
  }

  /// Seconds since midnight of `23:59:59.5`; nil if it is no time.
  static func seconds(ofTime text: some StringProtocol) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts.prefix(2).allSatisfy({ $0.count == 2 }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
      (0...59).contains(minute)
    else { return nil }
    var seconds = 0.0
    if parts.count == 3 {
      guard let first = parts[2].utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
        let number = XMLNumber.double(String(parts[2])), number >= 0, number < 60
      else { return nil }
      seconds = number
    }
    return Double(hour * 3_600 + minute * 60) + seconds
  }

  /// Seconds since 1970-01-01 of `2021-01-31T23:59:59Z`; without an offset the time is taken as it
  /// stands.
  static func seconds(ofDateTime text: String) -> Double? {
    guard let separator = text.firstIndex(where: { $0 == "T" || $0 == " " }),
      let date = try? CalendarDate(parsing: String(text[..<separator]))
    else { return nil }
    var time = text[text.index(after: separator)...]
    var offset = 0.0
    if time.hasSuffix("Z") {
      time = time.dropLast()
    } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let ahead = seconds(ofTime: time[time.index(after: sign)...]) else { return nil }
      offset = time[sign] == "+" ? ahead : -ahead
      time = time[..<sign]
    }
    guard let seconds = seconds(ofTime: time) else { return nil }
    return Double(date.daysSinceEpoch) * 86_400 + seconds - offset
  }

  /// `23:59:59` of seconds since midnight.
  static func time(_ seconds: Double) -> String {
    guard seconds >= 0, seconds < 86_400 else { return print(seconds) }
    let whole = Int(seconds)
    let parts = [whole / 3_600, whole / 60 % 60, whole % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return parts.joined(separator: ":")
  }

  /// `2021-01-31T23:59:59` of seconds since 1970-01-01.
  static func dateTime(_ seconds: Double) -> String {
    let days = (seconds / 86_400).rounded(.down)
    guard days.magnitude < 1e7 else { return print(seconds) }
    return CalendarDate(daysSinceEpoch: Int32(days)).description + "T"
      + time(seconds - days * 86_400)
  }
}
