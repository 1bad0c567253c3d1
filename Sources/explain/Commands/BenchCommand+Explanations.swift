internal import ArgumentParser

extension BenchCommand {
  struct Explanations: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "explanations",
      abstract: "Milliseconds that reasons and counterfactuals of a model's decisions take.",
      discussion: """
        Decides on rows by one cut of a model's score and finds for each a sufficient reason, all \
        changes of one field and all of two that end otherwise. Numbers are read with six digits \
        after the point. What is printed: how many reasons were proved minimal, within how many \
        boxes, milliseconds, and how many random completions ended otherwise than was proved: none, \
        or the exit code is 1.

        EXAMPLES
          explain bench explanations --model m.pmml --input rows.csv
          explain bench explanations --model m.pmml --input rows.csv --completions 20000 --rows 60
        """)

    @Option(help: "The model: a PMML file.")
    var model: String

    @Option(help: "The rows: CSV with a header.")
    var input: String

    @Option(help: "What of the model is cut.")
    var result = "probability(\"1\")"

    @Option(help: "Where it is cut.")
    var cut = "0.5"

    @Option(help: "How many rows are explained.")
    var rows = 60

    @Option(help: "Random completions of each reason.")
    var completions = 0

    @Option(help: "Boxes that one proof may take.")
    var boxes = 20_000

    func validate() throws {
      guard rows > 0, completions >= 0, boxes > 0 else {
        throw ValidationError("--rows and --boxes are at least 1, --completions at least 0")
      }
    }

    func run() throws {
      let bench = try ExplanationBench(
        model: model, rows: input, result: result, cut: cut, limit: rows)
      guard bench.rowCount > 0 else { throw CommandFailure(message: "`\(input)` has no rows") }
      var progress = ProgressLine()
      var all: [ExplanationBench.Measured] = []
      for row in 0..<bench.rowCount {
        progress.show("\(row + 1) of \(bench.rowCount) rows")
        all.append(bench.explain(row, completions: completions, boxes: boxes))
      }
      progress.clear()
      let violations = all.map(\.violations).reduce(0, +)
      try StandardOutput.write(summary(all, violations).map { $0 + "\n" }.joined())
      if violations > 0 { throw ExitCode(1) }
    }

    private func summary(_ all: [ExplanationBench.Measured], _ violations: Int) -> [String] {
      let count = Double(all.count)
      func mean(_ value: (ExplanationBench.Measured) -> Double) -> Double {
        all.map(value).reduce(0, +) / count
      }
      func worst(_ value: (ExplanationBench.Measured) -> Double) -> Double {
        all.map(value).max() ?? 0
      }
      func text(_ number: Double) -> String { "\((number * 1_000).rounded() / 1_000)" }
      let minimal = all.count(where: \.isMinimal)
      return [
        "{\"rows\":\(all.count),\"facts\":\(all.first?.factCount ?? 0),"
          + "\"proved\":\(all.count(where: \.isProved)),\"proved_minimal\":\(minimal),"
          + "\"mean_reason_facts\":\(text(mean { Double($0.reasonSize) })),"
          + "\"reason_ms\":{\"mean\":\(text(mean(\.reasonTime))),"
          + "\"worst\":\(text(worst(\.reasonTime)))},"
          + "\"boxes\":{\"mean\":\(text(mean { Double($0.boxes) })),"
          + "\"worst\":\(text(worst { Double($0.boxes) }))},"
          + "\"widening_boxes\":{\"mean\":\(text(mean { Double($0.widenedBoxes) })),"
          + "\"worst\":\(text(worst { Double($0.widenedBoxes) }))},"
          + "\"completions\":\(completions * all.count),\"violations\":\(violations),"
          + "\"one_field\":{\"mean_ms\":\(text(mean(\.singleTime))),"
          + "\"worst_ms\":\(text(worst(\.singleTime))),"
          + "\"rows_that_flip\":\(all.count { $0.flips > 0 })},"
          + "\"two_fields\":{\"mean_ms\":\(text(mean(\.pairTime))),"
          + "\"worst_ms\":\(text(worst(\.pairTime))),"
          + "\"rows_that_flip\":\(all.count { $0.pairFlips > 0 })}}"
      ]
    }
  }
}
