internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import EventIngest
internal import SourceDiagnostics

/// What one version of the rules decides on rows, by the engine that decides everywhere.
enum RowDecisions {
  struct Made {
    var decision: String
    var subject: String
    /// The outcome, or `refused`.
    var outcome: String
    /// The record and its element: what pairs the decisions of two versions.
    var place: String
  }

  static func made(on rows: String, asOf: CalendarDate?, by library: DecisionLibrary) throws
    -> [Made]
  {
    var made: [Made] = []
    var options = IngestRun.Options(log: nil)
    options.rows = rows
    options.asOf = asOf
    let summary = try Rehearsal.run(library, options) { decision in
      let trace = try decision.trace()
      let outcome =
        if case .decided(let outcome, _) = trace.result { outcome.plainText } else { "refused" }
      made.append(
        Made(
          decision: trace.schema.decision, subject: trace.subject, outcome: outcome,
          place: "\(trace.id.record).\(trace.id.index)"))
    }
    if summary.counts.deadLetters > 0 {
      StandardError.write(
        "warning: \(summary.counts.deadLetters) rows are dead letters and are left out\n")
    }
    return made
  }
}
