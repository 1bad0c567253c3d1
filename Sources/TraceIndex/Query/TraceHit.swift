package import DecisionTrace
package import TraceLog

/// A trace that was asked for, as the log has it.
package struct TraceHit: Sendable, Equatable {
  /// Why a trace says nothing of itself.
  package struct Unreadable: Error, Sendable, Hashable {
    package var reason: String

    package init(reason: String) { self.reason = reason }
  }

  package var stored: StoredTrace
  /// What it says of itself.
  package var summary: Result<TraceBodySummary, Unreadable>

  package init(stored: StoredTrace, summary: Result<TraceBodySummary, Unreadable>) {
    self.stored = stored
    self.summary = summary
  }
}
