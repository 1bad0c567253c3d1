internal import ArgumentParser
internal import DataFields

/// A day as an option of the command line gives it.
enum DayOption {
  /// - Parameter option: the option's name, for the message: `--as-of`.
  /// - Throws: `ValidationError` if the text is no day.
  static func day(_ text: String?, _ option: String) throws -> CalendarDate? {
    guard let text else { return nil }
    do throws(DateFault) {
      return try CalendarDate(parsing: text)
    } catch {
      throw ValidationError("\(option) `\(text)` \(error.reason)")
    }
  }
}
