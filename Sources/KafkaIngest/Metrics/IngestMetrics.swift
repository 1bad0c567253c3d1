internal import CoreMetrics
internal import EventIngest

/// The metrics of a streaming service, by swift-metrics: whatever a program has bootstrapped takes them.
///
/// docs/streams.md lists them.
struct IngestMetrics: Sendable {
  let messages = Counter(label: "rationale_messages_total")
  let deadLetters = Counter(label: "rationale_dead_letters_total")
  /// By decision, as the rules order them.
  let decisions: [Counter]
  /// From a message's time stamp to the commit of what was decided on it.
  let latency = Timer(label: "rationale_latency_seconds")
  /// Of making a group durable and handing on what it decides.
  let commit = Timer(label: "rationale_commit_seconds")
  let lanes = Gauge(label: "rationale_lanes")
  let subjects = Gauge(label: "rationale_subjects")
  /// Messages of this member's partitions that are not dealt with yet.
  let lag = Gauge(label: "rationale_lag_messages")
  private let decided: Gauge
  private let refused: Gauge
  private let unknownSubject: Gauge
  private let notInEffect: Gauge
  private let late: Gauge
  private let unusable: Gauge

  init(decisions names: [String]) {
    decisions = names.map {
      Counter(label: "rationale_decisions_total", dimensions: [("decision", $0)])
    }
    func gauge(_ outcome: String) -> Gauge {
      Gauge(label: "rationale_records", dimensions: [("ended", outcome)])
    }
    decided = gauge("decided")
    refused = gauge("refused")
    unknownSubject = gauge("filtered_unknown_subject")
    notInEffect = gauge("filtered_not_in_effect")
    late = gauge("late")
    unusable = gauge("dead_letter")
  }

  /// How the records of the logs of this member's partitions ended, since each was begun.
  func record(_ counts: IngestCounts) {
    decided.record(counts.decided)
    refused.record(counts.refused)
    unknownSubject.record(counts.filteredUnknownSubject)
    notInEffect.record(counts.filteredNotInEffect)
    late.record(counts.late)
    unusable.record(counts.deadLetters)
  }
}
