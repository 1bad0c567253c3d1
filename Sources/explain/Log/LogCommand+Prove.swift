internal import ArgumentParser
internal import FileIO
internal import TraceLog
internal import TransparencyLog

extension LogCommand {
  /// `explain log prove`: a proof that a log holds an entry.
  struct Prove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prove",
      abstract: "Write a proof that the log holds an entry, to be checked offline.",
      discussion: """
        The proof (C2SP tlog-proof) leads from the entry to a root that the log has signed. It \
        carries the entry itself, so that the file and the log's key are all that it takes to check it.

        EXAMPLES
          explain log prove 12 --log decisions --output 12.tlog-proof
          explain log verify --proof 12.tlog-proof --key auditor/log.vkey
        """)

    @Argument(help: "The entry's place in the log, as `explain --customer` shows it.")
    var index: String

    @OptionGroup var location: Location

    @Option(help: "Where the proof goes; - is standard output.")
    var output = "-"

    func run() throws {
      let digits = index.hasPrefix("#") ? String(index.dropFirst()) : index
      guard let number = Int(digits), number >= 0 else {
        throw ValidationError("`\(index)` is no place in a log; expected a number")
      }
      let proof: ProofFile
      do { proof = try LogProofs(log: location.path).proof(of: number) } catch {
        throw CommandFailure(message: error.description)
      }
      if output == "-" { return try StandardOutput.write(proof.bytes) }
      try WholeFile.replace(output, with: proof.bytes)
    }
  }

  /// `explain log checkpoint`: what to keep elsewhere.
  struct Checkpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "checkpoint",
      abstract: "Print the log's signed checkpoint, or change the key that signs it.",
      discussion: """
        A checkpoint that is kept elsewhere is what shows later that the log was neither cut nor made \
        anew: `explain log verify --checkpoint FILE`. With --since the proof that the log still starts \
        with what an older checkpoint signed is printed as well.

        With --rotate-key the log is signed by a new key from now on, which is written to the file; the \
        change is itself an entry of the log, under the old key's signature.

        EXAMPLES
          explain log checkpoint --log decisions > checkpoint.kept
          explain log checkpoint --log decisions --since checkpoint.kept
          explain log checkpoint --log decisions --rotate-key new-signing.key
        """)

    @OptionGroup var location: Location

    @Option(help: ArgumentHelp("An older checkpoint.", valueName: "file"))
    var since: String?

    @Option(help: ArgumentHelp("Sign by a new key, made in this file.", valueName: "file"))
    var rotateKey: String?

    @Option(
      help: ArgumentHelp(
        "The key that signs now (default: $RATIONALE_SIGNING_KEY, else LOG/signing.key).",
        valueName: "file"))
    var signingKey: String?

    func run() throws {
      do {
        if let rotateKey {
          var options = TraceLogWriter.Options()
          options.signingKey = SigningKeyPath.resolved(signingKey)
          var log = try TraceLogWriter(path: location.path, options: options)
          try log.rotateKey(to: rotateKey)
          try log.close()
        }
        let proofs = LogProofs(log: location.path)
        let latest = try proofs.checkpoint()
        try StandardOutput.write(latest.bytes)
        guard let since else { return }
        let older = try TrustedKeys.checkpoint(since)
        let proof = try proofs.consistency(from: older, to: latest)
        let text = proof.map { $0.base64 + "\n" }.joined()
        try StandardOutput.write("\nconsistent with size \(older.checkpoint.size)\n" + text)
      } catch let error as TraceLogError {
        throw CommandFailure(message: error.description)
      }
    }
  }
}
