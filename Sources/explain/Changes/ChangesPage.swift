internal import DataFields
internal import DecisionTrace
internal import Explanations
internal import TraceReports

/// What `explain --customer --since` prints for people.
enum ChangesPage {
  /// How many turns a page shows.
  private static let shown = 20

  static func text(
    _ decided: DecidedCourse, customer: String, _ start: SubjectChanges.Start, logs: [String]
  ) -> String {
    let course = decided.course
    func place(_ point: SubjectChanges.Point) -> String {
      let number = "#" + NumberText.grouped(Int128(point.number), scale: 0)
      let day = point.trace.asOf.map { " of \($0)" } ?? ""
      return (logs.count > 1 ? "\(logs[point.log]) " : "") + number + day
    }
    let since =
      switch start {
      case .day(let day): "since \(day)"
      case .number(let number): "since #" + NumberText.grouped(Int128(number), scale: 0)
      }
    var lines = ["Customer \(customer) · decision \(course.decision) · \(since)"]
    guard course.count > 0 else {
      return lines[0]
        + "\n  no decision since \(place(course.last)): still \(course.last.trace.resultText)\n"
    }
    let decisions = course.count == 1 ? "1 decision" : "\(course.count) decisions"
    let outcomes = decided.turns.count { $0.turn.changesOutcome }
    let times = outcomes == 1 ? "once" : "\(outcomes) times"
    let ends = outcomes == 0 ? "the outcome did not change" : "the outcome changed \(times)"
    lines.append("  \(decisions) up to \(place(course.last)); \(ends)")
    if let first = course.first {
      let differences = course.differences
      lines.append(
        differences.isEmpty
          ? "  nothing is otherwise than it was in \(place(first))"
          : "  otherwise than in \(place(first)):")
      lines += ReplayPage.lines(differences).map { "    \($0)" }
    } else {
      lines.append("  nothing was decided so early; it began with \(course.last.trace.resultText)")
      if let oldest = decided.turns.last {
        lines[lines.count - 1] =
          "  nothing was decided so early; it began with \(oldest.turn.before.trace.resultText)"
      }
    }
    for one in decided.turns.prefix(shown) {
      let turn = one.turn
      lines.append("  \(place(turn.after)): \(change(turn))")
      if let decisive = one.decisive { lines += self.lines(decisive).map { "    \($0)" } }
    }
    if course.turnCount > min(shown, decided.turns.count) {
      let left = course.turnCount - min(shown, decided.turns.count)
      lines.append("  and \(left) earlier ones (--format json has more)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The outcome if it is another, else the ranks or the rule.
  private static func change(_ turn: SubjectChanges.Turn) -> String {
    let (before, after) = (turn.before.trace, turn.after.trace)
    if turn.changesOutcome { return "\(before.resultText) -> \(after.resultText)" }
    let ranks = turn.differences.filter { $0.part == .rank }
      .map { "\($0.name) \($0.before ?? "none") -> \($0.after ?? "none")" }
    let rules =
      before.decidingRules == after.decidingRules
      ? [] : ["rule \(before.decidingRules ?? "none") -> \(after.decidingRules ?? "none")"]
    return "still \(after.resultText): " + (ranks + rules).joined(separator: ", ")
  }

  private static func lines(_ decisive: DecisiveChanges) -> [String] {
    if decisive.changes.isEmpty { return ["the day alone makes it"] }
    let others = decisive.changedCount - decisive.changes.count
    let rest =
      others == 0
      ? "all that changed"
      : others == 1
        ? "the other change is not needed" : "the other \(others) changes are not needed"
    return decisive.changes.map { change in
      func text(_ content: Trace.Content?) -> String {
        change.isMasked ? "(masked)" : content?.displayText ?? "missing"
      }
      return "by \(change.fact): \(text(change.before)) -> \(text(change.after))"
    } + [rest]
  }
}
