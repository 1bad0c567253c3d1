internal import ArgumentParser

extension BenchCommand {
  struct Table: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "table",
      abstract: "Decisions a second by one table of many interval rows.",
      discussion: """
        Builds a table `hit first` of --rows rows, each an interval of one number, and decides on \
        values that hit rows at random, on one thread and without traces. Each case is checked \
        first. The last line is a JSON object.

        EXAMPLES
          explain bench table --rows 10
          explain bench table --rows 3000 --seconds 5
        """)

    @Option(help: "Rows of the table.")
    var rows = 3_000

    @Option(help: "Seconds of the measurement.")
    var seconds = 2.0

    func validate() throws {
      guard (1...100_000).contains(rows) else {
        throw ValidationError("--rows: expected 1 to 100,000")
      }
      guard seconds > 0, seconds < 3_600 else {
        throw ValidationError("--seconds: expected up to an hour")
      }
    }

    func run() throws {
      var bench = try TableBench(rows: rows)
      let wrong = bench.wrongCases()
      _ = RuleBench.time(for: min(seconds, 0.5)) { bench.decideAll() }
      let time = RuleBench.time(for: seconds) { bench.decideAll() }
      let decisions = Double(time.passes * bench.caseCount)
      try StandardOutput.write(
        """
        {"rows": \(rows), "decisions_per_s": \(Int(decisions / max(time.wall, 1e-9))), \
        "per_cpu_s": \(Int(decisions / max(time.processor, 1e-9))), "wrong": \(wrong)}

        """)
      if wrong > 0 { throw ExitCode.failure }
    }
  }
}
