import DataFields
import DecisionTrace

extension TextReport {
  /// Above this many rules, only those near the one that decided are listed.
  private static let fullList = 30
  private static let contextList = 8

  /// Every rule with what became of it, and for one that failed at which comparison.
  mutating func writeRules() {
    if trace.rules.isEmpty { return }
    let ruleset = "\(trace.schema.path) @ \(trace.schema.rulesetDigest.abbreviated)"
    page.heading("Rules", right: text(ruleset, .faint))
    let shown = shownRules()
    let names = shown.map { text(trace.rules[$0].schema.name) }
    let conditions = shown.map { condition(trace.rules[$0].schema) }
    let details = shown.map(detail)
    let conditionColumn = 4 + min(names.map(\.width).max() ?? 0, 24) + 2
    let detailColumn = conditionColumn + min(conditions.map(\.width).max() ?? 0, 50) + 2
    let lineColumn = detailColumn + (details.map(\.width).max() ?? 0) + 2
    // One row a rule if all of them fit, with a short form of the line if need be; else two each.
    let numbers = shown.map { trace.rules[$0].schema.line }
    let lineWidth = page.width - lineColumn
    let long = numbers.map { text("line \($0)", .faint) }
    let short = numbers.map { text(":\($0)", .faint) }
    let fits = short.allSatisfy { $0.width <= lineWidth }
    let lines = !fits || long.allSatisfy { $0.width <= lineWidth } ? long : short
    var last = -1
    for (place, index) in shown.enumerated() {
      writeSkipped(from: last + 1, to: index)
      last = index
      let head = [
        (2, mark(index) + StyledText(" ") + names[place]), (conditionColumn, conditions[place]),
      ]
      let tail = [(fits ? detailColumn : 6, details[place]), (fits ? lineColumn : 0, lines[place])]
      if fits {
        page.row(head + tail, indent: 6)
      } else {
        page.row(head, indent: 6)
        page.row(tail, indent: 6)
      }
    }
    writeSkipped(from: last + 1, to: trace.rules.count)
  }

  private func shownRules() -> [Int] {
    let indices = Array(trace.rules.indices)
    guard indices.count > Self.fullList else { return indices }
    let decisive = indices.filter { trace.rules[$0].state == .held }
    let end = decisive.last ?? indices.last { trace.rules[$0].state == .failed } ?? 0
    return indices.filter { index in
      trace.rules[index].state == .held
        || (index <= end && index > end - Self.contextList) || trace.rules[index].schema.isOtherwise
    }
  }

  private mutating func writeSkipped(from start: Int, to end: Int) {
    if start >= end { return }
    let skipped = trace.rules[start..<end]
    let failed = skipped.count { $0.state == .failed }
    let notReached = skipped.count { $0.state == .notReached }
    var parts: [String] = []
    if failed > 0 { parts.append("\(failed) more failed") }
    if notReached > 0 { parts.append("\(notReached) more not reached") }
    page.line(StyledText("    ") + text("… \(parts.joined(separator: ", "))", .faint))
  }

  private func mark(_ index: Int) -> StyledText {
    if index == decidingRule { return text("✓", .held) }
    return switch trace.rules[index].state {
    case .held: text("✓", .held)
    case .failed: text("✗", .failed)
    case .notReached: text("·", .faint)
    }
  }

  private var decidingRule: Int? {
    if case .decided(_, let index) = trace.result { index } else { nil }
  }

  private func condition(_ rule: TraceSchema.Rule) -> StyledText {
    if !rule.isOtherwise { return text(rule.text) }
    return text(rule.name == "otherwise" ? "the default" : "otherwise")
  }

  private func detail(_ index: Int) -> StyledText {
    let rule = trace.rules[index]
    if rule.schema.isOtherwise {
      return index == decidingRule ? text("decided", .held) : text("not reached", .faint)
    }
    if rule.state == .notReached { return text("not reached", .faint) }
    let held = rule.state == .held
    guard let clause = rule.decidingClause else {
      return held ? text("held", .held) : text("does not hold", .failed)
    }
    return text(ClauseText.text(clause, held: held, in: trace), held ? .held : .failed)
  }
}
