internal import ArgumentParser
internal import DataFields
internal import Decisions
internal import EventIngest
internal import FileIO
internal import Replay
internal import TraceIndex
internal import TraceLog

extension LogCommand {
  /// `explain log erase`: takes a person out of a log.
  struct Erase: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "erase",
      abstract: "Erase a person: destroy the key to what belongs to them.",
      discussion: """
        Destroys the customer's key in the log's vault, and takes the customer out of the index, the \
        saved states and the dead letters. The entries of the log stay, with outcomes, ranks and rules, \
        about nobody; every proof holds as before. The erasure is itself an entry of the log: when, by \
        whom and why, not of whom. `--reason` and `--by` must not name the customer.

        Nobody can undo it. On a terminal it is asked for once more; elsewhere give --yes. It is done \
        again without harm, as after a crash. Copies of the vault, and what was handed out before, are \
        out of reach: docs/privacy.md.

        EXAMPLES
          explain log erase --customer 334628087 --reason "request 2026-117" --by "privacy office"
          explain log erase --customer 334628087 --dry-run

        Exit codes: 0 done, 1 failure, or something of the customer is left, 3 nothing is known of the \
        customer, 64 usage.
        """)

    @Option(help: ArgumentHelp("Whom to erase.", valueName: "id"))
    var customer: String

    @Option(help: ArgumentHelp("Why, for the log.", valueName: "text"))
    var reason = ""

    @Option(help: ArgumentHelp("Who does it, for the log.", valueName: "name"))
    var by = ""

    @Flag(help: "Say what would be erased, and erase nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(
      help: ArgumentHelp(
        "The dead letters, where they do not lie in the log.", valueName: "file"))
    var deadLetters: String?

    @OptionGroup var keys: WritingKeys

    @OptionGroup var location: Location

    func validate() throws {
      if customer.isEmpty { throw ValidationError("--customer: the id is empty") }
      for text in [reason, by] where CustomerName.stands(customer, in: text) {
        throw ValidationError("--reason and --by stay in the log: they must not name the customer")
      }
    }

    func run() throws {
      let reader = try location.reader()
      do {
        let erasure = SubjectErasure(
          log: location.path, keys: keys.files, deadLetters: deadLetters,
          libraries: try RecordedLibrary.all(in: reader))
        let found = try erasure.run(customer, nil)
        try check(found)
        if dryRun { return try say(found, "would be erased") }
        try confirm(found)
        let occasion = SubjectErasure.Occasion(time: SystemClock.seconds, by: by, reason: reason)
        let report = try erasure.run(customer, occasion)
        let access = keys.files.access
        let index = TraceIndex(log: try TraceLogReader(path: location.path, access: access))
        try index.erase(subject: customer, keys: report.subjectKeys)
        try say(report, "erased")
        if report.wholeTraces > 0 || !report.unreadableSnapshots.isEmpty { throw ExitCode.failure }
      } catch let error as IngestError {
        throw DecideCommand.commandError(error)
      } catch let error as TraceIndexError {
        throw LogIndexing.failure(error)
      }
    }

    private func check(_ report: SubjectErasure.Report) throws {
      guard report.isEmpty else { return }
      let isErased = try TraceLogReader(
        path: location.path,
        access: keys.files.access
      ).isErased(subject: customer)
      throw CommandFailure(
        message: isErased
          ? "customer `\(customer)` was erased before"
          : "nothing that can be erased is known of customer `\(customer)`",
        help: report.wholeTraces > 0
          ? "\(PageText.count(report.wholeTraces, "trace")) about the customer were stored whole, "
            + "with privacy off; nothing erases them" : nil,
        exitCode: CommandFailure.noDecision)
    }

    private func confirm(_ report: SubjectErasure.Report) throws {
      if yes { return }
      guard Terminal.isInteractive else {
        throw ValidationError("give --yes where nobody can be asked")
      }
      try say(report, "will be erased, for good")
      StandardError.write("Type the customer's id to go on: ")
      guard readLine() == customer else {
        throw CommandFailure(message: "nothing was erased")
      }
    }

    private func say(_ report: SubjectErasure.Report, _ what: String) throws {
      var parts: [String] = []
      func add(_ count: Int, _ one: String, _ many: String) {
        if count > 0 { parts.append("\(count) \(count == 1 ? one : many)") }
      }
      add(report.keys, "key", "keys")
      add(report.deadLetters, "dead letter", "dead letters")
      add(report.snapshots, "saved state", "saved states")
      try StandardOutput.write("\(what): \(parts.joined(separator: ", "))\n")
      if report.wholeTraces > 0 {
        StandardError.write(
          "warning: \(PageText.count(report.wholeTraces, "trace")) about the customer were stored "
            + "whole, with privacy off; nothing erases them\n")
      }
      for path in report.unreadableSnapshots {
        StandardError.write(
          "warning: `\(path)` belongs to no rules of the log; if it knows the customer, remove it\n"
        )
      }
    }
  }

  /// The keys that writing to a log takes.
  struct WritingKeys: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "The key that signs the log (default: $RATIONALE_SIGNING_KEY, else LOG/signing.key).",
        valueName: "file"))
    var signingKey: String?

    @Option(
      help: ArgumentHelp(
        "The key of the log's vault (default: $RATIONALE_VAULT_KEY, else LOG/vault/master.key).",
        valueName: "file"))
    var vaultKey: String?

    var files: LogKeyFiles {
      LogKeyFiles(
        signing: SigningKeyPath.resolved(signingKey), vault: VaultKeyPath.resolved(vaultKey))
    }
  }
}
