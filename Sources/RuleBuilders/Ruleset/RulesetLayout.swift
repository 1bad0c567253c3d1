import RuleLanguage
import SourceDiagnostics

/// Puts declarations one after the other, and has the formatter lay them out.
enum RulesetLayout {
  /// The text, and for each of its lines what built it.
  static func lay(
    summary: String?, _ head: Declaration, _ declarations: [Declaration], _ place: BuildPlace
  ) -> (text: String, places: [BuildPlace?]) {
    var lines: [BuiltLine] = []
    for line in (summary ?? "").split(whereSeparator: \.isNewline) {
      lines.append(BuiltLine("/// \(line)", place))
    }
    lines += head.lines
    var previous = Declaration.Kind.text
    var isFirst = true
    for declaration in declarations {
      let isTogether =
        previous == .comment || previous == declaration.kind && declaration.kind.isDense
      if isFirst || !isTogether { lines.append(BuiltLine("", nil)) }
      lines += declaration.lines
      previous = declaration.kind
      isFirst = false
    }
    return formatted(lines, name: place.fileID)
  }

  /// A text that is not well-formed stays as it is: the compiler reports what is wrong with it.
  private static func formatted(_ lines: [BuiltLine], name: String) -> (String, [BuildPlace?]) {
    let raw = lines.map { $0.text + "\n" }.joined()
    guard let bytes = try? RuleFormatter.format(Array(raw.utf8), name: name) else {
      return (raw, lines.map(\.place))
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return (text, places(of: text, in: lines))
  }

  /// The formatter changes white space and `_` in numbers alone: the n-th other byte is the same
  /// before and after.
  private static func places(of text: String, in lines: [BuiltLine]) -> [BuildPlace?] {
    func weight(_ text: Substring) -> Int {
      text.utf8.count { $0 > 0x20 && $0 != UInt8(ascii: "_") }
    }
    var ends: [(end: Int, place: BuildPlace?)] = []
    var total = 0
    for line in lines {
      total += weight(line.text[...])
      ends.append((total, line.place))
    }
    var places: [BuildPlace?] = []
    var done = 0
    var next = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      while next < ends.count, ends[next].end <= done { next += 1 }
      let weight = weight(line)
      places.append(weight > 0 && next < ends.count ? ends[next].place : nil)
      done += weight
    }
    return places
  }
}
