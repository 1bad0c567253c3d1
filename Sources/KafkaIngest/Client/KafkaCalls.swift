internal import CRdKafka

// What several clients need of librdkafka's C interface. Besides this folder nothing calls it.

/// A partition of a topic.
package struct TopicPartition: Sendable, Hashable {
  package var topic: String
  package var number: Int32

  package init(topic: String, number: Int32) {
    self.topic = topic
    self.number = number
  }
}

/// A topic's partition and a place in it.
package struct PartitionOffset: Sendable, Hashable {
  package var partition: TopicPartition
  package var offset: Int64

  package init(_ partition: TopicPartition, offset: Int64) {
    self.partition = partition
    self.offset = offset
  }
}

enum KafkaCalls {
  /// How long a call that asks a broker waits for it.
  static let patience: Int32 = 10_000

  static func text(_ code: rd_kafka_resp_err_t) -> String {
    rd_kafka_err2str(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
  }

  static func check(_ code: rd_kafka_resp_err_t, _ doing: String) throws(KafkaError) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw .client(doing: doing, reason: text(code)) }
  }

  /// The same for calls that return an error object, which is freed.
  static func check(_ error: OpaquePointer?, _ doing: String) throws(KafkaError) {
    guard let error else { return }
    let reason = rd_kafka_error_string(error).map { String(cString: $0) } ?? ""
    rd_kafka_error_destroy(error)
    throw .client(doing: doing, reason: reason)
  }

  /// Makes a client; the configuration is freed with it.
  static func client(
    _ type: rd_kafka_type_t, _ configuration: OpaquePointer
  ) throws(KafkaError) -> OpaquePointer {
    var reason = [CChar](repeating: 0, count: 512)
    guard let client = rd_kafka_new(type, configuration, &reason, reason.count) else {
      rd_kafka_conf_destroy(configuration)
      let text = reason.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { String(cString: $0) } ?? ""
      }
      throw .client(doing: "begin a Kafka client", reason: text)
    }
    return client
  }

  /// Lends a list of partitions.
  static func withList<Value>(
    _ places: [PartitionOffset],
    _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) throws(KafkaError) -> Value
  ) throws(KafkaError) -> Value {
    guard let list = rd_kafka_topic_partition_list_new(Int32(truncatingIfNeeded: places.count))
    else { throw .client(doing: "name partitions", reason: "out of memory") }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for place in places {
      let entry = rd_kafka_topic_partition_list_add(
        list, place.partition.topic, place.partition.number)
      entry?.pointee.offset = place.offset
    }
    return try body(list)
  }

  static func partitions(
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) -> [TopicPartition] {
    (0..<Int(list.pointee.cnt)).compactMap { index in
      let entry = list.pointee.elems[index]
      return entry.topic.map {
        TopicPartition(topic: String(cString: $0), number: entry.partition)
      }
    }
  }

  /// The first offset that a partition still has, and the one that its next message will get.
  static func range(
    _ client: OpaquePointer, _ partition: TopicPartition
  ) throws(KafkaError) -> Range<Int64> {
    var low: Int64 = 0
    var high: Int64 = 0
    try check(
      rd_kafka_query_watermark_offsets(
        client, partition.topic, partition.number, &low, &high, patience),
      "ask for the offsets of `\(partition.topic)`, partition \(partition.number)")
    return low..<max(low, high)
  }

  /// How many partitions a topic has.
  static func partitionCount(
    _ client: OpaquePointer, topic: String
  ) throws(KafkaError) -> Int {
    guard let handle = rd_kafka_topic_new(client, topic, nil) else {
      throw .topic(name: topic, reason: text(rd_kafka_last_error()))
    }
    defer { rd_kafka_topic_destroy(handle) }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    try check(
      rd_kafka_metadata(client, 0, handle, &metadata, patience), "ask the brokers for `\(topic)`")
    guard let metadata else { throw .topic(name: topic, reason: "the brokers tell nothing") }
    defer { rd_kafka_metadata_destroy(metadata) }
    guard metadata.pointee.topic_cnt > 0, let found = metadata.pointee.topics?.pointee else {
      throw .topic(name: topic, reason: "the brokers tell nothing")
    }
    guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR, found.partition_cnt > 0 else {
      throw .topic(name: topic, reason: text(found.err))
    }
    return Int(found.partition_cnt)
  }
}

/// What a client says about itself: its log lines and errors, handed to whoever listens.
package final class ClientVoice {
  package enum Level: Sendable { case error, warning, info }

  /// Called on threads of the library as well.
  let say: @Sendable (Level, String) -> Void
  /// The error after which a client can do nothing more.
  var fatal: String?

  init(_ say: @escaping @Sendable (Level, String) -> Void) { self.say = say }

  /// Makes a configuration's client speak through a voice, which must live as long as the client.
  static func attach(to configuration: OpaquePointer) {
    rd_kafka_conf_set_error_cb(configuration) { client, code, reason, opaque in
      guard let voice = ClientVoice.of(opaque) else { return }
      let text = reason.map { String(cString: $0) } ?? ""
      if code == RD_KAFKA_RESP_ERR__FATAL.rawValue { voice.fatal = text }
      voice.say(.warning, text)
    }
    rd_kafka_conf_set_log_cb(configuration) { client, level, _, text in
      guard let client, let voice = ClientVoice.of(rd_kafka_opaque(client)) else { return }
      let line = text.map { String(cString: $0) } ?? ""
      voice.say(level <= 3 ? .error : level <= 4 ? .warning : .info, line)
    }
  }

  /// The voice behind the opaque value of a client, which is a ``ClientContext``.
  static func of(_ opaque: UnsafeMutableRawPointer?) -> ClientVoice? {
    opaque.map { Unmanaged<ClientContext>.fromOpaque($0).takeUnretainedValue().voice }
  }
}

/// What the callbacks of a client reach: its voice, and what its kind of client needs.
class ClientContext {
  let voice: ClientVoice

  init(_ voice: ClientVoice) { self.voice = voice }
}
