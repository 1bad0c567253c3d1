internal import ArgumentParser
internal import FileIO

extension BenchCommand {
  struct Privacy: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "privacy",
      abstract: "Traces sealed a second, and bytes in the vault.",
      discussion: """
        One thread seals the traces of 4,096 decisions on ten fields that all belong to a person, \
        again and again, with the subjects' keys at hand; then it seals and stores --decisions of \
        them in a new vault, of few subjects and of a new subject each. Each trace is checked to \
        open as the body that it was first. The last line is a JSON object.

        EXAMPLES
          explain bench privacy
          explain bench privacy --folder /tmp/vault-bench --decisions 1000000
        """)

    @Option(help: "Seconds of the measurement in memory.")
    var seconds = 2.0

    @Option(help: "How many decisions are stored.")
    var decisions = 200_000

    @Option(help: "Where the vaults are written; it must not exist.")
    var folder = "privacy-bench"

    func validate() throws {
      guard seconds > 0, seconds < 3_600, (1...100_000_000).contains(decisions) else {
        throw ValidationError("--seconds: expected up to an hour; --decisions: up to 100,000,000")
      }
    }

    func run() throws {
      if try Directory.status(folder) != nil {
        throw CommandFailure(message: "`\(folder)` exists; give another --folder")
      }
      let bench = try PrivacyBench()
      let isLossless = try bench.isLossless()
      var sealer = bench.sealer()
      var size = try bench.sealAll(&sealer)
      var failure: (any Error)?
      let time = RuleBench.time(for: seconds) {
        do { size = try bench.sealAll(&sealer) } catch { failure = error }
      }
      if let failure { throw failure }
      let sealed = Double(time.passes * bench.bodies.count)
      let few = try bench.store(decisions, subjectCount: 4_096, in: folder + "/few")
      let each = try bench.store(decisions, subjectCount: decisions, in: folder + "/each")
      func perSecond(_ stored: PrivacyBench.Stored) -> Int {
        Int(Double(stored.decisions) / max(stored.seconds, 1e-9))
      }
      let bodyBytes = bench.bodies.reduce(0) { $0 + $1.count } / bench.bodies.count
      try StandardOutput.write(
        """
        {"items": \(bench.itemCount), "sealed_per_s": \(Int(sealed / max(time.wall, 1e-9))), \
        "microseconds": \(time.processor / sealed * 1e6), "lossless": \(isLossless), \
        "body_bytes": \(bodyBytes), "entry_bytes": \(size.entry), "record_bytes": \(size.record), \
        "few_subjects_per_s": \(perSecond(few)), \
        "few_subjects_bytes": \(few.bytes / few.decisions), \
        "new_subjects_per_s": \(perSecond(each)), \
        "new_subjects_bytes": \(each.bytes / each.decisions)}

        """)
      if !isLossless { throw ExitCode.failure }
    }
  }
}
