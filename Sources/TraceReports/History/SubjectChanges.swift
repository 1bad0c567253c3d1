package import DataFields
package import DecisionTrace
package import TraceLog

/// How the decisions about a subject changed from one trace to the next, from some day or trace on.
package struct SubjectChanges: Sendable {
  /// From when on.
  package enum Start: Sendable, Hashable {
    /// As it was at the end of a day.
    case day(CalendarDate)
    /// As it was with the trace of this number.
    case number(Int)
  }

  /// A trace and its place.
  package struct Point: Sendable, Hashable {
    package var trace: Trace
    /// Index of the log in its set, and the number there.
    package var log: Int
    package var number: Int
  }

  /// Two traces that follow each other, of which the second tells something else: another outcome,
  /// rank or deciding rule.
  package struct Turn: Sendable {
    package var before: Point
    package var after: Point

    /// Whether the outcome itself is another.
    package var changesOutcome: Bool { before.trace.resultText != after.trace.resultText }
    package var differences: [TraceDifference] {
      SubjectChanges.differences(before.trace, after.trace)
    }
  }

  /// How the decisions of one name went.
  package struct Course: Sendable {
    package let decision: String
    /// The trace that stood at the start; nil if there was none so early.
    package fileprivate(set) var first: Point?
    package fileprivate(set) var last: Point
    /// How many decisions were made after the start.
    package fileprivate(set) var count = 0
    /// How many turns there were, and the latest of them, the latest first.
    package fileprivate(set) var turnCount = 0
    package fileprivate(set) var turns: [Turn] = []
    /// The oldest trace so far; whether the start was reached.
    fileprivate var oldest: Point
    fileprivate var isComplete = false

    fileprivate init(_ point: Point) {
      decision = point.trace.schema.decision
      last = point
      oldest = point
    }

    /// Everything that is otherwise now than it was at the start.
    package var differences: [TraceDifference] {
      first.map { SubjectChanges.differences($0.trace, last.trace) } ?? []
    }
  }

  /// The decisions of each name, the latest first.
  package private(set) var courses: [Course] = []

  /// - Parameters:
  ///   - decision: only this decision; nil for all.
  ///   - day: as of the end of this day: traces of a later day are passed over.
  ///   - limit: how many turns are kept of each decision.
  /// - Complexity: O(bytes of the subject's traces).
  package init(
    of subject: String, in logs: TraceLogSet, since start: Start, decision: String? = nil,
    asOf day: CalendarDate? = nil, limit: Int = 1_000
  ) throws {
    var decoders = logs.logs.map { TraceDecoder($0) }
    var failure: (any Error)?
    try logs.traces(ofSubject: subject) { entry in
      do {
        let trace = try decoders[entry.log].trace(entry.trace)
        if let decision, trace.schema.decision != decision { return true }
        if let day, let asOf = trace.asOf, asOf > day { return true }
        take(Point(trace: trace, log: entry.log, number: entry.trace.index), start, limit)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    courses.removeAll { $0.count == 0 && $0.first == nil }
  }

  private mutating func take(_ point: Point, _ start: Start, _ limit: Int) {
    let isFirst =
      switch start {
      case .day(let day): point.trace.asOf.map { $0 <= day } ?? false
      case .number(let number): point.number <= number
      }
    let name = point.trace.schema.decision
    guard let index = courses.firstIndex(where: { $0.decision == name }) else {
      var course = Course(point)
      if isFirst {
        course.first = point
        course.isComplete = true
      } else {
        course.count = 1
      }
      courses.append(course)
      return
    }
    guard !courses[index].isComplete else { return }
    let turn = Turn(before: point, after: courses[index].oldest)
    if Self.isTurn(turn.before.trace, turn.after.trace) {
      courses[index].turnCount += 1
      if courses[index].turns.count < limit { courses[index].turns.append(turn) }
    }
    courses[index].oldest = point
    if isFirst {
      courses[index].first = point
      courses[index].isComplete = true
    } else {
      courses[index].count += 1
    }
  }

  private static func isTurn(_ before: Trace, _ after: Trace) -> Bool {
    before.resultText != after.resultText || before.decidingRules != after.decidingRules
      || before.ranks.map(\.level) != after.ranks.map(\.level)
      || before.override?.schema.name != after.override?.schema.name
  }

  /// What is otherwise: not which record it was made on, nor how many events there had been.
  fileprivate static func differences(_ before: Trace, _ after: Trace) -> [TraceDifference] {
    var differences = TraceDifference.between(before, after).filter {
      switch $0.part {
      case .value, .rank, .result, .override: true
      case .model: false
      case .identity, .rule, .previous, .lineage, .conversion, .bytes: false
      }
    }
    if before.schema.rulesetDigest != after.schema.rulesetDigest {
      differences.append(
        TraceDifference(
          .identity, "ruleset",
          before: "\(before.schema.ruleset) version \(before.schema.version)",
          after: "\(after.schema.ruleset) version \(after.schema.version)"))
    }
    return differences
  }
}
