internal import CRdKafka
internal import SourceDiagnostics

/// Settings of the client library, by its own names (`security.protocol`, `sasl.password`, ...); of one
/// name the last counts. What they say is shown nowhere: some are secrets.
public struct ClientSettings: Sendable {
  public struct Setting: Sendable, Hashable {
    public var name: String
    public var value: String
    /// Where a person wrote it; nil for what this program sets.
    public var origin: PropertiesFile.Origin?

    public init(name: String, value: String, origin: PropertiesFile.Origin? = nil) {
      self.name = name
      self.value = value
      self.origin = origin
    }
  }

  public private(set) var settings: [Setting]

  public init(_ settings: [Setting] = []) { self.settings = settings }

  public func setting(_ name: String, to value: String) -> ClientSettings {
    ClientSettings(settings + [Setting(name: name, value: value)])
  }

  /// Without those that are of the other kind of client, which the library would warn of.
  func without(_ others: Kind) -> ClientSettings {
    ClientSettings(
      settings.filter { setting in !others.names.contains { setting.name.hasPrefix($0) } })
  }

  enum Kind {
    case consumer, producer

    /// How the names of the settings of such clients alone begin.
    fileprivate var names: [String] {
      switch self {
      case .consumer:
        [
          "session.timeout", "heartbeat.interval", "max.poll.interval", "group.", "fetch.",
          "queued.", "auto.offset.reset", "isolation.level", "partition.assignment", "check.crcs",
          "enable.partition.eof", "max.partition.fetch",
        ]
      case .producer:
        [
          "linger.ms", "compression.", "acks", "batch.", "queue.buffering", "message.timeout",
          "delivery.", "retries", "message.send.max", "partitioner", "request.required",
          "enable.idempotence", "transactional", "transaction.", "sticky.", "retry.backoff",
        ]
      }
    }
  }

  /// The settings as what the library takes; it is freed with the client that it is given to.
  ///
  /// - Throws: `KafkaError.diagnostics` for a setting that the library does not know, or whose value it
  ///   does not take.
  func configuration() throws(KafkaError) -> OpaquePointer {
    guard let configuration = rd_kafka_conf_new() else {
      throw .client(doing: "begin a client", reason: "out of memory")
    }
    for setting in settings {
      var reason = [CChar](repeating: 0, count: 512)
      let result = rd_kafka_conf_set(
        configuration, setting.name, setting.value, &reason, reason.count)
      if result == RD_KAFKA_CONF_OK { continue }
      rd_kafka_conf_destroy(configuration)
      throw .diagnostics(Self.fault(setting, isUnknown: result == RD_KAFKA_CONF_UNKNOWN, reason))
    }
    return configuration
  }

  private static func fault(
    _ setting: Setting, isUnknown: Bool, _ reason: [CChar]
  ) -> DiagnosticsError {
    let text: String
    if isUnknown {
      text = "`\(setting.name)` is no setting of librdkafka"
    } else if isSecret(setting.name) {
      // The library's reason may repeat the value.
      text = "the value of `\(setting.name)` is not taken"
    } else {
      text = reason.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { String(cString: $0) } ?? ""
      }
    }
    let help =
      isUnknown
      ? ["its settings are listed in librdkafka's CONFIGURATION.md; ours begin with `rationale.`"]
      : []
    guard let origin = setting.origin else {
      return DiagnosticsError(Diagnostic(code: "K1", message: text, help: help))
    }
    return DiagnosticsError(
      origin.diagnostic("K1", text, isSecret: isSecret(setting.name), help: help))
  }

  /// Whether a setting's value must not be shown.
  public static func isSecret(_ name: String) -> Bool {
    ["password", "secret", "token", "oauthbearer.config", ".pem", "username", "key"]
      .contains { name.contains($0) }
  }
}
