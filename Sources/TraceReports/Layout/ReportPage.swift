/// The lines of a report, laid out for one width.
package struct ReportPage: Sendable {
  package let capabilities: TerminalCapabilities
  package let charset: Charset
  /// Columns in use: lines longer than 120 are hard to follow with the eye.
  package let width: Int
  package private(set) var lines: [StyledText] = []

  package init(_ capabilities: TerminalCapabilities) {
    self.capabilities = capabilities
    charset = Charset(usesUnicode: capabilities.usesUnicode)
    width = min(capabilities.width, 120) - 1
  }

  /// Text fitted to the character set, ready to be measured.
  package func text(_ text: String, _ style: TextStyle = .plain) -> StyledText {
    StyledText(charset.fitted(text), style)
  }

  package mutating func line(_ text: StyledText) { lines.append(text) }

  package mutating func blank() {
    if lines.last?.isEmpty == false { lines.append(StyledText()) }
  }

  /// A paragraph that hangs at `indent`; its first line starts with `label` instead.
  package mutating func paragraph(
    _ text: StyledText, indent: Int, label: StyledText = StyledText()
  ) {
    var label = label
    for part in text.wrapped(to: width - indent) {
      line(label.padded(to: indent) + part)
      label = StyledText()
    }
  }

  /// A heading with something at the right margin, which moves to a line of its own if the two do
  /// not fit.
  package mutating func heading(_ title: String, right: StyledText = StyledText()) {
    blank()
    let title = StyledText(" ") + text(title, .heading)
    if right.isEmpty {
      line(title)
    } else if title.width + 2 + right.width <= width {
      line(title.padded(to: width - right.width) + right)
    } else {
      line(title)
      paragraph(right, indent: 2)
    }
  }

  /// Cells in one row; from the first that no longer fits on, they follow one another on lines that
  /// start at `indent`.
  ///
  /// - Parameter cells: each with the column at which it would start; 0 for "after the last".
  package mutating func row(_ cells: [(column: Int, text: StyledText)], indent: Int) {
    var current = StyledText()
    var isBroken = false
    for cell in cells where !cell.text.isEmpty {
      let next = current.isEmpty ? 0 : current.width + 2
      let column = isBroken ? next : max(cell.column, next)
      if current.isEmpty || column + cell.text.width <= width {
        current.pad(to: column)
        current.append(cell.text)
        continue
      }
      flush(current, indent: indent)
      current = StyledText()
      isBroken = true
      let parts = cell.text.wrapped(to: width - indent)
      for part in parts.dropLast() { line(StyledText().padded(to: indent) + part) }
      current.pad(to: indent)
      if let last = parts.last { current.append(last) }
    }
    if !current.isEmpty { flush(current, indent: indent) }
  }

  /// Ends a row, broken if its first cell alone is wider than the page.
  private mutating func flush(_ text: StyledText, indent: Int) {
    if text.width <= width { return line(text) }
    for (index, part) in text.wrapped(to: width - indent).enumerated() {
      line(index == 0 ? part : StyledText().padded(to: indent) + part)
    }
  }

  /// The page as text, each line ending in a line break.
  package var rendered: String {
    lines.map { $0.rendered(usesColor: capabilities.usesColor) + "\n" }.joined()
  }
}
