internal import CRdKafka

/// Reads one partition from an offset to the end that it has now, apart from any group.
package final class PartitionReader {
  /// A message, lent until the next one is read.
  package struct Message {
    package var offset: Int64
    package var key: UnsafeRawBufferPointer
    /// Nil for a tombstone.
    package var value: UnsafeRawBufferPointer?
    package var headers: [(name: String, value: [UInt8])]
  }

  private let client: OpaquePointer
  private let context: ClientContext
  private let partition: TopicPartition

  package init(
    _ settings: ClientSettings, _ partition: TopicPartition
  ) throws(KafkaError) {
    self.partition = partition
    context = ClientContext(ClientVoice { _, _ in })
    // A client that only assigns needs the name of a group, and joins none.
    let own = [
      ("group.id", "rationale-reader"), ("enable.auto.commit", "false"),
      // What is read is there already: nothing is gained by a broker that waits for more.
      ("auto.offset.reset", "error"), ("fetch.wait.max.ms", "10"),
      // The last offsets of a partition may be of what no client is given: its end is told.
      ("enable.partition.eof", "true"),
    ]
    let configuration = try ClientSettings(
      settings.without(.producer).settings + own.map { .init(name: $0.0, value: $0.1) }
    ).configuration()
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(context).toOpaque())
    ClientVoice.attach(to: configuration)
    client = try KafkaCalls.client(RD_KAFKA_CONSUMER, configuration)
    rd_kafka_poll_set_consumer(client)
  }

  deinit { rd_kafka_destroy(client) }

  /// The offsets that the partition has.
  package func range() throws(KafkaError) -> Range<Int64> {
    try KafkaCalls.range(client, partition)
  }

  /// Reads what the partition has from an offset on.
  ///
  /// - Returns: the end up to which it was read.
  @discardableResult
  package func read(
    from start: Int64 = 0, _ body: (Message) throws(KafkaError) -> Void
  ) throws(KafkaError) -> Int64 {
    let range = try range()
    var next = max(start, range.lowerBound)
    if next >= range.upperBound { return range.upperBound }
    try KafkaCalls.withList([PartitionOffset(partition, offset: next)]) { list throws(KafkaError) in
      try KafkaCalls.check(rd_kafka_assign(client, list), "read `\(partition.topic)`")
    }
    defer { _ = rd_kafka_assign(client, nil) }
    var idle = 0
    while next < range.upperBound {
      guard let pointer = rd_kafka_consumer_poll(client, 100) else {
        idle += 1
        if idle >= 600 {
          throw .client(
            doing: "read `\(partition.topic)`",
            reason: "nothing comes from partition \(partition.number) after offset \(next)")
        }
        continue
      }
      defer { rd_kafka_message_destroy(pointer) }
      let message = pointer.pointee
      guard message.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
        if message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF { break }
        if message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET {
          throw .topic(name: partition.topic, reason: KafkaCalls.text(message.err))
        }
        continue
      }
      idle = 0
      next = message.offset + 1
      try body(
        Message(
          offset: message.offset,
          key: UnsafeRawBufferPointer(start: message.key, count: message.key_len),
          value: message.payload.map { UnsafeRawBufferPointer(start: $0, count: message.len) },
          headers: Self.headers(pointer)))
    }
    return range.upperBound
  }

  private static func headers(
    _ message: UnsafeMutablePointer<rd_kafka_message_t>
  ) -> [(name: String, value: [UInt8])] {
    var list: OpaquePointer?
    guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else {
      return []
    }
    var found: [(name: String, value: [UInt8])] = []
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    while rd_kafka_header_get_all(list, found.count, &name, &value, &size)
      == RD_KAFKA_RESP_ERR_NO_ERROR, let name
    {
      found.append(
        (String(cString: name), Array(UnsafeRawBufferPointer(start: value, count: size))))
    }
    return found
  }
}
