internal import ArgumentParser
internal import TraceIndex
internal import TraceLog

extension BenchCommand {
  /// `explain bench index`: the index of a log, made and asked.
  struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "index",
      abstract: "How fast a log is indexed, and how long a customer is looked for in it.",
      discussion: """
        Makes a log of the decisions of `explain bench rules` at --log, unless there is one; reads it \
        once; makes its index anew; and looks for customers at random and for what a rule decided. \
        The last line is a JSON object: rows a second by the wall clock and by processor time, bytes \
        a decision of index and log, milliseconds of look-ups (the middle one and the longest) and of \
        a comparison of index and log.

        EXAMPLES
          explain bench index --log /tmp/bench-log
          explain bench index --log /tmp/bench-log --decisions 10000000 --subjects 1000000
        """)

    @Option(help: ArgumentHelp("The log; made if there is none.", valueName: "dir"))
    var log: String

    @Option(help: "Decisions of a log that is made.")
    var decisions = 1_000_000

    @Option(help: "Subjects of a log that is made.")
    var subjects = 100_000

    @Option(help: "Look-ups.")
    var lookups = 200

    func validate() throws {
      guard (1...1_000_000_000).contains(decisions), (1...100_000_000).contains(subjects),
        (1...1_000_000).contains(lookups)
      else { throw ValidationError("--decisions, --subjects and --lookups: expected 1 or more") }
    }

    func run() throws {
      let bench = try IndexBench(log: log, decisions: decisions, subjects: subjects)
      var rows = 0
      var bytes = 0
      let scan = try IndexBench.time {
        try bench.reader.scan { trace in
          rows += 1
          bytes += trace.body.count
          return true
        }
      }
      let made = try IndexBench.time { _ = try LogIndexing.bringUp(bench.index, rebuilds: true) }
      let size = try bench.index.size
      let again = try IndexBench.time { _ = try bench.index.update() }
      let customers = try bench.milliseconds(of: lookups, limit: 20) { place in
        var query = TraceQuery()
        query.subject = IndexBench.subject(IndexBench.draw(1 << 40 + place), of: subjects)
        return query
      }
      let rules = try bench.milliseconds(of: 20, limit: 100) { place in
        var query = TraceQuery()
        query.rule = ["steady", "under", "developed", "otherwise"][place % 4]
        query.before = rows - rows / 20 * place
        return query
      }
      let check = try IndexBench.time { _ = try bench.index.check() }
      func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
      try StandardOutput.write(
        """
        {"rows": \(rows), "rows_per_s": \(Int(Double(rows) / made.wall)), \
        "rows_per_cpu_s": \(Int(Double(rows) / made.processor)), \
        "scan_rows_per_s": \(Int(Double(rows) / scan.wall)), \
        "index_bytes_per_row": \(rounded(Double(size) / Double(max(rows, 1)))), \
        "body_bytes_per_row": \(rounded(Double(bytes) / Double(max(rows, 1)))), \
        "customer_ms": \(rounded(customers[customers.count / 2])), \
        "customer_ms_longest": \(rounded(customers[customers.count - 1])), \
        "rule_ms": \(rounded(rules[rules.count / 2])), \
        "current_update_ms": \(rounded(again.wall * 1_000)), \
        "check_s": \(rounded(check.wall)), "peak_kib": \(ProcessUse.peakKibibytes)}

        """)
    }
  }
}
