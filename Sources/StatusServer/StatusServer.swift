internal import FlyingFox
internal import FlyingSocks
internal import Foundation
public import ServiceLifecycle

/// `/health`, `/ready` and `/metrics` over HTTP, for those who watch a service.
public struct StatusServer: Service {
  /// What is said of the service when somebody asks.
  public struct Answers: Sendable {
    /// Whether the service works at all, and a word for what it does.
    public var health: @Sendable () -> (isWell: Bool, word: String)
    /// Whether it does its work.
    public var isReady: @Sendable () -> Bool

    public init(
      health: @escaping @Sendable () -> (isWell: Bool, word: String),
      isReady: @escaping @Sendable () -> Bool
    ) {
      self.health = health
      self.isReady = isReady
    }
  }

  private let port: UInt16
  private let answers: Answers
  private let metrics: PrometheusMetrics

  /// - Parameter port: of every address of the machine.
  public init(port: UInt16, answers: Answers, metrics: PrometheusMetrics) {
    self.port = port
    self.answers = answers
    self.metrics = metrics
  }

  /// Serves until a graceful shutdown.
  ///
  /// - Throws: what the system says of the port.
  public func run() async throws {
    let server = HTTPServer(port: port, logger: .disabled)
    await server.appendRoute("GET /health") { [answers] _ in
      let (isWell, word) = answers.health()
      return Self.response(word + "\n", isWell ? .ok : .serviceUnavailable)
    }
    await server.appendRoute("GET /ready") { [answers] _ in
      let isReady = answers.isReady()
      return Self.response(
        isReady ? "ready\n" : "not ready\n", isReady ? .ok : .serviceUnavailable)
    }
    await server.appendRoute("GET /metrics") { [metrics] _ in
      Self.response(metrics.text(), .ok, version: "0.0.4")
    }
    do {
      try await cancelWhenGracefulShutdown { try await server.run() }
    } catch is CancellationError where Task.isShuttingDownGracefully {
      // The end that was asked for.
    }
  }

  private static func response(
    _ text: String, _ status: HTTPStatusCode, version: String? = nil
  ) -> HTTPResponse {
    let kind = "text/plain; " + (version.map { "version=\($0); " } ?? "") + "charset=utf-8"
    return HTTPResponse(
      statusCode: status, headers: [.contentType: kind], body: Data(text.utf8))
  }
}
