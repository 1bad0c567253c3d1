internal import ArgumentParser
internal import FileIO

extension BenchCommand {
  /// `explain bench fuzz`: hostile rulesets, for the project's own use.
  struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fuzz",
      abstract: "Mutated rulesets through the checker and the formatter.",
      shouldDisplay: false)

    @Argument(help: "The rulesets that are mutated.")
    var rules: [String]

    @Option(help: "How many inputs.")
    var inputs = 10_000

    @Option(help: "Where the mutations begin.")
    var seed: UInt64 = 1

    func run() throws {
      var fuzz = RuleFuzz(
        seeds: try rules.map { path throws(FileError) in try WholeFile.read(path, limit: 1 << 20) },
        seed: seed)
      for _ in 0..<max(0, inputs) { fuzz.step() }
      let totals = fuzz.totals
      for failure in totals.failures {
        StandardError.write(String(decoding: failure, as: UTF8.self) + "\n--------\n")
      }
      let microseconds = Int(totals.longest / .microseconds(1))
      try StandardOutput.write(
        """
        {"inputs": \(totals.inputs), "accepted": \(totals.accepted), \
        "refused": \(totals.refused), "formatted": \(totals.formatted), \
        "longest_us": \(microseconds), "failures": \(totals.failures.count)}

        """)
      if !totals.failures.isEmpty { throw ExitCode.failure }
    }
  }
}
