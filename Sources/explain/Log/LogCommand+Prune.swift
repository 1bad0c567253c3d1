internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import EventIngest
internal import TraceIndex
internal import TraceLog
internal import TraceReports

extension LogCommand {
  /// `explain log prune`: retention.
  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Let go of old entries: retention, by whole bundles of 256.",
      discussion: """
        Removes entries from the start of the log, with what of them lies in the vault and the index. \
        Their hashes stay: what was proved before holds, and every checkpoint can be checked. The log \
        says by an entry of its own from where on it keeps entries, when it was decided, by whom and \
        why. What the last segments hold (about 16 MB) stays, and so does everything where a customer \
        with a legal hold has an entry that would go.

        EXAMPLES
          explain log prune --before-day 2021-01-01 --reason "retention, five years"
          explain log prune --before 1000000 --reason "retention" --dry-run

        Exit codes: 0 done, 1 failure, 64 usage.
        """)

    @Option(help: ArgumentHelp("Let go of entries below this one.", valueName: "index"))
    var before: TraceNumber?

    @Option(
      help: ArgumentHelp(
        "Let go of entries before the first decision as of this day or later.",
        valueName: "date"))
    var beforeDay: String?

    @Option(help: ArgumentHelp("Why, for the log.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("Who does it, for the log.", valueName: "name"))
    var by = ""

    @Flag(help: "Say from where on entries would be kept, and remove none.")
    var dryRun = false

    @OptionGroup var keys: WritingKeys

    @OptionGroup var location: Location

    func validate() throws {
      guard (before == nil) != (beforeDay == nil) else {
        throw ValidationError("give --before INDEX or --before-day DATE")
      }
      _ = try DayOption.day(beforeDay, "--before-day")
    }

    func run() throws {
      let access = keys.files.access
      let reader = try location.reader(access)
      do {
        let wanted = try before?.index ?? index(in: reader)
        if dryRun {
          return try StandardOutput.write("entries below \(wanted / 256 * 256) at most would go\n")
        }
        var options = TraceLogWriter.Options()
        options.signingKey = keys.files.signing
        if try TraceLogReader.hasVault(at: location.path) {
          options.privacy = PrivacyOptions(vaultKey: keys.files.vault)
        }
        var log = try TraceLogWriter(path: location.path, options: options)
        let (minimum, bytes) = try log.prune(before: wanted) {
          PruningEntry(minimumIndex: $0, time: SystemClock.seconds, by: by, reason: reason)
        }
        try log.close()
        let index = TraceIndex(log: reader)
        if try index.size > 0 { try index.rebuild() }
        try StandardOutput.write(
          "the log keeps entries from \(minimum) on; \(PageText.count(bytes)) bytes were removed\n")
      } catch let error as TraceLogError {
        throw CommandFailure(message: error.description)
      } catch let error as TraceIndexError {
        throw LogIndexing.failure(error)
      }
    }

    /// The first trace as of the day or later.
    private func index(in reader: TraceLogReader) throws -> Int {
      guard let day = try DayOption.day(beforeDay, "--before-day") else { return 0 }
      var decoder = TraceDecoder(reader)
      var found: Int?
      var failure: (any Error)?
      try reader.scan { stored in
        do {
          if let asOf = try decoder.trace(stored).asOf, asOf >= day { found = stored.index }
        } catch {
          failure = error
        }
        return found == nil && failure == nil
      }
      if let failure = failure as? SubjectHistory.Damage {
        throw CommandFailure(message: "\(failure) in the log `\(reader.path)`")
      }
      if let failure { throw failure }
      return try found ?? reader.count()
    }
  }
}
