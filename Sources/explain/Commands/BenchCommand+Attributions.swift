internal import ArgumentParser
internal import DataFields
internal import PMML
internal import ReferenceData
internal import TabularIO

extension BenchCommand {
  struct Attributions: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "attributions",
      abstract: "Rows a second that are scored and attributed to their fields.",
      discussion: """
        Reads rows of CSV into memory as typed columns, then scores and attributes them in blocks, \
        again and again, on one thread; and one by one. What is printed: rows a second by the wall \
        clock and by processor time, microseconds for a single row, and the largest residual, as a \
        part of what rounding could come to.

        EXAMPLES
          explain bench attributions --model model.pmml --input rows.csv
          explain bench attributions --model model.pmml --input rows.csv --background rows100.csv
        """)

    @Option(help: "The model: a PMML file.")
    var model: String

    @Option(help: "The rows: CSV with a header.")
    var input: String

    @Option(
      help: ArgumentHelp(
        "Rows that absent fields are drawn from (default: the model's record counts).",
        valueName: "file"))
    var background: String?

    @Flag(help: "Whether blocks have the interactions of each two fields as well.")
    var interactions = false

    @Option(help: "Seconds of the measurement.")
    var seconds = 1.0

    func validate() throws {
      guard seconds > 0, seconds < 3_600 else {
        throw ValidationError("--seconds: expected up to an hour")
      }
    }

    func run() throws {
      let model = try CompiledModel(path: model)
      let names = model.signature.inputs.map(\.name)
      let rows = try RecordReader(path: input, columns: .named(names, optional: Set(names)))
      let background = try background.map {
        try BackgroundRows.matrix(
          try ReferenceFile(path: $0), fields: model.signature.inputs.map { ($0.name, $0.kind) })
      }
      var bench = try AttributionBench(
        try ScoreBench(model, rows: rows), background: background, interactions: interactions)
      guard bench.rowCount > 0 else { throw CommandFailure(message: "`\(input)` has no rows") }
      var sum = bench.attributeAll()
      let time = RuleBench.time(for: seconds) { sum = bench.attributeAll() }
      let single = bench.attributeOneByOne(min(bench.rowCount, 1_000))
      let attributed = Double(time.passes * bench.rowCount)
      func microseconds(_ share: Double) -> Double {
        Double(single[Int(Double(single.count - 1) * share)]) / 1_000
      }
      // Printed, so that the loop cannot be left out.
      try StandardOutput.write(
        """
        rows_per_s=\(attributed / max(time.wall, 1e-9))
        cpu_rows_per_s=\(attributed / max(time.processor, 1e-9))
        p50_us=\(microseconds(0.5))
        p99_us=\(microseconds(0.99))
        largest_residual=\(bench.largestResidual)
        largest_float_rounding=\(bench.largestFloatRounding)
        method=\(bench.method)
        sum=\(sum)

        """)
    }
  }
}
