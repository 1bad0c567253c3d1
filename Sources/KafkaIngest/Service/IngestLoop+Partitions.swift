internal import DataFields
internal import EventIngest
internal import Logging
internal import TraceLog

extension IngestLoop: GroupConsumer.Delegate {
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
    // New partitions are not paused: all go on, and are paused again if there is need.
    if isPaused, let consumer { consumer.resume(assigned) }
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
    // Others have them already: what is not durable here they make themselves. What this member has sent
    // and was not delivered goes with it, so that it does not come after what they send.
    for (number, lane) in lanes.inOrder {
      lane.lane.abandon()
      _ = lanes.remove(number)
    }
    checkpoints = []
    producer.discard()
    throw .lost(partitions: numbers)
  }
}
