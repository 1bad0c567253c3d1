internal import ArgumentParser
internal import TraceLog

/// `explain log`: what auditors and operators do with a log.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Find and show what a log holds.",
    discussion: """
      EXAMPLES
        explain log list --customer 334628087
        explain log list --outcome "Developed Customers" --from 2021-01-01 --limit 20
        explain log show 8111
        explain log index --check
      """,
    subcommands: [List.self, Show.self, Index.self])

  struct Location: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "The log to read (default: $RATIONALE_LOG, else ./decisions).", valueName: "dir"))
    var log: String?

    var path: String { LogPath.resolved(log) }

    /// - Throws: `CommandFailure` if there is no log.
    func reader() throws -> TraceLogReader {
      do throws(TraceLogError) {
        return try TraceLogReader(path: path)
      } catch {
        var failure = CommandFailure(message: error.description)
        if case .noLog = error {
          failure.help = "decide first (`explain decide`), or name another log with --log"
        }
        throw failure
      }
    }
  }

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }
}
