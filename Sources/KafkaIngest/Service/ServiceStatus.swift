internal import CoreMetrics
internal import EventIngest
internal import Synchronization

/// What a service says of itself: its metrics, and what health checks ask for.
///
/// The thread that polls writes it, others read: counts go out with each commit, not with each message.
final class ServiceStatus: Sendable {
  enum Phase: String, Sendable { case starting, running, stopping, failed }

  private struct Shared: Sendable {
    var phase = Phase.starting
    var lanes = 0
  }

  private let shared = Mutex(Shared())
  private let metrics: IngestMetrics
  /// Only the thread that polls touches it.
  private let tally = Mutex(Tally())
  /// Milliseconds since 1970.
  private let wallClock: @Sendable () -> Int64

  private struct Tally: Sendable {
    var timestamps: [Int64] = []
    var messages = 0
    var decisions: [Int] = []
    var deadLetters = 0
  }

  init(decisions: [String], wallClock: @escaping @Sendable () -> Int64) {
    metrics = IngestMetrics(decisions: decisions)
    self.wallClock = wallClock
    tally.withLock { $0.decisions = Array(repeating: 0, count: decisions.count) }
  }

  var phase: Phase {
    get { shared.withLock { $0.phase } }
    set { shared.withLock { $0.phase = newValue } }
  }

  /// Ready: a member of the group, with lanes to work on.
  var isReady: Bool { shared.withLock { $0.phase == .running && $0.lanes > 0 } }

  func took(_ timestamp: Int64) {
    tally.withLock { tally in
      tally.messages += 1
      if timestamp >= 0 { tally.timestamps.append(timestamp) }
    }
  }

  func decided(_ decision: Int) { tally.withLock { $0.decisions[decision] += 1 } }

  func buried() { tally.withLock { $0.deadLetters += 1 } }

  /// After a commit: what was counted goes out.
  func committed(in duration: Duration) {
    let now = wallClock()
    metrics.commit.recordNanoseconds(duration.nanoseconds)
    tally.withLock { tally in
      metrics.messages.increment(by: tally.messages)
      metrics.deadLetters.increment(by: tally.deadLetters)
      for (index, count) in tally.decisions.enumerated() where count > 0 {
        metrics.decisions[index].increment(by: count)
        tally.decisions[index] = 0
      }
      for timestamp in tally.timestamps {
        metrics.latency.recordMilliseconds(max(0, now - timestamp))
      }
      tally.timestamps.removeAll(keepingCapacity: true)
      (tally.messages, tally.deadLetters) = (0, 0)
    }
  }

  /// After a checkpoint: how many lanes there are, what they know, how their records ended.
  func checkpointed(_ counts: IngestCounts, lanes: Int, subjects: Int, lag: Int64) {
    shared.withLock { $0.lanes = lanes }
    metrics.lanes.record(lanes)
    metrics.subjects.record(subjects)
    metrics.lag.record(lag)
    metrics.record(counts)
  }
}

extension Duration {
  /// Whole nanoseconds; what is longer than 292 years is that.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : product &+ attoseconds / 1_000_000_000
  }
}
