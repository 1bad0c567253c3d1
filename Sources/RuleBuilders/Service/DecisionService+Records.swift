public import Decisions
public import EventIngest

extension DecisionService {
  /// Takes what is known of subjects, in place of a static source's file.
  ///
  /// - Throws: failures of the disk. A record that cannot be used is a dead letter.
  public func load<Record>(
    _ records: some Sequence<Record>, as input: Input<Record>
  ) throws(IngestError) {
    var lines: [UInt8] = []
    for record in records { lines += input.record(of: record) }
    try load(input.source, records: lines)
  }

  /// Takes an event of the service's own type, and decides on it.
  ///
  /// It is the event's record as a line of JSON that is taken in, so that traces and lineage are
  /// those of a service that is sent the same lines.
  public func decide<Record>(
    on record: Record, as event: Event<Record>, onDecision: (Decision) -> Void
  ) throws(IngestError) {
    try decide(on: event.record(of: record), from: event.source, onDecision: onDecision)
  }
}

extension Input {
  /// A subject's record as a line of JSON, with the columns as keys.
  public func record(of record: Record) -> [UInt8] { jsonLine(fields, of: record) }
}

extension EventStream {
  /// An event's record as a line of JSON, with the columns as keys.
  public func record(of record: Record) -> [UInt8] { jsonLine(fields, of: record) }
}
