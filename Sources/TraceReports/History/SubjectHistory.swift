package import DataFields
package import DecisionTrace
package import TraceLog

/// What a log holds about one subject: the latest decision of each name, and since when it stands.
package struct SubjectHistory: Sendable {
  /// One decision, with its place in the log.
  package struct Entry: Sendable, Hashable {
    package var trace: Trace
    /// The trace's number in the log.
    package var number: Int
    /// The first trace of the unbroken run with this outcome; nil if this one begins it.
    package var unchangedSince: Int?
    /// The decision of the same name before this one, refusals passed over.
    package var previous: Trace?

    /// A decision of which nothing earlier is known.
    package init(trace: Trace, number: Int) {
      self.trace = trace
      self.number = number
    }
  }

  /// Why a trace that the log holds cannot be read.
  package struct Damage: Error, Sendable, Hashable, CustomStringConvertible {
    package var number: Int
    package var reason: String

    package var description: String { "trace #\(number) cannot be read: \(reason)" }
  }

  /// The latest decision of each name, the latest first.
  package private(set) var entries: [Entry] = []
  /// How many traces of the subject the log holds, of any decision and time.
  package private(set) var traceCount = 0
  /// The names of the subject's decisions, sorted, whatever was asked for.
  package private(set) var decisions: [String] = []
  /// The first and the last day of the subject's decisions.
  package private(set) var days: ClosedRange<CalendarDate>?

  /// Reads the subject's traces, newest first.
  ///
  /// - Parameters:
  ///   - decision: only this decision; nil for all.
  ///   - day: as of the end of this day: traces of a later day are passed over.
  ///   - number: as of this trace: later ones are passed over.
  /// - Throws: `TraceLogError`, or ``Damage`` if a trace is not what its schema says.
  /// - Complexity: O(bytes of the subject's traces).
  package init(
    of subject: String, in log: TraceLogReader, decision: String? = nil,
    asOf day: CalendarDate? = nil, upTo number: Int = .max
  ) throws {
    var schemas = TraceDecoder(log)
    var open: Set<String> = []
    var failure: (any Error)?
    var names: Set<String> = []
    try log.traces(ofSubject: subject) { stored in
      if stored.index > number { return true }
      do {
        let trace = try schemas.trace(stored)
        traceCount += 1
        names.insert(trace.schema.decision)
        note(trace.asOf)
        if let decision, trace.schema.decision != decision { return true }
        if let day, let asOf = trace.asOf, asOf > day { return true }
        take(trace, number: stored.index, &open)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    decisions = names.sorted()
  }

  private mutating func note(_ day: CalendarDate?) {
    guard let day else { return }
    days = days.map { min($0.lowerBound, day)...max($0.upperBound, day) } ?? day...day
  }

  /// The first trace of a name is the latest; those before it tell since when its outcome stands.
  private mutating func take(_ trace: Trace, number: Int, _ open: inout Set<String>) {
    let name = trace.schema.decision
    guard let index = entries.firstIndex(where: { $0.trace.schema.decision == name }) else {
      entries.append(Entry(trace: trace, number: number))
      if case .decided = trace.result { open.insert(name) }
      return
    }
    if entries[index].previous == nil, case .decided = trace.result {
      entries[index].previous = trace
    }
    guard open.contains(name) else { return }
    // A refusal leaves the outcome as it was.
    guard case .decided(let outcome, _) = trace.result,
      case .decided(let latest, _) = entries[index].trace.result
    else { return }
    if outcome == latest {
      entries[index].unchangedSince = number
    } else {
      open.remove(name)
    }
  }
}
