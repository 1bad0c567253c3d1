internal import ArgumentParser
internal import FileIO

extension BenchCommand {
  /// `explain bench fuzz`: hostile rulesets, for the project's own use.
  struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fuzz",
      abstract: "Generated and mutated rulesets through the checker, the formatter and the engine.",
      discussion: """
        The same seed and rulesets give the same inputs. The first input for which something does \
        not hold, that takes too long or too much memory ends the run, and is left in a file; so \
        is one that ends the process. `--start N --inputs 1` runs input N alone.
        """,
      shouldDisplay: false)

    @Argument(help: "The rulesets that are mutated.")
    var rules: [String]

    @Option(help: "How many inputs.")
    var inputs = 10_000

    @Option(help: "The number of the first input.")
    var start = 0

    @Option(help: "Stop after so many seconds.")
    var seconds: Int?

    @Option(help: "The processor time in seconds that one input may take.")
    var slowest = 2.0

    @Option(help: "Which inputs.")
    var seed: UInt64 = 1

    @Option(help: "Where the current input is kept while it is run.")
    var keep = "fuzz-input.rules"

    @Flag(help: "Print the first input, and run nothing.")
    var show = false

    func run() throws {
      var rulesets: [String: [UInt8]] = [:]
      for path in rules { rulesets[path] = try WholeFile.read(path, limit: 1 << 20) }
      let fuzz = RuleFuzz(rulesets: rulesets, seed: seed)
      if show { return try StandardOutput.write(fuzz.input(start)) }
      var run = FuzzRun(fuzz, keeping: keep, limits: FuzzLimits(seconds: slowest))
      let fault = try run.run(
        start..<(start + max(0, inputs)), for: seconds.map { .seconds($0) })
      try StandardOutput.write(run.summary)
      if let fault {
        throw CommandFailure(message: fault, help: "the input is in \(keep)")
      }
    }
  }
}
