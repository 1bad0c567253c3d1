internal import DataFields
internal import EventIngest
internal import Logging
internal import TraceLog

// What is signed, told to the changelog, committed to the group and saved, in this order.
extension IngestLoop {
  /// Offsets whose messages are dealt with, and what waits until that is delivered which was sent for
  /// them.
  struct Checkpoint {
    var epoch: Int
    var places: [PartitionOffset]
    /// What the changelog is told then: before, another member could go on behind decisions that
    /// nobody has got.
    var changes: [(partition: Int32, change: PartitionLane.Change)]
  }

  /// Signs the logs, and tells the group how far messages are dealt with, once what was sent for them is
  /// delivered.
  func checkpoint(_ consumer: GroupConsumer) throws(KafkaError) {
    try begin(lanes.inOrder.filter { $0.lane.needsCheckpoint })
    try finishCheckpoints(consumer, waits: false)
    report(consumer)
  }

  func begin(_ chosen: [(partition: Int32, lane: LaneSet.Lane)]) throws(KafkaError) {
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

  /// Returns once what was sent for lanes is delivered, the changelog told and the offsets committed.
  func complete(
    _ chosen: [(partition: Int32, lane: LaneSet.Lane)]
  ) throws(KafkaError) {
    try begin(chosen)
    while !checkpoints.isEmpty, let consumer {
      try producer.flush()
      try finishCheckpoints(consumer, waits: true)
    }
  }

  /// Goes on with the checkpoints whose messages are delivered: first the changelog is told, then, in its
  /// turn, the group.
  func finishCheckpoints(_ consumer: GroupConsumer, waits: Bool) throws(KafkaError) {
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

  func send(
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

  func report(_ consumer: GroupConsumer) {
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

  static func places(
    _ lane: PartitionLane, _ number: Int32, _ feeds: [PartitionLane.Feed]
  ) -> [PartitionOffset] {
    feeds.indices.map { feed in
      PartitionOffset(
        TopicPartition(topic: feeds[feed].topic, number: number),
        offset: Int64(lane.nextOffset(of: feed)))
    }
  }

  /// Saves the states of lanes that have taken many messages since the last time, or of all.
  func save(all: Bool) throws(KafkaError) {
    for (_, lane) in lanes.inOrder
    where lane.recordsSinceSave >= settings.saveRecords || all && lane.recordsSinceSave > 0 {
      try save(lane)
    }
  }

  /// What went out before a state is delivered before the state is saved: a lane that goes on from there
  /// does not make it again.
  func save(_ lane: LaneSet.Lane) throws(KafkaError) {
    if lane.needsCommit { try commit(lane) }
    try producer.flush()
    // What the state has, the changelog has: a lane that goes on from here tells it only what is new.
    if changelogTopic != nil { try complete([(partition: lane.lane.partition, lane: lane)]) }
    try wrappingIngest { () throws(IngestError) in try lane.lane.save() }
    lane.recordsSinceSave = 0
  }
}
