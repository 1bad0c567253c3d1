internal import ArgumentParser
internal import DataFields
internal import PMML
internal import TabularIO

extension BenchCommand {
  struct Score: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "score",
      abstract: "Rows a second that a PMML model scores.",
      discussion: """
        Reads rows of CSV into memory as typed columns, then scores them as one batch, in blocks, \
        again and again; and one by one. What is printed: rows a second by the wall clock and by \
        processor time, and microseconds for a single row. With several threads, each batch is \
        done when the last of them is.

        EXAMPLES
          explain bench score --model model.pmml --input rows.csv
          explain bench score --model model.pmml --input rows.csv --threads 2
        """)

    @Option(help: "The model: a PMML file.")
    var model: String

    @Option(help: "The rows: CSV with a header.")
    var input: String

    @Option(help: "Seconds of the measurement.")
    var seconds = 1.0

    @Option(
      help: ArgumentHelp(
        "How many threads score a batch; at most one a core does.", valueName: "count"))
    var threads = 1

    @Option(help: ArgumentHelp("How many rows are scored one by one.", valueName: "count"))
    var single = 5_000

    func validate() throws {
      if !(1...100_000_000).contains(single) { throw ValidationError("--single: at least 1") }
      if !(1...256).contains(threads) { throw ValidationError("--threads: from 1 to 256") }
      guard seconds > 0, seconds < 3_600 else {
        throw ValidationError("--seconds: expected up to an hour")
      }
    }

    func run() async throws {
      let model = try CompiledModel(path: model)
      let names = model.signature.inputs.map(\.name)
      let rows = try RecordReader(path: input, columns: .named(names, optional: Set(names)))
      let bench = try ScoreBench(model, rows: rows, threads: threads)
      guard bench.rowCount > 0 else { throw CommandFailure(message: "`\(input)` has no rows") }
      var sum = 0.0
      _ = await ScoreBench.time(for: min(seconds, 0.3)) { sum = await bench.scoreAll() }
      let time = await ScoreBench.time(for: seconds) { sum = await bench.scoreAll() }
      let single = bench.scoreOneByOne(single)
      let scored = Double(time.passes * bench.rowCount)
      func microseconds(_ share: Double) -> Double {
        Double(single[Int(Double(single.count - 1) * share)]) / 1_000
      }
      // Printed, so that the loop cannot be left out.
      try StandardOutput.write(
        """
        rows_per_s=\(Int(scored / max(time.wall, 1e-9)))
        cpu_rows_per_s=\(Int(scored / max(time.processor, 1e-9)))
        p50_us=\(microseconds(0.5))
        p99_us=\(microseconds(0.99))
        sum=\(sum)

        """)
    }
  }
}
