internal import ArgumentParser
internal import DataFields
internal import PMML

extension BenchCommand {
  /// `explain bench load`: how long a model takes to be read and compiled.
  struct Load: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "load",
      abstract: "Milliseconds that a PMML model takes to load, and memory.",
      discussion: """
        Reads and compiles the model again and again, on one thread, from a file that is in memory \
        after the first time. What is printed: the least processor time of a load, and the memory \
        of the process at most after the first. `Scripts/load.sh` sets it beside what libxml2 alone \
        takes to read the file.
        """)

    @Argument(help: "The model: a PMML file.")
    var model: String

    @Option(help: "How many times.")
    var rounds = 5

    func validate() throws {
      guard (1...10_000).contains(rounds) else {
        throw ValidationError("--rounds: expected 1 to 10000")
      }
    }

    func run() throws {
      let before = ProcessUse.peakKibibytes
      var least = Double.infinity
      var peak = 0
      for round in 0..<rounds {
        let start = ProcessUse.processorSeconds
        let loaded = try CompiledModel(path: model)
        least = min(least, ProcessUse.processorSeconds - start)
        if round == 0 { peak = ProcessUse.peakKibibytes }
        // Used, so that it lives until its memory is measured.
        guard !loaded.signature.element.isEmpty else { break }
      }
      try StandardOutput.write(
        """
        load_ms=\(Double(Int(least * 1e5)) / 100)
        rss_mb=\(Double(peak * 10 / 1024) / 10)
        own_mb=\(Double((peak - before) * 10 / 1024) / 10)

        """)
    }
  }
}
