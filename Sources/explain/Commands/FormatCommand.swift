internal import ArgumentParser
internal import FileIO
internal import RuleLanguage
internal import SourceDiagnostics

/// `explain format`: one layout for rulesets.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Lay out ruleset files.",
    discussion: """
      Aligns columns, groups digits, indents by two spaces and gives a rule one line where it \
      fits. Comments stay, nothing is reordered, and the digest of a ruleset stays the same. Files \
      are rewritten only where something changes; a file with errors in its syntax is reported and \
      left alone. `-` reads standard input and writes standard output.

      EXAMPLES
        explain format rules/*.rules
        explain format --check rules/*.rules
        explain format - < draft.rules

      Exit codes: 0 done, 1 a file cannot be laid out (with --check, or is not), 64 usage.
      """)

  @Argument(help: "The ruleset files, or - for standard input.")
  var files: [String]

  @Flag(help: "Write nothing; name the files whose layout differs, and fail if there are any.")
  var check = false

  func run() throws {
    var failed = false
    for path in files {
      do {
        let bytes = try WholeFile.read(path, limit: 1 << 26)
        let name = path == "-" ? "standard input" : path
        let laidOut = try RuleFormatter.format(bytes, name: name)
        if check {
          guard laidOut != bytes else { continue }
          failed = true
          try StandardOutput.write("\(name)\n")
        } else if path == "-" {
          try StandardOutput.write(laidOut)
        } else if laidOut != bytes {
          try WholeFile.rewrite(path, with: laidOut)
        }
      } catch let error as DiagnosticsError {
        failed = true
        CommandFailure.report(error.diagnostics)
      } catch let error as FileError where !error.isBrokenPipe {
        failed = true
        CommandFailure.report(error.description)
      }
    }
    if failed { throw ExitCode.failure }
  }
}
