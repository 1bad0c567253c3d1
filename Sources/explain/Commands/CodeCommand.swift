internal import ArgumentParser
internal import SourceDiagnostics
internal import TraceReports

/// `explain code`: what a code of a message means.
struct CodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code",
    abstract: "Explain the codes of messages: meaning, an example, how to mend it.",
    discussion: """
      Messages carry a code in brackets, as in `error[Y3]`. Its page says what it means, shows a \
      file with the message that it gives, and how to mend it. Without a code, all are listed.

      EXAMPLES
        explain code
        explain code Y3
        explain code --json | jq -r '.[].title'

      Exit codes: 0 done, 1 there is no such code.
      """)

  @Argument(help: "The code, as in `Y3`.")
  var code: String?

  @Flag(help: "Print pages as JSON, with their examples' findings.")
  var json = false

  @Flag(help: ArgumentHelp("Print all pages as Markdown.", visibility: .hidden))
  var markdown = false

  func run() throws {
    if markdown { return try StandardOutput.write(FindingText.markdown()) }
    guard let code else {
      return try StandardOutput.write(
        json ? FindingText.json(FindingPage.all) : FindingText.list())
    }
    guard let page = FindingPage.page(code) else {
      throw CommandFailure(
        message: "no code is called `\(code)`", help: "`explain code` lists all codes")
    }
    let style: DiagnosticRenderer.Style = Terminal.output().usesColor ? .ansi : .plain
    try StandardOutput.write(
      json ? FindingText.json([page]) : FindingText.plain(page, style: style))
  }
}
