/// What names an input in decisions and in the accounting of a log: the digest of a file, the name of
/// what cannot be read twice, or a partition of a topic.
package enum InputIdentity {
  private static let partitionPrefix = "kafka:"

  /// A partition of a Kafka topic. Neither a topic's name nor a digest has a colon or a slash.
  package static func partition(_ number: Int32, ofTopic topic: String) -> String {
    "\(partitionPrefix)\(topic)/\(number)"
  }

  package static func isPartition(_ identity: String) -> Bool {
    identity.hasPrefix(partitionPrefix)
  }

  /// The number of an input's first record: files and pipes count from 1, the offsets of a partition
  /// from 0.
  package static func firstRecord(of identity: String) -> Int { isPartition(identity) ? 0 : 1 }
}
