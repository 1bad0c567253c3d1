internal import DataFields
package import Decisions
internal import FileIO
internal import RuleLanguage
internal import SourceDiagnostics
internal import StreamFeatures
package import TabularIO
internal import TraceLog

/// One lane of a streaming service: messages of one partition of each topic in, in the order of their
/// offsets; state, decisions and traces of it alone, in a log of its own.
///
/// Decisions are held until ``commit(_:)`` has made their traces durable, and are handed on then. A lane
/// that is opened again on its log goes on after the message that the saved state has seen last: give it
/// the messages from ``nextOffset(of:)`` on, and what is in the log already is compared, not stored
/// twice. It is used from one thread at a time.
package final class PartitionLane {
  /// One topic's partition: the source that the rules name, and what names the partition in decisions.
  package struct Feed: Sendable, Hashable {
    package var source: String
    package var topic: String

    package init(source: String, topic: String) {
      self.source = source
      self.topic = topic
    }
  }

  /// How a lane is opened.
  package struct Options: Sendable {
    package var log: String
    package var keys = LogKeyFiles()
    package var privacy = Privacy.on
    /// Where the lane stood that another member had of this partition; its log goes on in this one.
    package var continuing: LaneHead?
    /// Whether it is noted which subjects change, for a changelog.
    package var keepsChanges = false
    /// The shape of each decision's messages, by its name; nil is ``DecisionLine``.
    package var shapes: [String: [DecisionMember]] = [:]

    package init(log: String) { self.log = log }
  }

  /// A decision whose trace is durable.
  package struct Handed {
    /// Index among the program's decisions.
    package var decision: Int
    package var subject: UnsafeRawBufferPointer
    package var value: UnsafeRawBufferPointer
    /// The name of the decision wherever it is made again.
    package var id: UnsafeRawBufferPointer
  }

  /// A message that could not be used, or came too late for a window.
  package struct Unusable {
    package var feed: Int
    package var offset: Int
    package var isLate: Bool
    package var letter: DeadLetter
  }

  package let partition: Int32
  package let feeds: [Feed]
  let store: LaneStore
  private let shapes: [[DecisionMember]?]
  private(set) var streams: [Stream] = []
  private var held = HeldDecisions()
  private var unusable: [Unusable] = []
  private var json = JSONText()
  /// The stream whose positions and counts the store does not know yet; -1 is none.
  private var unnoted = -1
  /// The message in hand; nil while static sources are loaded.
  private(set) var current: (feed: Int, offset: Int)?
  /// Subjects whose restored state has seen more than the lane's head, with the offsets that it has
  /// not seen.
  var ahead: [Int: [Int]] = [:]
  var aheadEnd: [Int] = []

  struct Stream {
    let plan: SourcePlan
    let origin: RecordOrigin
    let reader: RecordReader
    /// The offset of the last message that was dealt with.
    var offset: Int
    /// Up to here the log has accounted for messages before it was opened: of these each is noted.
    var accounted: Int
  }

  /// A dead letter keeps all of its message.
  private static var reading: RecordReader.Options {
    var options = RecordReader.Options(format: .jsonLines)
    options.rawLimit = options.recordLimit
    return options
  }

  package init(
    library: DecisionLibrary, partition: Int32, feeds: [Feed], options: Options
  ) throws(IngestError) {
    self.partition = partition
    self.feeds = feeds
    aheadEnd = feeds.map { _ in 0 }
    store = try LaneStore(
      library: library, log: options.log, deadLetters: nil, keys: options.keys,
      privacy: options.privacy, continuing: options.continuing.map { .checkpoint($0.note) })
    shapes = library.program.decisions.map { options.shapes[$0.name] }
    for feed in feeds {
      let plan = SourcePlan(feed.source, library.program)
      if plan.events.isEmpty { throw .unknownSource(feed.source) }
      let identity = InputIdentity.partition(partition, ofTopic: feed.topic)
      let reader = try wrappingDiagnostics { () throws(DiagnosticsError) in
        try RecordReader(
          bytes: [UInt8(ascii: "\n")], name: identity, columns: .named(plan.columns),
          options: Self.reading)
      }
      streams.append(
        Stream(
          plan: plan,
          origin: RecordOrigin(source: feed.source, file: identity, identity: identity),
          reader: reader, offset: store.position(source: feed.source, identity: identity),
          accounted: store.accountedThrough(source: feed.source, identity: identity)))
    }
    if let head = options.continuing { adopt(head) } else { restoreAhead() }
    if options.keepsChanges { store.lane.changes = SubjectChanges() }
    store.lane.onDeadLetter = { [weak self] letter in self?.keep(letter, isLate: false) }
    store.lane.onLate = { [weak self] letter in self?.keep(letter, isLate: true) }
  }

  /// What opening the log and the saved state found, for people.
  package var notices: [String] { store.notices }

  /// How records ended, since the log was begun.
  package var counts: IngestCounts { store.lane.counts }

  /// Subjects that something is known of.
  package var subjectCount: Int { store.lane.state.codes.count }

  /// The offset of the first message of a feed that was not dealt with.
  package func nextOffset(of feed: Int) -> Int { streams[feed].offset + 1 }

  /// Loads a static source from a CSV or JSON-lines file.
  package func load(_ source: String, from path: String) throws(IngestError) {
    let plan = SourcePlan(source, store.lane.program)
    if plan.inputs.isEmpty { throw .unknownSource(source) }
    try store.loadInput(plan, path: path)
  }

  // MARK: Messages

  /// Takes a message: into its subject's state, and to the decisions that follow. A message that was
  /// dealt with before changes nothing.
  ///
  /// - Parameters:
  ///   - feed: index of ``feeds``.
  ///   - value: a JSON object, or an array of objects.
  /// - Throws: failures of the log and the disk. A message that cannot be used is a dead letter.
  package func take(
    feed: Int, offset: Int, value: UnsafeBufferPointer<UInt8>
  ) throws(IngestError) {
    if offset <= streams[feed].offset { return }
    if unnoted != feed { note() }
    current = (feed, offset)
    let lane = store.lane
    let reader = streams[feed].reader
    reader.replaceInput(withRecord: value, number: offset)
    var isEmpty = true
    loop: while true {
      let step = try wrappingFile { () throws(FileError) in try reader.next() }
      switch step {
      case .atEnd, .stopped: break loop
      case .fault:
        if let fault = reader.fault { try lane.bury(fault, streams[feed].origin) }
        lane.counts.deadLetters += 1
      case .record:
        let origin = streams[feed].origin
        try lane.take(reader, streams[feed].plan, origin) { made throws(IngestError) in
          let place = RecordPlace(
            origin, record: reader.recordNumber, element: reader.elementIndex)
          lane.withEngine { hold(made, place, &$0) }
        }
      }
      isEmpty = false
    }
    if isEmpty {
      let origin = streams[feed].origin
      try lane.write(
        DeadLetter(
          source: origin.source, file: origin.file, record: offset,
          position: SourcePosition(line: 1, column: 1), code: "empty-message",
          reason: "the message has no value", raw: Array(value), rawLength: value.count))
      lane.counts.deadLetters += 1
    }
    streams[feed].offset = offset
    unnoted = feed
    current = nil
    if offset <= streams[feed].accounted { note() }
    if !ahead.isEmpty { forgetReached() }
  }

  private func hold(_ made: MadeDecision, _ place: RecordPlace, _ engine: inout DecisionEngine) {
    json.removeAll()
    if let members = shapes[made.decision] {
      DecisionLine.append(made, place, &engine, members: members, to: &json)
    } else {
      DecisionLine.append(made, place, &engine, to: &json)
    }
    let name = engine.library.program.decisions[made.decision].name
    held.append(
      decision: made.decision, subject: engine.texts.utf8(made.subject), value: json.bytes,
      id: place.decisionID(name))
  }

  private func keep(_ letter: DeadLetter, isLate: Bool) {
    guard let current else { return }
    unusable.append(
      Unusable(feed: current.feed, offset: current.offset, isLate: isLate, letter: letter))
  }

  func setOffset(_ offset: Int, of feed: Int) { streams[feed].offset = offset }

  /// Tells the store how far the feed in hand was dealt with, and how its messages ended.
  private func note() {
    guard unnoted >= 0 else { return }
    let stream = streams[unnoted]
    store.setPosition(
      source: stream.origin.source, identity: stream.origin.identity, record: stream.offset)
    unnoted = -1
  }

  // MARK: Durability

  /// How many decisions wait for their traces to become durable.
  package var heldCount: Int { held.count }

  /// Makes everything durable, and then hands on the decisions and the messages that could not be used.
  package func commit(
    decision: (Handed) throws(IngestError) -> Void,
    unusable each: (Unusable) throws(IngestError) -> Void
  ) throws(IngestError) {
    note()
    try store.lane.commit()
    try held.handOn(decision)
    for letter in unusable { try each(letter) }
    unusable.removeAll(keepingCapacity: true)
  }

  /// Signs a checkpoint of what is durable.
  package func sign() throws(IngestError) { try store.sign() }

  /// Saves the state and accounts for the messages so far. Everything was committed before.
  package func save() throws(IngestError) {
    note()
    noteAhead()
    try store.save()
  }

  /// Whether nothing was ever dealt with in this log.
  package var isNew: Bool { streams.allSatisfy { $0.offset < 0 } && !store.isResumed }

  /// Lets go of the log as it is: what is not durable is made again by whoever has the partition.
  package func abandon() { store.abandon() }

  /// Saves, and lets go of the log.
  package func close() throws(IngestError) {
    note()
    noteAhead()
    try store.close()
  }
}

/// Decisions that wait for their traces, in one buffer.
struct HeldDecisions {
  private struct Place {
    var decision: Int
    var subject: Int
    var value: Int
    var id: Int
  }

  private var places: [Place] = []
  /// Of each decision its subject, its value and its id, one behind the other.
  private var bytes: [UInt8] = []

  var count: Int { places.count }

  mutating func append(decision: Int, subject: ArraySlice<UInt8>, value: [UInt8], id: String) {
    places.append(
      Place(
        decision: decision, subject: subject.count, value: value.count, id: id.utf8.count))
    bytes.append(contentsOf: subject)
    bytes.append(contentsOf: value)
    bytes.append(contentsOf: id.utf8)
  }

  mutating func handOn(
    _ body: (PartitionLane.Handed) throws(IngestError) -> Void
  ) throws(IngestError) {
    var failure: IngestError?
    bytes.withUnsafeBytes { buffer in
      var start = 0
      func next(_ count: Int) -> UnsafeRawBufferPointer {
        defer { start += count }
        return UnsafeRawBufferPointer(rebasing: buffer[start..<start + count])
      }
      for place in places where failure == nil {
        let handed = PartitionLane.Handed(
          decision: place.decision, subject: next(place.subject), value: next(place.value),
          id: next(place.id))
        do throws(IngestError) { try body(handed) } catch { failure = error }
      }
    }
    places.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    if let failure { throw failure }
  }
}
