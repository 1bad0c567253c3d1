/// What a piece of text is in a report; a colour is only ever an addition to a word or a mark.
package enum TextStyle: Sendable, Hashable {
  case plain, heading, strong, faint, held, failed, raises, lowers, notice

  /// The parameters of the terminal's "select graphic rendition"; nil for plain text.
  var parameters: String? {
    switch self {
    case .plain: nil
    case .heading: "1;36"
    case .strong: "1"
    case .faint: "2"
    case .held: "1;32"
    case .failed: "31"
    case .raises: "32"
    case .lowers: "35"
    case .notice: "33"
    }
  }
}

/// Text in one line, in runs of one style each.
package struct StyledText: Sendable, Hashable {
  package struct Run: Sendable, Hashable {
    package var text: String
    package var style: TextStyle
  }

  package private(set) var runs: [Run] = []
  /// Columns.
  package private(set) var width = 0

  package init() {}

  /// - Parameter text: as ``Charset/fitted(_:)`` gives it.
  package init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

  package var isEmpty: Bool { runs.isEmpty }

  package mutating func append(_ text: String, _ style: TextStyle = .plain) {
    if text.isEmpty { return }
    width += DisplayWidth.of(text)
    if let last = runs.last, last.style == style {
      runs[runs.count - 1].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  package mutating func append(_ other: StyledText) {
    for run in other.runs { append(run.text, run.style) }
  }

  /// Adds spaces up to a column.
  package mutating func pad(to column: Int) {
    if column > width { append(String(repeating: " ", count: column - width)) }
  }

  package func padded(to column: Int) -> StyledText {
    var copy = self
    copy.pad(to: column)
    return copy
  }

  package static func + (left: StyledText, right: StyledText) -> StyledText {
    var sum = left
    sum.append(right)
    return sum
  }

  /// The line without trailing spaces, with colours if `usesColor`.
  package func rendered(usesColor: Bool) -> String {
    var runs = runs
    while var last = runs.popLast() {
      while last.text.last == " " { last.text.removeLast() }
      if !last.text.isEmpty {
        runs.append(last)
        break
      }
    }
    var out = ""
    for run in runs {
      if usesColor, let parameters = run.style.parameters {
        out += "\u{1B}[\(parameters)m\(run.text)\u{1B}[0m"
      } else {
        out += run.text
      }
    }
    return out
  }
}
