internal import FileIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One run of the built `explain`, with its output, errors and exit code apart.
package struct CommandLineRun: Sendable {
  package var output: String
  package var errors: String
  /// 128 and the signal's number, if a signal ended it.
  package var exitCode: Int32

  /// Runs `explain` to its end.
  ///
  /// - Parameters:
  ///   - environment: all that it sees of one; `PATH` and a UTF-8 locale by default.
  ///   - outputPath: where standard output goes instead of ``output``.
  package init(
    _ arguments: [String], environment: [String: String] = ["LANG": "C.UTF-8"],
    input: String = "/dev/null", outputPath: String? = nil
  ) throws {
    let running = try RunningCommandLine(
      arguments, environment: environment, input: input, outputPath: outputPath)
    self = try running.end()
  }

  fileprivate init(output: String, errors: String, exitCode: Int32) {
    self.output = output
    self.errors = errors
    self.exitCode = exitCode
  }

  /// The path of the program that is run.
  package static func programPath() throws -> String { try RunningCommandLine.program() }

  /// Whether there is a device on which nothing can be written.
  package static var hasFullDevice: Bool {
    get throws { try Directory.status("/dev/full") != nil }
  }
}

/// A run of `explain` that has not ended, so that it can be sent a signal.
package final class RunningCommandLine: Sendable {
  private let child: pid_t
  private let scratch: TemporaryDirectory
  private let outputFile: String
  private let errorFile: String
  private let keepsOutput: Bool

  package init(
    _ arguments: [String], environment: [String: String] = ["LANG": "C.UTF-8"],
    input: String = "/dev/null", outputPath: String? = nil
  ) throws {
    scratch = try TemporaryDirectory()
    outputFile = outputPath ?? scratch.file("output")
    errorFile = scratch.file("errors")
    keepsOutput = outputPath == nil
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let write = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputFile, write, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errorFile, write, 0o600)
    let program = try Self.program()
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + variables { free(word) } }
    // The threads of tests block signals, and whoever runs them may ignore some: a child of theirs
    // takes signals like one of a terminal.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var child = pid_t()
    let failure = posix_spawn(&child, program, &actions, &attributes, words, variables)
    guard failure == 0 else {
      throw FileError(.open, path: program, reason: String(cString: strerror(failure)))
    }
    self.child = child
  }

  package func send(_ signal: Int32) { kill(child, signal) }

  /// Waits until what it has written holds a text; false if that does not come.
  package func waitForOutput(_ text: String) throws -> Bool {
    for _ in 0..<Self.patience {
      if try Self.text(outputFile).contains(text) { return true }
      usleep(10_000)
    }
    return false
  }

  /// Waits for its end.
  package func end() throws -> CommandLineRun {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return try result(status)
  }

  /// Waits for its end, and makes one if that does not come: exit code 137.
  package func endOrKill() throws -> CommandLineRun {
    var status: Int32 = 0
    for _ in 0..<Self.patience {
      if waitpid(child, &status, WNOHANG) == child { return try result(status) }
      usleep(10_000)
    }
    kill(child, SIGKILL)
    return try end()
  }

  /// How many hundredths of a second: far more than anything takes.
  private static let patience = 6_000

  private func result(_ status: Int32) throws -> CommandLineRun {
    let signal = status & 0x7F
    return CommandLineRun(
      output: keepsOutput ? try Self.text(outputFile) : "", errors: try Self.text(errorFile),
      exitCode: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try WholeFile.read(path), as: UTF8.self)
  }

  /// `explain` stands beside the bundle of tests that is running.
  fileprivate static func program() throws -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    let runner = String(decoding: path.prefix(max(0, length)).map(UInt8.init), as: UTF8.self)
    for argument in [runner] + CommandLine.arguments {
      let candidate = FilePath.parent(argument) + "/explain"
      if try Directory.status(candidate) != nil { return candidate }
    }
    throw FileError(.open, path: "explain", reason: "it was not built beside the tests")
  }
}
