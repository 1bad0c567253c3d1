internal import DecisionTrace
internal import EventIngest

/// The changelog of one partition, as it is read when a lane is opened.
struct Changelog {
  private let topic: String
  private let partition: Int32
  private let reader: PartitionReader

  init(_ settings: ClientSettings, topic: String, partition: Int32) throws(KafkaError) {
    self.topic = topic
    self.partition = partition
    reader = try PartitionReader(settings, TopicPartition(topic: topic, number: partition))
  }

  /// Where the lane stood that wrote it last; nil for a partition that nobody has had.
  ///
  /// Each flush ends with a head, so that it is found near the end.
  func head() throws(KafkaError) -> LaneHead? {
    let range = try reader.range()
    var span: Int64 = 64
    while true {
      let start = max(range.lowerBound, range.upperBound - span)
      var found: LaneHead?
      try reader.read(from: start) { message throws(KafkaError) in
        guard message.key.isEmpty, let value = message.value else { return }
        found = try decoding(message.offset) { () throws(TraceFault) in
          try LaneHead(Array(value))
        }
      }
      if let found { return found }
      if start == range.lowerBound { return nil }
      span *= 16
    }
  }

  /// Puts everything that is known of subjects into a lane.
  ///
  /// - Returns: how many messages were of subjects.
  func restore(into lane: PartitionLane) throws(KafkaError) -> Int {
    var count = 0
    try reader.read { message throws(KafkaError) in
      // A tombstone is of a subject that was erased: nothing before it counts.
      guard !message.key.isEmpty else { return }
      let key = Array(message.key)
      guard let value = message.value else { return lane.forget(key: key) }
      let isRestored = try decoding(message.offset) { () throws(TraceFault) in
        try lane.restore(key: key, value: Array(value))
      }
      if isRestored { count += 1 }
    }
    return count
  }

  private func decoding<Value>(
    _ offset: Int64, _ body: () throws(TraceFault) -> Value
  ) throws(KafkaError) -> Value {
    do throws(TraceFault) {
      return try body()
    } catch {
      throw .changelog(
        topic: topic, partition: partition, offset: Int(offset), reason: error.reason)
    }
  }
}
