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
        disk once for each --group decisions; verifies the log and makes proofs; then writes the same \
        as lines of JSON, flushed as often, and as rows of SQLite (a write-ahead log, \
        synchronous=FULL, a transaction for each --group). The last line is a JSON object: decisions a \
        second by the wall clock and by processor time, bytes a decision of everything in the log, \
        entries a second verified, milliseconds of a proof (the middle one and the longest), and the \
        highest memory of appending. With --privacy traces are sealed, and the vault is part of the \
        bytes. With --no-peers only the log is measured.

        EXAMPLES
          explain bench log --log /tmp/bench-log
          explain bench log --log /tmp/bench-log --decisions 10000000
          explain bench log --log /tmp/bench-log --privacy
        """)

    @Option(help: ArgumentHelp("The log to make; there must be nothing.", valueName: "dir"))
    var log: String

    @Option(help: "Decisions.")
    var decisions = 1_000_000

    @Option(help: "Decisions that one flush makes durable.")
    var group = 10_000

    @Flag(help: "Keep what belongs to persons in a vault.")
    var privacy = false

    @Flag(inversion: .prefixedNo, help: "Write the lines and the rows, too.")
    var peers = true

    func validate() throws {
      guard (1...1_000_000_000).contains(decisions), (1...10_000_000).contains(group) else {
        throw ValidationError("--decisions and --group: expected 1 or more")
      }
    }

    func run() throws {
      if try Directory.status(log) != nil {
        throw CommandFailure(message: "`\(log)` is there already", help: "name a new directory")
      }
      let bench = try LogBench(
        path: log, decisions: decisions, groupRecords: group, isSealed: privacy)
      let appended = try bench.append()
      let peak = ProcessUse.peakKibibytes
      let bytes = try LogBench.size(log)
      let verified = try bench.verify()
      let proofs = try bench.proofs(200)
      let others = peers ? try peerFigures(bench) : ""
      func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
      try StandardOutput.write(
        """
        {"decisions": \(decisions), "appended_per_s": \(rate(appended.wall)), \
        "appended_per_cpu_s": \(rate(appended.processor)), \
        "body_bytes": \(bench.bodyBytes), "log_bytes_per_decision": \(each(bytes)), \
        "verify_s": \(rounded(verified.wall)), "verified_per_cpu_s": \(rate(verified.processor)), \
        "proof_ms": \(rounded(proofs[proofs.count / 2])), \
        "proof_ms_longest": \(rounded(proofs[proofs.count - 1])), "append_peak_kib": \(peak)\(others)}

        """)
    }

    /// Members of the JSON object: the same decisions in the files of others, which are removed.
    private func peerFigures(_ bench: LogBench) throws -> String {
      let file = log + "/peer.jsonl"
      let lines = try bench.appendJSONLines(file, lines: try bench.jsonLines())
      let lineBytes = try Directory.status(file)?.size ?? 0
      try Directory.remove(file)
      let database = log + "/peer.sqlite"
      let rows = try bench.appendRows(database)
      let rowBytes = try Directory.status(database)?.size ?? 0
      try SQLitePeer.remove(database)
      return """
        , "json_lines_per_s": \(rate(lines.wall)), \
        "json_lines_per_cpu_s": \(rate(lines.processor)), \
        "json_bytes_per_decision": \(each(lineBytes)), \
        "sqlite_rows_per_s": \(rate(rows.wall)), \
        "sqlite_rows_per_cpu_s": \(rate(rows.processor)), \
        "sqlite_bytes_per_decision": \(each(rowBytes)), \
        "sqlite": "\(SQLitePeer.journal), synchronous=\(SQLitePeer.synchronous)"
        """
    }

    private func rate(_ seconds: Double) -> Int { Int(Double(decisions) / seconds) }

    private func each(_ bytes: Int) -> Double {
      (Double(bytes) / Double(decisions) * 10).rounded() / 10
    }
  }
}
