internal import ArgumentParser
internal import EventIngest
internal import TraceLog

extension LogCommand {
  /// `explain log hold`: a customer must not be erased, or may be again.
  struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "hold",
      abstract: "Put a legal hold on a customer, or release it: who is held is not erased.",
      discussion: """
        The hold is an entry of the log, which says when, by whom and why; whom it is about only the \
        vault's key tells, and the customer's own. Neither `explain log erase` nor `explain log prune` \
        touches what is held.

        EXAMPLES
          explain log hold --customer 334628087 --reason "case 2026/88" --by "legal"
          explain log hold --customer 334628087
          explain log hold --customer 334628087 --release --reason "case closed"

        Without --reason it says whether the customer is held.

        Exit codes: 0 done, 1 failure, 3 nothing is known of the customer, 64 usage.
        """)

    @Option(help: ArgumentHelp("Who is held.", valueName: "id"))
    var customer: String

    @Option(help: ArgumentHelp("Why, for the log.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("Who does it, for the log.", valueName: "name"))
    var by = ""

    @Flag(help: "The customer may be erased again.")
    var release = false

    @OptionGroup var keys: WritingKeys

    @OptionGroup var location: Location

    func validate() throws {
      if customer.isEmpty { throw ValidationError("--customer: the id is empty") }
      for text in [reason ?? "", by] where CustomerName.stands(customer, in: text) {
        throw ValidationError("--reason and --by stay in the log: they must not name the customer")
      }
      if release, reason == nil { throw ValidationError("--release: give a --reason") }
    }

    func run() throws {
      _ = try location.reader()
      let outcome: String?
      do throws(TraceLogError) {
        var options = TraceLogWriter.Options()
        options.signingKey = keys.files.signing
        options.privacy = PrivacyOptions(vaultKey: keys.files.vault)
        guard try TraceLogReader.hasVault(at: location.path) else {
          throw .vault("the log `\(location.path)` has no vault: its traces were stored whole")
        }
        var log = try TraceLogWriter(path: location.path, options: options)
        let text = Array(customer.utf8)[...]
        var answer: String?
        if try log.keyCount(of: text) > 0 {
          if let reason {
            _ = try log.setHold(
              !release, on: text, time: SystemClock.seconds, by: by, reason: reason)
            answer = release ? "released" : "held"
          } else if let hold = try log.hold(on: text), hold.isHeld {
            answer = "held: \(hold.reason)"
          } else {
            answer = "not held"
          }
        }
        try log.close()
        outcome = answer
      } catch {
        throw CommandFailure(message: error.description)
      }
      try say(outcome)
    }

    private func say(_ answer: String?) throws {
      guard let answer else {
        throw CommandFailure(
          message: "the vault knows no customer `\(customer)`",
          exitCode: CommandFailure.noDecision)
      }
      try StandardOutput.write(answer + "\n")
    }
  }
}

/// A customer's id among the words of a text that stays in the log.
enum CustomerName {
  static func stands(_ customer: String, in text: String) -> Bool {
    text.split { !$0.isLetter && !$0.isNumber }.contains { $0 == customer }
      || (customer.contains { !$0.isLetter && !$0.isNumber } && text.contains(customer))
  }
}
