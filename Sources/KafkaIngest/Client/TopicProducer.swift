internal import CRdKafka

/// Writes to topics, each message once and in order for each partition (the idempotent producer).
/// Everything of it, callbacks but for log lines included, runs on the thread that polls.
package final class TopicProducer {
  package struct Header {
    package var name: String
    package var value: UnsafeRawBufferPointer

    package init(name: String, value: UnsafeRawBufferPointer) {
      self.name = name
      self.value = value
    }
  }

  /// What became of messages, by the epoch in which they were sent.
  private final class Context: ClientContext {
    var outstanding: [Int: Int] = [:]
    var failure: String?
  }

  private let client: OpaquePointer
  private let context: Context
  private var topics: [(name: String, handle: OpaquePointer)] = []
  /// Messages that are sent now belong to this epoch.
  private(set) var epoch = 1
  private var isOpen = true

  package init(
    _ settings: ClientSettings,
    say: @escaping @Sendable (ClientVoice.Level, String) -> Void = { _, _ in }
  ) throws(KafkaError) {
    context = Context(ClientVoice(say))
    let defaults = [
      ("linger.ms", "5"), ("compression.type", "lz4"),
      // Room for a group of decisions and for a changelog's flush; a message as large as brokers take.
      ("queue.buffering.max.messages", "500000"), ("message.max.bytes", "1048588"),
      // As the producers of other languages share keys out.
      ("partitioner", "murmur2_random"),
    ]
    let configuration = try ClientSettings(
      defaults.map { .init(name: $0.0, value: $0.1) } + settings.without(.consumer).settings
        + [.init(name: "enable.idempotence", value: "true")]
    ).configuration()
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(context).toOpaque())
    ClientVoice.attach(to: configuration)
    rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
      guard let message, let opaque else { return }
      let context = Unmanaged<Context>.fromOpaque(opaque).takeUnretainedValue()
      let epoch = Int(bitPattern: message.pointee._private)
      context.outstanding[epoch, default: 0] -= 1
      if context.outstanding[epoch] == 0 { context.outstanding[epoch] = nil }
      if message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR, context.failure == nil {
        context.failure = KafkaCalls.text(message.pointee.err)
      }
    }
    client = try KafkaCalls.client(RD_KAFKA_PRODUCER, configuration)
  }

  deinit { close() }

  /// The number by which a topic is named in ``send(to:partition:key:value:headers:)``.
  package func topic(_ name: String) throws(KafkaError) -> Int {
    if let known = topics.firstIndex(where: { $0.name == name }) { return known }
    guard let handle = rd_kafka_topic_new(client, name, nil) else {
      throw .topic(name: name, reason: KafkaCalls.text(rd_kafka_last_error()))
    }
    topics.append((name, handle))
    return topics.count - 1
  }

  func partitionCount(topic: String) throws(KafkaError) -> Int {
    try KafkaCalls.partitionCount(client, topic: topic)
  }

  /// Sends a message; waits while the client's own queue is full.
  ///
  /// - Parameters:
  ///   - partition: nil is by the key.
  ///   - value: nil is a tombstone: a compacted topic forgets the key.
  package func send(
    to topic: Int, partition: Int32? = nil, key: UnsafeRawBufferPointer?,
    value: UnsafeRawBufferPointer?, headers: [Header] = []
  ) throws(KafkaError) {
    while true {
      let code = try enqueue(topic, partition, key, value, headers)
      if code == RD_KAFKA_RESP_ERR_NO_ERROR { break }
      guard code == RD_KAFKA_RESP_ERR__QUEUE_FULL else {
        throw .topic(name: topics[topic].name, reason: KafkaCalls.text(code))
      }
      try poll(milliseconds: 10)
    }
    context.outstanding[epoch, default: 0] += 1
  }

  private func enqueue(
    _ topic: Int, _ partition: Int32?, _ key: UnsafeRawBufferPointer?,
    _ value: UnsafeRawBufferPointer?, _ headers: [Header]
  ) throws(KafkaError) -> rd_kafka_resp_err_t {
    let list = headers.isEmpty ? nil : rd_kafka_headers_new(headers.count)
    for header in headers {
      _ = rd_kafka_header_add(list, header.name, -1, header.value.baseAddress, header.value.count)
    }
    let code = withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 7) { parts in
      var count = 0
      func add(_ type: rd_kafka_vtype_t, _ fill: (inout rd_kafka_vu_t) -> Void) {
        var part = rd_kafka_vu_t()
        part.vtype = type
        fill(&part)
        parts.initializeElement(at: count, to: part)
        count += 1
      }
      add(RD_KAFKA_VTYPE_RKT) { $0.u.rkt = topics[topic].handle }
      add(RD_KAFKA_VTYPE_PARTITION) { $0.u.i32 = partition ?? rationale_partition_unassigned() }
      add(RD_KAFKA_VTYPE_MSGFLAGS) { $0.u.i = Int32(rationale_message_copy()) }
      add(RD_KAFKA_VTYPE_OPAQUE) { $0.u.ptr = UnsafeMutableRawPointer(bitPattern: epoch) }
      if let key { add(RD_KAFKA_VTYPE_KEY) { Self.set(&$0, key) } }
      if let value { add(RD_KAFKA_VTYPE_VALUE) { Self.set(&$0, value) } }
      if let list { add(RD_KAFKA_VTYPE_HEADERS) { $0.u.headers = list } }
      let error = rd_kafka_produceva(client, parts.baseAddress, count)
      defer { if let error { rd_kafka_error_destroy(error) } }
      return error.map { rd_kafka_error_code($0) } ?? RD_KAFKA_RESP_ERR_NO_ERROR
    }
    // Headers belong to the library once the message does.
    if code != RD_KAFKA_RESP_ERR_NO_ERROR, let list { rd_kafka_headers_destroy(list) }
    return code
  }

  private static func set(_ part: inout rd_kafka_vu_t, _ bytes: UnsafeRawBufferPointer) {
    part.u.mem.ptr = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    part.u.mem.size = bytes.count
  }

  /// Takes note of what was delivered, waiting so long.
  ///
  /// - Throws: a message that could not be delivered within the client's own time.
  package func poll(milliseconds: Int32 = 0) throws(KafkaError) {
    _ = rd_kafka_poll(client, milliseconds)
    if let failure = context.failure { throw .client(doing: "send a message", reason: failure) }
    if let fatal = context.voice.fatal { throw .client(doing: "send", reason: fatal) }
  }

  var outstandingCount: Int { context.outstanding.values.reduce(0, +) }

  /// Begins a new epoch; the one that ends is returned.
  func endEpoch() -> Int {
    epoch += 1
    return epoch - 1
  }

  /// Whether everything that was sent up to the end of an epoch is delivered.
  func isDelivered(upTo epoch: Int) -> Bool {
    context.outstanding.keys.allSatisfy { $0 > epoch }
  }

  /// Returns once everything that was sent is delivered.
  package func flush() throws(KafkaError) {
    while outstandingCount > 0 {
      _ = rd_kafka_flush(client, 100)
      try poll()
    }
  }

  /// Lets go of what was not delivered yet; nothing more can be sent.
  func discard() {
    _ = rd_kafka_purge(client, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
  }

  package func close() {
    guard isOpen else { return }
    isOpen = false
    for topic in topics { rd_kafka_topic_destroy(topic.handle) }
    rd_kafka_destroy(client)
  }
}
