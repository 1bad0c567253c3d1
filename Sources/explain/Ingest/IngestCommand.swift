#if Kafka
  internal import ArgumentParser
  internal import Decisions
  internal import EventIngest
  internal import FileIO
  internal import KafkaIngest
  internal import Logging
  internal import ServiceLifecycle
  internal import SourceDiagnostics
  internal import UnixSignals

  /// `explain ingest`: events of Kafka topics in, decisions out, traces to a log for each partition.
  struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ingest",
      abstract: "Decide on the events of Kafka topics, until it is stopped.",
      discussion: """
        Reads a topic for each event source of the rules (by the source's own name, or --topic), keeps \
        each subject's state, decides on every event, keeps the trace, and publishes the decision. Each \
        partition has a log of its own in the folder of --log; `explain --customer ID --log DIR` reads \
        them all. Several members of a group share the partitions.

        A decision is published after its trace is on the disk. Killed anywhere and started again, it \
        goes on: no event is lost, none is decided otherwise, and what may be published a second time \
        has the same `decision-id` header. A message that cannot be used is a dead letter, in the log's \
        folder and in --dead-letter-topic.

        Settings of --config are lines of `name = value`: those that begin with `rationale.` are of this \
        program (docs/streams.md lists them), all others are librdkafka's, such as `security.protocol` or \
        `sasl.password`. An option of the command line wins over the file.

        EXAMPLES
          explain ingest --kafka localhost:9092 --rules rules/ --input static=static.csv --log /var/lib/rationale
          explain ingest --kafka broker:9093 --config ingest.properties --rules rules/transfer-activity.rules \
        --input static=static.csv --publish transfer_activity=transfer-profile

        Exit codes: 0 stopped (by SIGINT or SIGTERM, with everything saved), 1 failure, 64 usage.
        """)

    @Option(
      help: ArgumentHelp(
        "The brokers to begin with (default: $RATIONALE_KAFKA, else the file's bootstrap.servers).",
        valueName: "host:port,..."))
    var kafka: String?

    @Option(
      parsing: .upToNextOption,
      help: ArgumentHelp("Ruleset files, or folders of them.", valueName: "path"))
    var rules: [String]

    @Option(
      help: ArgumentHelp("A static source of the rules and its file.", valueName: "source=file"))
    var input: [String] = []

    @Option(
      help: ArgumentHelp(
        "The topic of a source (default: the source's name).", valueName: "source=topic"))
    var topic: [String] = []

    @Option(
      help: ArgumentHelp(
        "Publish a decision to a topic; after a blank, the members of its messages: "
          + "`transfer_profile=transfer-profile party_id=subject,profile=outcome,decision_id`.",
        valueName: "decision=topic"))
    var publish: [String] = []

    @Option(help: ArgumentHelp("Publish dead letters to a topic.", valueName: "topic"))
    var deadLetterTopic: String?

    @Option(
      help: ArgumentHelp("Publish events that came too late for a window.", valueName: "topic"))
    var lateTopic: String?

    @Option(
      help: ArgumentHelp(
        "A compacted topic with as many partitions, by which a partition's state follows it to another "
          + "member.", valueName: "topic"))
    var changelogTopic: String?

    @Option(help: ArgumentHelp("The consumer group (default: rationale).", valueName: "name"))
    var group: String?

    @Option(help: ArgumentHelp("A file of settings.", valueName: "file"))
    var config: String?

    @Option(
      help: ArgumentHelp(
        "The folder of the logs (default: $RATIONALE_LOG, else ./decisions).", valueName: "dir"))
    var log: String?

    @Option(
      help: ArgumentHelp(
        "The key that signs the logs (default: $RATIONALE_SIGNING_KEY, else each log's own).",
        valueName: "file"))
    var signingKey: String?

    @Option(
      help: ArgumentHelp(
        "Keep what belongs to persons apart from the logs, so that it can be erased.",
        valueName: "on|off"))
    var privacy = PrivacySwitch.on

    @Option(
      help: ArgumentHelp(
        "The key of the vaults (default: $RATIONALE_VAULT_KEY, else each log's own).",
        valueName: "file"))
    var vaultKey: String?

    @Option(
      help: ArgumentHelp(
        "How much is said on standard error: trace, debug, info, notice, warning, error.",
        valueName: "level"))
    var logLevel = "notice"

    @Flag(help: "Go on behind messages that the topic has deleted before they were read.")
    var acceptGaps = false

    func validate() throws {
      if rules.isEmpty { throw ValidationError("no ruleset is given") }
      if Logger.Level(rawValue: logLevel) == nil {
        throw ValidationError(
          "--log-level `\(logLevel)`: expected one of trace, debug, info, notice, warning, error")
      }
      for text in input { _ = try DecideCommand.pair(text, option: "--input", form: "SOURCE=FILE") }
      for text in topic {
        _ = try DecideCommand.pair(text, option: "--topic", form: "SOURCE=TOPIC")
      }
      for text in publish { _ = try publication(text) }
    }

    private func publication(_ text: String) throws -> IngestSettings.Publication {
      let (decision, target) = try DecideCommand.pair(
        text, option: "--publish", form: "DECISION=TOPIC")
      do throws(SettingFault) {
        return try IngestSettings.Publication(decision: decision, target)
      } catch {
        throw ValidationError("--publish `\(text)`: \(error.reason)")
      }
    }

    private func settings() throws -> IngestSettings {
      var settings = IngestSettings(log: LogPath.resolved(log))
      if let config {
        for entry in try PropertiesFile(path: config).entries { try settings.take(entry) }
      }
      if let brokers = kafka ?? Terminal.environment("RATIONALE_KAFKA"), !brokers.isEmpty {
        settings.client = settings.client.setting("bootstrap.servers", to: brokers)
      } else if !settings.client.settings.contains(where: { $0.name == "bootstrap.servers" }) {
        throw ValidationError("no broker is given: --kafka HOST:PORT")
      }
      if let group { settings.group = group }
      if let deadLetterTopic { settings.deadLetterTopic = deadLetterTopic }
      if let lateTopic { settings.lateTopic = lateTopic }
      if let changelogTopic { settings.changelogTopic = changelogTopic }
      for text in input {
        let (source, path) = try DecideCommand.pair(text, option: "--input", form: "SOURCE=FILE")
        settings.inputs.append(.init(source: source, path: path))
      }
      for text in topic {
        let (source, name) = try DecideCommand.pair(text, option: "--topic", form: "SOURCE=TOPIC")
        settings.topics.append(.init(source: source, topic: name))
      }
      settings.publications += try publish.map { try publication($0) }
      settings.keys = LogKeyFiles(
        signing: SigningKeyPath.resolved(signingKey), vault: VaultKeyPath.resolved(vaultKey))
      settings.privacy = privacy.setting
      settings.acceptsGaps = acceptGaps
      return settings
    }

    func run() async throws {
      let library = try DecisionLibrary(rules: RuleFolder.files(rules))
      let settings = try settings()
      Interruption.ignoreClosedPipes()
      let level = Logger.Level(rawValue: logLevel) ?? .notice
      LoggingSystem.bootstrap { StandardErrorLog(label: $0) }
      var logger = Logger(label: "rationale")
      logger.logLevel = level
      let service = KafkaIngestService(
        library: library, settings: settings, logger: logger,
        wallClock: { SystemClock.milliseconds })
      let services: [ServiceGroupConfiguration.ServiceConfiguration] = [
        .init(
          service: service, successTerminationBehavior: .gracefullyShutdownGroup,
          failureTerminationBehavior: .cancelGroup)
      ]
      var quiet = logger
      quiet.logLevel = max(level, .warning)
      let group = ServiceGroup(
        configuration: .init(
          services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
      do {
        try await group.run()
      } catch let error as KafkaError {
        throw Self.commandError(error)
      }
    }

    private static func commandError(_ error: KafkaError) -> any Error {
      switch error {
      case .diagnostics(let error): error
      case .ingest(let error): DecideCommand.commandError(error)
      default: CommandFailure(message: error.description)
      }
    }
  }

  /// Log lines for people and for programs that gather them: time, level, what happened, and the facts
  /// as `name=value`.
  struct StandardErrorLog: LogHandler {
    let label: String
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let facts = metadata.merging(event.metadata ?? [:]) { $1 }
      let text = facts.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      StandardError.write(
        "\(SystemClock.timestamp) \(event.level.rawValue) \(event.message)\(text)\n")
    }
  }
#endif
