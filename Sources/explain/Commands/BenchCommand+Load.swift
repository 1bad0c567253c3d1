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
        after the first time. What is printed: the least processor time of a load; the memory of the \
        process at most after the first, and what the first added to it; what of that at its peak was \
        not the program itself, as it is read from its file; and the bytes of the arrays of the \
        compiled model. `Scripts/load.sh` sets it beside what libxml2 alone takes to read the file.
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
      let ownBefore = ProcessUse.kibibytes("RssAnon")
      var least = Double.infinity
      var peak = 0
      var own: Int?
      var arrays = 0
      for round in 0..<rounds {
        let start = ProcessUse.processorSeconds
        let loaded = try CompiledModel(path: model)
        least = min(least, ProcessUse.processorSeconds - start)
        guard round == 0 else { continue }
        peak = ProcessUse.peakKibibytes
        // Pages of the program's file come with what it does, and stay.
        if let most = ProcessUse.kibibytes("VmHWM"), let program = ProcessUse.kibibytes("RssFile"),
          let ownBefore
        {
          own = most - program - ownBefore
        }
        arrays = ArrayBytes(of: loaded.program).count
      }
      try StandardOutput.write(
        """
        load_ms=\(Double(Int(least * 1e6)) / 1000)
        rss_mb=\(Double(peak * 10 / 1024) / 10)
        own_mb=\(Double((peak - before) * 10 / 1024) / 10)
        peak_mb=\(own.map { "\(Double($0 * 1024 / 10_000) / 100)" } ?? "")
        arrays_mb=\(Double(arrays / 100) / 10_000)

        """)
    }
  }
}
