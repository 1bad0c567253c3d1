internal import ArgumentParser
internal import TraceIndex
internal import TraceLog

extension LogCommand {
  /// `explain log index`: the index by which decisions are found.
  struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "index",
      abstract: "Bring the index of a log up to it, make it anew, or compare it with the log.",
      discussion: """
        `LOG/index.sqlite` says which decisions are about whom, and how they ended. It is never the \
        truth itself: it can be deleted, and every decision that is found by it is read from the log. \
        An index that somebody edited can hide a decision; --check finds that.

        EXAMPLES
          explain log index
          explain log index --rebuild
          explain log index --check --log /var/lib/decisions

        Exit codes: 0 done, 1 failure, or --check found a difference, 64 usage.
        """)

    @Flag(help: "Begin anew.")
    var rebuild = false

    @Flag(help: "Compare every row with the log; nothing is written, unless with --rebuild.")
    var check = false

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var location: Location

    func run() throws {
      let index = TraceIndex(log: try location.reader(reading.access))
      if try !index.log.readsEverything {
        throw CommandFailure(
          message: "the index names subjects, and without the vault's key they are sealed",
          help: "give the key with --vault-key")
      }
      do {
        if rebuild || !check {
          let update = try LogIndexing.bringUp(index, rebuilds: rebuild)
          try write(index, "added \(PageText.count(update.added, "decision"))")
        }
        if check { try compare(index) }
      } catch let error as TraceIndexError {
        throw LogIndexing.failure(error)
      }
    }

    private func write(_ index: TraceIndex, _ news: String) throws {
      let lag = try index.lag
      let size = try index.size
      var lines = "\(news); \(index.path) holds \(PageText.count(lag.indexed))"
      if lag.indexed > 0 {
        let perDecision = Double(size * 10 / lag.indexed) / 10
        lines += " in \(PageText.count(size)) bytes (\(perDecision) each)"
      }
      if lag.entries > 0 {
        lines += "; \(PageText.count(lag.entries)) entries of the log have come since"
      }
      try StandardOutput.write(lines + "\n")
    }

    private func compare(_ index: TraceIndex) throws {
      var line = ProgressLine()
      defer { line.clear() }
      let check = try index.check {
        line.show("comparing: \(PageText.count($0, "decision"))")
      }
      line.clear()
      guard check.isPresent else {
        throw CommandFailure(
          message: "there is no index at `\(index.path)`", help: "make it: `explain log index`")
      }
      let compared = PageText.count(check.compared, "decision")
      if check.findingCount == 0 {
        return try StandardOutput.write("\(compared) compared: the index says what the log says\n")
      }
      var text = check.findings.map { "\($0)\n" }.joined()
      let others = check.findingCount - check.findings.count
      if others > 0 { text += "and \(PageText.count(others, "difference")) more\n" }
      try StandardOutput.write(text)
      throw CommandFailure(
        message: "the index differs from the log in "
          + "\(PageText.count(check.findingCount, "place")), of \(compared) compared",
        help: "the log counts; make the index anew: `explain log index --rebuild`")
    }
  }
}
