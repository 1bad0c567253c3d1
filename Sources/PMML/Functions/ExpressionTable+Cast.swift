internal import DataFields

extension ExpressionTable {
  /// A value as text: an integer without a point, a boolean as `true` or `false`.
  static func text(_ value: Double, _ type: ModelDataType, _ texts: TextInterner) -> String {
    if value.isNaN { return "" }
    switch type {
    case .string: return Int32(exactly: value).map { texts.text($0) } ?? ""
    case .boolean: return value != 0 ? "true" : "false"
    case .float: return ModelValueText.print(Float(value))
    case .double: return ModelValueText.print(value)
    case .date:
      guard value.magnitude < 1e7 else { return ModelValueText.print(value) }
      return CalendarDate(daysSinceEpoch: Int32(value)).description
    case .time: return ModelValueText.time(value)
    case .dateTime: return ModelValueText.dateTime(value)
    default: return ModelValueText.integer(value)
    }
  }

  /// Carries a value from one data type to another; what cannot be carried is missing.
  static func cast(
    _ value: Double, _ from: ModelDataType, _ to: ModelDataType, _ texts: inout TextInterner
  ) -> Double {
    if value.isNaN || from == to { return value }
    if to == .string { return Double(texts.intern(text(value, from, texts))) }
    if from == .string {
      return ModelValueText.parse(texts.text(Int32(value)), as: to) ?? .nan
    }
    switch to {
    case .float: return Double(Float(value))
    case .integer: return value.rounded(.toNearestOrAwayFromZero)
    case .boolean: return value == 0 ? 0 : 1
    default: return value
    }
  }
}

/// Texts of values, as documents and tables write them.
enum ModelValueText {
  static func print(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? integer(value) + ".0" : value.description
  }

  static func print(_ value: Float) -> String {
    value == value.rounded() && value.magnitude < 1e6
      ? integer(Double(value)) + ".0" : value.description
  }

  static func integer(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 9e18 else { return value.description }
    return String(Int64(value.rounded()))
  }

  /// The number behind a text of a type other than `string`; nil if it is not one.
  static func parse(_ text: String, as type: ModelDataType) -> Double? {
    let text = text.trimmingWhitespace()
    switch type {
    case .string: return nil
    case .boolean:
      switch text {
      case "true", "TRUE", "True", "1", "1.0": return 1
      case "false", "FALSE", "False", "0", "0.0": return 0
      default: return nil
      }
    case .integer:
      guard let value = XMLNumber.double(text), value.isFinite, value == value.rounded() else {
        return nil
      }
      return value
    case .float:
      guard let value = XMLNumber.double(text), !value.isNaN else { return nil }
      return Double(XMLNumber.float(text) ?? Float(value))
    case .double:
      guard let value = XMLNumber.double(text), !value.isNaN else { return nil }
      return value
    case .date: return days(text)
    case .dateDaysSince0, .dateDaysSince1960, .dateDaysSince1970, .dateDaysSince1980:
      if let number = XMLNumber.double(text) { return number.isNaN ? nil : number }
      guard let days = days(text) else { return nil }
      return days - epoch(type)
    case .time, .timeSeconds:
      if let number = XMLNumber.double(text) { return number.isNaN ? nil : number }
      return seconds(ofTime: text)
    case .dateTime: return seconds(ofDateTime: text)
    case .dateTimeSecondsSince0, .dateTimeSecondsSince1960, .dateTimeSecondsSince1970,
      .dateTimeSecondsSince1980:
      if let number = XMLNumber.double(text) { return number.isNaN ? nil : number }
      return seconds(ofDateTime: text).map { $0 - epoch(type) * 86_400 }
    }
  }

  private static func days(_ text: String) -> Double? {
    guard let date = try? CalendarDate(parsing: text) else { return nil }
    return Double(date.daysSinceEpoch)
  }

  /// The day that a type counts from, in days since 1970-01-01.
  static func epoch(_ type: ModelDataType) -> Double {
    switch type {
    case .dateDaysSince0, .dateTimeSecondsSince0: -719_528
    case .dateDaysSince1960, .dateTimeSecondsSince1960: -3_653
    case .dateDaysSince1980, .dateTimeSecondsSince1980: 3_652
    default: 0
    }
  }
}
