internal import ArgumentParser
internal import FileIO

/// `explain`: the command line of the library.
///
/// Exit codes: 0 done; 1 findings or failure; 3 no decision for the subject; 4 a replayed trace
/// differs; 5 a proof does not hold; 64 usage.
@main
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Decide by rules and models, and say why.",
    usage: """
      explain --customer ID [--decision NAME] [--at DATE] [--format text|json] [--log DIR] [--plain]
      explain SUBCOMMAND ...
      """,
    discussion: """
      With --customer, prints why a customer has the profile that they have: the outcome and its \
      reason, the ranks with their thresholds, what each rule made of them, model scores with what \
      moved them, the inputs, and the artefacts behind it all. `explain help customer` has the \
      options.

      EXAMPLES
        explain --customer 334628087
        explain --customer 334628087 --decision invoice_profile --at 2021-01-20
        explain decide rules/invoice-profile.rules --input static=static.csv --input \
      invoices=invoices.csv

      Exit codes: 0 done, 1 findings or failure, 3 no decision for the customer, 4 a replayed \
      trace differs, 5 a proof does not hold, 64 usage.
      """,
    version: "rationale 0.1.0",
    subcommands: [CustomerCommand.self, DecideCommand.self] + services + [
      ScoreCommand.self, InspectCommand.self, CalibrateCommand.self, ReplayCommand.self,
      VerifyReasonCommand.self, ImportanceCommand.self, CohortCommand.self, LogCommand.self,
      CheckCommand.self, CodeCommand.self, DiffCommand.self, FormatCommand.self, TestCommand.self,
      SampleCommand.self, BenchCommand.self,
    ],
    defaultSubcommand: CustomerCommand.self)

  /// Commands that are built where the package's trait for them is on.
  private static var services: [any ParsableCommand.Type] {
    #if Kafka
      [IngestCommand.self]
    #else
      []
    #endif
  }

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      CommandFailure.end(with: error)
    }
  }
}
