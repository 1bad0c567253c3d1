internal import ArgumentParser
internal import DecisionTrace
internal import FileIO
internal import TraceLog

extension LogCommand {
  /// `explain log subject-key`: the key by which a customer reads what is theirs.
  struct SubjectKeyFile: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "subject-key",
      abstract: "Write a customer's own key, to be handed to them.",
      discussion: """
        Whoever holds it, and a copy of the log with its vault, finds and reads the customer's \
        decisions, and no others: `--as subject --subject-key FILE`. It opens them also after the \
        customer was erased from the vault, for as long as the private records are kept.

        EXAMPLES
          explain log subject-key --customer 334628087 --output 334628087.key
          explain --customer 334628087 --subject-key 334628087.key

        Exit codes: 0 done, 1 failure, 3 nothing is known of the customer, 6 the customer was erased.
        """)

    @Option(help: ArgumentHelp("Whose key.", valueName: "id"))
    var customer: String

    @Option(
      help: ArgumentHelp(
        "A new file, which only its owner can read; - is standard output.", valueName: "file"))
    var output = "-"

    @Option(
      help: ArgumentHelp(
        "The key of the log's vault (default: $RATIONALE_VAULT_KEY, else LOG/vault/master.key).",
        valueName: "file"))
    var vaultKey: String?

    @OptionGroup var location: Location

    func run() throws {
      let reader = try location.reader(.operator(vaultKey: VaultKeyPath.resolved(vaultKey)))
      let key: [UInt8]?
      do { key = try reader.subjectKey(of: customer) } catch {
        throw CommandFailure(message: error.description)
      }
      guard let key else {
        let isErased = try reader.isErased(subject: customer)
        throw CommandFailure(
          message: isErased
            ? "customer `\(customer)` was erased" : "the vault knows no customer `\(customer)`",
          exitCode: isErased ? CommandFailure.erased : CommandFailure.noDecision)
      }
      if output == "-" { return try StandardOutput.write(KeyFile.text(key, .subject)) }
      try KeyFile.create(output, key, .subject)
    }
  }

  /// `explain log disclose`: one item of what is kept apart, with what proves it.
  struct Disclose: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "disclose",
      abstract: "Show one value of one sealed trace to somebody, and nothing else of it.",
      discussion: """
        Writes the value with its salt, and the commitments to what stays hidden \
        (docs/disclosure.schema.json). With a proof that the log holds the entry (`explain log prove`) \
        it shows offline that the decision was made on this value. Without --item the items are listed.

        EXAMPLES
          explain log disclose 12
          explain log disclose 12 --item 'value client.amount' --output amount.json
          explain log prove 12 --output 12.tlog-proof
          explain log verify --disclosure amount.json --proof 12.tlog-proof --key auditor/log.vkey

        Exit codes: 0 done, 1 failure, 3 no such trace, 6 its subject was erased, 64 usage.
        """)

    @Argument(help: ArgumentHelp("The trace's number in the log.", valueName: "index"))
    var index: TraceNumber

    @Option(
      help: ArgumentHelp(
        "What to show: subject, `value NAME`, `model NAME` or lineage.", valueName: "item"))
    var item: String?

    @Option(help: ArgumentHelp("Where it goes; - is standard output.", valueName: "file"))
    var output = "-"

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var location: Location

    func run() throws {
      let reader = try location.reader(reading.access)
      let trace: SealedTrace
      do { trace = try sealed(reader) } catch let error as TraceLogError {
        throw CommandFailure(message: error.description)
      }
      guard let item else {
        return try StandardOutput.write(trace.items.map { $0.name + "\n" }.joined())
      }
      guard let disclosure = Disclosure(item, of: trace) else {
        throw CommandFailure(
          message: "trace #\(index.index) has no item `\(item)`",
          help: "it has " + trace.items.map { "`\($0.name)`" }.joined(separator: ", "),
          exitCode: CommandFailure.noDecision)
      }
      if output == "-" { return try StandardOutput.write(disclosure.json) }
      try WholeFile.replace(output, with: disclosure.json)
    }

    private func sealed(_ reader: TraceLogReader) throws -> SealedTrace {
      switch try reader.sealedTrace(at: index.index) {
      case .whole(let trace, locator: _): return trace
      case .hidden(.erased):
        throw CommandFailure(
          message: "the subject of trace #\(index.index) was erased",
          exitCode: CommandFailure.erased)
      case .hidden:
        throw CommandFailure(
          message: "trace #\(index.index) is sealed", help: "give the key that opens it")
      case nil:
        throw CommandFailure(
          message: "the log `\(reader.path)` has no sealed trace #\(index.index)",
          help: "what was stored whole is shown by `explain log show`",
          exitCode: CommandFailure.noDecision)
      }
    }
  }
}
