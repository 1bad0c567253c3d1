/// Renders diagnostics for people: the place, the line, carets with labels, notes and help.
public struct DiagnosticRenderer: Sendable {
  public enum Style: Sendable { case plain, ansi }

  public var style: Style

  public init(style: Style) { self.style = style }

  /// The text of one diagnostic, ending in a line break.
  public func render(_ diagnostic: Diagnostic) -> String {
    var out = heading(diagnostic) + "\n"
    let gutter = String(diagnostic.excerpts.map(\.line).max() ?? 0).count
    let margin = String(repeating: " ", count: diagnostic.excerpts.isEmpty ? 1 : gutter)
    if !place(diagnostic).isEmpty {
      out += margin + paint("-->", .blue) + " " + place(diagnostic) + "\n"
    }
    if !diagnostic.excerpts.isEmpty {
      out += margin + paint(" |", .blue) + "\n"
      var previous: Int?
      for excerpt in diagnostic.excerpts {
        if let previous, excerpt.line > previous + 1 { out += paint("...", .blue) + "\n" }
        previous = excerpt.line
        out += render(excerpt, gutter: gutter, severity: diagnostic.severity)
      }
    }
    for note in diagnostic.notes { out += margin + paint(" = ", .blue) + plain(note) + "\n" }
    for help in diagnostic.help {
      out += margin + paint(" = ", .blue) + "help: " + plain(help) + "\n"
    }
    return out
  }

  private func heading(_ diagnostic: Diagnostic) -> String {
    let label = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
    return paint(label, color(diagnostic.severity)) + ": " + plain(diagnostic.message)
  }

  private func place(_ diagnostic: Diagnostic) -> String {
    var place = diagnostic.file
    if let position = diagnostic.position {
      place += ":\(position.line):\(position.column)"
    }
    if let path = diagnostic.path { place += place.isEmpty ? path : " (\(path))" }
    return plain(place)
  }

  private func plain(_ text: String) -> String { TerminalText.plain(text, keepingLines: true) }

  private func render(
    _ excerpt: Diagnostic.Excerpt, gutter: Int, severity: Diagnostic.Severity
  ) -> String {
    let number = String(excerpt.line)
    let padding = String(repeating: " ", count: max(0, gutter - number.count))
    var out = paint(padding + number + " |", .blue) + " " + excerpt.text + "\n"
    let bar = String(repeating: " ", count: gutter) + paint(" |", .blue)
    guard !excerpt.marks.isEmpty else { return out }
    var carets = ""
    for mark in excerpt.marks where mark.column > carets.count {
      carets += String(repeating: " ", count: mark.column - 1 - carets.count)
      carets += String(repeating: mark.isConnector ? "-" : "^", count: mark.length)
    }
    // The last label stands beside its carets; the others hang below on lines of their own.
    let labelled = excerpt.marks.filter { !$0.label.isEmpty }
    let trailing = labelled.last.map { $0 == excerpt.marks.last ? $0.label : "" } ?? ""
    out += bar + " " + paint(carets, color(severity))
    out += trailing.isEmpty ? "\n" : " " + paint(plain(trailing), color(severity)) + "\n"
    var hanging = labelled
    if !trailing.isEmpty { hanging.removeLast() }
    while let mark = hanging.popLast() {
      let stems = hanging.map(\.column) + [mark.column]
      out += bar + " " + paint(stemLine(stems), color(severity)) + "\n"
      let before = stemLine(hanging.map(\.column))
      let pad = String(repeating: " ", count: max(0, mark.column - 1 - before.count))
      out += bar + " " + paint(before + pad + plain(mark.label), color(severity)) + "\n"
    }
    return out
  }

  private func stemLine(_ columns: [Int]) -> String {
    var line = ""
    for column in columns where column > line.count {
      line += String(repeating: " ", count: column - 1 - line.count) + "|"
    }
    return line
  }

  private enum Color: String {
    case red = "31"
    case yellow = "33"
    case blue = "34"
    case cyan = "36"
  }

  private func color(_ severity: Diagnostic.Severity) -> Color {
    switch severity {
    case .error: .red
    case .warning: .yellow
    case .note: .cyan
    }
  }

  private func paint(_ text: String, _ color: Color) -> String {
    guard style == .ansi, !text.isEmpty else { return text }
    return "\u{1B}[1;\(color.rawValue)m\(text)\u{1B}[0m"
  }
}
