import DecisionTrace

extension TextReport {
  mutating func writeHeader() {
    var parts = [
      text("Customer ", .faint) + text(trace.subject, .strong),
      text("decision ", .faint) + text(trace.schema.decision, .strong),
    ]
    if let asOf = trace.asOf { parts.append(text("as of ", .faint) + text("\(asOf)")) }
    if let number = placement.number { parts.append(text(Self.numbered(number))) }
    var line = StyledText()
    for (index, part) in parts.enumerated() {
      if index > 0 { line.append(text(" · ", .faint)) }
      line.append(part)
    }
    page.paragraph(line, indent: 1)
  }

  /// The outcome in a box, with what it was before.
  mutating func writeOutcome() {
    let (outcome, note) = outcomeAndNote()
    let indent = page.capabilities.usesBoxes ? 4 : 1
    let room = min(page.width, 78) - 2 * indent
    var lines: [StyledText] = []
    if outcome.width + 3 + note.width <= room {
      lines.append(outcome + StyledText("   ") + note)
    } else {
      lines += outcome.wrapped(to: room) + note.wrapped(to: room)
    }
    guard page.capabilities.usesBoxes else {
      for line in lines { page.line(StyledText(" ") + line) }
      return
    }
    let inner = room + 4
    let rule = String(repeating: "─", count: inner)
    page.line(StyledText(" ") + text("┌\(rule)┐"))
    for line in lines {
      page.line(
        StyledText(" ") + text("│") + (StyledText("  ") + line).padded(to: inner) + text("│"))
    }
    page.line(StyledText(" ") + text("└\(rule)┘"))
  }

  private func outcomeAndNote() -> (StyledText, StyledText) {
    switch trace.result {
    case .refused:
      let previous = trace.previousOutcome.map { "(still \($0))" } ?? "(no earlier decision)"
      return (text("NO DECISION", .failed), text(previous, .faint))
    case .decided(let outcome, _):
      let shown = text(outcome.reportText, .strong)
      guard let previous = trace.previousOutcome else {
        return (shown, text("(first decision)", .faint))
      }
      // Previous outcomes are kept as plain text.
      if previous != outcome.plainText { return (shown, text("(was \(previous))", .notice)) }
      let since = placement.unchangedSince.map { number in
        "unchanged since \(Self.numbered(number))" + (placement.sinceLog.map { " of \($0)" } ?? "")
      }
      return (shown, text("(\(since ?? "unchanged"))", .faint))
    }
  }

  static func numbered(_ number: Int) -> String {
    var digits = String(number)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return "#" + digits
  }
}
