package import DataFields
package import DecisionTrace
package import Decisions
package import TraceLog

/// Decides on what a log holds by other rules than those that it was decided by: who would have been
/// decided otherwise.
///
/// Facts are taken from the traces of an event together, since one may hold what another lacks. Only
/// what other rules define as those of the trace do is a fact to them: an aggregate over other events
/// cannot be had from a log of decisions.
package struct HistoryDecider {
  private var replayer: TraceReplayer
  private var versions: [VersionRun]
  private var event: [(stored: StoredTrace, route: TraceReplayer.Route)] = []

  /// What a version makes of a decision.
  package enum Outcome: Sendable, Hashable {
    /// As it is printed.
    case decided(String)
    case refused
    /// For want of facts of these names.
    case unknown([String])
    /// The version makes no decision of this name.
    case absent
  }

  /// A trace, and what each version makes of its decision.
  package struct Decided: Sendable {
    /// Its number in the log.
    package let number: Int
    package let decision: String
    /// The digest of its schema.
    package let schema: Digest
    package let outcomes: [Outcome]
    fileprivate let place: Int
  }

  package init(_ log: TraceLogReader, versions: [DecisionLibrary]) {
    replayer = TraceReplayer(log)
    self.versions = versions.map { VersionRun($0) }
  }

  /// Decides on the traces of one event.
  ///
  /// - Parameters:
  ///   - day: as of this day; nil as of that of the traces.
  ///   - failed: called with each trace that cannot be taken, and why.
  package mutating func decide(
    _ traces: [StoredTrace], asOf day: CalendarDate? = nil,
    failed: (StoredTrace, ReplayFailure) throws -> Void
  ) rethrows -> [Decided] {
    event.removeAll(keepingCapacity: true)
    for index in versions.indices { versions[index].begin() }
    var ownDay: CalendarDate?
    for stored in traces {
      guard stored.visibility == .open else {
        try failed(stored, .hidden(stored.visibility))
        continue
      }
      let route: TraceReplayer.Route
      do {
        (route, _) = try replayer.remake(stored.body)
      } catch {
        try failed(stored, error)
        continue
      }
      replayer.withReplay(route) { replay in
        ownDay = replay.asOf
        for index in versions.indices {
          versions[index].take(route.decision, from: &replay, at: route.replay)
        }
      }
      event.append((stored, route))
    }
    if event.isEmpty { return [] }
    let asOf = day ?? ownDay
    for index in versions.indices { versions[index].decide(asOf: asOf) }
    return event.indices.map { place in
      let (stored, route) = event[place]
      let name = replayer.withReplay(route) { $0.schema(of: route.decision).decision }
      return Decided(
        number: stored.index, decision: name, schema: route.schema,
        outcomes: versions.indices.map { outcome($0, name, asOf) }, place: place)
    }
  }

  private mutating func outcome(
    _ version: Int, _ name: String, _ day: CalendarDate?
  ) -> Outcome {
    guard let decision = versions[version].decision(named: name, on: day) else { return .absent }
    let unknown = versions[version].unknown(decision)
    if !unknown.isEmpty { return .unknown(unknown) }
    return versions[version].outcome(of: decision).map { .decided($0) } ?? .refused
  }

  /// The trace as it was recorded and as each version would have written it, of one that was just
  /// decided on; nil where a version does not decide.
  package mutating func traces(
    of decided: Decided, asOf day: CalendarDate? = nil
  ) throws(TraceFault) -> (recorded: Trace, versions: [Trace?]) {
    let (stored, route) = event[decided.place]
    var recorded = try replayer.trace(stored.body, route)
    var made: [Trace?] = []
    let own = recorded
    recorded.asOf = day ?? recorded.asOf
    for index in versions.indices {
      switch decided.outcomes[index] {
      case .unknown, .absent: made.append(nil)
      case .decided, .refused:
        guard
          let decision = versions[index].decision(named: decided.decision, on: recorded.asOf)
        else {
          made.append(nil)
          continue
        }
        made.append(try versions[index].trace(of: decision, like: recorded))
      }
    }
    return (own, made)
  }
}
