internal import ArgumentParser
internal import DecisionTrace
internal import TraceLog
internal import TraceReports

extension LogCommand {
  /// `explain log show`: one trace of a log.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Print one decision of a log, as `explain --customer` prints a customer's.",
      discussion: """
        With --format json the trace is one line, in the form of docs/trace.schema.json.

        EXAMPLES
          explain log show 8111
          explain log show 8111 --brief
          explain log show 8111 --format json | jq .result

        Exit codes: 0 done, 1 failure, 3 no such trace, 64 usage.
        """)

    @Argument(help: ArgumentHelp("The trace's number in the log.", valueName: "index"))
    var index: String

    @Flag(help: "Only what the trace itself says: nothing that is worked out of it.")
    var brief = false

    @Option(help: "How to print.")
    var format = Format.text

    @Flag(help: "No colours and no boxes.")
    var plain = false

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var location: Location

    private func number() throws -> Int {
      // Pages print it as `#8,111`.
      let digits = index.filter { $0 != "#" && $0 != "," }
      guard let number = Int(digits), number >= 0 else {
        throw ValidationError("`\(index)` is no number of a trace; expected 0 or more")
      }
      return number
    }

    func validate() throws { _ = try number() }

    func run() throws {
      let number = try number()
      let reader = try location.reader(reading.access)
      var pages = TracePages(of: TraceLogSet(reader), isBrief: brief)
      try pages.add(try entry(number, in: reader))
      pages.report()
      switch format {
      case .text: try StandardOutput.write(pages.text(Terminal.output(isPlain: plain)))
      case .json: try StandardOutput.write(pages.json())
      }
    }

    /// The trace with what its subject's earlier ones tell of it.
    private func entry(_ number: Int, in reader: TraceLogReader) throws -> SubjectHistory.Entry {
      do {
        guard let stored = try reader.trace(at: number), stored.index == number else {
          let minimum = try reader.minimumIndex()
          if number < minimum {
            throw CommandFailure(
              message: "the log `\(reader.path)` no longer keeps what lies below #\(minimum)",
              exitCode: CommandFailure.noDecision)
          }
          throw CommandFailure(
            message: "the log `\(reader.path)` has no trace #\(number)",
            help: try reader.count() == 0
              ? "the log is empty; decide first (`explain decide`)"
              : "`explain log list` prints the latest ones",
            exitCode: CommandFailure.noDecision)
        }
        var decoder = TraceDecoder(reader)
        let trace = try decoder.trace(stored)
        let history = try SubjectHistory(
          of: trace.subject, in: reader, decision: trace.schema.decision, upTo: number)
        if let entry = history.entries.first, entry.number == number { return entry }
        return SubjectHistory.Entry(trace: trace, number: number)
      } catch let error as TraceLogError {
        throw CommandFailure(message: error.description)
      } catch let error as SubjectHistory.Damage {
        throw CommandFailure(message: "\(error) in the log `\(reader.path)`")
      }
    }
  }
}
