package import DataFields
package import Decisions
internal import FileIO
internal import ReferenceData
internal import RuleLanguage
package import SourceDiagnostics
internal import StreamFeatures
internal import TabularIO
internal import TraceLog

/// Decides on files and pipes from their start, or from where an earlier run stopped, to their end.
///
/// Without a log it is a rehearsal: decisions are made and handed to ``onDecision``, and nothing is
/// kept of them.
///
/// Static sources are loaded first. Event sources are merged by event time, ties in the order of
/// the command line. Records that an earlier run dealt with are passed over.
package final class IngestRun {
  package struct Options: Sendable {
    package struct Input: Sendable, Hashable {
      /// The source's name in the rules.
      package var source: String
      /// A file, or `-`.
      package var path: String

      package init(source: String, path: String) {
        self.source = source
        self.path = path
      }
    }

    package var inputs: [Input] = []
    /// Rows of supplied inputs and lets.
    package var rows: String?
    package var asOf: CalendarDate?
    /// Names sources in decisions in place of their files' digests, for files that grow; the key
    /// "" is for every source without a name of its own.
    package var sourceNames: [String: String] = [:]
    /// The folder of the log; nil is a rehearsal.
    package var log: String?
    /// Nil is a file in the log; a rehearsal counts dead letters and writes none.
    package var deadLetters: String?
    package var keys = LogKeyFiles()
    /// The log that a new one goes on from: another lane's, or one on another machine.
    package var continuing: String?
    package var privacy = Privacy.on
    /// Where decisions go as JSON lines: a file, `-`, or nil for nowhere.
    package var output: String?
    /// The state is saved each time so many records were dealt with, and at the end.
    package var recordsBetweenSaves = 1_000_000

    package init(log: String?) { self.log = log }
  }

  /// What a run did.
  package struct Summary: Sendable {
    /// Of this run, not of earlier ones.
    package var counts: IngestCounts
    /// Records that earlier runs dealt with.
    package var passedOver: Int
    /// The signal that stopped it before its end; 0 if none did.
    package var stoppedBy: Int32
    /// Columns of the rows that no ruleset reads.
    package var unusedColumns: [String]
  }

  private let options: Options
  private let store: LaneStore
  private var lane: DecisionLane { store.lane }
  private var output: DecisionOutput
  private var countsBefore: IngestCounts
  private var passedOver = 0
  private var recordsSinceSave = 0
  private var unusedColumns: [String] = []
  /// How many traces were durable when output was handed on last.
  private var handedOn = 0

  /// Called for each decision, in the order in which they are made.
  package var onDecision: ((Decision) -> Void)?

  /// Where dead letters go; nowhere in a rehearsal.
  package var deadLetterPath: String? {
    options.log.map { options.deadLetters ?? LaneStore.deadLetterPath($0) }
  }

  /// What opening the log and the state found, for people.
  package var notices: [String] { store.notices }

  package init(library: DecisionLibrary, options: Options) throws(IngestError) {
    self.options = options
    try wrappingDiagnostics { () throws(DiagnosticsError) in
      try Self.check(sources: options.inputs.map(\.source), of: library)
    }
    if let log = options.log {
      store = try LaneStore(
        library: library, log: log, deadLetters: options.deadLetters, keys: options.keys,
        privacy: options.privacy, continuing: options.continuing.map { .log($0) })
    } else {
      store = LaneStore(rehearsing: library)
    }
    let appends = store.isResumed
    output = try wrappingFile { () throws(FileError) in
      try DecisionOutput(path: options.output, appends: appends)
    }
    countsBefore = store.lane.counts
    handedOn = store.lane.durableCount
    store.lane.asOf = options.asOf
  }

  /// Refuses sources that no ruleset reads, and events that rules need in a way that is not run.
  package static func check(
    sources: [String], of library: DecisionLibrary
  ) throws(DiagnosticsError) {
    let known = SourcePlan.names(in: library.program)
    for source in sources where !known.contains(source) {
      let near = NearMiss.suggestion(for: source, among: known)
      throw DiagnosticsError(
        Diagnostic(
          code: "I7", message: "no ruleset reads from a source `\(source)`",
          notes: ["the sources are \(known.map { "`\($0)`" }.joined(separator: ", "))"],
          help: near.map { ["did you mean `\($0)`?"] } ?? []))
    }
  }

  /// Runs to the end of all inputs, or to a stop; then everything is durable and saved.
  ///
  /// - Parameter progress: called now and then with the number of records so far.
  package func run(progress: (Int) -> Void = { _ in }) throws(IngestError) -> Summary {
    do throws(IngestError) {
      try loadInputs()
      if let rows = options.rows, !Interruption.isRequested { try decideRows(rows, progress) }
      try mergeEvents(progress)
    } catch {
      // What was decided before the failure stays decided; the failure is what is reported.
      try? handOn()
      throw error
    }
    try handOn()
    try store.close()
    return Summary(
      counts: lane.counts - countsBefore, passedOver: passedOver,
      stoppedBy: Interruption.requestedSignal, unusedColumns: unusedColumns)
  }

  private func sourcePlan(_ name: String) -> SourcePlan { SourcePlan(name, lane.program) }

  // MARK: Static inputs

  private func loadInputs() throws(IngestError) {
    for input in options.inputs {
      let plan = sourcePlan(input.source)
      guard !plan.inputs.isEmpty else { continue }
      try store.loadInput(plan, path: input.path)
    }
  }

  // MARK: Events

  private func mergeEvents(_ progress: (Int) -> Void) throws(IngestError) {
    var inputs: [EventInput] = []
    for input in options.inputs {
      let plan = sourcePlan(input.source)
      if plan.events.isEmpty { continue }
      guard let opened = try open(input, plan) else { return }
      inputs.append(opened)
    }
    let merges = inputs.count > 1
    for input in inputs { try advance(input, merges) }
    while true {
      // A record of several objects is taken whole: its position moves when its last one is.
      var first = inputs.first { $0.isWithinRecord }
      if first == nil, Interruption.isRequested { return }
      if first == nil {
        for input in inputs where input.step != .atEnd && input.day < first?.day ?? .max {
          first = input
        }
      }
      // Days reach Int32.max for no date, so an input that has records is always found.
      guard let input = first, input.step != .stopped else { return }
      try take(input)
      try recordDone(progress, mayBeSaved: !input.isWithinRecord)
      try advance(input, merges)
    }
  }

  private func advance(_ input: EventInput, _ merges: Bool) throws(IngestError) {
    try wrappingFile { () throws(FileError) in try input.advance(readsTime: merges) }
  }

  private func open(
    _ input: Options.Input, _ plan: SourcePlan
  ) throws(IngestError) -> EventInput? {
    guard let identity = try identity(of: input) else { return nil }
    let reader = try wrappingDiagnostics { () throws(DiagnosticsError) in
      try RecordReader(path: input.path, columns: .named(plan.columns))
    }
    // A pipe may wait: what is finished is handed on before it does. A failure to do so comes
    // again at the next chance, where it is reported.
    reader.beforeWaiting = { [weak self] () throws(FileError) in try? self?.handOn() }
    let before = store.position(source: input.source, identity: identity.name)
    if identity.isStream {
      reader.continueNumbering(after: before)
    } else if before > 0 {
      _ = try wrappingFile { () throws(FileError) in try reader.skip(records: before) }
      passedOver += reader.recordNumber
    }
    return EventInput(
      plan: plan,
      origin: RecordOrigin(source: input.source, file: input.path, identity: identity.name),
      reader: reader, program: lane.program)
  }

  /// What names an input in decisions: the file's digest, or, for what cannot be read twice or is
  /// named on the command line, a name. Nil if a stop was asked for.
  private func identity(
    of input: Options.Input
  ) throws(IngestError) -> (name: String, isStream: Bool)? {
    let isRegular = try wrappingFile { () throws(FileError) in
      if input.path == "-" { return false }
      return try Directory.status(input.path)?.isRegular ?? true
    }
    if let name = options.sourceNames[input.source] ?? options.sourceNames[""] {
      return (name, !isRegular)
    }
    if !isRegular { return (input.source, true) }
    let digest = try wrappingFile { () throws(FileError) in
      try ReferenceFile.digest(ofFileAt: input.path)
    }
    return digest.map { ($0.hexadecimal, false) }
  }

  private func take(_ input: EventInput) throws(IngestError) {
    if input.step == .fault {
      if let fault = input.reader.fault { try lane.bury(fault, input.origin) }
      lane.counts.deadLetters += 1
    } else {
      try lane.take(input.reader, input.plan, input.origin) { made throws(IngestError) in
        lane.withEngine { output.append(made, input.reader, input.origin, &$0) }
        handOn(made)
      }
    }
    input.isWithinRecord = !input.reader.isLastElement
    if input.reader.isLastElement {
      store.setPosition(
        source: input.origin.source, identity: input.origin.identity,
        record: input.reader.recordNumber)
    }
  }

  private func handOn(_ made: MadeDecision) {
    if let onDecision { onDecision(lane.decision(made)) }
  }

  // MARK: Rows

  private func decideRows(
    _ path: String, _ progress: (Int) -> Void
  ) throws(IngestError) {
    let reader = try wrappingDiagnostics { () throws(DiagnosticsError) in
      try RecordReader(path: path, columns: .all)
    }
    let plan = try wrappingDiagnostics { () throws(DiagnosticsError) in
      try SuppliedRows(reader.columns, lane.program, name: path)
    }
    unusedColumns = plan.unusedColumns
    guard let identity = try identity(of: Options.Input(source: "rows", path: path)) else { return }
    let origin = RecordOrigin(source: "rows", file: path, identity: identity.name)
    let before = store.position(source: "rows", identity: identity.name)
    if identity.isStream {
      reader.continueNumbering(after: before)
    } else if before > 0 {
      _ = try wrappingFile { () throws(FileError) in try reader.skip(records: before) }
      passedOver += reader.recordNumber
    }
    while !Interruption.isRequested {
      let step = try wrappingFile { () throws(FileError) in try reader.next() }
      switch step {
      case .atEnd, .stopped: return
      case .fault:
        if let fault = reader.fault { try lane.bury(fault, origin) }
        lane.counts.deadLetters += 1
      case .record:
        try lane.takeRow(reader, plan, origin, asOf: options.asOf) { made throws(IngestError) in
          lane.withEngine { output.append(made, reader, origin, &$0) }
          handOn(made)
        }
      }
      store.setPosition(source: "rows", identity: identity.name, record: reader.recordNumber)
      try recordDone(progress)
    }
  }

  // MARK: Durability

  private func recordDone(
    _ progress: (Int) -> Void, mayBeSaved: Bool = true
  ) throws(IngestError) {
    recordsSinceSave += 1
    if recordsSinceSave & 0xFFF == 0 { progress(lane.counts.records - countsBefore.records) }
    if mayBeSaved, recordsSinceSave >= options.recordsBetweenSaves {
      recordsSinceSave = 0
      try handOn()
      try store.save()
    } else if output.isFull || lane.durableCount != handedOn {
      try handOn()
    }
  }

  /// A line of output acknowledges a decision: it leaves after the trace is on the disk.
  private func handOn() throws(IngestError) {
    try lane.commit()
    try wrappingFile { () throws(FileError) in try output.flush() }
    handedOn = lane.durableCount
  }
}
