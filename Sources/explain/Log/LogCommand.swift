internal import ArgumentParser
internal import TraceLog

/// `explain log`: what auditors and operators do with a log.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Find, show, verify, prove, export and erase what a log holds.",
    discussion: """
      A log of decisions is a transparency log: each entry is a leaf of a Merkle tree, and signed \
      checkpoints say what the tree was. docs/log.md has the layout, which is C2SP's tlog-tiles.

      EXAMPLES
        explain log list --customer 334628087
        explain log list --outcome "Developed Customers" --from 2021-01-01 --limit 20
        explain log show 8111
        explain log index --check
        explain log verify --checkpoint checkpoint.kept
        explain log prove 8111 --output 8111.tlog-proof
        explain log checkpoint > checkpoint.kept
        explain log erase --customer 334628087 --reason "request 2026-117"
      """,
    subcommands: [
      List.self, Show.self, Index.self, Verify.self, Prove.self, Checkpoint.self, Export.self,
      Erase.self, Hold.self, SubjectKeyFile.self, Disclose.self, Prune.self,
    ])

  struct Location: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "The log to read (default: $RATIONALE_LOG, else ./decisions).", valueName: "dir"))
    var log: String?

    var path: String { LogPath.resolved(log) }

    /// - Throws: `CommandFailure` if there is no log.
    func reader(_ access: TraceAccess = .auditor) throws -> TraceLogReader {
      do throws(TraceLogError) {
        return try TraceLogReader(path: path, access: access)
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
