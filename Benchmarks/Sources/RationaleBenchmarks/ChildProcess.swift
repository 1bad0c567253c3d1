internal import Glibc

/// A program that was run to its end, with what it used.
struct ChildProcess {
  let wallSeconds: Double
  let cpuSeconds: Double
  /// Peak resident memory in bytes.
  let peakMemory: Int

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs a program and waits for it; what it prints goes to the file `output`.
  init(_ path: String, _ arguments: [String], output: String = "/dev/null") throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in argv { free(pointer) } }
    let start = ContinuousClock.now
    var child = pid_t()
    let code = posix_spawn(&child, path, &actions, nil, &argv, environ)
    guard code == 0 else {
      throw Failure(description: "cannot run \(path): \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
    wallSeconds = Measurement.seconds(ContinuousClock.now - start)
    // A normal end with code 0 is a status of 0.
    guard status == 0 else {
      throw Failure(
        description: "\(path) \(arguments.joined(separator: " ")) failed (wait status \(status))")
    }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    peakMemory = usage.ru_maxrss * 1024
  }
}
