internal import FileIO
internal import TraceReports

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What standard output and standard error are connected to.
enum Terminal {
  static func output(isPlain: Bool = false) -> TerminalCapabilities {
    capabilities(of: STDOUT_FILENO, isPlain: isPlain)
  }

  static var error: TerminalCapabilities { capabilities(of: STDERR_FILENO, isPlain: false) }

  static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
  /// Whether somebody can be asked.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isErrorTerminal }

  private static func capabilities(of file: Int32, isPlain: Bool) -> TerminalCapabilities {
    TerminalCapabilities(
      environment: environment, isTerminal: isatty(file) == 1, columns: columns(of: file),
      isPlain: isPlain)
  }

  /// A variable of the environment, or nil.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func columns(of file: Int32) -> Int? {
    var size = winsize()
    guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Ends the process as a reader that went away ends any other writer, without a message.
  static func endOfClosedPipe() -> Never {
    _ = signal(SIGPIPE, SIG_DFL)
    _ = raise(SIGPIPE)
    exit(128 + SIGPIPE)
  }

  static func isClosedPipe(_ error: FileError) -> Bool { error.systemCode == EPIPE }
}
