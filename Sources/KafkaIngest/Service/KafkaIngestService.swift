internal import DataFields
public import Decisions
internal import EventIngest
internal import FileIO
public import Logging
internal import RuleLanguage
public import ServiceLifecycle
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Decides on the events of Kafka topics until a stop is asked for, as a service among others of a
/// program (swift-service-lifecycle): a graceful shutdown ends reading, and returns once everything that
/// was read is decided, on the disk, delivered and committed.
public final class KafkaIngestService: Service {
  private let library: DecisionLibrary
  private let settings: IngestSettings
  private let logger: Logger
  private let status: ServiceStatus
  private let isStopping = Atomic<Bool>(false)

  /// - Parameter wallClock: milliseconds since 1970, for how late decisions are.
  public init(
    library: DecisionLibrary, settings: IngestSettings, logger: Logger,
    wallClock: @escaping @Sendable () -> Int64
  ) {
    self.library = library
    self.settings = settings
    self.logger = logger
    status = ServiceStatus(
      decisions: library.program.decisions.map(\.name), wallClock: wallClock)
  }

  /// Whether it is a member of its group and has partitions to work on.
  public var isReady: Bool { status.isReady }

  /// `starting`, `running`, `stopping` or `failed`.
  public var phase: String { status.phase.rawValue }

  /// Asks for a stop; ``run()`` returns soon after.
  public func stop() {
    isStopping.store(true, ordering: .releasing)
    if status.phase == .running { status.phase = .stopping }
  }

  /// - Throws: `KafkaError`.
  public func run() async throws {
    try await withGracefulShutdownHandler {
      try await withTaskCancellationHandler {
        try await onThread()
      } onCancel: {
        stop()
      }
    } onGracefulShutdown: {
      self.stop()
    }
  }

  /// The client library waits in its calls: a thread of its own does that, not one of the pool.
  private func onThread() async throws {
    let service = self
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Void, any Error>) in
      OwnThread.run {
        do throws(KafkaError) {
          try service.runLoop()
          continuation.resume()
        } catch {
          service.status.phase = .failed
          continuation.resume(throwing: error)
        }
      }
    }
  }

  private func runLoop() throws(KafkaError) {
    let loop = try IngestLoop(
      library: library, settings: settings, status: status, logger: logger
    ) { [self] in isStopping.load(ordering: .acquiring) || Interruption.isRequested }
    if status.phase == .starting { status.phase = .running }
    try loop.run()
  }
}

/// A thread for work that waits.
enum OwnThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  static func run(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work)
    if failure == 0 {
      pthread_detach(thread)
    } else {
      // No thread to be had: the caller's waits instead.
      Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
    }
  }
}
