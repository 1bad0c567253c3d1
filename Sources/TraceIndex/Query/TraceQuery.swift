package import DataFields
internal import DecisionTrace
internal import TraceLog

/// Which decisions are asked for. What is nil does not matter.
package struct TraceQuery: Sendable, Hashable {
  package var subject: String?
  /// The decision's name.
  package var decision: String?
  /// The outcome as it is printed, or one of those that a decision collects.
  package var outcome: String?
  /// The rule that decided, or that took part in it.
  package var rule: String?
  /// The reason code of a rule or an override, or why a decision was refused: `missing`.
  package var reason: String?
  /// The days for which it was decided; a decision without one is on none.
  package var firstDay: CalendarDate?
  package var lastDay: CalendarDate?
  /// Only traces with a lower number.
  package var before: Int?

  package init() {}

  /// Whether it matters how a decision ended, or which one it is.
  package var asksForEnding: Bool {
    decision != nil || outcome != nil || rule != nil || reason != nil
  }

  package var asksForDays: Bool { firstDay != nil || lastDay != nil }

  /// Whether a trace is among those asked for. One that cannot be read matches only where nothing
  /// is asked that it would have to say.
  package func matches(_ trace: TraceHit) -> Bool {
    if let before, trace.stored.index >= before { return false }
    switch trace.summary {
    case .success(let summary): return matches(summary)
    case .failure: return subject == nil && !asksForEnding && !asksForDays
    }
  }

  private func matches(_ summary: TraceBodySummary) -> Bool {
    let ending = summary.ending
    if let subject, summary.subject != subject { return false }
    if let decision, ending.decision != decision { return false }
    if let outcome, ending.outcome != outcome, !ending.collected.contains(outcome) { return false }
    if let rule, !ending.rules.contains(rule) { return false }
    if let reason, !ending.reasonCodes.contains(reason),
      ending.refusal.map({ TraceJSONWriter.name($0) }) != reason
    {
      return false
    }
    guard asksForDays else { return true }
    return summary.asOf.map { matches(day: $0) } ?? false
  }

  func matches(day: CalendarDate) -> Bool {
    if let firstDay, day < firstDay { return false }
    if let lastDay, day > lastDay { return false }
    return true
  }
}
