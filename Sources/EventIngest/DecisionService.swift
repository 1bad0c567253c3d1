internal import DataFields
public import Decisions
internal import FileIO
internal import SourceDiagnostics
internal import TabularIO
internal import TraceLog

/// Decides on events as they come, inside a service: rules and models are loaded once, each event
/// goes into its subject's state and to the decisions that follow from it, and every decision's
/// trace goes to the log.
///
/// ```swift
/// let service = try DecisionService(rules: ["rules/invoice-profile.rules"], log: "decisions")
/// try service.load("static", from: "static.csv")
/// while let line = nextLine() {
///   try service.decide(on: line, from: "invoices") { decision in
///     print(decision.subject, decision.name)
///   }
/// }
/// try service.close()
/// ```
///
/// Traces are made durable in groups: a decision is on the disk for certain after ``commit()`` or
/// ``close()``. A service that is opened again on the same log goes on where the last ``save()`` or
/// ``close()`` left off. It is used from one thread at a time; for several lanes open one service
/// and one log for each.
public final class DecisionService {
  private let store: LaneStore
  private var streams: [String: Stream] = [:]

  /// One source of events: what it fills, and the reader whose buffers are used again.
  private struct Stream {
    var plan: SourcePlan
    var origin: RecordOrigin
    var reader: RecordReader
  }

  /// Loads rules and models, opens the log, and recovers what a crash left.
  ///
  /// - Parameters:
  ///   - rules: the ruleset files; what they `use` is found from there.
  ///   - log: a directory; created if absent. One process writes it.
  ///   - keys: the files of the keys that sign the log's checkpoints and open its vault; where none is
  ///     named, the log's own, which are made with it.
  ///   - privacy: whether what belongs to persons is kept apart from the log.
  public convenience init(
    rules: [String], log: String, keys: LogKeyFiles = LogKeyFiles(),
    privacy: Privacy = .on
  ) throws(IngestError) {
    let library = try wrappingDiagnostics { () throws(DiagnosticsError) in
      try DecisionLibrary(rules: rules)
    }
    try self.init(library: library, log: log, keys: keys, privacy: privacy)
  }

  /// Opens a log for a library that is loaded already, as for several lanes.
  public init(
    library: DecisionLibrary, log: String, keys: LogKeyFiles = LogKeyFiles(),
    privacy: Privacy = .on
  ) throws(IngestError) {
    store = try LaneStore(
      library: library, log: log, deadLetters: nil, keys: keys, privacy: privacy)
  }

  /// What opening the log and the saved state found, for people.
  public var notices: [String] { store.notices }

  /// How records ended, since the log was begun; static records since the service was opened.
  public var counts: IngestCounts { store.lane.counts }

  /// Loads a static source from a CSV or JSON-lines file; events about subjects that none of them
  /// knows are filtered.
  ///
  /// - Throws: what is wrong with the file as a whole; single records that cannot be used are dead
  ///   letters.
  public func load(_ source: String, from path: String) throws(IngestError) {
    let plan = SourcePlan(source, store.lane.program)
    if plan.inputs.isEmpty { throw .unknownSource(source) }
    try store.loadInput(plan, path: path)
  }

  /// Loads a static source from JSON lines in memory, as ``load(_:from:)`` does from a file.
  public func load(_ source: String, records lines: [UInt8]) throws(IngestError) {
    let plan = SourcePlan(source, store.lane.program)
    if plan.inputs.isEmpty { throw .unknownSource(source) }
    try store.loadInput(plan, lines: lines)
  }

  /// Takes events as JSON lines: one object a line, or an array of objects.
  ///
  /// - Parameters:
  ///   - bytes: one or more whole lines; the last line break may be left out.
  ///   - source: the source's name in the rules.
  ///   - onDecision: called for each decision, in the order of the events.
  /// - Throws: failures of the log and the disk. An event that cannot be used is a dead letter.
  public func decide(
    on bytes: some Sequence<UInt8>, from source: String, onDecision: (Decision) -> Void
  ) throws(IngestError) {
    if streams[source] == nil { streams[source] = try open(source) }
    guard let stream = streams[source] else { return }
    stream.reader.replaceInput(with: Array(bytes))
    let lane = store.lane
    while true {
      let step = try wrappingFile { () throws(FileError) in try stream.reader.next() }
      switch step {
      case .atEnd, .stopped:
        store.setPosition(
          source: source, identity: source, record: stream.reader.recordNumber)
        return
      case .fault:
        if let fault = stream.reader.fault { try lane.bury(fault, stream.origin) }
        lane.counts.deadLetters += 1
      case .record:
        try lane.take(stream.reader, stream.plan, stream.origin) { made throws(IngestError) in
          onDecision(lane.decision(made))
        }
      }
    }
  }

  private func open(_ source: String) throws(IngestError) -> Stream {
    let plan = SourcePlan(source, store.lane.program)
    if plan.events.isEmpty { throw .unknownSource(source) }
    let reader = try wrappingDiagnostics { () throws(DiagnosticsError) in
      try RecordReader(
        bytes: [UInt8(ascii: "\n")], name: source, columns: .named(plan.columns),
        options: .init(format: .jsonLines))
    }
    reader.continueNumbering(after: store.position(source: source, identity: source))
    return Stream(
      plan: plan, origin: RecordOrigin(source: source, file: source, identity: source),
      reader: reader)
  }

  /// Erases a person: destroys the key to what belongs to them in the log, and takes them out of the
  /// state, the static records, the dead letters and memory. The entries of the log stay, about
  /// nobody; the erasure is logged before it is done. It is done when this returns.
  ///
  /// Events about them that come later are filtered, until a static source knows them again.
  ///
  /// - Parameters:
  ///   - time: seconds since 1970-01-01, for the log.
  ///   - by: who asks for it, for the log; not the subject.
  ///   - reason: why, for the log; it must not name the subject.
  /// - Returns: whether anything was known of them.
  /// - Throws: `IngestError.log` with `held` while a legal hold is on them, with `vault` for a log
  ///   without privacy.
  /// - Complexity: O(subjects + dead letters).
  @discardableResult
  public func erase(
    subject: String, time: Int?, by: String, reason: String
  ) throws(IngestError) -> Bool {
    try store.erase(subject, .init(time: time, by: by, reason: reason))
  }

  /// Returns once every decision so far is on the disk.
  public func commit() throws(IngestError) { try store.lane.commit() }

  /// Commits, and signs a checkpoint of every decision so far, if there is any that none covers.
  ///
  /// A log signs by itself once 65,536 entries wait, and whenever the state is saved. A service that
  /// shows its log to others calls this by its own clock, about once a second: no clock is read here.
  public func checkpoint() throws(IngestError) { try store.sign() }

  /// Commits, and saves the state, so that a service opened later goes on from here.
  public func save() throws(IngestError) { try store.save() }

  /// Saves, and lets go of the log.
  public func close() throws(IngestError) { try store.close() }
}
