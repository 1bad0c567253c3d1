public import EventIngest
public import SourceDiagnostics

/// What a streaming service does: which topics it reads, what it decides by, where decisions go.
public struct IngestSettings: Sendable {
  /// A source of the rules and the topic that it is read from.
  public struct Topic: Sendable, Hashable {
    public var source: String
    public var topic: String

    public init(source: String, topic: String) {
      self.source = source
      self.topic = topic
    }
  }

  /// A static source of the rules and its file.
  public struct Input: Sendable, Hashable {
    public var source: String
    public var path: String

    public init(source: String, path: String) {
      self.source = source
      self.path = path
    }
  }

  /// Where the decisions of one name go.
  public struct Publication: Sendable, Hashable {
    public var decision: String
    public var topic: String
    /// The members of its messages; empty is the whole decision.
    public var members: [DecisionMember]

    public init(decision: String, topic: String, members: [DecisionMember] = []) {
      self.decision = decision
      self.topic = topic
      self.members = members
    }
  }

  /// Of the client library, for all clients: brokers, security.
  public var client = ClientSettings()
  /// The consumer group; members of one group share the partitions.
  public var group = "rationale"
  /// A folder with a log for each partition.
  public var log: String
  public var keys = LogKeyFiles()
  public var privacy = Privacy.on
  /// Topics that are named otherwise than their sources.
  public var topics: [Topic] = []
  public var inputs: [Input] = []
  public var publications: [Publication] = []
  /// Where messages that cannot be used go besides the log's own file.
  public var deadLetterTopic: String?
  /// Where events go that came too late for a window, besides the log's own file.
  public var lateTopic: String?
  /// A compacted topic that lets a partition's state follow it to another member; nil is none: a member
  /// without the partition's log begins at the topic's first message.
  public var changelogTopic: String?
  /// Decisions become durable, and go out, at least so often, in milliseconds.
  public var commitMilliseconds = 10
  /// ... and after so many messages.
  public var commitRecords = 10_000
  /// Logs are signed, and offsets committed to the group, so often, in milliseconds.
  public var checkpointMilliseconds = 1_000
  /// A lane's state is saved after so many messages of it.
  public var saveRecords = 1_000_000
  /// ... or after so long, in milliseconds.
  public var saveMilliseconds = 60_000
  /// Whether a lane goes on behind messages that were deleted before it had read them.
  public var acceptsGaps = false

  public init(log: String) { self.log = log }

  /// The setting of a file, by its name; nil for a name of the client library.
  ///
  /// - Throws: a value that cannot be used.
  public mutating func take(_ entry: PropertiesFile.Entry) throws(DiagnosticsError) {
    let prefix = "rationale."
    guard entry.name.hasPrefix(prefix) else {
      client = ClientSettings(
        client.settings + [.init(name: entry.name, value: entry.value, origin: entry.origin)])
      return
    }
    let name = String(entry.name.dropFirst(prefix.count))
    func fault(_ message: String, _ help: [String] = []) -> DiagnosticsError {
      DiagnosticsError(entry.origin.diagnostic("K1", message, help: help))
    }
    func number(_ range: ClosedRange<Int>) throws(DiagnosticsError) -> Int {
      guard let value = Int(entry.value), range.contains(value) else {
        throw fault("expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    if let source = name.suffix(after: "topic.") {
      topics.append(Topic(source: source, topic: entry.value))
    } else if let source = name.suffix(after: "input.") {
      inputs.append(Input(source: source, path: entry.value))
    } else if let decision = name.suffix(after: "publish.") {
      do throws(SettingFault) {
        publications.append(try Publication(decision: decision, entry.value))
      } catch {
        throw fault(error.reason)
      }
    } else {
      switch name {
      case "group": group = entry.value
      case "dead-letter-topic": deadLetterTopic = entry.value
      case "late-topic": lateTopic = entry.value
      case "changelog-topic": changelogTopic = entry.value
      case "commit-milliseconds": commitMilliseconds = try number(1...60_000)
      case "commit-records": commitRecords = try number(1...1_000_000)
      case "checkpoint-milliseconds": checkpointMilliseconds = try number(10...3_600_000)
      case "save-records": saveRecords = try number(1...1_000_000_000)
      case "save-milliseconds": saveMilliseconds = try number(100...86_400_000)
      default:
        let near = NearMiss.suggestion(for: name, among: Self.names)
        throw fault(
          "`\(entry.name)` is no setting",
          near.map { ["did you mean `\(prefix)\($0)`?"] } ?? [])
      }
    }
  }

  private static let names = [
    "group", "dead-letter-topic", "late-topic", "changelog-topic", "commit-milliseconds",
    "commit-records",
    "checkpoint-milliseconds", "save-records", "save-milliseconds", "topic.SOURCE", "input.SOURCE",
    "publish.DECISION",
  ]
}

/// Why the text of a setting cannot be used.
public struct SettingFault: Error, Sendable, Hashable {
  public var reason: String
}

extension IngestSettings.Publication {
  /// `TOPIC`, or `TOPIC NAME=VALUE,...` for the members of its messages.
  public init(decision: String, _ text: String) throws(SettingFault) {
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let topic = parts.first else { throw SettingFault(reason: "expected a topic") }
    self.init(decision: decision, topic: String(topic))
    guard parts.count == 2 else { return }
    for part in parts[1].split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
      let name = sides.first ?? ""
      let word = sides.count == 2 ? sides[1] : name
      guard !name.isEmpty, let value = DecisionMember.Value(rawValue: word) else {
        let known = DecisionMember.Value.allCases.map(\.rawValue)
        let near = NearMiss.suggestion(for: word, among: known)
        throw SettingFault(
          reason: "`\(word)` is nothing that a decision says; "
            + (near.map { "did you mean `\($0)`?" }
              ?? "expected one of \(known.joined(separator: ", "))"))
      }
      members.append(DecisionMember(name: name, value: value))
    }
  }
}

extension String {
  fileprivate func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) && count > prefix.count ? String(dropFirst(prefix.count)) : nil
  }
}
