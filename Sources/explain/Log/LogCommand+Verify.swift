internal import ArgumentParser
internal import FileIO
internal import Replay
internal import TraceLog
internal import TransparencyLog

extension LogCommand {
  /// `explain log verify`: whether a log is what it claims to be.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Check that a log is intact and complete, or that a proof holds.",
      discussion: """
        Says three things, each by itself (docs/log.md defines them):
          intact    every signed entry is the one that was signed, and every file that entries name \
        is there as it was
          complete  every record of every input is accounted for, and every decision that was counted \
        is in the log
          replayed  the decisions come out the same again from what the log keeps: with --replay; \
        `explain replay --all` shows what differs

        Nothing of the log is believed but what a key signs. Give --key with a key that you had from \
        elsewhere; without it the log is checked against its own. Give --checkpoint with a checkpoint \
        that you kept: a log that was rolled back, or made anew, no longer holds what it signs.

        With --format json, the report is in the form of docs/log-verify.schema.json.

        Of a log with privacy on, --as operator also opens every sealed trace, and says by a line of its \
        own whether the vault holds what the entries commit to.

        With --proof a single proof is checked, offline and without the log.

        EXAMPLES
          explain log verify --log decisions --key auditor/log.vkey --checkpoint auditor/checkpoint
          explain log verify --log decisions --replay
          explain log verify --proof 12.tlog-proof --key auditor/log.vkey

        Exit codes: 0 what was checked holds, 1 it does not, 4 decisions come out otherwise, 5 the proof is invalid, 64 usage.
        """)

    @OptionGroup var location: Location

    @Option(
      help: ArgumentHelp(
        "A key that is trusted, or a file of such; may be given again.",
        valueName: "key"))
    var key: [String] = []

    @Option(
      help: ArgumentHelp(
        "A checkpoint that was kept elsewhere; may be given again.", valueName: "file"))
    var checkpoint: [String] = []

    @Option(help: ArgumentHelp("Check this proof instead of a log.", valueName: "file"))
    var proof: String?

    @Option(
      help: ArgumentHelp(
        "The entry that the proof is of; otherwise the one that it carries.", valueName: "file"))
    var entry: String?

    @Option(
      help: ArgumentHelp(
        "Check that this disclosed value is what the entry of the proof commits to.",
        valueName: "file"))
    var disclosure: String?

    @Flag(help: "Also make every decision again that can be read, and compare it byte for byte.")
    var replay = false

    @Option(help: "The page for people, or JSON for programs.")
    var format = Format.text

    @OptionGroup var reading: ReadingOptions

    /// Opening every sealed trace takes its time: it is done for whoever names a role or a key.
    private var access: TraceAccess {
      reading.role == nil && reading.vaultKey == nil && reading.subjectKey == nil
        ? .auditor : reading.access
    }

    func validate() throws {
      if entry != nil, proof == nil { throw ValidationError("--entry belongs to --proof") }
      if replay, proof != nil { throw ValidationError("--replay is about a log, not a proof") }
      if disclosure != nil, proof == nil {
        throw ValidationError("--disclosure: name the proof that the log holds its entry, --proof")
      }
      if proof != nil, key.isEmpty {
        throw ValidationError("--proof: name the log's key with --key")
      }
    }

    func run() throws {
      let keys = try TrustedKeys.read(key)
      if let proof { return try verifyProof(proof, keys) }
      var options = LogVerifier.Options()
      options.keys = keys
      options.access = access
      options.kept = try checkpoint.map { try TrustedKeys.checkpoint($0) }
      var line = ProgressLine()
      var verifier = LogVerifier(log: location.path, options: options) {
        line.show("verifying: \($0) entries")
      }
      let report: LogVerifier.Report
      do { report = try verifier.run() } catch {
        throw CommandFailure(message: error.description)
      }
      let replayed = replay ? try replayed { line.show("replaying: \($0) traces") } : nil
      line.clear()
      switch format {
      case .json: try StandardOutput.write(LogVerifyPage.json(report, replayed) + [0x0A])
      case .text:
        try StandardOutput.write(LogVerifyPage.text(report, replayed, log: location.path))
      }
      if let replayed, !replayed.holds { throw ExitCode(4) }
      let claims: [LogFinding.Claim] = [.intact, .complete, .vault]
      if !claims.allSatisfy({ report.holds($0) }) { throw ExitCode.failure }
    }

    /// What comes of every decision when it is made again.
    private func replayed(_ progress: (Int) -> Void) throws -> ReplayTally {
      let reader = try location.reader(reading.access)
      var replayer = TraceReplayer(reader)
      var tally = ReplayTally(isByOtherRules: false)
      try reader.scan { stored in
        tally.add(replayer.replay(stored))
        if tally.traces % 1024 == 0 { progress(tally.traces) }
        return true
      }
      return tally
    }

    private func verifyProof(_ path: String, _ keys: [NoteVerifier]) throws {
      let file: ProofFile
      do { file = try ProofFile(try WholeFile.read(path, limit: 1 << 20)) } catch let error
        as SignedNote.Fault
      {
        throw CommandFailure(message: "`\(path)`: \(error)", exitCode: ExitCode(5))
      }
      let bytes = try entry.map { try WholeFile.read($0, limit: 1 << 20) } ?? file.extra
      guard let bytes else {
        throw CommandFailure(
          message: "`\(path)` does not carry its entry", help: "name the entry's file with --entry")
      }
      do { try file.verify(entry: bytes, keys: keys) } catch {
        throw CommandFailure(message: "`\(path)`: \(error)", exitCode: ExitCode(5))
      }
      let shown = try disclosure.map { try DisclosedItem($0, entry: bytes, log: location.path) }
      let checkpoint = file.checkpoint.checkpoint
      try StandardOutput.write(
        "entry \(file.index) is in the log \(checkpoint.origin), of \(checkpoint.size) entries\n")
      if let shown { try StandardOutput.write(shown.text) }
    }
  }
}
