internal import DataFields
internal import Decisions
internal import EventIngest
internal import Logging
internal import RuleLanguage
internal import SourceDiagnostics
internal import TabularIO
internal import TraceLog

/// Reads topics, decides on every message, keeps the traces, publishes the decisions.
///
/// Everything runs on the thread that calls ``run()``. The order of things is the promise: a decision
/// goes out after its trace is on the disk; a state is saved after what went out before it was delivered;
/// an offset is committed to the group after that of what it stands for. So what a crash cuts off is made
/// again, alike, and known by its id.
final class IngestLoop {
  let settings: IngestSettings
  private let library: DecisionLibrary
  let logger: Logger
  private let isStopping: @Sendable () -> Bool
  let lanes: LaneSet
  let feeds: [PartitionLane.Feed]
  let producer: TopicProducer
  let status: ServiceStatus
  private(set) var consumer: GroupConsumer?
  /// For each decision the topic of its messages, as the producer numbers them; -1 is none.
  private var publicationTopics: [Int] = []
  private var deadLetterTopic: Int?
  private var lateTopic: Int?
  private(set) var changelogTopic: Int?
  private var recordsSinceCommit = 0
  var checkpoints: [Checkpoint] = []
  var isPaused = false

  private static let deadLetterLimit = 1_000_000
  private static let clock = ContinuousClock()
  private static let batchLimit = 4_000
  /// Well below the client's own queue, in which one more group of decisions has to fit.
  private static let outstandingLimit = 100_000

  init(
    library: DecisionLibrary, settings: IngestSettings, status: ServiceStatus, logger: Logger,
    isStopping: @escaping @Sendable () -> Bool
  ) throws(KafkaError) {
    self.library = library
    self.settings = settings
    self.status = status
    self.logger = logger
    self.isStopping = isStopping
    feeds = try Self.feeds(library, settings)
    lanes = LaneSet(library: library, settings: settings, feeds: feeds, logger: logger)
    producer = try TopicProducer(settings.client, say: Self.speaker(logger, "producer"))
  }

  /// The event sources of the rules, each with its topic.
  private static func feeds(
    _ library: DecisionLibrary, _ settings: IngestSettings
  ) throws(KafkaError) -> [PartitionLane.Feed] {
    do throws(DiagnosticsError) {
      return try SourceBinding(library, settings).feeds
    } catch {
      throw .diagnostics(error)
    }
  }

  private static func speaker(
    _ logger: Logger, _ client: String
  ) -> @Sendable (ClientVoice.Level, String) -> Void {
    { level, text in
      let metadata: Logger.Metadata = ["client": "\(client)"]
      switch level {
      case .error: logger.error("\(text)", metadata: metadata)
      case .warning: logger.warning("\(text)", metadata: metadata)
      case .info: logger.info("\(text)", metadata: metadata)
      }
    }
  }

  // MARK: Running

  /// Runs until a stop is asked for; then everything is delivered, saved and committed.
  func run() throws(KafkaError) {
    let consumer = try GroupConsumer(
      settings.client.setting("group.id", to: settings.group), topics: feeds.map(\.topic),
      strategy: feeds.count == 1 ? "cooperative-sticky" : "range", delegate: self,
      say: Self.speaker(logger, "consumer"))
    self.consumer = consumer
    try checkTopics(consumer)
    try openPublications()
    try consumer.subscribe()
    var failure: KafkaError?
    do throws(KafkaError) {
      try loop(consumer)
      try stop(consumer)
    } catch {
      logger.error("\(error)")
      failure = error
    }
    consumer.close()
    self.consumer = nil
    if let failure { throw failure }
  }

  private func loop(_ consumer: GroupConsumer) throws(KafkaError) {
    var commitDue = Self.clock.now
    var checkpointDue = Self.clock.now + .milliseconds(settings.checkpointMilliseconds)
    var saveDue = Self.clock.now + .milliseconds(settings.saveMilliseconds)
    while !isStopping() {
      let isIdle = recordsSinceCommit == 0
      let count = try consumer.poll(limit: Self.batchLimit, milliseconds: isIdle ? 50 : 5) {
        message throws(KafkaError) in
        if recordsSinceCommit == 0 {
          commitDue = Self.clock.now + .milliseconds(settings.commitMilliseconds)
        }
        try take(message)
      }
      try producer.poll()
      throttle(consumer)
      let now = Self.clock.now
      // Where more messages wait, a flush is for many: it is no one of them that waits for it.
      let patience = count < Self.batchLimit ? 0 : 9 * settings.commitMilliseconds
      if recordsSinceCommit >= settings.commitRecords
        || recordsSinceCommit > 0 && now >= commitDue + .milliseconds(patience)
      {
        try commit()
      }
      if now >= checkpointDue {
        checkpointDue = now + .milliseconds(settings.checkpointMilliseconds)
        try commit()
        try checkpoint(consumer)
      }
      let isSaveDue = now >= saveDue
      if isSaveDue { saveDue = now + .milliseconds(settings.saveMilliseconds) }
      try save(all: isSaveDue)
    }
  }

  /// Back-pressure: while brokers take too little, nothing more is read, and the group is kept.
  private func throttle(_ consumer: GroupConsumer) {
    let outstanding = producer.outstandingCount
    if !isPaused, outstanding > Self.outstandingLimit {
      consumer.pause(assigned)
      isPaused = true
      logger.notice("paused: brokers take too little", metadata: ["messages": "\(outstanding)"])
    } else if isPaused, outstanding < Self.outstandingLimit / 2 {
      consumer.resume(assigned)
      isPaused = false
    }
  }

  var assigned: [TopicPartition] { lanes.inOrder.flatMap { partitions($0.partition) } }

  func partitions(_ number: Int32) -> [TopicPartition] {
    feeds.map { TopicPartition(topic: $0.topic, number: number) }
  }

  private func take(_ message: GroupConsumer.Message) throws(KafkaError) {
    guard let lane = lanes.lanes[message.partition] else { return }
    try wrappingIngest { () throws(IngestError) in
      try lane.lane.take(
        feed: message.topic, offset: Int(message.offset), value: message.value)
    }
    lane.needsCommit = true
    lane.needsCheckpoint = true
    lane.recordsSinceSave += 1
    recordsSinceCommit += 1
    status.took(message.timestamp)
  }

  // MARK: Durability

  /// Makes the traces of all lanes durable, and sends what they are of.
  private func commit() throws(KafkaError) {
    for (_, lane) in lanes.inOrder where lane.needsCommit { try commit(lane) }
    recordsSinceCommit = 0
  }

  func commit(_ lane: LaneSet.Lane) throws(KafkaError) {
    lane.needsCommit = false
    var failure: KafkaError?
    let began = Self.clock.now
    do throws(IngestError) {
      try lane.lane.commit { decision in
        if failure == nil { failure = publish(decision) }
      } unusable: { letter in
        if failure == nil { failure = bury(letter, lane.lane.partition) }
      }
    } catch {
      throw .ingest(error)
    }
    status.committed(in: Self.clock.now - began)
    if let failure { throw failure }
  }

  private func publish(_ decision: PartitionLane.Handed) -> KafkaError? {
    status.decided(decision.decision)
    let topic = publicationTopics[decision.decision]
    if topic < 0 { return nil }
    do throws(KafkaError) {
      try producer.send(
        to: topic, key: decision.subject, value: decision.value,
        headers: [.init(name: "decision-id", value: decision.id)])
      return nil
    } catch {
      return error
    }
  }

  private func bury(_ unusable: PartitionLane.Unusable, _ partition: Int32) -> KafkaError? {
    if !unusable.isLate { status.buried() }
    guard let topic = unusable.isLate ? lateTopic : deadLetterTopic else { return nil }
    let letter = unusable.letter
    // The rest of a message that is larger than brokers take with its headers is in the log's own file.
    let raw = letter.raw.prefix(Self.deadLetterLimit)
    let texts = [
      ("source-topic", feeds[unusable.feed].topic), ("source-partition", "\(partition)"),
      ("source-offset", "\(unusable.offset)"), ("code", letter.code), ("reason", letter.reason),
      ("field", letter.field ?? ""),
      ("truncated-from", raw.count < letter.raw.count ? "\(letter.raw.count)" : ""),
    ].filter { !$0.1.isEmpty }.map { ($0.0, Array($0.1.utf8)) }
    do throws(KafkaError) {
      try Self.withHeaders(texts[...], []) { headers throws(KafkaError) in
        var failure: KafkaError?
        raw.withUnsafeBytes { raw in
          do throws(KafkaError) {
            try producer.send(
              to: topic, partition: nil, key: nil, value: raw, headers: headers)
          } catch {
            failure = error
          }
        }
        if let failure { throw failure }
      }
      return nil
    } catch {
      return error
    }
  }

  private static func withHeaders(
    _ texts: ArraySlice<(String, [UInt8])>, _ headers: [TopicProducer.Header],
    _ body: ([TopicProducer.Header]) throws(KafkaError) -> Void
  ) throws(KafkaError) {
    guard let first = texts.first else { return try body(headers) }
    var failure: KafkaError?
    first.1.withUnsafeBytes { bytes in
      do throws(KafkaError) {
        try withHeaders(
          texts.dropFirst(), headers + [.init(name: first.0, value: bytes)], body)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func stop(_ consumer: GroupConsumer) throws(KafkaError) {
    logger.info("stopping")
    try close(lanes.inOrder.map(\.partition), consumer)
  }

  /// Closes lanes with everything durable, delivered, saved and committed.
  func close(_ numbers: [Int32], _ consumer: GroupConsumer?) throws(KafkaError) {
    let closing = numbers.compactMap { number in lanes.lanes[number].map { (number, $0) } }
    for (_, lane) in closing {
      if lane.needsCommit { try commit(lane) }
      try producer.flush()
    }
    let all = closing.map { (partition: $0.0, lane: $0.1) }
    try complete(all)
    for (_, lane) in closing {
      try wrappingIngest { () throws(IngestError) in try lane.lane.save() }
    }
    // Again, for a head that names a checkpoint which covers the accounting as well.
    try complete(all)
    for (number, lane) in closing {
      try wrappingIngest { () throws(IngestError) in try lane.lane.close() }
      _ = lanes.remove(number)
      logger.info("lane closed", metadata: ["partition": "\(number)"])
    }
  }

  // MARK: Topics

  /// The topics of one subject's events must be cut alike, or its state would be in two lanes.
  private func checkTopics(_ consumer: GroupConsumer) throws(KafkaError) {
    var counts: [(String, Int)] = []
    for feed in feeds {
      counts.append((feed.topic, try consumer.partitionCount(topic: feed.topic)))
    }
    guard let first = counts.first, let other = counts.first(where: { $0.1 != first.1 }) else {
      return
    }
    throw .topic(
      name: other.0,
      reason:
        "it has \(other.1) partitions, `\(first.0)` has \(first.1): the events of a subject must be on "
        + "partitions of one number in all topics")
  }

  private func openPublications() throws(KafkaError) {
    publicationTopics = Array(repeating: -1, count: library.program.decisions.count)
    for publication in settings.publications {
      for (index, decision) in library.program.decisions.enumerated()
      where decision.name == publication.decision {
        publicationTopics[index] = try producer.topic(publication.topic)
      }
      _ = try producer.partitionCount(topic: publication.topic)
    }
    if let name = settings.changelogTopic {
      changelogTopic = try producer.topic(name)
      let count = try producer.partitionCount(topic: name)
      let needed = try consumer?.partitionCount(topic: feeds[0].topic) ?? count
      if count != needed {
        throw .topic(
          name: name,
          reason:
            "a changelog has as many partitions as the topics that are read: \(needed), not \(count)"
        )
      }
    }
    if let name = settings.lateTopic {
      lateTopic = try producer.topic(name)
      _ = try producer.partitionCount(topic: name)
    }
    if let name = settings.deadLetterTopic {
      deadLetterTopic = try producer.topic(name)
      _ = try producer.partitionCount(topic: name)
    }
  }
}
