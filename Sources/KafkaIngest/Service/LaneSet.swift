internal import DataFields
internal import Decisions
internal import EventIngest
internal import FileIO
internal import Logging
internal import TraceLog

/// The lanes of the partitions that this member has: one for each number, with the partitions of that
/// number of all topics.
final class LaneSet {
  final class Lane {
    let lane: PartitionLane
    /// Whether anything was taken since the last commit, the last checkpoint, the last save.
    var needsCommit = false
    var needsCheckpoint = false
    var recordsSinceSave = 0

    init(_ lane: PartitionLane) { self.lane = lane }
  }

  private let library: DecisionLibrary
  private let settings: IngestSettings
  private let feeds: [PartitionLane.Feed]
  private let logger: Logger
  private(set) var lanes: [Int32: Lane] = [:]

  init(
    library: DecisionLibrary, settings: IngestSettings, feeds: [PartitionLane.Feed], logger: Logger
  ) {
    self.library = library
    self.settings = settings
    self.feeds = feeds
    self.logger = logger
  }

  /// The folder of a partition's log within the log of the service; a partition that comes back from
  /// another member gets a further one.
  static func folder(_ partition: Int32, _ number: Int) -> String {
    let digits = "\(partition)"
    let name = "partition-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    return number == 0 ? name : "\(name).\(number)"
  }

  /// Opens a partition's lane: its log, its saved state, the static sources.
  ///
  /// Where another member was the last to have the partition, the lane goes on from the changelog, in a
  /// log that says which one it continues.
  func open(_ partition: Int32) throws(KafkaError) -> PartitionLane {
    let changelog: Changelog?
    if let topic = settings.changelogTopic {
      changelog = try Changelog(settings.client, topic: topic, partition: partition)
    } else {
      changelog = nil
    }
    let head = try changelog?.head()
    var number = try lastLog(partition)
    var lane = try openWaiting(partition, options(partition, number))
    if let head, lane.fits(head), lane.origin != head.origin {
      if !lane.isNew {
        try wrappingIngest { () throws(IngestError) in try lane.close() }
        number += 1
      } else {
        lane.abandon()
      }
      var options = options(partition, number)
      options.continuing = head
      lane = try openWaiting(partition, options)
      let count = try changelog?.restore(into: lane) ?? 0
      // Before anybody is told that the state is here.
      try wrappingIngest { () throws(IngestError) in try lane.save() }
      logger.notice(
        "state restored from the changelog",
        metadata: [
          "partition": "\(partition)", "messages": "\(count)", "continues": "\(head.origin)",
        ])
    } else if let head, !lane.fits(head) {
      logger.notice(
        "the changelog is of other rules or topics: the state is not taken from it",
        metadata: ["partition": "\(partition)"])
    }
    if head.map({ !lane.fits($0) }) ?? true { lane.noteAllChanged() }
    for notice in lane.notices {
      logger.notice("\(notice)", metadata: ["partition": "\(partition)"])
    }
    for input in settings.inputs {
      try wrappingIngest { () throws(IngestError) in
        try lane.load(input.source, from: input.path)
      }
    }
    lanes[partition] = Lane(lane)
    try writeManifest()
    return lane
  }

  private func options(_ partition: Int32, _ number: Int) -> PartitionLane.Options {
    var options = PartitionLane.Options(log: settings.log + "/" + Self.folder(partition, number))
    options.keys = settings.keys
    options.privacy = settings.privacy
    options.keepsChanges = settings.changelogTopic != nil
    for publication in settings.publications where !publication.members.isEmpty {
      options.shapes[publication.decision] = publication.members
    }
    return options
  }

  /// The number of the last of a partition's logs here; 0 is the first.
  private func lastLog(_ partition: Int32) throws(KafkaError) -> Int {
    let first = Self.folder(partition, 0)
    do throws(FileError) {
      guard try Directory.status(settings.log) != nil else { return 0 }
      return try Directory.names(in: settings.log).compactMap { name in
        name.hasPrefix(first + ".") ? Int(name.dropFirst(first.count + 1)) : nil
      }.max() ?? 0
    } catch {
      throw .ingest(.file(error))
    }
  }

  /// A member that has just lost the partition may still hold its log: it lets go of it soon.
  private func openWaiting(
    _ partition: Int32, _ options: PartitionLane.Options
  ) throws(KafkaError) -> PartitionLane {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while true {
      do throws(IngestError) {
        return try PartitionLane(
          library: library, partition: partition, feeds: feeds, options: options)
      } catch {
        guard case .log(.locked) = error, clock.now < end else { throw .ingest(error) }
      }
      Pause.milliseconds(50)
    }
  }

  /// Names the logs that belong together, for those who read them.
  private func writeManifest() throws(KafkaError) {
    do throws(FileError) {
      let names = try Directory.names(in: settings.log).filter { $0.hasPrefix("partition-") }
        .sorted()
      let text = names.map { $0 + "\n" }.joined()
      let path = settings.log + "/" + TraceLogSet.manifestName
      if try Directory.status(path)?.isRegular == true,
        try WholeFile.read(path, limit: 1 << 20) == Array(text.utf8)
      {
        return
      }
      try WholeFile.replace(path, with: Array(text.utf8))
    } catch {
      throw .ingest(.file(error))
    }
  }

  func remove(_ partition: Int32) -> Lane? { lanes.removeValue(forKey: partition) }

  /// In the order of their numbers, so that runs are alike.
  var inOrder: [(partition: Int32, lane: Lane)] {
    lanes.keys.sorted().compactMap { number in lanes[number].map { (number, $0) } }
  }
}
