internal import CRdKafka

/// A member of a consumer group. Everything of it, callbacks but for log lines included, runs on the thread that polls.
final class GroupConsumer {
  /// A message, lent until ``poll(limit:milliseconds:_:)`` returns.
  struct Message {
    /// Index among the topics that were subscribed to.
    var topic: Int
    var partition: Int32
    var offset: Int64
    /// Milliseconds since 1970 by the producer's or the broker's clock; -1 if there is none.
    var timestamp: Int64
    var key: UnsafeBufferPointer<UInt8>
    var value: UnsafeBufferPointer<UInt8>
  }

  /// What happens to the assignment; nothing is polled meanwhile.
  protocol Delegate: AnyObject {
    /// New partitions, to be read from the offsets that are returned.
    func assigned(_ partitions: [TopicPartition]) throws(KafkaError) -> [PartitionOffset]
    /// Partitions that go to other members; where `isLost`, they have them already.
    func revoked(_ partitions: [TopicPartition], isLost: Bool) throws(KafkaError)
  }

  private final class Context: ClientContext {
    weak var delegate: (any Delegate)?
    /// What a callback could not throw.
    var failure: KafkaError?
    /// Whether partitions come and go one by one, or all at once.
    var isCooperative = false
    /// Whether assignments are let go without asking anybody.
    var isClosing = false
  }

  private let client: OpaquePointer
  private let queue: OpaquePointer
  private let context: Context
  private let topics: [String]
  private var handles: [(handle: OpaquePointer, topic: Int)] = []
  private let batch: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
  private static let batchLimit = 4_096
  private var isOpen = true

  /// - Parameters:
  ///   - settings: with `bootstrap.servers` and `group.id`.
  ///   - strategy: how partitions are shared out: `range` gives one member the partitions of one number of
  ///     all topics; `cooperative-sticky` moves only what must move.
  init(
    _ settings: ClientSettings, topics: [String], strategy: String, delegate: any Delegate,
    say: @escaping @Sendable (ClientVoice.Level, String) -> Void
  ) throws(KafkaError) {
    self.topics = topics
    context = Context(ClientVoice(say))
    context.delegate = delegate
    context.isCooperative = strategy.hasPrefix("cooperative")
    let own = [
      ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
      // An offset that is not there is a loss to report, not to pass over.
      ("auto.offset.reset", "error"), ("partition.assignment.strategy", strategy),
    ]
    let configuration = try ClientSettings(
      settings.without(.producer).settings + own.map { .init(name: $0.0, value: $0.1) }
    ).configuration()
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(context).toOpaque())
    ClientVoice.attach(to: configuration)
    rd_kafka_conf_set_rebalance_cb(configuration) { client, code, list, opaque in
      guard let client, let list, let opaque else { return }
      let context = Unmanaged<Context>.fromOpaque(opaque).takeUnretainedValue()
      GroupConsumer.rebalance(client, code, list, context)
    }
    let client = try KafkaCalls.client(RD_KAFKA_CONSUMER, configuration)
    self.client = client
    rd_kafka_poll_set_consumer(client)
    guard let queue = rd_kafka_queue_get_consumer(client) else {
      rd_kafka_destroy(client)
      throw .client(doing: "read", reason: "the client has no queue")
    }
    self.queue = queue
    batch = .allocate(capacity: Self.batchLimit)
  }

  deinit {
    close()
    batch.deallocate()
  }

  /// Joins the group.
  func subscribe() throws(KafkaError) {
    try KafkaCalls.withList(
      topics.map { PartitionOffset(TopicPartition(topic: $0, number: -1), offset: -1001) }
    ) { list throws(KafkaError) in
      try KafkaCalls.check(rd_kafka_subscribe(client, list), "subscribe")
    }
  }

  /// Takes what has come, at most `limit` messages, waiting so long for the first. What comes after
  /// it is taken as far as it is there.
  ///
  /// - Returns: how many messages were taken; as many as the limit if more are waiting.
  func poll(
    limit: Int, milliseconds: Int32, _ body: (Message) throws(KafkaError) -> Void
  ) throws(KafkaError) -> Int {
    // The library waits for as many messages as it is asked for.
    var count = max(0, rd_kafka_consume_batch_queue(queue, milliseconds, batch, 1))
    if count > 0 {
      count += max(
        0, rd_kafka_consume_batch_queue(queue, 0, batch + 1, min(limit, Self.batchLimit) - 1))
    }
    var failure: KafkaError?
    for index in 0..<max(0, count) {
      guard let message = batch[index] else { continue }
      if failure == nil {
        do throws(KafkaError) { try take(message, body) } catch { failure = error }
      }
      rd_kafka_message_destroy(message)
    }
    if let failure { throw failure }
    if let failure = context.failure { throw failure }
    if let fatal = context.voice.fatal { throw .client(doing: "read", reason: fatal) }
    return Int(count)
  }

  private func take(
    _ pointer: UnsafeMutablePointer<rd_kafka_message_t>,
    _ body: (Message) throws(KafkaError) -> Void
  ) throws(KafkaError) {
    let message = pointer.pointee
    guard let handle = message.rkt else {
      context.voice.say(.warning, KafkaCalls.text(message.err))
      return
    }
    let topic = topicIndex(handle)
    if message.err != RD_KAFKA_RESP_ERR_NO_ERROR { return try report(message, topic) }
    guard topic >= 0 else { return }
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    let timestamp = rd_kafka_message_timestamp(pointer, &kind)
    try body(
      Message(
        topic: topic, partition: message.partition, offset: message.offset,
        timestamp: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp,
        key: Self.bytes(message.key, message.key_len),
        value: Self.bytes(message.payload, message.len)))
  }

  private static func bytes(
    _ base: UnsafeMutableRawPointer?, _ count: Int
  ) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: base.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
      count: base == nil ? 0 : count)
  }

  private func report(_ message: rd_kafka_message_t, _ topic: Int) throws(KafkaError) {
    let name = topic < 0 ? "?" : topics[topic]
    switch message.err {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF: return
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      throw .topic(
        name: name,
        reason:
          "partition \(message.partition) has no message at the offset to go on from: it was deleted"
      )
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      throw .topic(name: name, reason: KafkaCalls.text(message.err))
    default:
      context.voice.say(.warning, "\(name): \(KafkaCalls.text(message.err))")
    }
  }

  private func topicIndex(_ handle: OpaquePointer) -> Int {
    for known in handles where known.handle == handle { return known.topic }
    let name = rd_kafka_topic_name(handle).map { String(cString: $0) } ?? ""
    let topic = topics.firstIndex(of: name) ?? -1
    handles.append((handle, topic))
    return topic
  }

  private static func rebalance(
    _ client: OpaquePointer, _ code: rd_kafka_resp_err_t,
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>, _ context: Context
  ) {
    // Not asked of the client, which has none to tell while it leaves the group.
    let isCooperative = context.isCooperative
    let partitions = KafkaCalls.partitions(list)
    do throws(KafkaError) {
      if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, !context.isClosing, context.failure == nil {
        let places = try context.delegate?.assigned(partitions) ?? []
        try KafkaCalls.withList(places) { list throws(KafkaError) in
          if isCooperative {
            try KafkaCalls.check(rd_kafka_incremental_assign(client, list), "take partitions")
          } else {
            try KafkaCalls.check(rd_kafka_assign(client, list), "take partitions")
          }
        }
        return
      }
      if !context.isClosing {
        try context.delegate?.revoked(partitions, isLost: rd_kafka_assignment_lost(client) != 0)
      }
    } catch {
      if context.failure == nil { context.failure = error }
    }
    // Whatever went wrong, the library waits for an answer: it would never close without one.
    if !isCooperative {
      _ = rd_kafka_assign(client, nil)
    } else if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
      _ = try? KafkaCalls.withList([]) { list in
        rd_kafka_error_destroy(rd_kafka_incremental_assign(client, list))
      }
    } else if let error = rd_kafka_incremental_unassign(client, list) {
      // Of partitions that were never taken.
      rd_kafka_error_destroy(error)
      _ = rd_kafka_assign(client, nil)
    }
  }

  /// Commits offsets to the group, for those who watch how far it lags.
  ///
  /// - Parameter waits: until the broker has answered.
  func commit(_ places: [PartitionOffset], waits: Bool) throws(KafkaError) {
    if places.isEmpty { return }
    try KafkaCalls.withList(places) { list throws(KafkaError) in
      let code = rd_kafka_commit(client, list, waits ? 0 : 1)
      // The truth of how far a lane is lies with its state: a commit that fails repeats nothing.
      if code != RD_KAFKA_RESP_ERR_NO_ERROR {
        context.voice.say(.warning, "offsets were not committed: \(KafkaCalls.text(code))")
      }
    }
  }

  func pause(_ partitions: [TopicPartition]) {
    _ = try? KafkaCalls.withList(partitions.map { PartitionOffset($0, offset: -1001) }) { list in
      rd_kafka_pause_partitions(client, list)
    }
  }

  func resume(_ partitions: [TopicPartition]) {
    _ = try? KafkaCalls.withList(partitions.map { PartitionOffset($0, offset: -1001) }) { list in
      rd_kafka_resume_partitions(client, list)
    }
  }

  func range(_ partition: TopicPartition) throws(KafkaError) -> Range<Int64> {
    try KafkaCalls.range(client, partition)
  }

  /// The offset that a partition's next message will get, as far as is known here; 0 if it is not.
  func knownEnd(_ partition: TopicPartition) -> Int64 {
    var low: Int64 = 0
    var high: Int64 = 0
    let code = rd_kafka_get_watermark_offsets(
      client, partition.topic, partition.number, &low, &high)
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? max(0, high) : 0
  }

  func partitionCount(topic: String) throws(KafkaError) -> Int {
    try KafkaCalls.partitionCount(client, topic: topic)
  }

  /// Leaves the group. Lanes were closed before.
  func close() {
    guard isOpen else { return }
    isOpen = false
    context.isClosing = true
    rd_kafka_queue_destroy(queue)
    _ = rd_kafka_consumer_close(client)
    rd_kafka_destroy(client)
  }
}
