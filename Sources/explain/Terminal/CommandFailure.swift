internal import ArgumentParser
internal import FileIO
internal import SourceDiagnostics
internal import TraceReports

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A failure that a command ends with: one line for the user, and what to do about it.
struct CommandFailure: Error {
  /// Lower-case start, no full stop.
  var message: String
  var help: String?
  var exitCode = ExitCode.failure

  /// `--customer` names nobody whom the log knows.
  static let noDecision = ExitCode(3)
  /// Everything that was asked for belonged to somebody who was erased.
  static let erased = ExitCode(6)
}

extension CommandFailure {
  /// Reports what a command threw, and ends the process with its exit code.
  ///
  /// Diagnostics are shown with their excerpts; help and usage errors are the argument parser's.
  static func end(with error: any Error) -> Never {
    switch error {
    case let failure as CommandFailure:
      report(failure.message, help: failure.help)
      exit(failure.exitCode.rawValue)
    case let error as DiagnosticsError:
      report(error.diagnostics)
      exit(ExitCode.failure.rawValue)
    case let error as FileError:
      if Terminal.isClosedPipe(error) { Terminal.endOfClosedPipe() }
      report(error.description)
      exit(ExitCode.failure.rawValue)
    default:
      endParsing(with: error)
    }
  }

  /// Help and version go to standard output, where a failure to write them is one; usage errors
  /// go to standard error.
  private static func endParsing(with error: any Error) -> Never {
    let code = Explain.exitCode(for: error)
    let text = Explain.fullMessage(for: error)
    if code != .success {
      // One form for every error, whoever found it.
      let label = "Error: "
      if text.hasPrefix(label) {
        report(String(text.dropFirst(label.count)))
      } else if !text.isEmpty {
        StandardError.write(text + "\n")
      }
      exit(code.rawValue)
    }
    do {
      if !text.isEmpty { try StandardOutput.write(text + "\n") }
      exit(ExitCode.success.rawValue)
    } catch {
      end(with: error)
    }
  }

  /// One line on standard error: `error: ...`.
  static func report(_ message: String, help: String? = nil) {
    let isRed = Terminal.error.usesColor
    let label = isRed ? "\u{1B}[1;31merror\u{1B}[0m" : "error"
    StandardError.write("\(label): \(message)\n" + (help.map { "  help: \($0)\n" } ?? ""))
  }

  /// Diagnostics on standard error, each with its excerpt.
  static func report(_ diagnostics: [Diagnostic]) {
    let renderer = DiagnosticRenderer(style: Terminal.error.usesColor ? .ansi : .plain)
    StandardError.write(diagnostics.map { renderer.render($0) }.joined(separator: "\n"))
  }
}
