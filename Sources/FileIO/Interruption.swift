import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A polite stop: SIGINT and SIGTERM set a flag that reading and deciding look at between records.
///
/// An executable installs it once; libraries only look. A second signal ends the process at once.
package enum Interruption {
  // A signal handler may only touch lock-free atomics and call `write`.
  private static let signalNumber = Atomic<Int32>(0)
  private static let wakeRead = Atomic<Int32>(-1)
  private static let wakeWrite = Atomic<Int32>(-1)

  /// The signal that asked for a stop, or 0.
  package static var requestedSignal: Int32 { signalNumber.load(ordering: .acquiring) }
  package static var isRequested: Bool { requestedSignal != 0 }
  static var isInstalled: Bool { wakeDescriptor >= 0 }
  static var wakeDescriptor: Int32 { wakeRead.load(ordering: .relaxed) }

  /// The exit code of a process that a signal stopped: 130 for SIGINT, 143 for SIGTERM.
  package static var exitCode: Int32 { 128 + requestedSignal }

  /// Catches SIGINT and SIGTERM, and lets a closed pipe be an error of `write`.
  package static func install() throws(FileError) {
    guard !isInstalled else { return }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(.create, "pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wakeRead.store(ends[0], ordering: .relaxed)
    wakeWrite.store(ends[1], ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in Interruption.request(number) }
      // The second signal finds the default action: a stop that hangs can still be ended.
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      _ = sigaction(number, &action, nil)
    }
    ignoreClosedPipes()
  }

  /// Lets a closed pipe or socket be an error of `write`, for a program that takes signals itself.
  package static func ignoreClosedPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  /// Asks for a stop, as a signal does.
  package static func request(_ number: Int32) {
    signalNumber.store(number, ordering: .releasing)
    let end = wakeWrite.load(ordering: .relaxed)
    if end >= 0 {
      var byte: UInt8 = 1
      _ = write(end, &byte, 1)
    }
  }

  /// Forgets a request; for tests.
  package static func clear() { signalNumber.store(0, ordering: .releasing) }
}
