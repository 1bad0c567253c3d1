internal import DataFields
internal import TraceReports

/// Counts and shares as pages print them.
enum PageText {
  /// `1,204`.
  static func count(_ count: Int) -> String { NumberText.grouped(Int128(count), scale: 0) }

  /// `1,204 rows`, `1 row`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(Self.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A part of a whole: `41.2 %`; a small one keeps two digits, and nothing is `0 %`.
  static func share(_ part: Int, of whole: Int) -> String {
    whole > 0 ? share(Double(part) / Double(whole)) : ""
  }

  static func share(_ share: Double) -> String {
    if share == 0 { return "0 %" }
    let text = NumberForm.percent(share)
    return text.hasPrefix("+") ? String(text.dropFirst()) : text
  }
}
