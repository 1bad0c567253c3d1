import DecisionTrace
package import Decisions
package import TraceLog

/// Makes the decisions of a log by other rules than they were made by, and compares what comes of them
/// by name.
package struct OtherRulesReplayer {
  private var decider: HistoryDecider

  /// A trace, what it is of, and what came of it.
  package struct Replayed: Sendable {
    package let stored: StoredTrace
    /// Nil where the trace could not be taken.
    package let decision: String?
    package let verdict: ReplayVerdict
  }

  package init(_ log: TraceLogReader, rules: DecisionLibrary) {
    decider = HistoryDecider(log, versions: [rules])
  }

  /// Replays the traces of one event, in their order.
  package mutating func replay(_ event: [StoredTrace]) -> [Replayed] {
    var failures: [Int: ReplayFailure] = [:]
    let decided = decider.decide(event) { stored, failure in failures[stored.index] = failure }
    var made: [Int: HistoryDecider.Decided] = [:]
    for one in decided { made[one.number] = one }
    return event.map { stored in
      guard let one = made[stored.index] else {
        let failure = failures[stored.index] ?? .unreadable("nothing is known of it")
        return Replayed(stored: stored, decision: nil, verdict: .failed(failure))
      }
      return Replayed(stored: stored, decision: one.decision, verdict: verdict(one))
    }
  }

  private mutating func verdict(_ decided: HistoryDecider.Decided) -> ReplayVerdict {
    switch decided.outcomes[0] {
    case .absent:
      return .failed(.notDecided("they make no decision `\(decided.decision)`"))
    case .unknown(let names):
      let names = names.map { "`\($0)`" }.joined(separator: ", ")
      return .failed(.notDecided("the trace does not hold \(names) as they define it"))
    case .decided, .refused: break
    }
    do throws(TraceFault) {
      let (recorded, versions) = try decider.traces(of: decided)
      guard let replayed = versions[0] else {
        return .failed(.notDecided("they make no decision `\(decided.decision)`"))
      }
      let differences = TraceDifference.between(recorded, replayed)
      if differences.isEmpty { return .equal }
      return .differs(
        ReplayDifference(
          recorded: recorded, replayed: replayed, differences: differences, offset: nil))
    } catch {
      return .failed(.unreadable(error.description))
    }
  }
}
