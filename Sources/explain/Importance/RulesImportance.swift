internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import EventIngest
internal import FileIO
internal import PopulationViews

/// What rulesets come to on many rows, or on the events of many subjects.
struct RulesImportance {
  /// What one decision's counts are of.
  enum Counted: String {
    /// Each row of supplied values.
    case rows
    /// Each subject, as its last event left it.
    case subjects
  }

  let counted: Counted
  private(set) var populations: [DecisionPopulation]
  private(set) var counts = IngestCounts()
  /// Columns of the rows that no ruleset reads.
  private(set) var unusedColumns: [String] = []
  /// The signal that ended the run before its end; 0 if none did.
  private(set) var stoppedBy: Int32 = 0

  /// Decides on the inputs of `options`, and counts what comes of it.
  ///
  /// Rows are counted on their way; of events the last trace of each subject is kept until the end,
  /// so that memory grows with the subjects, as the state does that decides on them.
  init(
    _ library: DecisionLibrary, _ options: IngestRun.Options, nearness: [Nearness]
  ) throws {
    let library = library.keepingAllAttributions()
    var populations = library.schemas.map { DecisionPopulation($0.schema, nearness: nearness) }
    var places: [Digest: Int] = [:]
    for (place, schema) in library.schemas.enumerated() { places[schema.digest] = place }
    let countsRows = options.rows != nil
    var latest = LatestTraces()
    var progress = ProgressLine()
    defer { progress.clear() }
    func take(_ decision: Decision) throws {
      guard let place = Trace.schemaDigest(ofBody: decision.traceBody).flatMap({ places[$0] })
      else { return }
      if countsRows {
        populations[place].add(try decision.trace())
      } else {
        latest.set(decision, schema: place)
      }
    }
    let summary = try Rehearsal.run(
      library, options, progress: { progress.show("\($0) records") }, take: take)
    for kept in latest.all {
      let schema = library.schemas[kept.schema]
      populations[kept.schema].add(
        try Trace(body: kept.body, schema: schema.schema, digest: schema.digest))
    }
    // Of several versions of a ruleset some may have decided on nothing.
    self.populations = populations.filter { $0.count > 0 }
    counted = countsRows ? .rows : .subjects
    counts = summary.counts
    unusedColumns = summary.unusedColumns
    stoppedBy = summary.stoppedBy
  }
}

/// The last trace of each subject and decision, as bytes.
private struct LatestTraces {
  struct Kept {
    var body: [UInt8]
    /// Index among the library's schemas.
    var schema: Int
  }

  private struct Key: Hashable {
    var subject: String
    var decision: String
  }

  /// In the order in which subjects first came.
  private(set) var all: [Kept] = []
  private var places: [Key: Int] = [:]

  /// That of a later version of a ruleset takes the place of an earlier one's.
  mutating func set(_ decision: Decision, schema: Int) {
    let kept = Kept(body: decision.traceBody, schema: schema)
    let key = Key(subject: decision.subject, decision: decision.name)
    if let place = places[key] {
      all[place] = kept
    } else {
      places[key] = all.count
      all.append(kept)
    }
  }
}
