public import EventIngest
public import SourceDiagnostics

/// Why a streaming service stops.
public enum KafkaError: Error, Sendable, CustomStringConvertible {
  /// Something that a person wrote: a setting, a rule.
  case diagnostics(DiagnosticsError)
  /// What the client library says of a call.
  case client(doing: String, reason: String)
  /// A topic that is not there, or has not the partitions that it needs.
  case topic(name: String, reason: String)
  /// The group took partitions away without being able to say so.
  case lost(partitions: [Int32])
  /// The log, the state or the disk.
  case ingest(IngestError)
  /// A message of the changelog that this version cannot read.
  case changelog(topic: String, partition: Int32, offset: Int, reason: String)

  public var description: String {
    switch self {
    case .diagnostics(let error): error.description
    case .client(let doing, let reason): "cannot \(doing): \(reason)"
    case .topic(let name, let reason): "topic `\(name)`: \(reason)"
    case .lost(let partitions):
      "the group has given the partitions \(partitions.map(String.init).joined(separator: ", ")) to "
        + "others: this member was not heard of for longer than session.timeout.ms or "
        + "max.poll.interval.ms; start it again"
    case .ingest(let error): error.description
    case .changelog(let topic, let partition, let offset, let reason):
      "the changelog `\(topic)`, partition \(partition), offset \(offset): \(reason)"
    }
  }
}

/// Runs `body` and wraps what it throws.
func wrappingIngest<Value>(
  _ body: () throws(IngestError) -> Value
) throws(KafkaError) -> Value {
  do throws(IngestError) { return try body() } catch { throw .ingest(error) }
}
