internal import ArgumentParser
internal import FileIO

extension BenchCommand {
  /// `explain bench fuzz-pmml`: hostile models, for the project's own use.
  struct FuzzModels: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fuzz-pmml",
      abstract: "Mutated PMML documents through the reader, the compiler and the scorer.",
      discussion: """
        The same seed and documents give the same inputs. The first input for which something does \
        not hold, that takes too long or too much memory ends the run, and is left in a file; so \
        is one that ends the process. `--start N --inputs 1` runs input N alone.
        """,
      shouldDisplay: false)

    @Argument(help: "The documents that are mutated.")
    var documents: [String]

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
    var keep = "fuzz-input.pmml"

    @Flag(help: "Print the first input, and run nothing.")
    var show = false

    func run() throws {
      var texts: [String: [UInt8]] = [:]
      for path in documents { texts[path] = try WholeFile.read(path, limit: 1 << 20) }
      let fuzz = try ModelFuzz(documents: texts, seed: seed)
      if show { return try StandardOutput.write(fuzz.input(start)) }
      var run = FuzzRun(fuzz, keeping: keep, limits: FuzzLimits(seconds: slowest, memory: 512))
      let fault = try run.run(
        start..<(start + max(0, inputs)), for: seconds.map { .seconds($0) })
      try StandardOutput.write(run.summary)
      if let fault {
        throw CommandFailure(message: fault, help: "the input is in \(keep)")
      }
    }
  }
}
