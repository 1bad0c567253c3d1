internal import ArgumentParser
internal import FileIO
internal import TraceLog

/// `explain bench`: the engine alone, without files and clocks between.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the engine on this machine.",
    subcommands: [
      Rules.self, Table.self, Score.self, Attributions.self, Explanations.self, Index.self,
      Log.self, Privacy.self,
      Load.self,
      Fuzz.self, FuzzModels.self,
    ])

  struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rules",
      abstract: "Decisions a second on 4,096 profiles, with or without their traces.",
      discussion: """
        One thread decides on the same cases again and again; rows are prepared before. Each \
        case is checked first. The last line is a JSON object: decisions a second by the wall \
        clock and by processor time, wrong cases, the mean bytes of a trace, and, in the same \
        run, the same decision written in plain Swift. With --log each trace is appended to a new \
        log, made durable and signed as any log is.

        EXAMPLES
          explain bench rules
          explain bench rules --trace off --seconds 5
          explain bench rules --input cases.csv
          explain bench rules --log /tmp/bench-log
        """)

    enum Tracing: String, ExpressibleByArgument, CaseIterable {
      case off, full
    }

    @Option(
      help: ArgumentHelp(
        "Cases as CSV: size, amount, coverage, expected (default: generated).", valueName: "file"))
    var input: String?

    @Option(help: "Whether each decision's trace is written to memory.")
    var trace = Tracing.full

    @Option(
      help: ArgumentHelp("A log to append to; there must be nothing.", valueName: "dir"))
    var log: String?

    @Option(help: "Seconds before the measurement.")
    var warm = 0.5

    @Option(help: "Seconds of the measurement.")
    var seconds = 2.0

    func validate() throws {
      if log != nil, trace == .off { throw ValidationError("--log needs --trace full") }
      guard warm >= 0, seconds > 0, warm + seconds < 3_600 else {
        throw ValidationError("--warm and --seconds: expected up to an hour")
      }
    }

    func run() throws {
      let cases = try input.map { try ProfileCase.read($0) } ?? ProfileCase.generated()
      var bench = try RuleBench(cases)
      let wrong = bench.wrongCases()
      let isTraced = trace == .full
      var traceBytes = 0
      _ = RuleBench.time(for: warm) { traceBytes = bench.decideAll(traced: isTraced) }
      let engine =
        if let log {
          try time(&bench, appendingTo: log)
        } else {
          RuleBench.time(for: seconds) { traceBytes = bench.decideAll(traced: isTraced) }
        }
      var steady = 0
      let plain = RuleBench.time(for: min(seconds, 1)) { steady &+= bench.decidePlainly() }
      // Printed, so that the loop cannot be left out.
      StandardError.write("\(steady / plain.passes) of \(cases.count) cases are steady\n")
      func perSecond(_ passes: Int, _ time: Double) -> Int {
        Int(Double(passes * cases.count) / max(time, 1e-9))
      }
      try StandardOutput.write(
        """
        {"decisions_per_s": \(perSecond(engine.passes, engine.wall)), \
        "per_cpu_s": \(perSecond(engine.passes, engine.processor)), \
        "wrong": \(wrong), "trace_bytes": \(traceBytes), \
        "plain_swift_per_s": \(perSecond(plain.passes, plain.wall))}

        """)
      if wrong > 0 { throw ExitCode.failure }
    }

    private func time(
      _ bench: inout RuleBench, appendingTo path: String
    ) throws -> (passes: Int, wall: Double, processor: Double) {
      if try Directory.status(path) != nil {
        throw CommandFailure(message: "`\(path)` is there already", help: "name a new directory")
      }
      var writer = try TraceLogWriter(path: path)
      for schema in bench.schemas { try writer.keepArtefact(schema.bytes, digest: schema.digest) }
      var failure: TraceLogError?
      let time = RuleBench.time(for: seconds) {
        guard failure == nil else { return }
        do throws(TraceLogError) { try bench.decideAll(into: &writer) } catch { failure = error }
      }
      if let failure { throw failure }
      try writer.close()
      return time
    }
  }
}
