internal import ArgumentParser
internal import TraceLog

extension LogCommand {
  /// `explain log export`: what auditors and mirrors get.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Copy what is public of a log to a directory that any web server can serve.",
      discussion: """
        The copy has the checkpoints, the log's public keys, the tiles, the entries and the artefacts \
        that they name, laid out as C2SP tlog-tiles has it. Private keys, the vault, state and dead \
        letters stay where they are. Exporting again to the same directory adds what is new.

        EXAMPLES
          explain log export /srv/www/decisions --log decisions
          explain log verify --log /srv/www/decisions --key auditor/log.vkey
        """)

    @Argument(help: "The directory to copy to.")
    var directory: String

    @OptionGroup var location: Location

    func run() throws {
      var line = ProgressLine()
      let count: Int
      do {
        count = try LogExport(log: location.path, to: directory).run {
          line.show("exporting: \($0) entries")
        }
      } catch {
        throw CommandFailure(message: error.description)
      }
      line.clear()
      try StandardOutput.write("exported \(count) entries to \(directory)\n")
    }
  }
}
