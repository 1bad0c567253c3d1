internal import ArgumentParser
internal import FileIO

extension BenchCommand {
  /// `explain bench log`: the log, and the same decisions as lines of JSON.
  struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "log",
      abstract: "How fast decisions are logged, verified and proved, and what they take on disk.",
      discussion: """
        Appends the bodies of the cases of `explain bench rules` to a new log at --log, flushed to the \
        disk once for each --group decisions; then the same as lines of JSON, flushed as often; then \
        verifies the log and makes proofs. The last line is a JSON object: decisions a second by the \
        wall clock and by processor time, bytes a decision of everything in the log, entries a second \
        verified, milliseconds of a proof (the middle one and the longest), and the highest memory.

        EXAMPLES
          explain bench log --log /tmp/bench-log
          explain bench log --log /tmp/bench-log --decisions 10000000
        """)

    @Option(help: ArgumentHelp("The log to make; there must be nothing.", valueName: "dir"))
    var log: String

    @Option(help: "Decisions.")
    var decisions = 1_000_000

    @Option(help: "Decisions that one flush makes durable.")
    var group = 10_000

    func validate() throws {
      guard (1...1_000_000_000).contains(decisions), (1...10_000_000).contains(group) else {
        throw ValidationError("--decisions and --group: expected 1 or more")
      }
    }

    func run() throws {
      if try Directory.status(log) != nil {
        throw CommandFailure(message: "`\(log)` is there already", help: "name a new directory")
      }
      let bench = try LogBench(path: log, decisions: decisions, groupRecords: group)
      let appended = try bench.append()
      let peak = ProcessUse.peakKibibytes
      let bytes = try LogBench.size(log)
      let lines = try bench.jsonLines()
      let file = log + "/peer.jsonl"
      let written = try bench.appendJSONLines(file, lines: lines)
      let lineBytes = try Directory.status(file)?.size ?? 0
      try Directory.remove(file)
      let verified = try bench.verify()
      let proofs = try bench.proofs(200)
      func rate(_ seconds: Double) -> Int { Int(Double(decisions) / seconds) }
      func each(_ bytes: Int) -> Double {
        (Double(bytes) / Double(decisions) * 10).rounded() / 10
      }
      func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
      try StandardOutput.write(
        """
        {"decisions": \(decisions), "appended_per_s": \(rate(appended.wall)), \
        "appended_per_cpu_s": \(rate(appended.processor)), \
        "json_lines_per_s": \(rate(written.wall)), \
        "json_lines_per_cpu_s": \(rate(written.processor)), \
        "body_bytes": \(bench.bodyBytes), "log_bytes_per_decision": \(each(bytes)), \
        "json_bytes_per_decision": \(each(lineBytes)), \
        "verify_s": \(rounded(verified.wall)), "verified_per_cpu_s": \(rate(verified.processor)), \
        "proof_ms": \(rounded(proofs[proofs.count / 2])), \
        "proof_ms_longest": \(rounded(proofs[proofs.count - 1])), "append_peak_kib": \(peak)}

        """)
    }
  }
}
