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
final class IngestLoop: GroupConsumer.Delegate {
  private let settings: IngestSettings
  private let library: DecisionLibrary
  private let logger: Logger
  private let isStopping: @Sendable () -> Bool
  private let lanes: LaneSet
  private let feeds: [PartitionLane.Feed]
  private let producer: TopicProducer
  private let status: ServiceStatus
  private var consumer: GroupConsumer?
  /// For each decision the topic of its messages, as the producer numbers them; -1 is none.
  private var publicationTopics: [Int] = []
  private var deadLetterTopic: Int?
  private var lateTopic: Int?
  private var changelogTopic: Int?
  private var recordsSinceCommit = 0
  private var checkpoints: [Checkpoint] = []
  private var isPaused = false

  /// Offsets whose messages are dealt with, and what waits until that is delivered which was sent for
  /// them.
  private struct Checkpoint {
    var epoch: Int
    var places: [PartitionOffset]
    /// What the changelog is told then: before, another member could go on behind decisions that
    /// nobody has got.
    var changes: [(partition: Int32, change: PartitionLane.Change)]
  }

  private static let clock = ContinuousClock()
  private static let outstandingLimit = 200_000

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
  ) -> (ClientVoice.Level, String) -> Void {
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
      try consumer.poll(limit: 1_000, milliseconds: isIdle ? 50 : 5) {
        message throws(KafkaError) in
        if recordsSinceCommit == 0 {
          commitDue = Self.clock.now + .milliseconds(settings.commitMilliseconds)
        }
        try take(message)
      }
      try producer.poll()
      throttle(consumer)
      let now = Self.clock.now
      if recordsSinceCommit > 0, recordsSinceCommit >= settings.commitRecords || now >= commitDue {
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
    } else if isPaused, outstanding < Self.outstandingLimit / 2 {
      consumer.resume(assigned)
      isPaused = false
    }
  }

  private var assigned: [TopicPartition] { lanes.inOrder.flatMap { partitions($0.partition) } }

  private func partitions(_ number: Int32) -> [TopicPartition] {
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

  private func commit(_ lane: LaneSet.Lane) throws(KafkaError) {
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
    let texts = [
      ("source-topic", feeds[unusable.feed].topic), ("source-partition", "\(partition)"),
      ("source-offset", "\(unusable.offset)"), ("code", letter.code), ("reason", letter.reason),
      ("field", letter.field ?? ""),
    ].filter { !$0.1.isEmpty }.map { ($0.0, Array($0.1.utf8)) }
    do throws(KafkaError) {
      try Self.withHeaders(texts[...], []) { headers throws(KafkaError) in
        var failure: KafkaError?
        letter.raw.withUnsafeBytes { raw in
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

  /// Signs the logs, and tells the group how far messages are dealt with, once what was sent for them is
  /// delivered.
  private func checkpoint(_ consumer: GroupConsumer) throws(KafkaError) {
    try begin(lanes.inOrder.filter { $0.lane.needsCheckpoint })
    try finishCheckpoints(consumer, waits: false)
    report(consumer)
  }

  private func begin(_ chosen: [(partition: Int32, lane: LaneSet.Lane)]) throws(KafkaError) {
    if chosen.isEmpty { return }
    var checkpoint = Checkpoint(epoch: 0, places: [], changes: [])
    for (number, lane) in chosen {
      lane.needsCheckpoint = false
      try wrappingIngest { () throws(IngestError) in try lane.lane.sign() }
      checkpoint.places += Self.places(lane.lane, number, feeds)
      if changelogTopic != nil {
        checkpoint.changes += lane.lane.takeChanges().map { (number, $0) }
      }
    }
    checkpoint.epoch = producer.endEpoch()
    checkpoints.append(checkpoint)
  }

  /// Goes on with the checkpoints whose messages are delivered: first the changelog is told, then, in its
  /// turn, the group.
  private func finishCheckpoints(_ consumer: GroupConsumer, waits: Bool) throws(KafkaError) {
    while let first = checkpoints.first, producer.isDelivered(upTo: first.epoch) {
      if let changelogTopic, !first.changes.isEmpty {
        for (partition, change) in first.changes {
          try send(change, to: changelogTopic, partition)
        }
        checkpoints[0].changes = []
        checkpoints[0].epoch = producer.endEpoch()
        // Those after it wait for what it has sent now, too.
        for index in checkpoints.indices.dropFirst() {
          checkpoints[index].epoch = checkpoints[0].epoch
        }
      } else {
        try consumer.commit(first.places, waits: waits)
        checkpoints.removeFirst()
      }
    }
  }

  private func send(
    _ change: PartitionLane.Change, to topic: Int, _ partition: Int32
  ) throws(KafkaError) {
    var failure: KafkaError?
    change.key.withUnsafeBytes { key in
      change.value.withUnsafeBytes { value in
        do throws(KafkaError) {
          try producer.send(to: topic, partition: partition, key: key, value: value)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
  }

  private func report(_ consumer: GroupConsumer) {
    var counts = IngestCounts()
    var subjects = 0
    var lag: Int64 = 0
    for (number, lane) in lanes.inOrder {
      counts = counts + lane.lane.counts
      subjects += lane.lane.subjectCount
      for (feed, partition) in partitions(number).enumerated() {
        lag += max(0, consumer.knownEnd(partition) - Int64(lane.lane.nextOffset(of: feed)))
      }
    }
    status.checkpointed(counts, lanes: lanes.lanes.count, subjects: subjects, lag: lag)
  }

  private static func places(
    _ lane: PartitionLane, _ number: Int32, _ feeds: [PartitionLane.Feed]
  ) -> [PartitionOffset] {
    feeds.indices.map { feed in
      PartitionOffset(
        TopicPartition(topic: feeds[feed].topic, number: number),
        offset: Int64(lane.nextOffset(of: feed)))
    }
  }

  /// Saves the states of lanes that have taken many messages since the last time, or of all.
  private func save(all: Bool) throws(KafkaError) {
    for (_, lane) in lanes.inOrder
    where lane.recordsSinceSave >= settings.saveRecords || all && lane.recordsSinceSave > 0 {
      try save(lane)
    }
  }

  /// What went out before a state is delivered before the state is saved: a lane that goes on from there
  /// does not make it again.
  private func save(_ lane: LaneSet.Lane) throws(KafkaError) {
    if lane.needsCommit { try commit(lane) }
    try producer.flush()
    try wrappingIngest { () throws(IngestError) in try lane.lane.save() }
    lane.recordsSinceSave = 0
  }

  private func stop(_ consumer: GroupConsumer) throws(KafkaError) {
    logger.info("stopping")
    try close(lanes.inOrder.map(\.partition), consumer)
  }

  /// Closes lanes with everything durable, delivered, saved and committed.
  private func close(_ numbers: [Int32], _ consumer: GroupConsumer?) throws(KafkaError) {
    let closing = numbers.compactMap { number in lanes.lanes[number].map { (number, $0) } }
    for (_, lane) in closing {
      if lane.needsCommit { try commit(lane) }
      try producer.flush()
      // Saved first: the changelog's head names a checkpoint that covers the accounting as well.
      try wrappingIngest { () throws(IngestError) in try lane.lane.save() }
    }
    try begin(closing.map { (partition: $0.0, lane: $0.1) })
    while !checkpoints.isEmpty, let consumer {
      try producer.flush()
      try finishCheckpoints(consumer, waits: true)
    }
    for (number, lane) in closing {
      try wrappingIngest { () throws(IngestError) in try lane.lane.close() }
      _ = lanes.remove(number)
      logger.info("lane closed", metadata: ["partition": "\(number)"])
    }
  }

  // MARK: Partitions

  func assigned(_ partitions: [TopicPartition]) throws(KafkaError) -> [PartitionOffset] {
    var places: [PartitionOffset] = []
    for number in Set(partitions.map(\.number)).sorted() {
      let named = partitions.filter { $0.number == number }
      let lane: PartitionLane
      if let open = lanes.lanes[number] { lane = open.lane } else { lane = try lanes.open(number) }
      for partition in named {
        guard let feed = feeds.firstIndex(where: { $0.topic == partition.topic }) else { continue }
        places.append(try start(of: partition, lane, feed))
      }
      logger.info(
        "lane opened",
        metadata: [
          "partition": "\(number)",
          "offsets": "\(feeds.indices.map { "\(feeds[$0].topic):\(lane.nextOffset(of: $0))" })",
        ])
    }
    isPaused = false
    return places
  }

  /// Where a partition is read from: after what its lane has dealt with.
  private func start(
    of partition: TopicPartition, _ lane: PartitionLane, _ feed: Int
  ) throws(KafkaError) -> PartitionOffset {
    let next = Int64(lane.nextOffset(of: feed))
    let range = try consumer?.range(partition) ?? 0..<0
    if next > range.upperBound {
      throw .topic(
        name: partition.topic,
        reason:
          "partition \(partition.number) ends at offset \(range.upperBound), and \(next) of its "
          + "messages were dealt with: it is not the topic that they came from")
    }
    if next < range.lowerBound {
      // What was deleted before the first message was ever read is nothing that was lost.
      if next > 0, !settings.acceptsGaps {
        throw .topic(
          name: partition.topic,
          reason:
            "the messages of partition \(partition.number) from offset \(next) to "
            + "\(range.lowerBound - 1) were deleted before they were dealt with; with "
            + "--accept-gaps, reading goes on after them")
      }
      logger.warning(
        "messages were deleted before they were read",
        metadata: [
          "topic": "\(partition.topic)", "partition": "\(partition.number)",
          "offsets": "\(next)...\(range.lowerBound - 1)",
        ])
    }
    return PartitionOffset(partition, offset: max(next, range.lowerBound))
  }

  func revoked(_ partitions: [TopicPartition], isLost: Bool) throws(KafkaError) {
    let numbers = Set(partitions.map(\.number)).sorted()
    guard isLost else { return try close(numbers, consumer) }
    // Others have them already: what is not durable here they make themselves.
    for number in numbers {
      lanes.remove(number)?.lane.abandon()
      logger.warning("partition lost", metadata: ["partition": "\(number)"])
    }
    checkpoints.removeAll { checkpoint in
      checkpoint.places.contains { numbers.contains($0.partition.number) }
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
