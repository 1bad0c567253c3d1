package import DataFields
package import DecisionTrace
package import TraceLog

/// What logs hold about one subject: the latest decision of each name, and since when it stands.
package struct SubjectHistory: Sendable {
  /// One decision, with its place in the log.
  package struct Entry: Sendable, Hashable {
    package var trace: Trace
    /// Which log of the set holds it, and its number there.
    package var log: Int
    package var number: Int
    /// The first trace of the unbroken run with this outcome; nil if this one begins it. Its log is
    /// ``sinceLog``.
    package var unchangedSince: Int?
    package var sinceLog: Int?
    /// The decision of the same name before this one, refusals passed over.
    package var previous: Trace?

    /// A decision of which nothing earlier is known.
    package init(trace: Trace, log: Int = 0, number: Int) {
      self.trace = trace
      self.log = log
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
  ///   - number: as of this trace: those of later numbers are passed over.
  /// - Throws: `TraceLogError`, or ``Damage`` if a trace is not what its schema says.
  /// - Complexity: O(bytes of the subject's traces).
  package init(
    of subject: String, in logs: TraceLogSet, decision: String? = nil,
    asOf day: CalendarDate? = nil, upTo number: Int = .max
  ) throws {
    var decoders = logs.logs.map { TraceDecoder($0) }
    var open: Set<String> = []
    var failure: (any Error)?
    var names: Set<String> = []
    try logs.traces(ofSubject: subject) { entry in
      if entry.trace.index > number { return true }
      do {
        let trace = try decoders[entry.log].trace(entry.trace)
        traceCount += 1
        names.insert(trace.schema.decision)
        note(trace.asOf)
        if let decision, trace.schema.decision != decision { return true }
        if let day, let asOf = trace.asOf, asOf > day { return true }
        take(trace, entry, &open)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    decisions = names.sorted()
  }

  /// The same of one log.
  package init(
    of subject: String, in log: TraceLogReader, decision: String? = nil,
    asOf day: CalendarDate? = nil, upTo number: Int = .max
  ) throws {
    try self.init(
      of: subject, in: TraceLogSet(log), decision: decision, asOf: day, upTo: number)
  }

  private mutating func note(_ day: CalendarDate?) {
    guard let day else { return }
    days = days.map { min($0.lowerBound, day)...max($0.upperBound, day) } ?? day...day
  }

  /// The first trace of a name is the latest; those before it tell since when its outcome stands.
  private mutating func take(
    _ trace: Trace, _ place: TraceLogSet.Entry, _ open: inout Set<String>
  ) {
    let name = trace.schema.decision
    guard let index = entries.firstIndex(where: { $0.trace.schema.decision == name }) else {
      entries.append(Entry(trace: trace, log: place.log, number: place.trace.index))
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
      entries[index].unchangedSince = place.trace.index
      entries[index].sinceLog = place.log
    } else {
      open.remove(name)
    }
  }
}
