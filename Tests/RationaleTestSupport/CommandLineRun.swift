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
    let scratch = try TemporaryDirectory()
    let outputFile = outputPath ?? scratch.file("output")
    let errorFile = scratch.file("errors")
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
    var child = pid_t()
    let failure = posix_spawn(&child, program, &actions, nil, words, variables)
    guard failure == 0 else {
      throw FileError(.open, path: program, reason: String(cString: strerror(failure)))
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    exitCode = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    output = outputPath == nil ? try Self.text(outputFile) : ""
    errors = try Self.text(errorFile)
  }

  /// Whether there is a device on which nothing can be written.
  package static var hasFullDevice: Bool {
    get throws { try Directory.status("/dev/full") != nil }
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try WholeFile.read(path), as: UTF8.self)
  }

  /// `explain` stands beside the bundle of tests that is running.
  private static func program() throws -> String {
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
